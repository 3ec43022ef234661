// Windows Firewall rules as a batch file for cmd.exe. It has no safe quoting, so texts of the file keep only
// letters, digits and a few marks that mean nothing to it.

import { distinct } from '../../collections.ts';
import { tame, word } from '../../print/escape.ts';
import { type ExportHost, fullNameIn, type HostRule, hosts, WINDOWS_TFTP } from './hosts.ts';
import { describedText } from './notes.ts';
import { type Exported, type ExportReport, hash, heading, parts, portText, purposeText } from './rules.ts';

/** cmd.exe takes lines of 8191 characters: so many addresses and ports fit well, and name and text beside them. */
const MOST_ADDRESSES = 60;
const MOST_PORTS = 200;

/**
 * One batch file for all machines; the first argument, else the computer's host name (COMPUTERNAME ends after 15
 * characters), alone or with its domain, chooses the rules. A rule whose name is there already is left alone, for the
 * name is made from its meaning.
 */
export function netsh(report: ExportReport): Exported {
  const all = hosts(report);
  const fullNameOf = fullNameIn(report);
  const lines = [
    '@echo off',
    ...heading(report, WINDOWS_TFTP).map(remark),
    remark('The name of a rule is made from its meaning, so that a second run changes nothing.'),
    remark('Rules for a client group are for its machines: give its name as the argument.'),
    'setlocal DisableDelayedExpansion',
    ...(report.server === undefined
      ? [
          'set "machine=%~1"',
          'set "full=%~1"',
          'if defined machine goto choose',
          `for /f %%h in ('hostname') do set "machine=%%h"`,
          'if not defined machine set "machine=%COMPUTERNAME%"',
          'set "full=%machine%"',
          `for /f "tokens=2,*" %%a in ('reg query "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters" /v Domain 2^>nul') do set "full=%machine%.%%b"`,
          ':choose',
        ]
      : [`set "machine=${argument(report.server)}"`, 'set "full="']),
    // Two machines of different domains may have one host name.
    ...all.flatMap(({ machine }, index) => {
      const fqdn = fullNameOf(machine);
      return fqdn === undefined ? [] : [`if /i "%full%"=="${argument(fqdn)}" goto m${index + 1}`];
    }),
    ...all.map(({ machine: { name } }, index) => `if /i "%machine%"=="${argument(name)}" goto m${index + 1}`),
    ...(report.server === undefined
      ? all.map(({ machine: { name } }, index) => `if /i "%full%"=="${argument(name)}" goto m${index + 1}`)
      : []),
    'echo There are no rules for this machine in this file. 1>&2',
    'exit /b 1',
    ...all.flatMap(section),
  ];
  return {
    text: lines.map((line) => `${line}\r\n`).join(''),
    gaps: distinct(all.flatMap(({ gaps }) => gaps)),
  };
}

function section({ machine, rules, gaps }: ExportHost, index: number): readonly string[] {
  return [
    '',
    `:m${index + 1}`,
    remark(argument(machine.name)),
    ...gaps.map((gap) => remark(`Not written: ${gap}.`)),
    ...rules.flatMap(commands),
    'exit /b 0',
  ];
}

function commands({ rule, direction, remote, family, id }: HostRule): readonly string[] {
  const addressParts =
    remote.length === 0 ? ['any'] : parts(remote, MOST_ADDRESSES).map((list) => list.join(','));
  const matches =
    rule.protocol === 'icmp'
      ? [family === 6 ? 'protocol=icmpv6:128,any' : 'protocol=icmpv4:8,any']
      : parts(rule.ports, MOST_PORTS).map(
          (list) =>
            `protocol=${rule.protocol} ${direction === 'inbound' ? 'localport' : 'remoteport'}=${list.map(portText).join(',')}`,
        );
  const all = addressParts.flatMap((address) => matches.map((match) => ({ address, match })));
  const way = direction === 'inbound' ? 'in' : 'out';
  const ends = `${word(rule.from.name, 40)} to ${word(rule.to.name, 40)}`;
  return all.map(({ address, match }, index) => {
    const name = `ConfigMgr ${ends} ${rule.protocol} ${way} ${id}${all.length > 1 ? `-${index + 1}` : ''}`;
    const text = tame(describedText(purposeText(rule), rule.known, 300));
    return (
      `netsh advfirewall firewall show rule name="${name}" >nul 2>&1 || ` +
      `netsh advfirewall firewall add rule name="${name}" description="${text}" dir=${way} action=allow ` +
      `profile=any ${match} remoteip=${address}`
    );
  });
}

/** What chooses a machine: its name, with a hash where the name cannot be as it is. */
function argument(name: string): string {
  const plain = tame(name);
  return plain === name ? plain : `${plain} ${hash(name.toLowerCase())}`;
}

function remark(text: string): string {
  return `rem ${tame(text)}`;
}
