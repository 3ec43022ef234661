// The names that things may have, alone and beside each other.
import { t } from '../../l10n.ts';
import type { Node, ScalarNode } from '../../text/tree.ts';
import { parseAddress } from '../address.ts';
import type { NamedKind } from '../format.ts';
import type { AddressGroup, Named, NamedListener, Zone } from '../model.ts';
import { namedWord, shortened } from './phrases.ts';
import { type FileReader, report } from './reader.ts';

const NAME = /^[A-Za-z0-9._-]+$/;

const MAX_NAME = 63;

export function checkName(reader: FileReader, kind: NamedKind, name: string, key: ScalarNode): void {
  const message = nameProblem(kind, name);
  if (message !== undefined) report(reader, { code: 'invalid-name', span: key.span, node: key, message });
}

/** What is wrong with a name for a kind of thing, in one sentence; undefined for a good one. Other names are not looked at. */
export function nameProblem(kind: NamedKind, name: string): string | undefined {
  const what = namedWord(kind);
  if (name === '') return t('a {0} needs a name', what);
  if (kind === 'instance') return undefined;
  if (name.length > MAX_NAME)
    return t(
      "the name of {0} '{1}' has {2} characters; {3} are allowed",
      what,
      shortened(name),
      name.length,
      MAX_NAME,
    );
  if (!NAME.test(name))
    return t("{0} '{1}': a name has letters, digits, '-', '_' and '.' only", what, shortened(name));
  if (SHARED.has(kind) && RESERVED.has(name.toLowerCase()))
    return t("{0} '{1}': '{1}' is a word of the format; choose another name", what, name);
  if (SHARED.has(kind) && parseAddress(name))
    return t("{0} '{1}' reads as an address; choose another name", what, name);
  return undefined;
}

/** The kinds that share one name space, because a firewall rule may name any of them. */
export const SHARED: ReadonlySet<NamedKind> = new Set<NamedKind>([
  'zone',
  'server',
  'clients',
  'address-group',
  'listener',
]);

const RESERVED: ReadonlySet<string> = new Set(['any', 'microsoft-update', 'exchange-online']);

/** Reports the member that closes a circle of address groups. */
export function checkGroupCycles(reader: FileReader, groups: ReadonlyMap<string, AddressGroup>): void {
  const done = new Set<AddressGroup>();
  const told = new Set<Node>();
  const visit = (group: AddressGroup, way: readonly AddressGroup[]): void => {
    if (done.has(group)) return;
    const path = [...way, group];
    for (const { value, span, node } of group.members) {
      const next = groups.get(value.toLowerCase());
      if (next === undefined) continue;
      const start = path.indexOf(next);
      if (start < 0) {
        visit(next, path);
      } else if (!told.has(node)) {
        told.add(node);
        const circle = [...path.slice(start), next].map(({ name }) => name);
        report(reader, {
          code: 'invalid-value',
          span,
          node,
          message: t(
            "address group {0} contains itself ({1}); take '{2}' out here",
            next.name,
            shortened(circle.join(' > ')),
            value,
          ),
        });
      }
    }
    done.add(group);
  };
  for (const group of groups.values()) visit(group, []);
}

/** What shares the name space of zones, servers and client groups. */
interface SharedNames {
  readonly zones: ReadonlyMap<string, Named>;
  readonly servers: ReadonlyMap<string, Named>;
  readonly clients: ReadonlyMap<string, Named>;
  readonly addressGroups: ReadonlyMap<string, Named>;
  readonly listeners: readonly NamedListener[];
}

/** Zones, servers, client groups, address groups and listeners share one name space; the later of two is reported. */
export function checkSharedNames(
  reader: FileReader,
  { zones, servers, clients, addressGroups, listeners }: SharedNames,
): void {
  // There are many servers and few of the others.
  const few = [...zones.keys(), ...clients.keys(), ...addressGroups.keys(), ...listeners.map(({ id }) => id)];
  if (new Set(few).size === few.length && !few.some((id) => servers.has(id))) return;
  const named = (word: string, of: Iterable<Named>) => [...of].map((entry) => ({ word, entry }));
  const all = [
    ...named(namedWord('zone'), zones.values()),
    ...named(namedWord('server'), servers.values()),
    ...named(namedWord('clients'), clients.values()),
    ...named(namedWord('address-group'), addressGroups.values()),
    ...named(namedWord('listener'), listeners),
  ];
  all.sort((a, b) => a.entry.key.span.start - b.entry.key.span.start);
  const first = new Map<string, (typeof all)[number]>();
  for (const one of all) {
    const earlier = first.get(one.entry.id);
    if (earlier === undefined) {
      first.set(one.entry.id, one);
    } else if (earlier.entry !== one.entry) {
      report(reader, {
        code: 'invalid-name',
        span: one.entry.key.span,
        node: one.entry.key,
        message: t(
          "{0} '{1}' has the name of a {2}; zones, servers and client groups share their names",
          one.word,
          one.entry.name,
          earlier.word,
        ),
        related: [
          { message: t("{0} '{1}' is here", earlier.word, earlier.entry.name), span: earlier.entry.key.span },
        ],
      });
    }
  }
}

/** The zones that claim to be the internet beside the first that does. */
export function checkInternetZones(reader: FileReader, zones: ReadonlyMap<string, Zone>): void {
  const internet = [...zones.values()].filter((zone) => zone.internet);
  for (const { name, internetWritten } of internet.slice(1)) {
    if (internetWritten === undefined || internet[0]?.internetWritten?.node === internetWritten.node)
      continue;
    report(reader, {
      code: 'invalid-value',
      span: internetWritten.span,
      node: internetWritten.node,
      message: t(
        "zone {0} and zone {1} both have 'internet: true'; only one zone is the internet",
        name,
        internet[0]?.name ?? '',
      ),
      related: internet[0]
        ? [{ message: t('zone {0} is here', internet[0].name), span: internet[0].key.span }]
        : [],
    });
  }
}
