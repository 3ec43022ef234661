// nftables: what `nft -j list ruleset` prints. Each base chain becomes a firewall of its own, since a packet must get
// through all of them; chains that rules jump to are written out where they are called.

import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/numbers.ts';
import { getOrAdd, memo } from '../collections.ts';
import { t } from '../l10n.ts';
import type { AddressRange } from '../reach/addresses.ts';
import { ALL_PORTS, difference, NO_PORTS, type PortSet, portSet } from '../reach/ports.ts';
import { SOURCE_PORTS, SOURCE_PORTS_IGNORED, sourcePorts } from './device.ts';
import {
  ANYONE,
  type Ends,
  endsOfRanges,
  everyone,
  except,
  isNobody,
  namedEnds,
  sameName,
  together,
} from './ends.ts';
import {
  type Action,
  budget,
  type ImportedFirewall,
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
  ALL_TRAFFIC,
  bothTraffic,
  familyTraffic,
  type ImportedTraffic,
  isNothing,
  isSpoken,
  NO_SERVICES,
  type Services,
} from './traffic.ts';
import {
  addressesIn,
  fieldsOf,
  type JsonFields,
  optionWord,
  plainTextOf,
  portsIn,
  shownValue,
} from './values.ts';

/** Chains that call one another can multiply; so many rules are written of one base chain. */
const MOST_STEPS = 50_000;
/** nft allows 16 jumps one within another. */
const MOST_JUMPS = 16;
/** Bounds for chains that return to their callers under conditions, of which each doubles the work. */
const MOST_LEVELS = 400;
const MOST_VISITS = 1_000_000;
/** Addresses, ports and pairs looked at; a ruleset with 5,000 rules and sets of 100 elements comes to a tenth. */
const MOST_WORK = 10_000_000;
const FAMILIES = ['ip', 'ip6', 'inet'] as const;

export const nftables: ImportFormat = {
  title: 'nftables',
  about: 'what `nft -j list ruleset` prints',
  knows: (source) => source.kind === 'json' && Array.isArray(fieldsOf(source.value)?.get('nftables')),
  read,
};

interface Chain {
  readonly table: string;
  readonly family: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly hook: string | undefined;
  readonly priority: number;
  readonly policy: string | undefined;
  readonly rules: JsonFields[];
}

interface Ruleset {
  readonly chains: ReadonlyMap<string, Chain>;
  /** The elements of named sets and maps. */
  readonly sets: ReadonlyMap<string, readonly unknown[]>;
  /** What each rule was found to say. */
  readonly parsed: Map<JsonFields, Parsed>;
  readonly spend: (amount: number) => void;
}

const keyOf = (family: string, table: string, name: string) => JSON.stringify([family, table, name]);

function read(source: ImportSource, options: ImportOptions): readonly ImportedFirewall[] {
  const objects = source.kind === 'json' ? fieldsOf(source.value)?.get('nftables') : undefined;
  if (!Array.isArray(objects)) throw importError(t('no ruleset of nft -j list ruleset in it'));
  const ruleset = rulesetOf(objects);
  const bases = [...ruleset.chains.values()].filter(({ hook }) => hook !== undefined);
  const filters = bases
    .filter(({ type, family }) => type === 'filter' && FAMILIES.some((one) => one === family))
    .sort((a, b) => a.priority - b.priority);
  const forward = filters.filter(({ hook }) => hook === 'forward');
  const own = filters.filter(({ hook }) => hook === 'input' || hook === 'output');
  const isHost = options.host || (forward.length === 0 && own.length > 0);
  const chosen = isHost ? own : forward;
  if (chosen.length === 0) {
    throw importError(
      t(
        options.host
          ? 'the ruleset has no input or output chain of type filter'
          : 'the ruleset has no forward, input or output chain of type filter',
      ),
    );
  }
  const remarks: Remark[] = [];
  const left = isHost ? forward : own;
  if (left.length > 0) {
    const names = left.map(({ name }) => shownValue(name)).join(', ');
    const what = isHost
      ? `the chains for what the machine forwards (${names}); without --host they are taken`
      : `the chains for the machine itself (${names}); --host takes these instead`;
    remarks.push({ kind: 'gap', text: what });
  }
  for (const base of bases) {
    if (forward.includes(base) || own.includes(base)) continue;
    const { name, family, type, hook } = base;
    remarks.push({
      kind: 'gap',
      text: `the chain ${shownValue(name)} (family ${shownValue(family)}, type ${shownValue(type)}, hook ${shownValue(hook)}); only filters of IP traffic on their way in, out or through can be written, and no translated address is followed`,
    });
  }
  return chosen.map((chain, index) => ({
    name: `${chain.table}-${chain.name}`,
    about: `nftables, table ${chain.family} ${chain.table}, chain ${chain.name}`,
    protects: [],
    lists: [listOf(chain, ruleset, options.words)],
    remarks: index === 0 ? remarks : [],
  }));
}

function rulesetOf(objects: readonly unknown[]): Ruleset {
  const chains = new Map<string, Chain>();
  const sets = new Map<string, readonly unknown[]>();
  for (const object of objects) {
    const outer = fieldsOf(object);
    const inner = (kind: string) => fieldsOf(outer?.get(kind));
    const where = (fields: JsonFields) =>
      [plainTextOf(fields.get('family')) ?? '', plainTextOf(fields.get('table')) ?? ''] as const;
    const chain = inner('chain');
    const set = inner('set') ?? inner('map');
    const rule = inner('rule');
    if (chain) {
      const [family, table] = where(chain);
      const name = plainTextOf(chain.get('name')) ?? '';
      const priority = Number(plainTextOf(chain.get('prio')) ?? 0);
      chains.set(keyOf(family, table, name), {
        family,
        table,
        name,
        type: plainTextOf(chain.get('type')),
        hook: plainTextOf(chain.get('hook')),
        priority: Number.isFinite(priority) ? priority : 0,
        policy: plainTextOf(chain.get('policy')),
        rules: [],
      });
    } else if (set) {
      const [family, table] = where(set);
      const elements = set.get('elem');
      sets.set(
        keyOf(family, table, plainTextOf(set.get('name')) ?? ''),
        Array.isArray(elements) ? elements.map(bare) : [],
      );
    } else if (rule) {
      const [family, table] = where(rule);
      chains.get(keyOf(family, table, plainTextOf(rule.get('chain')) ?? ''))?.rules.push(rule);
    }
  }
  return { chains, sets, parsed: new Map(), spend: budget(MOST_WORK) };
}

// --- One base chain ---------------------------------------------------------------------------

function listOf(chain: Chain, ruleset: Ruleset, words: Words): RuleList {
  const steps: Step[] = [];
  const said = new Set<string>();
  const add = (step: Step) => {
    // A chain that is written out twice has the same gaps each time.
    if (step.kind !== 'rule') {
      if (said.has(step.text)) return;
      said.add(step.text);
    }
    if (steps.length >= MOST_STEPS) {
      throw importError(t('the chain {0} comes to more than {1} rules', shownValue(chain.name), MOST_STEPS));
    }
    steps.push(step);
  };
  const family = chain.family === 'ip' ? 4 : chain.family === 'ip6' ? 6 : undefined;
  const all = family === undefined ? ALL_TRAFFIC : familyTraffic(family);
  const policy: Action = chain.policy === 'drop' ? 'deny' : 'allow';
  const atEnd = (traffic: ImportedTraffic) => {
    add({ kind: 'rule', action: policy, traffic, name: `policy of ${chain.name}` });
  };
  let acceptsReplies = false;
  let level = 0;
  let visited = 0;
  /** From a first rule of a chain to a second, whether that and all behind it do nothing but return. */
  const idle = new Map<Chain, { readonly start: number; readonly end: number; readonly isIdle: boolean }>();
  walk(chain, 0, all, atEnd, 0);
  if (!acceptsReplies && policy === 'deny' && steps.some((step) => step.kind === 'rule')) {
    add({
      kind: 'inexact',
      text: 'no rule accepts established connections, so answers need rules of their own; the firewalls of a topology let answers through',
    });
  }
  const why = `policy ${chain.policy ?? 'accept'} of the chain`;
  const inside = chain.hook === 'input' ? 'to' : chain.hook === 'output' ? 'from' : undefined;
  const title = `Chain ${chain.name} (hook ${chain.hook})`;
  if (family === undefined || policy === 'allow') {
    return { title, inside, steps, otherwise: { action: policy, why } };
  }
  add({ kind: 'note', text: `Default: ${why}.` });
  add({ kind: 'rule', action: 'deny', traffic: all, name: undefined });
  const other = family === 4 ? 'IPv6' : 'IPv4';
  return { title, inside, steps, otherwise: { action: 'allow', why: `the table does not see ${other}` } };

  /**
   * Writes out a chain from one of its rules on, for some traffic. What falls off its end is left to the caller.
   * @param after decides the rest of traffic that returns before the end
   */
  function walk(
    part: Chain,
    start: number,
    traffic: ImportedTraffic,
    after: (traffic: ImportedTraffic) => void,
    jumps: number,
  ): void {
    level++;
    if (level > MOST_LEVELS)
      throw importError(t('the chains under {0} return to one another too deep', shownValue(chain.name)));
    for (let index = start; index < part.rules.length; index++) {
      const rule = part.rules[index];
      visited++;
      if (visited > MOST_VISITS)
        throw importError(t('the chains under {0} are too many to write out', shownValue(chain.name)));
      const rest = (returned: ImportedTraffic) => {
        walk(part, index + 1, returned, after, jumps);
        after(returned);
      };
      if (!rule || !ruleEnds(part, index, rule, traffic, after, rest, jumps)) continue;
      const unreached = part.rules.length - index - 1;
      if (unreached > 0) {
        add({
          kind: 'note',
          text: `Chain ${shownValue(part.name)}: ${unreached === 1 ? 'the last of its rules is' : `the last ${unreached} of its rules are`} never reached.`,
        });
      }
      break;
    }
    level--;
  }

  /** Writes out one rule; true where none of the traffic is left for the next. */
  function ruleEnds(
    part: Chain,
    index: number,
    rule: JsonFields,
    traffic: ImportedTraffic,
    after: (traffic: ImportedTraffic) => void,
    rest: (traffic: ImportedTraffic) => void,
    jumps: number,
  ): boolean {
    const comment = plainTextOf(rule.get('comment'));
    const about = `chain ${shownValue(part.name)}, rule${comment === undefined ? '' : ` ${shownValue(comment)},`} handle ${handleText(rule.get('handle'))}`;
    const noted = notesIn(comment);
    const lost = lostBy(rule.get('expr'));
    const gap = (reason: string) =>
      add({ kind: 'gap', text: `${about}: ${reason}`, ...(lost ? { lost } : {}) });
    const parsed = parsedOf(rule, part);
    if (parsed.kind === 'replies') {
      acceptsReplies ||= parsed.accepts;
      const why =
        'it is for packets of connections that are open, or of none; a topology lets answers through';
      add({ kind: 'note', text: `${about}: ${why}.` });
      return false;
    }
    if (parsed.kind === 'nothing') return false;
    if (parsed.kind === 'gap') {
      gap(parsed.reason);
      return false;
    }
    acceptsReplies ||= parsed.accepts;
    if (parsed.isAnySource) add({ kind: 'inexact', text: `${about}: ${SOURCE_PORTS_IGNORED}` });
    if (parsed.branches.length === 0)
      add({ kind: 'note', text: `${about}: it matches nothing that passes between machines.` });
    for (const [at, { traffic: matched, verdict }] of parsed.branches.entries()) {
      ruleset.spend(sizeOf(traffic) + sizeOf(matched));
      const found = bothTraffic(traffic, matched, words);
      if (!found) {
        gap(UNKNOWN_ADDRESSES.reason);
        continue;
      }
      if (isNothing(found)) continue;
      const isAll = matched === ALL_TRAFFIC;
      switch (verdict.kind) {
        case 'accept':
        case 'drop':
          if (!isSpoken(found.services)) {
            add({
              kind: 'gap',
              text: `${about}: it is for other protocols; a topology knows TCP, UDP and ICMP echo requests`,
            });
          } else {
            add({
              kind: 'rule',
              action: verdict.kind === 'accept' ? 'allow' : 'deny',
              traffic: found,
              name: noted.about ? noted.description : comment,
              about: noted.about,
            });
          }
          if (isAll) return true;
          break;
        case 'return':
          if (isAll) return true;
          // What falls off the end of a chain that was jumped to goes on as what returns does.
          if (jumps === 0 || !onlyReturns(part, index)) after(found);
          break;
        case 'jump':
        case 'goto': {
          const target = ruleset.chains.get(keyOf(part.family, part.table, verdict.target));
          if (!target) {
            gap(`the chain ${shownValue(verdict.target)} is not in the ruleset`);
          } else if (jumps >= MOST_JUMPS) {
            gap('chains call one another too deep');
          } else if (verdict.kind === 'jump') {
            walk(target, 0, found, rest, jumps + 1);
            // What comes back goes on with the next rule, not with the default of a map.
            const meetsMore = parsed.branches.slice(Math.max(at + 1, parsed.defaults)).some(({ traffic }) => {
              const more = bothTraffic(found, traffic, words);
              return !more || !isNothing(more);
            });
            if (meetsMore) rest(found);
          } else {
            walk(target, 0, found, after, jumps + 1);
            after(found);
            if (isAll) return true;
          }
          break;
        }
      }
    }
    return false;
  }

  function parsedOf(rule: JsonFields, part: Chain): Parsed {
    return getOrAdd(ruleset.parsed, rule, () => statementsOf(rule.get('expr'), part, ruleset, words));
  }

  /** Whether a chain from one of its rules on does nothing but return. */
  function onlyReturns(part: Chain, start: number): boolean {
    const known = idle.get(part);
    if (known && known.start <= start && start <= known.end) return known.isIdle;
    for (let end = start; ; end++) {
      const rule = part.rules[end];
      const parsed = rule && parsedOf(rule, part);
      const branches = parsed?.kind === 'branches' ? parsed.branches : [];
      const decides = branches.some(({ verdict }) => verdict.kind !== 'return');
      if (rule && !decides && !branches.some(({ traffic }) => traffic === ALL_TRAFFIC)) continue;
      idle.set(part, { start, end, isIdle: !decides });
      return !decides;
    }
  }
}

function sizeOf({ from, to }: ImportedTraffic): number {
  return from.ranges.length + to.ranges.length;
}

function handleText(value: unknown): string {
  return typeof value === 'number' ? String(value) : shownValue(value);
}

// --- Statements of a rule ---------------------------------------------------------------------

type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly target: string };

type Parsed =
  /** No verdict. */
  | { readonly kind: 'nothing' }
  /** Only for packets of connections that are open, or of none. */
  | { readonly kind: 'replies'; readonly accepts: boolean }
  | { readonly kind: 'gap'; readonly reason: string }
  | {
      readonly kind: 'branches';
      readonly branches: readonly { readonly traffic: ImportedTraffic; readonly verdict: Verdict }[];
      /** From here on they are for what the others before did not match: the default of a map. */
      readonly defaults: number;
      /** Among them are established connections, accepted. */
      readonly accepts: boolean;
      /** A limit to source ports is left out. */
      readonly isAnySource?: boolean;
    };

/** Statements that leave the way of a packet alone. */
const HARMLESS = new Set([
  'counter',
  'log',
  'mangle',
  'notrack',
  'set',
  'last',
  'flow',
  'dup',
  'secmark',
  'ct helper',
  'ct timeout',
  'ct expectation',
]);

/** What a condition comes to: one of these kinds of traffic, or why it cannot be said. */
type Condition =
  | {
      readonly kind: 'traffic';
      readonly any: readonly ImportedTraffic[];
      readonly established?: boolean;
      /** It is limited to source ports, among which are all from which a connection is opened. */
      readonly isAnySource?: boolean;
    }
  | {
      readonly kind: 'replies';
      readonly established: boolean;
      /** Packets that every connection has are among them. */
      readonly cuts?: boolean;
    }
  | { readonly kind: 'gap'; readonly reason: string };

function verdictOf(statement: JsonFields): Verdict | undefined {
  if (statement.has('accept')) return { kind: 'accept' };
  if (statement.has('drop') || statement.has('reject')) return { kind: 'drop' };
  if (statement.has('return')) return { kind: 'return' };
  for (const kind of ['jump', 'goto'] as const) {
    if (!statement.has(kind)) continue;
    return { kind, target: plainTextOf(fieldsOf(statement.get(kind))?.get('target')) ?? '' };
  }
  return undefined;
}

function statementsOf(expression: unknown, chain: Chain, { sets, spend }: Ruleset, words: Words): Parsed {
  const list = Array.isArray(expression) ? expression : undefined;
  if (!list) return { kind: 'gap', reason: `its statements are ${shownValue(expression)}` };
  const statements = list.map((one) => fieldsOf(one));
  const decides = (one: JsonFields | undefined) =>
    one && (verdictOf(one) || one.has('vmap') || one.has('queue'));
  if (!statements.some(decides)) return { kind: 'nothing' };
  const look: Look = { words, spend, elements: (name) => sets.get(keyOf(chain.family, chain.table, name)) };

  let alternatives: readonly ImportedTraffic[] = [ALL_TRAFFIC];
  let established = false;
  let isForReplies = false;
  let cuts = true;
  let hasDefault = false;
  const branches: { traffic: ImportedTraffic; verdict: Verdict }[] = [];
  let accepts = false;
  let isAnySource = false;
  for (const statement of statements) {
    if (!statement) return { kind: 'gap', reason: 'a statement that is no object' };
    const [key = ''] = statement.keys();
    const verdict = verdictOf(statement);
    if (verdict) {
      if (isForReplies && cuts && verdict.kind === 'drop') {
        return {
          kind: 'gap',
          reason: 'it drops packets of connections that are open, which a topology does not have',
        };
      }
      if (isForReplies) return { kind: 'replies', accepts: established && verdict.kind === 'accept' };
      accepts ||= established && verdict.kind === 'accept';
      for (const traffic of alternatives) branches.push({ traffic, verdict });
      break;
    }
    if (statement.has('vmap')) {
      const map = fieldsOf(statement.get('vmap'));
      const found = branchesOf(map?.get('key'), map?.get('data'), look);
      if (found.kind === 'gap') return found;
      if (isForReplies) return { kind: 'replies', accepts: false };
      accepts ||= found.accepts;
      hasDefault ||= found.defaults < found.branches.length;
      look.spend(alternatives.length * found.branches.length);
      for (const traffic of alternatives) {
        for (const branch of found.branches) {
          const both = bothTraffic(traffic, branch.traffic, words);
          if (!both) return UNKNOWN_ADDRESSES;
          if (!isNothing(both)) branches.push({ traffic: both, verdict: branch.verdict });
        }
      }
      // What is in no element goes on with the next rule.
      break;
    }
    if (!statement.has('match')) {
      if (HARMLESS.has(key)) continue;
      return { kind: 'gap', reason: `the statement ${shownValue(key)}, which a topology does not have` };
    }
    const match = fieldsOf(statement.get('match'));
    const condition = conditionOf(
      match?.get('left'),
      plainTextOf(match?.get('op')) ?? '==',
      match?.get('right'),
      look,
    );
    if (condition.kind === 'gap') {
      // A rule for answers only needs no writing, whatever else it asks for.
      if (isForReplies) continue;
      const later = statements.some((one) => isForRepliesOnly(one, look));
      if (later) continue;
      return condition;
    }
    if (condition.kind === 'replies') {
      isForReplies = true;
      established ||= condition.established;
      cuts &&= condition.cuts === true;
      continue;
    }
    established ||= condition.established === true;
    isAnySource ||= condition.isAnySource === true;
    const next: ImportedTraffic[] = [];
    spend(alternatives.length * condition.any.length);
    for (const a of alternatives) {
      for (const b of condition.any) {
        const both = b === ALL_TRAFFIC ? a : a === ALL_TRAFFIC ? b : bothTraffic(a, b, words);
        if (!both) return UNKNOWN_ADDRESSES;
        if (!isNothing(both)) next.push(both);
      }
    }
    alternatives = next;
  }
  return { kind: 'branches', branches, defaults: hasDefault ? 0 : branches.length, accepts, isAnySource };
}

const UNKNOWN_ADDRESSES = {
  kind: 'gap',
  reason: 'the addresses of a name in it are not known; set networks of the zone, or name the topology',
} as const;

function isForRepliesOnly(statement: JsonFields | undefined, look: Look): boolean {
  const match = fieldsOf(statement?.get('match'));
  if (!match || fieldsOf(match.get('left'))?.has('ct') !== true) return false;
  return (
    conditionOf(match.get('left'), plainTextOf(match.get('op')) ?? '==', match.get('right'), look).kind ===
    'replies'
  );
}

/** The elements of a verdict map. */
function branchesOf(
  key: unknown,
  data: unknown,
  look: Look,
): { kind: 'gap'; reason: string } | (Parsed & { kind: 'branches' }) {
  const elements = elementsOf(data, look);
  if (!elements) return { kind: 'gap', reason: `the map ${shownValue(data)}, which is not in the ruleset` };
  const branches: { traffic: ImportedTraffic; verdict: Verdict }[] = [];
  const others: { traffic: ImportedTraffic; verdict: Verdict }[] = [];
  let accepts = false;
  for (const element of elements) {
    const [value, result] = Array.isArray(element) ? element : [];
    const verdict = verdictOf(fieldsOf(result) ?? new Map());
    if (!verdict) {
      if (fieldsOf(result)?.has('continue'))
        return { kind: 'gap', reason: 'a map with the verdict continue' };
      return { kind: 'gap', reason: 'a map with a verdict that cannot be read' };
    }
    if (bare(value) === '*') {
      // For everything else that has such a value at all.
      const domain = conditionOf(key, '!=', { set: [] }, look);
      if (domain.kind !== 'traffic')
        return { kind: 'gap', reason: 'a map with a default for several values at once' };
      for (const traffic of domain.any) others.push({ traffic, verdict });
      continue;
    }
    const condition = conditionOf(key, '==', value, look);
    if (condition.kind === 'gap') return condition;
    if (condition.kind === 'traffic' && condition.isAnySource) return { kind: 'gap', reason: SOURCE_PORTS };
    if (condition.kind === 'replies') {
      if (condition.cuts && verdict.kind === 'drop') {
        return { kind: 'gap', reason: 'a map that drops packets of connections that are open' };
      }
      accepts ||= condition.established && verdict.kind === 'accept';
    } else for (const traffic of condition.any) branches.push({ traffic, verdict });
  }
  return { kind: 'branches', branches: [...branches, ...others], defaults: branches.length, accepts };
}

interface Look {
  readonly words: Words;
  readonly elements: (set: string) => readonly unknown[] | undefined;
  readonly spend: (amount: number) => void;
}

/** The elements of `{ set: [...] }` or of the set `@name`. */
function elementsOf(value: unknown, { elements }: Look): readonly unknown[] | undefined {
  if (typeof value === 'string') return value.startsWith('@') ? elements(value.slice(1)) : undefined;
  const set = fieldsOf(value)?.get('set');
  return Array.isArray(set) ? set : undefined;
}

/** An element without what belongs to it, such as its timeout or comment. */
function bare(element: unknown): unknown {
  const inner = fieldsOf(fieldsOf(element)?.get('elem'));
  return inner?.has('val') ? inner.get('val') : element;
}

/** The values of the right side of a comparison; undefined for a set that is not there. */
function valuesOf(right: unknown, look: Look): readonly unknown[] | undefined {
  if (typeof right === 'string' && right.startsWith('@')) return elementsOf(right, look);
  const set = elementsOf(right, look);
  if (set) return set.map(bare);
  return Array.isArray(right) ? right.map(bare) : [bare(right)];
}

// --- Conditions -------------------------------------------------------------------------------

const gap = (reason: string): Condition => ({ kind: 'gap', reason });
const only = (any: readonly ImportedTraffic[]): Condition => ({ kind: 'traffic', any });
const COMPARISONS = ['<', '>', '<=', '>='];

function conditionOf(left: unknown, op: string, right: unknown, look: Look): Condition {
  const fields = fieldsOf(left);
  if (!fields) return gap(`a comparison with ${shownValue(left)}`);
  const masked = fields.get('&');
  if (Array.isArray(masked) && isFlags(masked[0])) return flags(masked[1], true, op, right);
  if (isFlags(left)) return flags(undefined, false, op, right);
  const values = valuesOf(right, look);
  look.spend(values?.length ?? 0);
  if (!values) return gap(`the set ${shownValue(right)}, which is not in the ruleset`);
  const negated = op === '!=';
  if (!['==', 'in', '!=', ...COMPARISONS].includes(op)) return gap(`the comparison ${shownValue(op)}`);

  const parts = fields.get('concat');
  if (Array.isArray(parts)) {
    return negated || COMPARISONS.includes(op)
      ? gap('a comparison of several values at once that is no equality')
      : concat(parts, values, look);
  }
  const payload = fieldsOf(fields.get('payload'));
  if (payload) {
    return payloadCondition(
      plainTextOf(payload.get('protocol')) ?? '',
      plainTextOf(payload.get('field')) ?? '',
      op,
      values,
    );
  }
  const ct = fieldsOf(fields.get('ct'));
  const meta = fieldsOf(fields.get('meta'));
  const isEquality = !COMPARISONS.includes(op);
  if (ct && isEquality && plainTextOf(ct.get('key')) === 'state') return states(values, negated);
  if (meta && isEquality)
    return metaCondition(plainTextOf(meta.get('key')) ?? '', values, negated, look.words);
  const what = ct
    ? `ct ${plainTextOf(ct.get('key')) ?? ''}`
    : meta
      ? `meta ${plainTextOf(meta.get('key')) ?? ''}`
      : (fields.keys().next().value ?? '');
  return gap(`it depends on ${shownValue(what)}, which a topology does not have`);
}

/** Each element of a set of several values at once is an alternative. */
function concat(parts: readonly unknown[], values: readonly unknown[], look: Look): Condition {
  const any: ImportedTraffic[] = [];
  for (const value of values) {
    const pieces = fieldsOf(value)?.get('concat');
    if (!Array.isArray(pieces) || pieces.length !== parts.length)
      return gap(`the element ${shownValue(value)}`);
    let alternatives: readonly ImportedTraffic[] = [ALL_TRAFFIC];
    for (const [index, part] of parts.entries()) {
      const condition = conditionOf(part, '==', pieces[index], look);
      if (condition.kind === 'gap') return condition;
      if (condition.kind === 'traffic' && condition.isAnySource) return gap(SOURCE_PORTS);
      if (condition.kind === 'replies') {
        alternatives = [];
        break;
      }
      const next: ImportedTraffic[] = [];
      for (const a of alternatives) {
        for (const b of condition.any) {
          const both = bothTraffic(a, b, look.words);
          if (!both) return UNKNOWN_ADDRESSES;
          if (!isNothing(both)) next.push(both);
        }
      }
      alternatives = next;
    }
    for (const one of alternatives) any.push(one);
  }
  return only(any);
}

function payloadCondition(
  protocol: string,
  field: string,
  op: string,
  values: readonly unknown[],
): Condition {
  const negated = op === '!=';
  const isEquality = !COMPARISONS.includes(op);
  const what = `${protocol} ${field}`;
  switch (what) {
    case 'ip saddr':
    case 'ip daddr':
    case 'ip6 saddr':
    case 'ip6 daddr':
      if (!isEquality) break;
      return addresses(protocol === 'ip' ? 4 : 6, field === 'saddr' ? 'from' : 'to', values, negated);
    case 'tcp dport':
    case 'udp dport':
    case 'th dport':
    case 'tcp sport':
    case 'udp sport':
    case 'th sport': {
      const ports = portsOf(values, op);
      if ('reason' in ports) return gap(ports.reason);
      const limit = field === 'sport' ? sourcePorts(ports.set) : 'any';
      if (limit === 'gap') return gap(SOURCE_PORTS);
      const set = field === 'sport' ? ALL_PORTS : ports.set;
      const services: Services = {
        ...NO_SERVICES,
        tcp: protocol === 'udp' ? NO_PORTS : set,
        udp: protocol === 'tcp' ? NO_PORTS : set,
      };
      return { kind: 'traffic', any: [{ ...ALL_TRAFFIC, services }], isAnySource: limit === 'inexact' };
    }
    case 'ip protocol':
    case 'ip6 nexthdr':
      if (!isEquality) break;
      return protocols(values, negated, protocol === 'ip' ? 4 : 6);
    case 'icmp type':
    case 'icmpv6 type': {
      if (!isEquality) break;
      const number = protocol === 'icmp' ? '8' : '128';
      const isEcho = values.some((value) => ['echo-request', number].includes(plainTextOf(value) ?? ''));
      if (isEcho === negated)
        return gap('of ICMP, it is for other types than echo requests, the only ones that a topology has');
      const family = protocol === 'icmp' ? 4 : 6;
      return only([{ ...familyTraffic(family), services: { ...NO_SERVICES, icmp: true } }]);
    }
    case 'ip version':
      break;
  }
  return gap(`it depends on ${shownValue(what)}, which a topology does not have`);
}

function addresses(
  family: 4 | 6,
  side: 'from' | 'to',
  values: readonly unknown[],
  negated: boolean,
): Condition {
  const read = rangesOfValues(values);
  if ('fault' in read) return gap(`the address ${shownValue(read.fault)} cannot be read`);
  const { ranges } = read;
  const stranger = ranges.find((range) => range.family !== family);
  if (stranger) return gap(`an address of IPv${stranger.family} among those of IPv${family}`);
  const ends = negated ? except(ranges, family) : { ranges, names: [] };
  if (isNobody(ends)) return only([]);
  const all = everyone(family);
  return only([
    { from: side === 'from' ? ends : all, to: side === 'to' ? ends : all, services: ALL_SERVICES },
  ]);
}

type Ranges = { readonly ranges: readonly AddressRange[] } | { readonly fault: unknown };

/** A named set is read once, however many rules have it. */
const rangesOfValues = memo(readRanges);

function readRanges(values: readonly unknown[]): Ranges {
  const ranges: AddressRange[] = [];
  for (const value of values) {
    const range = rangeOfValue(value);
    if (!range) return { fault: value };
    ranges.push(range);
  }
  return { ranges: endsOfRanges(ranges).ranges };
}

function rangeOfValue(value: unknown): AddressRange | undefined {
  if (typeof value === 'string') return addressesIn(value);
  const fields = fieldsOf(value);
  const prefix = fieldsOf(fields?.get('prefix'));
  if (prefix) return addressesIn(`${plainTextOf(prefix.get('addr'))}/${plainTextOf(prefix.get('len'))}`);
  const range = fields?.get('range');
  if (!Array.isArray(range)) return undefined;
  return addressesIn(`${plainTextOf(range[0])}-${plainTextOf(range[1])}`);
}

function portsOf(
  values: readonly unknown[],
  op: string,
): { readonly set: PortSet } | { readonly reason: string } {
  const sets: PortSet[] = [];
  for (const value of values) {
    const range = fieldsOf(value)?.get('range');
    const text = Array.isArray(range)
      ? `${plainTextOf(range[0])}-${plainTextOf(range[1])}`
      : plainTextOf(value);
    const ports = text === undefined ? undefined : portsIn(text);
    if (!ports) return { reason: `the port ${shownValue(value)} cannot be read` };
    sets.push(ports);
  }
  const set = portSet(sets.flat());
  if (op === '!=') return { set: difference(ALL_PORTS, set) };
  if (!COMPARISONS.includes(op)) return { set };
  const bound = Number(plainTextOf(values[0]));
  if (!Number.isInteger(bound)) return { reason: `the port ${shownValue(values[0])} cannot be read` };
  const low = op === '>' ? bound + 1 : op === '>=' ? bound : LOWEST_PORT;
  const high = op === '<' ? bound - 1 : op === '<=' ? bound : HIGHEST_PORT;
  return { set: portSet([{ low: Math.max(low, LOWEST_PORT), high: Math.min(high, HIGHEST_PORT) }]) };
}

/** Layer 4 protocols. ICMP is another one in each family. */
function protocols(values: readonly unknown[], negated: boolean, family: 4 | 6 | undefined): Condition {
  const names = values.map((value) => (plainTextOf(value) ?? '').toLowerCase());
  const has = (...words: readonly string[]) => names.some((name) => words.includes(name)) !== negated;
  const icmp4 = has('icmp', '1');
  const icmp6 = has('ipv6-icmp', 'icmpv6', '58');
  const known = ['tcp', '6', 'udp', '17', 'icmp', '1', 'ipv6-icmp', 'icmpv6', '58'];
  const services: Services = {
    tcp: has('tcp', '6') ? ALL_PORTS : NO_PORTS,
    udp: has('udp', '17') ? ALL_PORTS : NO_PORTS,
    icmp: icmp4 && icmp6,
    other: negated || names.some((name) => !known.includes(name)),
  };
  const base = family === undefined ? ALL_TRAFFIC : familyTraffic(family);
  const any: ImportedTraffic[] = [{ ...base, services }];
  for (const own of [4, 6] as const) {
    if (icmp4 && icmp6) continue;
    if (own === 4 ? !icmp4 : !icmp6) continue;
    if (family !== undefined && family !== own) continue;
    any.push({ ...familyTraffic(own), services: { ...NO_SERVICES, icmp: true } });
  }
  return only(any.filter((traffic) => !isNothing(traffic)));
}

function metaCondition(key: string, values: readonly unknown[], negated: boolean, words: Words): Condition {
  switch (key) {
    case 'l4proto':
      return protocols(values, negated, undefined);
    case 'nfproto':
    case 'protocol': {
      const families = values.map((value) => {
        const text = (plainTextOf(value) ?? '').toLowerCase();
        return ['ipv4', 'ip', '2'].includes(text) ? 4 : ['ipv6', 'ip6', '10'].includes(text) ? 6 : undefined;
      });
      if (families.includes(undefined)) break;
      return only(
        ([4, 6] as const).filter((family) => families.includes(family) !== negated).map(familyTraffic),
      );
    }
    case 'iif':
    case 'iifname':
    case 'oif':
    case 'oifname': {
      const parts: Ends[] = [];
      for (const value of values) {
        const text = plainTextOf(value) ?? '';
        // Between two machines nothing goes over it.
        if (text === 'lo') continue;
        const found = words.ends(text);
        if (!found) {
          const hint = `; say which zone is there with --map ${optionWord(text, 'INTERFACE')}=ZONE`;
          return gap(
            `it is for ${negated ? 'every interface but' : 'the interface'} ${shownValue(value)}${hint}`,
          );
        }
        parts.push(found);
      }
      if (values.length === 0 || (negated && parts.length === 0)) return only([ALL_TRAFFIC]);
      const ends = negated ? otherZones(values, together(parts), words) : together(parts);
      if (!ends)
        return gap(
          `it is for every interface but ${values.map(shownValue).join(', ')}; name all zones with --between, and say with --map which of them is there`,
        );
      if (isNobody(ends)) return only([]);
      const isIn = key.startsWith('i');
      return only([{ from: isIn ? ends : ANYONE, to: isIn ? ANYONE : ends, services: ALL_SERVICES }]);
    }
  }
  return gap(`it depends on ${shownValue(`meta ${key}`)}, which a topology does not have`);
}

/** Of the zones that the user named, those behind other interfaces; undefined where that cannot be told. */
function otherZones(
  interfaces: readonly unknown[],
  { ranges, names }: Ends,
  { zones, saidOfOthers }: Words,
): Ends | undefined {
  const isIn = (list: readonly string[], name: string) => list.some((one) => sameName(one, name));
  if (ranges.length > 0 || zones.length === 0 || !names.every((name) => isIn(zones, name))) return undefined;
  // A zone behind another interface as well is on both sides.
  const others = saidOfOthers(interfaces.flatMap((one) => plainTextOf(one) ?? []));
  if (names.some((name) => isIn(others, name))) return undefined;
  return namedEnds(zones.filter((zone) => !isIn(names, zone)));
}

/** What opens a connection is in state new. */
function states(values: readonly unknown[], negated: boolean): Condition {
  const names = values.map((value) => (plainTextOf(value) ?? '').toLowerCase());
  const has = (name: string) => names.includes(name) !== negated;
  const established = has('established');
  return has('new')
    ? { kind: 'traffic', any: [ALL_TRAFFIC], established }
    : { kind: 'replies', established, cuts: established };
}

function isFlags(value: unknown): boolean {
  const payload = fieldsOf(fieldsOf(value)?.get('payload'));
  return payload?.get('protocol') === 'tcp' && payload.get('field') === 'flags';
}

const FLAGS: Readonly<Record<string, number>> = {
  fin: 1,
  syn: 2,
  rst: 4,
  psh: 8,
  ack: 16,
  urg: 32,
  ecn: 64,
  ece: 64,
  cwr: 128,
};
const ALL_FLAGS = 255;
/** What opens a connection has the flag SYN and no other. */
const OPENING = 2;
/** Flags of the packets that follow in any connection: SYN with ACK, ACK, PSH, FIN, RST. */
const FOLLOWING = [18, 16, 24, 17, 25, 4, 20];

/** Flags as a number: a word, a number, words in a list, or `|` of some; undefined for anything else. */
function flagBits(value: unknown): number | undefined {
  const list = Array.isArray(value) ? value : fieldsOf(value)?.get('|');
  if (Array.isArray(list)) {
    const bits = list.map((one) => flagBits(bare(one)));
    return bits.includes(undefined) ? undefined : bits.reduce<number>((sum, one) => sum | (one ?? 0), 0);
  }
  const text = plainTextOf(value)?.toLowerCase() ?? '';
  if (/^(?:\d{1,3}|0x[0-9a-f]{1,2})$/.test(text)) return Number(text);
  return Object.hasOwn(FLAGS, text) ? FLAGS[text] : undefined;
}

/**
 * A comparison of the TCP flags.
 * @param mask the flags that are looked at
 * @param isMasked whether it is written with a mask; without one, a flag that is named need only be among them
 */
function flags(mask: unknown, isMasked: boolean, op: string, right: unknown): Condition {
  const looked = isMasked ? flagBits(mask) : ALL_FLAGS;
  const set = fieldsOf(right)?.get('set');
  const wanted = Array.isArray(set) ? set.map((one) => flagBits(bare(one))) : [flagBits(right)];
  if (looked === undefined || wanted.includes(undefined) || !['==', 'in', '!=', '!'].includes(op)) {
    return gap('it is for TCP flags, which a topology does not have');
  }
  const matches = (packet: number): boolean => {
    const seen = packet & looked;
    if (op === '!') return wanted.every((one) => (seen & (one ?? 0)) === 0);
    if (op === 'in' && !isMasked) return wanted.some((one) => (seen & (one ?? 0)) !== 0);
    return wanted.includes(seen) === (op !== '!=');
  };
  if (!matches(OPENING)) return { kind: 'replies', established: false, cuts: FOLLOWING.some(matches) };
  return only([{ ...ALL_TRAFFIC, services: { ...NO_SERVICES, tcp: ALL_PORTS } }]);
}

/** What a rule would have done to traffic; undefined where it goes elsewhere. */
function lostBy(expression: unknown): Action | undefined {
  const verdicts = (Array.isArray(expression) ? expression : []).map(
    (one) => verdictOf(fieldsOf(one) ?? new Map())?.kind,
  );
  return verdicts.includes('accept') ? 'allow' : verdicts.includes('drop') ? 'deny' : undefined;
}
