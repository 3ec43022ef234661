// One rule of Windows Firewall, from whatever form it was in, as a rule of a topology.

import { PORTS } from '../catalog/numbers.ts';
import { ownEntry } from '../collections.ts';
import { ALL_PORTS, NO_PORTS, type PortSet, portSet } from '../reach/ports.ts';
import { SOURCE_PORTS_IGNORED, sourcePorts } from './device.ts';
import { ANYONE, type Ends, endsOfRanges, isNobody, together } from './ends.ts';
import type { Action, ImportedRule, Profile, Remark, RuleDirection, Step, Words } from './model.ts';
import { notesIn } from './notes.ts';
import {
  ALL_SERVICES,
  bothTraffic,
  familyTraffic,
  type ImportedTraffic,
  NO_SERVICES,
  type Services,
} from './traffic.ts';
import {
  addressesIn,
  isAllPorts,
  optionWord,
  plainListOf,
  plainTextOf,
  portsIn,
  shownValue,
} from './values.ts';

/** A rule by the names that PowerShell has for its parts, in lower case: `localport`, `remoteaddress`. */
export type PowerShellRule = ReadonlyMap<string, unknown>;

/** What happens to traffic that no rule matches, and how that is known. */
export interface Default {
  readonly action: Action;
  readonly why: string;
}

/** What one form of the rules of a machine or policy says. */
export interface WindowsRules {
  readonly rows: readonly PowerShellRule[];
  readonly remarks: readonly Remark[];
  /** Whether a row without a part says that it is not limited; else the form may not have it at all. */
  readonly isComplete: boolean;
  readonly inbound?: Default;
  readonly outbound?: Default;
  /** Why all rules of a kind do not count: the firewall is off, or lets nothing in. */
  readonly off?: string;
  readonly shielded?: string;
}

/** The bits of the cmdlets' Profile. */
const PROFILE_BITS: Readonly<Record<Profile, number>> = { domain: 1, private: 2, public: 4 };

/** Whether it has what every rule has. */
export function isRule(row: PowerShellRule): boolean {
  return row.has('direction') && row.has('action') && !row.has('access');
}

/** @returns the direction; undefined where it is none */
export function directionOf(row: PowerShellRule): RuleDirection | undefined {
  const text = word(row.get('direction'), { 1: 'inbound', 2: 'outbound' });
  if (text === 'in' || text === 'inbound') return 'inbound';
  return text === 'out' || text === 'outbound' ? 'outbound' : undefined;
}

/** @returns what it does, and whether it does so before the rules that block; undefined where it says neither */
export function actionOf(
  row: PowerShellRule,
): { readonly action: Action; readonly isOverride: boolean } | undefined {
  const text = word(row.get('action'), { 2: 'allow', 3: 'bypass', 4: 'block' });
  if (text === 'block') return { action: 'deny', isOverride: false };
  // The console calls what it allows only when it is authenticated so.
  if (text !== 'allow' && text !== 'bypass' && text !== 'secure') return undefined;
  const override = word(row.get('overrideblockrules'), { 1: 'true' });
  return { action: 'allow', isOverride: text === 'bypass' || override === 'true' || override === 'yes' };
}

export function isDisabled(row: PowerShellRule): boolean {
  const text = word(row.get('enabled'), { 0: 'false', 1: 'true', 2: 'false' });
  return text === 'false' || text === 'no';
}

/** `Any`, `Domain, Private`, or bits of which 0 means any. */
export function isInProfile(row: PowerShellRule, profile: Profile): boolean {
  const words = wordsIn(row.get('profile'));
  if (words.length === 0) return true;
  return words.some((text) => {
    const lower = text.toLowerCase();
    if (lower === 'any' || lower === 'all' || lower === profile) return true;
    if (!/^\d{1,10}$/.test(lower)) return false;
    const bits = Number(lower);
    return bits === 0 || (bits & PROFILE_BITS[profile]) !== 0;
  });
}

/** What a rule is called in comments. */
export function ruleTitle(row: PowerShellRule): string | undefined {
  return plainTextOf(row.get('displayname')) || plainTextOf(row.get('name'));
}

/** The rule, and what of it cannot be said. */
export function ruleSteps(
  row: PowerShellRule,
  direction: RuleDirection,
  action: Action,
  words: Words,
): readonly Step[] {
  const name = ruleTitle(row);
  const about = `${action} rule ${shownValue(name)} (${direction})`;
  const gap = (reason: string): Remark => ({ kind: 'gap', text: `${about}: ${reason}`, lost: action });
  const inexact = (reason: string): Remark => ({ kind: 'inexact', text: `${about}: ${reason}` });
  const [near, far] = direction === 'inbound' ? ['localport', 'remoteport'] : ['remoteport', 'localport'];

  const steps: Step[] = [];
  const unknown = plainTextOf(row.get('unknown'));
  if (unknown !== undefined) return [gap(`what ${shownValue(unknown)} means is not known`)];
  const keywords = wordsIn(row.get('remotedynamickeywordaddresses'));
  if (!isAny(keywords)) return [gap(`it is for the dynamic keyword ${shownValue(keywords.join(', '))}`)];
  const services = serviceOf(row, near, words);
  if ('fault' in services) return [gap(services.fault)];
  for (const port of services.faults)
    steps.push(
      gap(`the port ${shownValue(port)} has no number; say it with --map ${optionWord(port, 'WORD')}=PORTS`),
    );
  if (services.services === undefined) return steps;
  const opened = portList(wordsIn(row.get(far)), words);
  const limit = opened.faults.length > 0 ? 'gap' : sourcePorts(opened.ports);
  if (limit === 'gap') {
    const end = direction === 'inbound' ? 'remote' : 'local';
    return [
      gap(
        `it is limited to ${end} ports, the ports from which a connection is opened; a topology does not have these`,
      ),
    ];
  }
  if (limit === 'inexact') steps.push(inexact(SOURCE_PORTS_IGNORED));
  const limits = limitsOf(row);
  if (limits.length > 0) {
    const { tcp, udp } = services.services;
    if (action === 'deny') return [gap(`it is limited to ${limits.join(' and ')}`)];
    if (isAllPorts(tcp) || isAllPorts(udp)) {
      return [gap(`it is limited to ${limits.join(' and ')}, on any port`)];
    }
    steps.push(inexact(`it is limited to ${limits.join(' and ')}; written without that limit`));
  }
  const local = endOf('localaddress');
  const remote = endOf('remoteaddress');
  if (isNobody(local) || isNobody(remote)) return steps;
  const [from, to] = direction === 'inbound' ? [remote, local] : [local, remote];
  const written: ImportedTraffic = { from, to, services: services.services };
  const family = services.family && familyTraffic(services.family);
  const traffic = family ? bothTraffic(family, written, words) : written;
  if (!traffic) return [gap('of which addresses it speaks is not known')];
  const rule: ImportedRule = {
    kind: 'rule',
    action,
    traffic,
    name,
    ...notesIn(plainTextOf(row.get('description'))),
  };
  return [...steps, rule];

  function endOf(column: 'localaddress' | 'remoteaddress'): Ends {
    const texts = wordsIn(row.get(column));
    if (isAny(texts)) return ANYONE;
    const parts: Ends[] = [];
    for (const text of texts) {
      const range = addressesIn(text);
      // The console writes `Local subnet`.
      const keyword = text.replace(/\s/g, '');
      const found = range ? endsOfRanges([range]) : (words.ends(text) ?? words.ends(keyword));
      if (found) parts.push(found);
      else {
        const end = column === 'localaddress' ? 'local' : 'remote';
        const map = `say what it stands for with --map ${optionWord(keyword, 'WORD')}=NAMES`;
        const hint = /^localsubnet/i.test(keyword)
          ? `; traffic inside a zone passes the firewalls of hosts alone; for these, ${map}`
          : `; ${map}`;
        steps.push(gap(`its ${end} address ${shownValue(text)}${hint}`));
      }
    }
    return together(parts);
  }
}

/** A word of an enumeration, which PowerShell writes as a number in JSON. */
function word(value: unknown, numbers: Readonly<Record<number, string>>): string | undefined {
  const text = plainTextOf(value)?.trim().toLowerCase();
  if (text === undefined) return undefined;
  return /^\d{1,3}$/.test(text) ? numbers[Number(text)] : text;
}

/** A list, of which a part may have commas; or one text with commas, `;` or blanks between. */
function wordsIn(value: unknown): readonly string[] {
  const list = plainListOf(value);
  const parts = list
    ? list.flatMap((one) => (plainTextOf(one) ?? '').split(/[,;]/))
    : (plainTextOf(value) ?? '').split(/[,;\s]/);
  return parts.map((text) => text.trim()).filter((text) => text !== '');
}

function isAny(words: readonly string[]): boolean {
  return words.length === 0 || words.some((text) => text.toLowerCase() === 'any' || text === '*');
}

/** Programs and the like for which alone a rule is. */
function limitsOf(row: PowerShellRule): readonly string[] {
  return Object.entries(LIMITS).flatMap(([column, title]) => {
    const text = (plainListOf(row.get(column)) ?? [row.get(column)])
      .map((one) => plainTextOf(one) ?? '')
      .join(', ')
      .trim();
    // Of a service, `*` means services and nothing else.
    if (column === 'service' && text === '*') return ['services'];
    return NO_LIMIT.has(text.toLowerCase()) ? [] : [`${title} ${shownValue(text)}`];
  });
}

/** Numbers are what PowerShell writes for `Any` and `NotRequired` in JSON. */
const NO_LIMIT = new Set(['', '0', '*', 'any', 'all', 'none', 'notrequired', 'not required']);

const LIMITS: Readonly<Record<string, string>> = {
  program: 'program',
  package: 'app package',
  policyappid: 'the app',
  service: 'service',
  interfacetype: 'interface type',
  interfacealias: 'interface',
  authentication: 'authentication',
  owner: 'the user',
  localuser: 'the local user',
  remoteuser: 'the remote user',
  remotemachine: 'the remote machine',
  network: 'the network',
  platform: 'Windows',
  trust: 'devices nearby',
};

type Service =
  | {
      readonly services: Services | undefined;
      readonly family: 4 | 6 | undefined;
      readonly faults: readonly string[];
    }
  | { readonly fault: string };

function serviceOf(row: PowerShellRule, column: string, words: Words): Service {
  const protocol = plainTextOf(row.get('protocol'))?.trim().toLowerCase();
  const none: readonly string[] = [];
  switch (protocol) {
    case 'any':
    case '256':
      return { services: ALL_SERVICES, family: undefined, faults: none };
    case 'tcp':
    case '6':
    case 'udp':
    case '17': {
      const { ports, faults } = portList(wordsIn(row.get(column)), words);
      const kind = protocol === 'tcp' || protocol === '6' ? 'tcp' : 'udp';
      const services = ports.length === 0 ? undefined : { ...NO_SERVICES, [kind]: ports };
      return { services, family: undefined, faults };
    }
    case 'icmpv4':
    case '1':
    case 'icmpv6':
    case '58': {
      const family = protocol === 'icmpv4' || protocol === '1' ? 4 : 6;
      const types = wordsIn(row.get('icmptype'));
      const echo = family === 4 ? '8' : '128';
      const isEcho = isAny(types) || types.some((type) => type.split(':')[0] === echo);
      if (!isEcho) {
        return {
          fault: `it is for ICMP type ${shownValue(types.join(', '))}; of ICMP, a topology has echo requests only`,
        };
      }
      return { services: { ...NO_SERVICES, icmp: true }, family, faults: none };
    }
    default:
      return {
        fault: `its protocol is ${shownValue(row.get('protocol'))}; a topology knows TCP, UDP and ICMP`,
      };
  }
}

function portList(texts: readonly string[], words: Words): { ports: PortSet; faults: readonly string[] } {
  if (isAny(texts)) return { ports: ALL_PORTS, faults: [] };
  const sets: PortSet[] = [];
  const faults: string[] = [];
  for (const text of texts) {
    const keyword = ownEntry(KEYWORDS, text.toLowerCase().replace(/[\s-]/g, '')) ?? text;
    const found =
      portsIn(text) ??
      words.ports(text) ??
      words.ports(keyword) ??
      (keyword === 'RPCEPMap' ? ENDPOINT_MAPPER : undefined);
    if (found) sets.push(found);
    else faults.push(keyword);
  }
  return { ports: sets.length === 0 ? NO_PORTS : portSet(sets.flat()), faults };
}

/** One word for what the cmdlets, the registry and the console each call their own way, without blanks and hyphens. */
const KEYWORDS: Readonly<Record<string, string>> = {
  rpc: 'RPC',
  rpcdynamicports: 'RPC',
  rpcepmap: 'RPCEPMap',
  rpcendpointmapper: 'RPCEPMap',
};

/** The RPC endpoint mapper listens there, on every Windows. */
const ENDPOINT_MAPPER: PortSet = [{ low: PORTS.endpointMapper, high: PORTS.endpointMapper }];
