// Windows Firewall: what Get-NetFirewallRule and its filters print, as CSV or JSON.
import { PORTS } from '../catalog/numbers.ts';
import { t } from '../l10n.ts';
import { ALL_PORTS, NO_PORTS, type PortSet, portSet } from '../reach/ports.ts';
import { counted } from '../text/count.ts';
import { ANYONE, type Ends, endsOfRanges, isNobody, together } from './ends.ts';
import {
  type Action,
  type ImportedFirewall,
  type ImportedRule,
  type ImportOptions,
  importError,
  type Profile,
  type Reader,
  type Remark,
  type Source,
  type Step,
  type Words,
} from './model.ts';
import {
  ALL_SERVICES,
  bothTraffic,
  familyTraffic,
  NO_SERVICES,
  type Services,
  type Traffic,
} from './traffic.ts';
import { addressesIn, fieldsOf, isAllPorts, listOf, optionWord, portsIn, shown, textOf } from './values.ts';

/** Columns without which a rule cannot be written, and those that are taken as `Any` where the export has none. */
const NEEDED = ['Protocol', 'LocalPort', 'RemotePort', 'RemoteAddress'];
const TAKEN_AS_ANY = [
  'LocalAddress',
  'Program',
  'Package',
  'Service',
  'InterfaceType',
  'InterfaceAlias',
  'Owner',
  'IcmpType',
];
/** The bits of the cmdlets' Profile. */
const PROFILE_BITS: Readonly<Record<Profile, number>> = { domain: 1, private: 2, public: 4 };

export const windows: Reader = {
  title: 'Windows Firewall',
  about: 'the rules of Windows Firewall as CSV or JSON, exported [as below](#windows-firewall)',
  knows: (source) => rowsOf(source).some(isRule),
  read,
};

type Row = ReadonlyMap<string, unknown>;

function rowsOf(source: Source): readonly Row[] {
  if (source.kind === 'text') return source.rows();
  const list = listOf(source.value) ?? [source.value];
  return list.map((one) => fieldsOf(one) ?? new Map());
}

function isRule(row: Row): boolean {
  return row.has('direction') && row.has('action') && !row.has('access');
}

function read(source: Source, options: ImportOptions): readonly ImportedFirewall[] {
  const rows = rowsOf(source);
  if (!rows.some(isRule))
    throw importError(t('no rules of Windows Firewall in it (no Direction and Action)'));
  const remarks: Remark[] = [];
  const gaps = (text: string) => remarks.push({ kind: 'gap', text });
  const notes = (text: string) => remarks.push({ kind: 'note', text });
  const has = (column: string) => rows.some((row) => row.has(column.toLowerCase()));
  const missing = NEEDED.filter((column) => !has(column));
  if (missing.length > 0) {
    gaps(
      `the export has no ${missing.join(', ')}, and no rule can be written without; docs/import.md has the command that exports everything`,
    );
  }
  const assumed = TAKEN_AS_ANY.filter((column) => !has(column));
  if (missing.length === 0 && assumed.length > 0) {
    remarks.push({
      kind: 'inexact',
      text: `the export has no ${assumed.join(', ')}: taken as Any`,
    });
  }

  let disabled = 0;
  let otherProfile = 0;
  let strange = 0;
  const lists = {
    inbound: { override: [] as Step[], deny: [] as Step[], allow: [] as Step[] },
    outbound: { override: [] as Step[], deny: [] as Step[], allow: [] as Step[] },
  };
  for (const row of rows) {
    if (!isRule(row)) {
      strange++;
      continue;
    }
    if (isDisabled(row.get('enabled'))) {
      disabled++;
      continue;
    }
    if (!isInProfile(row.get('profile'), options.profile)) {
      otherProfile++;
      continue;
    }
    const direction = word(row.get('direction'), { 1: 'inbound', 2: 'outbound' });
    const action = word(row.get('action'), { 2: 'allow', 4: 'block' });
    const title = `rule ${shown(row.get('displayname') ?? row.get('name'))}`;
    if (direction !== 'inbound' && direction !== 'outbound') {
      gaps(`${title}: its direction is ${shown(row.get('direction'))}`);
    } else if (action !== 'allow' && action !== 'block') {
      gaps(`${title}: its action is ${shown(row.get('action'))}`);
    } else {
      const own = action === 'allow' ? 'allow' : 'deny';
      const steps = lists[direction][own === 'allow' && isOverride(row) ? 'override' : own];
      if (missing.length === 0)
        for (const step of ruleSteps(row, direction, own, options.words)) steps.push(step);
      else
        steps.push({ kind: 'gap', text: `${own} ${title}: its ports and addresses are not in the export` });
    }
  }
  if (disabled > 0)
    notes(`${counted(disabled, 'rule')} that ${disabled === 1 ? 'is' : 'are'} not enabled: left out.`);
  if (otherProfile > 0) {
    notes(
      `${counted(otherProfile, 'rule')} not for the profile ${options.profile}: left out (--profile chooses another).`,
    );
  }
  if (strange > 0) gaps(`${counted(strange, 'entry', 'entries')} without Direction and Action`);
  const check = 'Get-NetFirewallProfile says whether it is so here';
  return [
    {
      name: 'windows-firewall',
      about: `Windows Firewall, profile ${options.profile}`,
      protects: [],
      remarks,
      lists: [
        {
          title:
            'Inbound: what is blocked comes before what is allowed, and before both what overrides block rules',
          inside: 'to',
          steps: [...lists.inbound.override, ...lists.inbound.deny, ...lists.inbound.allow],
          otherwise: { action: 'deny', why: `the default for inbound traffic; ${check}` },
        },
        {
          title: 'Outbound',
          inside: 'from',
          steps: [...lists.outbound.override, ...lists.outbound.deny, ...lists.outbound.allow],
          otherwise: { action: 'allow', why: `the default for outbound traffic; ${check}` },
        },
      ],
    },
  ];
}

/** A word of an enumeration, which PowerShell writes as a number in JSON. */
function word(value: unknown, numbers: Readonly<Record<number, string>>): string | undefined {
  const text = textOf(value)?.trim().toLowerCase();
  if (text === undefined) return undefined;
  return /^\d{1,3}$/.test(text) ? numbers[Number(text)] : text;
}

/** Of an allow rule: it counts before the rules that block. */
function isOverride(row: Row): boolean {
  const text = word(row.get('overrideblockrules'), { 1: 'true' });
  return text === 'true' || text === 'yes';
}

function isDisabled(value: unknown): boolean {
  const text = word(value, { 0: 'false', 1: 'true', 2: 'false' });
  return text === 'false' || text === 'no';
}

/** `Any`, `Domain, Private`, or bits of which 0 means any. */
function isInProfile(value: unknown, profile: Profile): boolean {
  const words = wordsIn(value);
  if (words.length === 0) return true;
  return words.some((text) => {
    const lower = text.toLowerCase();
    if (lower === 'any' || lower === 'all' || lower === profile) return true;
    if (!/^\d{1,10}$/.test(lower)) return false;
    const bits = Number(lower);
    return bits === 0 || (bits & PROFILE_BITS[profile]) !== 0;
  });
}

/** A list, or one text with commas (`;` or blanks) between. */
function wordsIn(value: unknown): readonly string[] {
  const list = listOf(value) ?? [value];
  return list.flatMap((one) => (textOf(one) ?? '').split(/[,;\s]+/).filter((text) => text !== ''));
}

function isAny(words: readonly string[]): boolean {
  return words.length === 0 || words.some((text) => text.toLowerCase() === 'any' || text === '*');
}

/** The rule, and what of it cannot be said. */
function ruleSteps(
  row: Row,
  direction: 'inbound' | 'outbound',
  action: Action,
  words: Words,
): readonly Step[] {
  const name = textOf(row.get('displayname')) || textOf(row.get('name'));
  const about = `${action} rule ${shown(name)} (${direction})`;
  const gap = (reason: string): Remark => ({ kind: 'gap', text: `${about}: ${reason}` });
  const [near, far] = direction === 'inbound' ? ['localport', 'remoteport'] : ['remoteport', 'localport'];

  const steps: Step[] = [];
  const services = serviceOf(row, near, words);
  if ('fault' in services) return [gap(services.fault)];
  for (const port of services.faults)
    steps.push(
      gap(`the port ${shown(port)} has no number; say it with --map ${optionWord(port, 'WORD')}=PORTS`),
    );
  if (services.services === undefined) return steps;
  if (!isAny(wordsIn(row.get(far))) && !isEveryPort(wordsIn(row.get(far)))) {
    const end = direction === 'inbound' ? 'remote' : 'local';
    return [
      gap(
        `it is limited to ${end} ports, the ports from which a connection is opened; a topology does not have these`,
      ),
    ];
  }
  const limits = limitsOf(row);
  if (limits.length > 0) {
    const { tcp, udp } = services.services;
    if (action === 'deny') return [gap(`it is limited to ${limits.join(' and ')}`)];
    if (isAllPorts(tcp) || isAllPorts(udp)) {
      return [gap(`it is limited to ${limits.join(' and ')}, on any port`)];
    }
    steps.push({
      kind: 'inexact',
      text: `${about}: it is limited to ${limits.join(' and ')}; written without that limit`,
    });
  }
  const local = endOf('localaddress');
  const remote = endOf('remoteaddress');
  if (isNobody(local) || isNobody(remote)) return steps;
  const [from, to] = direction === 'inbound' ? [remote, local] : [local, remote];
  const written: Traffic = { from, to, services: services.services };
  const family = services.family && familyTraffic(services.family);
  const traffic = family ? bothTraffic(family, written, words) : written;
  if (!traffic) return [gap('of which addresses it speaks is not known')];
  const rule: ImportedRule = {
    kind: 'rule',
    action,
    traffic,
    name,
    description: textOf(row.get('description')),
  };
  return [...steps, rule];

  function endOf(column: 'localaddress' | 'remoteaddress'): Ends {
    const texts = wordsIn(row.get(column));
    if (isAny(texts)) return ANYONE;
    const parts: Ends[] = [];
    for (const text of texts) {
      const range = addressesIn(text);
      const found = range ? endsOfRanges([range]) : words.ends(text);
      if (found) parts.push(found);
      else {
        const end = column === 'localaddress' ? 'local' : 'remote';
        const hint = /^localsubnet/i.test(text)
          ? '; traffic inside a zone passes no firewall'
          : `; say what it stands for with --map ${optionWord(text, 'WORD')}=NAMES`;
        steps.push(gap(`its ${end} address ${shown(text)}${hint}`));
      }
    }
    return together(parts);
  }
}

function isEveryPort(words: readonly string[]): boolean {
  return words.length === 1 && isAllPorts(portsIn(words[0] ?? '') ?? NO_PORTS);
}

/** Programs and the like for which alone a rule is. */
function limitsOf(row: Row): readonly string[] {
  return Object.entries(LIMITS).flatMap(([column, title]) => {
    const text = (listOf(row.get(column)) ?? [row.get(column)])
      .map((one) => textOf(one) ?? '')
      .join(', ')
      .trim();
    return NO_LIMIT.has(text.toLowerCase()) ? [] : [`${title} ${shown(text)}`];
  });
}

/** Numbers are what PowerShell writes for `Any` and `NotRequired` in JSON. */
const NO_LIMIT = new Set(['', '0', '*', 'any', 'notrequired']);

const LIMITS: Readonly<Record<string, string>> = {
  program: 'program',
  package: 'app package',
  service: 'service',
  interfacetype: 'interface type',
  interfacealias: 'interface',
  authentication: 'authentication',
  owner: 'the user',
  localuser: 'the local user',
  remoteuser: 'the remote user',
  remotemachine: 'the remote machine',
};

type Service =
  | {
      readonly services: Services | undefined;
      readonly family: 4 | 6 | undefined;
      readonly faults: readonly string[];
    }
  | { readonly fault: string };

function serviceOf(row: Row, column: string, words: Words): Service {
  const protocol = textOf(row.get('protocol'))?.trim().toLowerCase();
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
          fault: `it is for ICMP type ${shown(types.join(', '))}; of ICMP, a topology has echo requests only`,
        };
      }
      return { services: { ...NO_SERVICES, icmp: true }, family, faults: none };
    }
    default:
      return { fault: `its protocol is ${shown(row.get('protocol'))}; a topology knows TCP, UDP and ICMP` };
  }
}

function portList(texts: readonly string[], words: Words): { ports: PortSet; faults: readonly string[] } {
  if (isAny(texts)) return { ports: ALL_PORTS, faults: [] };
  const sets: PortSet[] = [];
  const faults: string[] = [];
  for (const text of texts) {
    const found =
      portsIn(text) ?? words.ports(text) ?? (text.toLowerCase() === 'rpcepmap' ? ENDPOINT_MAPPER : undefined);
    if (found) sets.push(found);
    else faults.push(text);
  }
  return { ports: portSet(sets.flat()), faults };
}

/** The RPC endpoint mapper listens there, on every Windows. */
const ENDPOINT_MAPPER: PortSet = [{ low: PORTS.endpointMapper, high: PORTS.endpointMapper }];
