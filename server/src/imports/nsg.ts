// Azure network security groups: an ARM template, a resource in it, or what `az network nsg show` and
// `Get-AzNetworkSecurityGroup | ConvertTo-Json` print.
import { getOrAdd, ownEntry } from '../collections.ts';
import { t } from '../l10n.ts';
import type { AddressRange } from '../reach/addresses.ts';
import { type PortSet, portSet } from '../reach/ports.ts';
import {
  conditionOf,
  conditionRemarks,
  idName,
  isExpression,
  literalText,
  loopRemark,
  MOST_DEPLOYMENTS,
  objectOf,
  partsWithin,
  resolved,
  type Scope,
} from './arm.ts';
import { SOURCE_PORTS, SOURCE_PORTS_IGNORED, sourcePorts } from './device.ts';
import { ANYONE, type Ends, endsOfRanges, everyone, isNobody, namedEnds, together } from './ends.ts';
import {
  budget,
  type ImportedFirewall,
  type ImportedRule,
  type ImportFormat,
  type ImportOptions,
  type ImportSource,
  importError,
  type Remark,
  type RuleList,
  type Step,
  type Words,
} from './model.ts';
import { notesIn } from './notes.ts';
import {
  ALL_SERVICES,
  bothTraffic,
  familyTraffic,
  type ImportedTraffic,
  isAllTraffic,
  NO_SERVICES,
  type Services,
} from './traffic.ts';
import {
  addressesIn,
  fieldsOf,
  isAllPorts,
  type JsonFields,
  optionWord,
  plainListOf,
  plainTextOf,
  portsIn,
  shownValue,
} from './values.ts';

const TYPE = 'microsoft.network/networksecuritygroups';
/** Below which something may be, where it is no template. */
const KEYS = ['resources', 'value', 'networksecuritygroup'];
/** Rules, addresses and ports in all groups; Azure allows a group 1,000 rules and 4,000 addresses and ports. */
const MOST_WORK = 2_000_000;

export const nsg: ImportFormat = {
  title: 'Azure network security group',
  about:
    'an Azure network security group: an ARM template in JSON, a resource of one, what `az network nsg show`, `az network nsg list` and `az network nsg rule list` print, or `Get-AzNetworkSecurityGroup` with `ConvertTo-Json -Depth 5`',
  knows: (source) =>
    source.kind === 'json' && (groupsIn(source.value).length > 0 || isEffective(source.value)),
  read,
};

function read(source: ImportSource, { words }: ImportOptions): readonly ImportedFirewall[] {
  const value = source.kind === 'json' ? source.value : undefined;
  const groups = groupsIn(value);
  if (groups.length === 0) {
    throw importError(
      isEffective(value)
        ? t(
            'the effective rules of a network interface; import each of its groups instead, as printed by: az network nsg show',
          )
        : t('no network security group in it'),
    );
  }
  const spend = budget(MOST_WORK);
  return groups.map((group) => {
    spend(group.rules.length);
    const own = group.rules.map((rule) => ({ rule, scope: group.scope }));
    const rules = [...own, ...group.more].map(({ rule, scope }, index) =>
      ruleOf(rule, index, scope, words, spend),
    );
    const order = (a: Entry, b: Entry) => a.priority - b.priority;
    const steps = (direction: Entry['direction']) =>
      rules
        .filter((entry) => entry.direction === direction)
        .sort(order)
        .flatMap(({ steps }) => steps);
    const name = group.name || 'nsg';
    return {
      name,
      about: `Azure network security group ${name}`,
      // People name groups after their subnets: `hq`, `nsg-hq`, `hq-nsg`.
      protects: [name, name.replace(/^nsg[-_.]|[-_.]nsg$/i, '')],
      lists: [
        inbound(isClosed(steps('inbound')) ? steps('inbound') : [...steps('inbound'), ...vnetInbound(words)]),
        {
          title: 'Outbound, by priority',
          inside: 'from',
          steps: steps('outbound'),
          otherwise: {
            action: 'allow',
            why: 'AllowVnetOutBound and AllowInternetOutBound, two default rules: together they allow everything',
          },
        },
      ],
      remarks: [...group.remarks, ...steps(undefined).filter((step) => step.kind !== 'rule')],
    };
  });
}

/** Whether the default rules decide nothing. */
function isClosed(steps: readonly Step[]): boolean {
  return steps.some((step) => step.kind === 'rule' && isAllTraffic(step.traffic));
}

function inbound(steps: readonly Step[]): RuleList {
  return {
    title: 'Inbound, by priority',
    inside: 'to',
    steps,
    otherwise: { action: 'deny', why: 'DenyAllInBound, a default rule' },
  };
}

function vnetInbound(words: Words): readonly Step[] {
  const from = tag('VirtualNetwork', words);
  if (!from) {
    return [
      {
        kind: 'gap',
        text: 'the default rule AllowVnetInBound: say what the service tag VirtualNetwork stands for with --map VirtualNetwork=NAMES, or name the topology',
      },
    ];
  }
  return [
    {
      kind: 'rule',
      action: 'allow',
      traffic: { from, to: ANYONE, services: ALL_SERVICES },
      name: 'AllowVnetInBound',
    },
    {
      kind: 'note',
      text: 'The default rule AllowAzureLoadBalancerInBound lets the probes of load balancers in, which are no connection of a hierarchy.',
    },
  ];
}

/**
 * What `az network nic list-effective-nsg` and Get-AzEffectiveNetworkSecurityGroup print. It is not read: the rules of
 * a group are there with its default rules, and with service tags written out.
 */
function isEffective(value: unknown): boolean {
  const fields = fieldsOf(value);
  const lists = [value, fields?.get('value'), fields?.get('networksecuritygroups')];
  const list = lists.find((one) => Array.isArray(one)) ?? [value];
  return Array.isArray(list) && list.some((one) => fieldsOf(one)?.has('effectivesecurityrules'));
}

// --- Where the groups are ---------------------------------------------------------------------

interface Group {
  readonly name: string | undefined;
  readonly scope: Scope;
  /** May be shared with other groups. */
  readonly rules: readonly unknown[];
  /** Those that are resources of their own. */
  readonly more: { readonly rule: unknown; readonly scope: Scope }[];
  readonly remarks: Remark[];
}

function groupsIn(value: unknown): readonly Group[] {
  const groups: Group[] = [];
  const orphans: { readonly group: string; readonly rule: unknown; readonly scope: Scope }[] = [];
  visit(value, undefined, 0, []);
  const names = new Map<Group, Set<string | undefined>>();
  for (const { group, rule, scope } of orphans) {
    let owner = groups.find(({ name }) => name?.toLowerCase() === group.toLowerCase());
    if (!owner) {
      owner = { name: group, scope, rules: [], more: [], remarks: [] };
      groups.push(owner);
    }
    // An export of the portal has each rule in its group and once more beside it.
    const { rules } = owner;
    const known = getOrAdd(names, owner, () => new Set(rules.map((one) => ruleName(one, scope))));
    const name = ruleName(rule, scope);
    if (name !== undefined && known.has(name)) continue;
    known.add(name);
    owner.more.push({ rule, scope });
  }
  return groups;

  /** @param said of the deployments around it */
  function visit(part: unknown, scope: Scope, depth: number, said: readonly Remark[]): void {
    if (depth > MOST_DEPLOYMENTS) return;
    const list = Array.isArray(part) ? part : undefined;
    if (list) {
      const flat = list.filter((one) => {
        const fields = fieldsOf(one);
        return fields?.has('direction') && fields.has('access') && !fields.has('securityrules');
      });
      // `az network nsg rule list` prints the rules alone.
      if (flat.length > 0) groups.push({ name: undefined, scope, rules: flat, more: [], remarks: [...said] });
      else for (const one of list) visit(one, scope, depth + 1, said);
      return;
    }
    const fields = fieldsOf(part);
    if (!fields) return;
    const properties = fieldsOf(fields.get('properties'));
    const type = plainTextOf(fields.get('type'))?.toLowerCase();
    if (type === `${TYPE}/securityrules`) {
      const name = literalText(fields.get('name'), scope) ?? '';
      const [group = '', rule = name] = name.split('/');
      const dependent = name.includes('/') ? group : dependency(fields.get('dependson'), scope);
      orphans.push({ group: dependent ?? 'nsg', rule: { ...objectOf(part), name: rule }, scope });
      return;
    }
    const rules = fields.get('securityrules') ?? properties?.get('securityrules');
    if (type === TYPE || plainListOf(rules)) {
      const own = plainListOf(rules);
      const remarks: Remark[] = [...said, ...conditionRemarks(fields, scope)];
      const written = plainListOf(resolved(rules, scope)) ?? own;
      if (rules !== undefined && rules !== null && !written) {
        remarks.push({ kind: 'gap', text: `the rules, which are ${shownValue(rules)}` });
      }
      if (fields.has('copy') || properties?.has('copy')) remarks.push(loopRemark('the group'));
      const inner = Object.values(objectOf(fields.get('resources'))).filter((one) => {
        return /(?:^|\/)securityrules$/i.test(plainTextOf(fieldsOf(one)?.get('type')) ?? '');
      });
      const name = literalText(fields.get('name'), scope);
      groups.push({
        name,
        scope,
        rules: written ?? [],
        more: inner.map((rule) => ({ rule, scope })),
        remarks,
      });
      return;
    }
    for (const subnet of plainListOf(resolved(fields.get('subnets') ?? properties?.get('subnets'), scope)) ??
      [])
      inSubnet(subnet, scope);
    for (const one of partsWithin(fields, scope, said, KEYS)) visit(one.part, one.scope, depth + 1, one.said);
  }

  /** A group that is written inside of its subnet, once more beside its own resource or not. */
  function inSubnet(subnet: unknown, scope: Scope): void {
    const fields = fieldsOf(subnet);
    const inner = (from: JsonFields | undefined, key: string) =>
      from?.get(key) ?? fieldsOf(from?.get('properties'))?.get(key);
    const group = fieldsOf(inner(fields, 'networksecuritygroup'));
    const name = literalText(group?.get('name'), scope) ?? idName(group?.get('id'), scope);
    const place = literalText(fields?.get('name'), scope);
    for (const rule of plainListOf(resolved(inner(group, 'securityrules'), scope)) ?? [])
      orphans.push({ group: name ?? place ?? 'nsg', rule, scope });
  }
}

function ruleName(rule: unknown, scope: Scope): string | undefined {
  return literalText(fieldsOf(rule)?.get('name'), scope)?.toLowerCase();
}

/** The group that a rule of its own depends on. */
function dependency(value: unknown, scope: Scope): string | undefined {
  for (const one of plainListOf(value) ?? []) {
    const name = /networkSecurityGroups/i.test(plainTextOf(one) ?? '') ? idName(one, scope) : undefined;
    if (name !== undefined) return name;
    const match = /networkSecurityGroups(?:\/|',\s*')([A-Za-z0-9._-]+)/i.exec(plainTextOf(one) ?? '');
    if (match) return match[1];
  }
  return undefined;
}

// --- Rules ------------------------------------------------------------------------------------

interface Entry {
  readonly direction: 'inbound' | 'outbound' | undefined;
  readonly priority: number;
  readonly steps: readonly Step[];
}

function ruleOf(
  raw: unknown,
  index: number,
  scope: Scope,
  words: Words,
  spend: (amount: number) => void,
): Entry {
  const outer = fieldsOf(resolved(raw, scope));
  const fields = outer && new Map([...outer, ...(fieldsOf(resolved(outer.get('properties'), scope)) ?? [])]);
  const said = (key: string) => literalText(fields?.get(key), scope);
  const name = literalText(outer?.get('name'), scope);
  const title = `rule ${name === undefined ? index + 1 : shownValue(name)}`;
  const lost = (
    reason: string,
    direction?: Entry['direction'],
    priority = Number.POSITIVE_INFINITY,
  ): Entry => ({
    direction,
    priority,
    steps: [{ kind: 'gap', text: `${title}: ${reason}` }],
  });
  if (!fields) return lost(`it is ${shownValue(raw)}`);

  const way = said('direction')?.toLowerCase();
  const direction = way === 'inbound' || way === 'outbound' ? way : undefined;
  if (!direction) return lost(`its direction is ${shownValue(fields.get('direction'))}`);
  const action = said('access')?.toLowerCase();
  if (action !== 'allow' && action !== 'deny') {
    return lost(`its access is ${shownValue(fields.get('access'))}`, direction);
  }
  const number = said('priority');
  const priority = number === undefined || !/^\d{1,9}$/.test(number) ? undefined : Number(number);
  if (priority === undefined) return lost(`its priority is ${shownValue(fields.get('priority'))}`, direction);
  const about = `${action} rule ${name === undefined ? index + 1 : shownValue(name)} (priority ${priority})`;
  const gap = (reason: string): Remark => ({ kind: 'gap', text: `${about}: ${reason}`, lost: action });
  const whole = (reason: string): Entry => ({ direction, priority, steps: [gap(reason)] });

  const opened = portList(values('sourceport'));
  const limit = opened.count === 0 ? 'any' : opened.faults.length > 0 ? 'gap' : sourcePorts(opened.ports);
  if (limit === 'gap') return whole(SOURCE_PORTS);
  if (outer?.has('copy') || fields.has('copy'))
    return whole('a loop (copy) makes it, of which the template does not say how often');
  const steps: Step[] = [];
  const condition = conditionOf(outer ?? fields, scope);
  // What may not be there opens nothing.
  if (condition?.isOff || (condition && action === 'allow')) return whole(condition.text);
  if (condition) steps.push({ kind: 'inexact', text: `${about}: ${condition.text}; written as if it did` });
  if (limit === 'inexact') steps.push({ kind: 'inexact', text: `${about}: ${SOURCE_PORTS_IGNORED}` });
  const services = serviceOf(said('protocol'), portList(values('destinationport')));
  if ('fault' in services) return whole(services.fault);
  steps.push(...services.faults.map((port) => gap(`the port ${shownValue(port)} cannot be read`)));
  const from = endOf('source');
  const to = endOf('destination');
  if (isNobody(from) || isNobody(to)) return { direction, priority, steps };
  const written: ImportedTraffic = { from, to, services: services.services };
  // Their ICMP is that of IPv4.
  const traffic = services.icmpOnly ? bothTraffic(familyTraffic(4), written, words) : written;
  if (!traffic) return whole('of which addresses it speaks is not known');
  const rule: ImportedRule = {
    kind: 'rule',
    action,
    traffic,
    name,
    ...notesIn(said('description')),
  };
  return { direction, priority, steps: [...steps, rule] };

  /** `sourcePortRange` and `sourcePortRanges`; PowerShell writes lists in both. */
  function values(what: string): readonly unknown[] {
    const kind = what.endsWith('port') ? 'range' : 'prefix';
    const plural = what.endsWith('port') ? 'ranges' : 'prefixes';
    return [`${what}${kind}`, `${what}${plural}`].flatMap((key) => {
      const value = resolved(fields?.get(key), scope);
      if (value === undefined || value === null || value === '') return [];
      const list = plainListOf(value) ?? [value];
      spend(list.length);
      return list.map((one) => resolved(one, scope));
    });
  }

  function endOf(end: 'source' | 'destination'): Ends {
    const parts: Ends[] = [];
    const missing = (what: string) => steps.push(gap(`its ${end} ${what}`));
    const prefixes = values(`${end}address`);
    for (const value of prefixes) {
      const text = plainTextOf(value);
      const found = text === undefined || isExpression(value, scope) ? undefined : prefixOf(text, words);
      if (found) parts.push(found);
      else if (text === undefined || isExpression(value, scope))
        missing(`${shownValue(value)} cannot be read`);
      else
        missing(
          `${shownValue(value)} is a service tag; say what it stands for with --map ${optionWord(text, 'TAG')}=NAMES`,
        );
    }
    const groups = plainListOf(resolved(fields?.get(`${end}applicationsecuritygroups`), scope)) ?? [];
    for (const group of groups) {
      const id = plainTextOf(fieldsOf(group)?.get('id')) ?? '';
      const closed = id.replace(/'?\)?\]?$/, '');
      const word =
        idName(id, scope) ?? closed.slice(Math.max(closed.lastIndexOf('/'), closed.lastIndexOf("'")) + 1);
      const found = word === '' ? undefined : words.ends(word);
      if (found) parts.push(found);
      else
        missing(
          `application security group ${shownValue(word)}; say who is in it with --map ${optionWord(word, 'GROUP')}=NAMES`,
        );
    }
    if (prefixes.length === 0 && groups.length === 0) missing('is not given');
    return together(parts);
  }
}

function prefixOf(text: string, words: Words): Ends | undefined {
  if (text === '*' || text.toLowerCase() === 'any') return ANYONE;
  if (text === '0.0.0.0/0') return everyone(4);
  const range = addressesIn(text);
  return range ? endsOfRanges([range]) : tag(text, words);
}

/**
 * Service tags that stand for one address everywhere: that of the host of a virtual machine, from which the probes of
 * load balancers come (Microsoft Learn, Virtual network service tags).
 */
const FIXED_TAGS: Readonly<Record<string, AddressRange | undefined>> = {
  azureloadbalancer: addressesIn('168.63.129.16'),
};

/** What a service tag stands for: as the user says; else the zone of the internet, or all others. */
function tag(text: string, words: Words): Ends | undefined {
  const said = words.ends(text);
  if (said) return said;
  const wanted = text.toLowerCase();
  const host = ownEntry(FIXED_TAGS, wanted);
  if (host !== undefined) return endsOfRanges([host]);
  if (wanted !== 'internet' && wanted !== 'virtualnetwork') return undefined;
  const zones = [...(words.topology?.zones.values() ?? [])]
    .filter(({ internet }) => (internet === true) === (wanted === 'internet'))
    .map(({ name }) => name);
  return zones.length === 0 ? undefined : namedEnds(zones);
}

interface PortList {
  readonly ports: PortSet;
  readonly faults: readonly unknown[];
  readonly count: number;
}

function portList(values: readonly unknown[]): PortList {
  const sets: PortSet[] = [];
  const faults: unknown[] = [];
  for (const value of values) {
    const text = plainTextOf(value)?.trim();
    const found =
      text === '*' || text?.toLowerCase() === 'any'
        ? ALL_SERVICES.tcp
        : text === undefined
          ? undefined
          : portsIn(text);
    if (found) sets.push(found);
    else faults.push(value);
  }
  return { ports: portSet(sets.flat()), faults, count: values.length };
}

function serviceOf(
  protocol: string | undefined,
  { ports, faults, count }: PortList,
): { services: Services; faults: readonly unknown[]; icmpOnly: boolean } | { fault: string } {
  if (count === 0) return { fault: 'its ports are not given' };
  const none = ports.length === 0;
  const unread = { fault: `its ports ${faults.slice(0, 3).map(shownValue).join(', ')} cannot be read` };
  const services = (wanted: Partial<Services>, icmpOnly = false) => ({
    services: { ...NO_SERVICES, ...wanted },
    faults,
    icmpOnly,
  });
  switch (protocol?.toLowerCase()) {
    case '*':
    case 'any':
    case 'all':
      if (isAllPorts(ports)) return services(ALL_SERVICES);
      return none ? unread : services({ tcp: ports, udp: ports });
    case 'tcp':
    case '6':
      return none ? unread : services({ tcp: ports });
    case 'udp':
    case '17':
      return none ? unread : services({ udp: ports });
    case 'icmp':
    case '1':
      return services({ icmp: true }, true);
    default:
      return { fault: `its protocol is ${shownValue(protocol)}; a topology knows TCP, UDP and ICMP` };
  }
}
