// Azure Firewall: its policy with rule collection groups, or the rule collections of a classic firewall, as an ARM
// template, resources, or what the Azure command line and PowerShell print; IP groups in the same file count.
import { getOrAdd } from '../collections.ts';
import { t } from '../l10n.ts';
import { ALL_PORTS, type PortSet, portSet } from '../reach/ports.ts';
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
import { ANYONE, type Ends, endsOfRanges, isNobody, together } from './ends.ts';
import {
  type Action,
  budget,
  type ImportedFirewall,
  type ImportFormat,
  type ImportOptions,
  type ImportSource,
  importError,
  type Remark,
  type Step,
  type Words,
} from './model.ts';
import { notesIn } from './notes.ts';
import { newObjects, type Objects } from './objects.ts';
import { ALL_SERVICES, NO_SERVICES, type Services } from './traffic.ts';
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

/** Policies inherit from one another so often. */
const MOST_INHERITED = 20;
/** Rules, addresses and ports in all policies. */
const MOST_WORK = 2_000_000;
/** What a rule is called whose policy has no name. */
const NO_NAME = 'azure-firewall';

export const azureFirewall: ImportFormat = {
  title: 'Azure Firewall',
  about:
    'Azure Firewall: its policy with rule collection groups and IP groups, or a classic firewall, as an ARM template in JSON or as `az network firewall policy rule-collection-group list` prints it ([more](#azure-firewall))',
  knows: (source) => source.kind === 'json' && policiesIn(source.value).policies.length > 0,
  read,
};

/** In this order they are processed, whatever the priorities of their collections. */
const KINDS = ['nat', 'network', 'application'] as const;
type Kind = (typeof KINDS)[number];

/** Rules in a collection. */
interface Collection {
  readonly kind: Kind | undefined;
  readonly fields: JsonFields;
  readonly scope: Scope;
  /** First that of the group, then its own. */
  readonly priorities: readonly [number, number];
}

interface Policy {
  readonly name: string;
  /** The policy from which it inherits, in lower case. */
  base: string | undefined;
  readonly collections: Collection[];
  readonly remarks: Remark[];
}

interface IpGroup {
  readonly name: string;
  readonly addresses: readonly unknown[];
  readonly scope: Scope;
}

interface Found {
  readonly policies: readonly Policy[];
  readonly ipGroups: ReadonlyMap<string, IpGroup>;
}

function read(source: ImportSource, { words }: ImportOptions): readonly ImportedFirewall[] {
  const { policies, ipGroups } = policiesIn(source.kind === 'json' ? source.value : undefined);
  if (policies.length === 0) throw importError(t('no rule collections of Azure Firewall in it'));
  const spend = budget(MOST_WORK);
  const objects = newObjects();
  const look: Look = { words, objects, ipGroups, known: new Map(), spend };
  const bases = new Set(policies.flatMap(({ base }) => base ?? []));
  return policies
    .filter(({ name, collections }) => collections.length > 0 || !bases.has(name.toLowerCase()))
    .map((policy) => {
      const chain = chainOf(policy, policies);
      const remarks = chain.flatMap((one) => one.remarks);
      const [first] = chain;
      if (first?.base !== undefined) {
        remarks.push({
          kind: 'gap',
          text: `the rules of the policy ${shownValue(first.base)}, from which ${first.name} inherits, are not in the file`,
        });
      }
      const steps = KINDS.flatMap((kind) =>
        chain.flatMap(({ collections }) =>
          collections
            .filter((one) => one.kind === kind)
            .sort(inOrder)
            .flatMap((one) => collectionSteps(one, kind, look)),
        ),
      );
      for (const { collections } of chain) {
        for (const { kind, fields, scope } of collections) {
          if (kind !== undefined) continue;
          const name = shownValue(literalText(fields.get('name'), scope));
          remarks.push({ kind: 'gap', text: `the rule collection ${name}, of which the kind is not known` });
        }
      }
      return {
        name: policy.name,
        about: `Azure Firewall, ${policy.name}`,
        protects: [],
        lists: [
          {
            title:
              'Rules that translate addresses, then network rules, then application rules, each by priority',
            inside: undefined,
            steps,
            otherwise: { action: 'deny', why: 'Azure Firewall lets nothing else through' },
          },
        ],
        remarks,
        objects,
      };
    });
}

function inOrder(a: Collection, b: Collection): number {
  const [[group, own], [otherGroup, other]] = [a.priorities, b.priorities];
  return group - otherGroup || own - other;
}

/** A policy behind those from which it inherits: their rules of a kind come first. */
function chainOf(policy: Policy, policies: readonly Policy[]): readonly Policy[] {
  const chain = [policy];
  for (let depth = 0; depth < MOST_INHERITED; depth++) {
    const base = chain[0]?.base;
    const found = policies.find(({ name }) => name.toLowerCase() === base);
    if (!found || chain.includes(found)) break;
    chain.unshift(found);
  }
  return chain;
}

// --- Where the policies are -------------------------------------------------------------------

const POLICY = 'microsoft.network/firewallpolicies';
/** Below which something may be, where it is no template. */
const KEYS = ['resources', 'value', 'rulecollectiongroups', 'ipgroups'];
const CLASSIC: Readonly<Record<string, Kind>> = {
  natrulecollections: 'nat',
  networkrulecollections: 'network',
  applicationrulecollections: 'application',
};

function policiesIn(value: unknown): Found {
  const policies = new Map<string, Policy>();
  const ipGroups = new Map<string, IpGroup>();
  const policyOf = (name: string) =>
    getOrAdd(policies, name.toLowerCase(), () => ({ name, base: undefined, collections: [], remarks: [] }));
  visit(value, undefined, undefined, 0, []);
  return { policies: [...policies.values()], ipGroups };

  /** @param said of the deployments around it */
  function visit(
    part: unknown,
    scope: Scope,
    owner: string | undefined,
    depth: number,
    said: readonly Remark[],
  ): void {
    if (depth > MOST_DEPLOYMENTS) return;
    if (Array.isArray(part)) {
      for (const one of part) visit(one, scope, owner, depth + 1, said);
      return;
    }
    const fields = fieldsOf(part);
    if (!fields) return;
    const properties = fieldsOf(fields.get('properties'));
    const has = (key: string) => resolved(properties?.get(key) ?? fields.get(key), scope);
    const type = plainTextOf(fields.get('type'))?.toLowerCase() ?? '';
    const name = literalText(fields.get('name'), scope);
    const inner = () => visit(Object.values(objectOf(fields.get('resources'))), scope, name, depth + 1, said);
    if (type === POLICY) {
      const policy = policyOf(name ?? NO_NAME);
      const base = fieldsOf(has('basepolicy'))?.get('id');
      if (base !== undefined && base !== null)
        policy.base = idName(base, scope)?.toLowerCase() ?? shownValue(base);
      remark(policy, fields, properties, scope, said);
      inner();
      return;
    }
    const isOld = type === `${POLICY}/rulegroups` || type === 'rulegroups';
    const groups = isOld
      ? plainListOf(has('rules'))?.map((one) => collectionOf(one, scope))
      : (plainListOf(has('rulecollections')) ?? plainListOf(has('rulecollection')));
    if (isOld || type === `${POLICY}/rulecollectiongroups` || type === 'rulecollectiongroups' || groups) {
      const [first, ...rest] = (name ?? '').split('/');
      const policy = policyOf(
        (rest.length > 0 ? first : undefined) ?? owner ?? ownerOf(fields, scope) ?? NO_NAME,
      );
      const condition = conditionOf(fields, scope);
      // What may not be there opens nothing.
      if (condition?.isOff) {
        policy.remarks.push({ kind: 'gap', text: `the group ${shownValue(name)}: ${condition.text}` });
        return;
      }
      remark(policy, fields, properties, scope, said);
      addAll(
        policy,
        groups,
        has('priority'),
        undefined,
        scope,
        `the rule collections of the group ${shownValue(name)}`,
        has(isOld ? 'rules' : 'rulecollections'),
      );
      return;
    }
    const addresses = plainListOf(has('ipaddresses'));
    if (type.endsWith('/ipgroups') || (addresses && name !== undefined)) {
      if (name !== undefined) ipGroups.set(name.toLowerCase(), { name, addresses: addresses ?? [], scope });
      return;
    }
    const classic = Object.entries(CLASSIC).filter(([key]) => has(key) !== undefined && has(key) !== null);
    if (classic.some(([key]) => (plainListOf(has(key)) ?? []).length > 0)) {
      const policy = policyOf(name ?? NO_NAME);
      remark(policy, fields, properties, scope, said);
      for (const [key, kind] of classic)
        addAll(policy, plainListOf(has(key)), 0, kind, scope, `its ${key}`, has(key));
      return;
    }
    for (const one of partsWithin(fields, scope, said, KEYS))
      visit(one.part, one.scope, one.ofTemplate ? undefined : owner, depth + 1, one.said);
  }
}

function remark(
  { remarks }: Policy,
  fields: JsonFields,
  properties: JsonFields | undefined,
  scope: Scope,
  said: readonly Remark[],
): void {
  remarks.push(...said, ...conditionRemarks(fields, scope));
  if (fields.has('copy') || properties?.has('copy')) remarks.push(loopRemark('the policy'));
}

/** The policy to which a rule collection group belongs, by its identity or by what it depends on. */
function ownerOf(fields: JsonFields, scope: Scope): string | undefined {
  const id = /\/firewallPolicies\/([^/]{1,100})\/ruleCollectionGroups\//i.exec(
    plainTextOf(fields.get('id')) ?? '',
  )?.[1];
  if (id !== undefined) return id;
  for (const one of plainListOf(fields.get('dependson')) ?? []) {
    const text = literalText(one, scope) ?? '';
    // A group may depend on another one of its policy, too.
    const policy = /firewallPolicies\/([^/]{1,100})/i.exec(text)?.[1];
    if (policy !== undefined) return policy;
    if (/firewallPolicies'/i.test(text)) return idName(text, scope);
  }
  return undefined;
}

function addAll(
  policy: Policy,
  list: readonly unknown[] | undefined,
  groupPriority: unknown,
  kind: Kind | undefined,
  scope: Scope,
  title: string,
  value: unknown,
): void {
  if (!list) {
    if (value !== undefined && value !== null)
      policy.remarks.push({ kind: 'gap', text: `${title}, which are ${shownValue(value)}` });
    return;
  }
  for (const one of list) {
    const outer = fieldsOf(resolved(one, scope));
    if (!outer) continue;
    const fields = new Map([...outer, ...(fieldsOf(resolved(outer.get('properties'), scope)) ?? [])]);
    policy.collections.push({
      kind: kind ?? kindOf(fields, scope),
      fields,
      scope,
      priorities: [numberOf(groupPriority, scope), numberOf(fields.get('priority'), scope)],
    });
  }
}

/**
 * A rule of the first versions of the interface, which has conditions, as the collection that it became: these are its
 * rules.
 */
function collectionOf(value: unknown, scope: Scope): unknown {
  const fields = fieldsOf(resolved(value, scope));
  if (!fields) return value;
  const isNat = /nat/i.test(literalText(fields.get('ruletype'), scope) ?? '');
  const conditions = plainListOf(resolved(fields.get('ruleconditions'), scope)) ?? [
    fields.get('rulecondition'),
  ];
  const rules = conditions.map((one) => {
    const condition = fieldsOf(resolved(one, scope));
    if (!condition) return one;
    const kind = literalText(condition.get('ruleconditiontype'), scope) ?? '';
    return {
      ...Object.fromEntries(condition),
      name: (isNat ? undefined : condition.get('name')) ?? fields.get('name'),
      ruletype: isNat ? 'NatRule' : kind.replace(/Condition$/i, ''),
      translatedaddress: fields.get('translatedaddress'),
      translatedport: fields.get('translatedport'),
    };
  });
  return {
    name: fields.get('name'),
    priority: fields.get('priority'),
    action: fields.get('action'),
    rules,
  };
}

function numberOf(value: unknown, scope: Scope): number {
  const text = literalText(value, scope);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
}

function kindOf(fields: JsonFields, scope: Scope): Kind | undefined {
  const type = literalText(fields.get('rulecollectiontype'), scope)?.toLowerCase() ?? '';
  if (type.includes('nat')) return 'nat';
  const [first] = plainListOf(resolved(fields.get('rules'), scope)) ?? [];
  const rule = literalText(fieldsOf(first)?.get('ruletype'), scope)?.toLowerCase();
  if (rule === 'applicationrule') return 'application';
  if (rule === 'natrule') return 'nat';
  // A collection without rules is of no kind, and is missed by nobody.
  return rule === 'networkrule' || first === undefined ? 'network' : undefined;
}

// --- Rules ------------------------------------------------------------------------------------

interface Look {
  readonly words: Words;
  readonly objects: Objects;
  readonly ipGroups: ReadonlyMap<string, IpGroup>;
  /** The IP groups that were made into groups, or why they cannot be. */
  readonly known: Map<string, Part>;
  readonly spend: (amount: number) => void;
}

/** Who a text or group stands for, and what of it is not known. */
interface Part {
  readonly ends: Ends | undefined;
  readonly faults: readonly string[];
}

function collectionSteps({ fields, scope }: Collection, kind: Kind, look: Look): readonly Step[] {
  const rules = plainListOf(resolved(fields.get('rules'), scope)) ?? [];
  look.spend(rules.length);
  const type = literalText(
    fieldsOf(resolved(fields.get('action'), scope))?.get('type') ?? fields.get('action'),
    scope,
  );
  const word = type?.toLowerCase();
  const action: Action | undefined = word === 'deny' ? 'deny' : word === 'allow' ? 'allow' : undefined;
  return rules.flatMap((raw, index): readonly Step[] => {
    const rule = fieldsOf(resolved(raw, scope));
    const name = literalText(rule?.get('name'), scope);
    const title = `rule ${name === undefined ? index + 1 : shownValue(name)}`;
    if (!rule) return [{ kind: 'gap', text: `${title}: it is ${shownValue(raw)}` }];
    const made = (own: Action, about: string): Rule => ({
      fields: rule,
      name,
      action: own,
      about,
      scope,
      look,
      steps: [],
    });
    if (kind === 'nat') return translated(made('allow', title));
    if (!action)
      return [{ kind: 'gap', text: `${title}: the action of its collection is ${shownValue(type)}` }];
    const own = made(action, `${action} ${title}`);
    return kind === 'network' ? network(own) : application(own);
  });
}

/** A rule that is read, and what was said of it so far. */
interface Rule {
  readonly fields: JsonFields;
  readonly name: string | undefined;
  readonly action: Action;
  readonly about: string;
  readonly scope: Scope;
  readonly look: Look;
  readonly steps: Step[];
}

function gap({ about, action }: Rule, reason: string): Remark {
  return { kind: 'gap', text: `${about}: ${reason}`, lost: action };
}

function network(rule: Rule): readonly Step[] {
  const services = servicesOf(rule, 'destinationports');
  if (!services) return rule.steps;
  const from = sources(rule);
  const to = endOf(
    rule,
    'destination',
    ['destinationaddresses'],
    ['destinationipgroups'],
    ['destinationfqdns'],
  );
  return written(rule, from, to, services);
}

/**
 * A rule for names. One for every name is a rule for its ports; of the others a topology knows those alone of which the
 * user says what they stand for.
 */
function application(rule: Rule): readonly Step[] {
  const names = values(rule, 'targetfqdns').map((one) => plainTextOf(one) ?? '');
  const others = ['fqdntags', 'webcategories', 'targeturls'].flatMap((key) => values(rule, key));
  const addresses = values(rule, 'destinationaddresses');
  const ports = values(rule, 'protocols').flatMap((protocol) => {
    const fields = fieldsOf(protocol);
    // A classic firewall in PowerShell has `Https:443`.
    const text = literalText(fields ? fields.get('port') : protocol, rule.scope) ?? '';
    return portsIn(fields ? text : (text.split(':')[1] ?? '')) ?? [];
  });
  if (ports.length === 0) return [gap(rule, 'its protocols have no port that can be read')];
  const services = { ...NO_SERVICES, tcp: portSet(ports) };
  const isEvery = names.includes('*') && others.length === 0;
  const known = names.map((name) => rule.look.words.ends(name));
  if (!isEvery && (others.length > 0 || known.length === 0 || known.includes(undefined))) {
    const list = [...names, ...others.map((one) => plainTextOf(one) ?? '')].filter((one) => one !== '');
    const some = `${list.slice(0, 3).join(', ')}${list.length > 3 ? ` and ${list.length - 3} more` : ''}`;
    return [gap(rule, `it is for names of the web (${shownValue(some)}), which a topology does not have`)];
  }
  const from = sources(rule);
  const to = isEvery
    ? addresses.length > 0
      ? endOf(rule, 'destination', ['destinationaddresses'], [], [])
      : ANYONE
    : together(known.flatMap((one) => one ?? []));
  rule.steps.push({
    kind: 'inexact',
    text: `${rule.about}: it is for the web protocols themselves; written for everything over their ports`,
  });
  return written(rule, from, to, services);
}

/** A rule that translates a destination and lets it through: what is behind it is written. */
function translated(rule: Rule): readonly Step[] {
  const text = literalText(rule.fields.get('translatedaddress'), rule.scope);
  const range = text === undefined ? undefined : addressesIn(text);
  const to = range ? endsOfRanges([range]) : text === undefined ? undefined : rule.look.words.ends(text);
  if (!to) {
    const name = literalText(rule.fields.get('translatedfqdn'), rule.scope) ?? text;
    return [gap(rule, `it translates to ${shownValue(name)}, of which no address is known`)];
  }
  const port = literalText(rule.fields.get('translatedport'), rule.scope);
  const isOwn = port !== undefined && port !== '' && port !== '*';
  const services = servicesOf(rule, isOwn ? 'translatedport' : 'destinationports');
  if (!services) return rule.steps;
  const outside = values(rule, 'destinationaddresses').map((one) => plainTextOf(one) ?? '');
  const ports = values(rule, 'destinationports').map((one) => plainTextOf(one) ?? '');
  rule.steps.push({
    kind: 'inexact',
    text: `${rule.about}: it translates ${outside.join(', ')} port ${ports.join(', ')} to ${text}; written for what is behind it`,
  });
  return written(rule, sources(rule), to, services);
}

function written(rule: Rule, from: Ends, to: Ends, services: Services): readonly Step[] {
  if (isNobody(from) || isNobody(to)) return rule.steps;
  return [
    ...rule.steps,
    {
      kind: 'rule',
      action: rule.action,
      traffic: { from, to, services },
      name: rule.name,
      ...notesIn(literalText(rule.fields.get('description'), rule.scope)),
    },
  ];
}

/** The values of a list, or of one text, with what they stand for. */
function values({ fields, scope, look }: Rule, key: string): readonly unknown[] {
  const value = resolved(fields.get(key), scope);
  if (value === undefined || value === null || value === '') return [];
  const list = plainListOf(value) ?? [value];
  look.spend(list.length);
  return list.map((one) => resolved(one, scope));
}

function sources(rule: Rule): Ends {
  return endOf(rule, 'source', ['sourceaddresses'], ['sourceipgroups'], []);
}

function endOf(
  rule: Rule,
  end: string,
  addressKeys: readonly string[],
  groupKeys: readonly string[],
  nameKeys: readonly string[],
): Ends {
  const { scope, look, steps } = rule;
  const parts: Ends[] = [];
  const missing = (text: string) => steps.push(gap(rule, `its ${end} ${text}`));
  const addresses = addressKeys.flatMap((key) => values(rule, key));
  const groups = groupKeys.flatMap((key) => values(rule, key));
  const names = nameKeys.flatMap((key) => values(rule, key));
  for (const value of addresses) {
    const { ends, faults } = addressOf(value, scope, look.words);
    if (ends) parts.push(ends);
    for (const fault of faults) missing(fault);
  }
  for (const value of groups) {
    const { ends, faults } = groupOf(fieldsOf(value)?.get('id') ?? value, scope, look);
    if (ends) parts.push(ends);
    for (const fault of faults) missing(fault);
  }
  for (const value of names) {
    const text = plainTextOf(value) ?? '';
    const found = look.words.ends(text);
    if (found) parts.push(found);
    else
      missing(
        `${shownValue(value)} is a name, which the firewall looks up; say what it stands for with --map ${optionWord(text, 'NAME')}=NAMES`,
      );
  }
  if (addresses.length + groups.length + names.length === 0) missing('is not given');
  return together(parts);
}

function addressOf(value: unknown, scope: Scope, words: Words): Part {
  const text = plainTextOf(value);
  if (text === undefined || isExpression(value, scope))
    return { ends: undefined, faults: [`${shownValue(value)} cannot be read`] };
  if (text === '*' || text.toLowerCase() === 'any') return { ends: ANYONE, faults: [] };
  const range = addressesIn(text);
  const ends = range ? endsOfRanges([range]) : words.ends(text);
  if (ends) return { ends, faults: [] };
  return {
    ends: undefined,
    faults: [
      `${shownValue(text)} is a service tag; say what it stands for with --map ${optionWord(text, 'TAG')}=NAMES`,
    ],
  };
}

/** An IP group of the file as a group of addresses. */
function groupOf(id: unknown, scope: Scope, look: Look): Part {
  const name = idName(id, scope);
  if (name === undefined) return { ends: undefined, faults: [`IP group ${shownValue(id)} cannot be read`] };
  return getOrAdd(look.known, name.toLowerCase(), () => {
    const said = look.words.ends(name);
    if (said) return { ends: said, faults: [] };
    const group = look.ipGroups.get(name.toLowerCase());
    if (!group) {
      return {
        ends: undefined,
        faults: [
          `IP group ${shownValue(name)} is not in the file; say who is in it with --map ${optionWord(name, 'GROUP')}=NAMES`,
        ],
      };
    }
    const list = group.addresses.flatMap((one) => {
      const value = resolved(one, group.scope);
      return plainListOf(value) ?? [value];
    });
    look.spend(list.length);
    const parts = list.map((one) => addressOf(one, group.scope, look.words));
    const members = parts.flatMap(({ ends }) => ends ?? []);
    const faults = parts.flatMap((part) =>
      part.faults.map((fault) => `IP group ${shownValue(name)}: ${fault}`),
    );
    const ends = together(members);
    if (isNobody(ends))
      return { ends: undefined, faults: [...faults, `IP group ${shownValue(name)} is empty`] };
    return { ends: look.objects.add({ name: group.name, scope: '', members, ends }), faults };
  });
}

/** What a rule is for; undefined where nothing of it can be read, which is said then. */
function servicesOf(rule: Rule, portKey: string): Services | undefined {
  const sets: PortSet[] = [];
  for (const value of values(rule, portKey)) {
    const text = plainTextOf(value)?.trim();
    const found = text === '*' ? ALL_PORTS : text === undefined ? undefined : portsIn(text);
    if (found && !isExpression(value, rule.scope)) sets.push(found);
    else rule.steps.push(gap(rule, `the port ${shownValue(value)} cannot be read`));
  }
  const ports = portSet(sets.flat());
  const keys = rule.fields.has('ipprotocols') ? 'ipprotocols' : 'protocols';
  let services = NO_SERVICES;
  const protocols = values(rule, keys);
  for (const value of protocols) {
    const word = plainTextOf(value)?.toLowerCase();
    if (word === 'icmp') services = { ...services, icmp: true };
    else if (word === 'tcp' || word === 'udp') services = { ...services, [word]: ports };
    else if (word === 'any' && isAllPorts(ports)) services = ALL_SERVICES;
    else if (word === 'any') services = { ...services, tcp: ports, udp: ports };
    else
      rule.steps.push(gap(rule, `its protocol is ${shownValue(value)}; a topology knows TCP, UDP and ICMP`));
  }
  if (protocols.length === 0) rule.steps.push(gap(rule, 'its protocol is not given'));
  const { tcp, udp, icmp } = services;
  if (tcp.length + udp.length > 0 || icmp) return services;
  if (sets.length === 0 && rule.steps.length === 0) rule.steps.push(gap(rule, 'its ports are not given'));
  return undefined;
}
