// Reads a tree into a topology by the format's description. It takes any tree: what does not fit
// is reported as a problem and left out, and what the text layer could not read is passed over in
// silence. Each node is read once per shape, however many aliases lead to it.
import { editionOf } from '../catalog/index.ts';
import type { Edition } from '../catalog/types.ts';
import { t } from '../l10n.ts';
import type { MapNode, Node, ScalarNode, Span, TextTree } from '../text/tree.ts';
import { FORMAT, keyOf, SECTIONS } from './format.ts';
import type { FormatProblem, Policy, Topology, Written } from './model.ts';
import {
  BUILDERS,
  namedListeners,
  type Reading,
  readingOf,
  readPolicies,
  type ThingOf,
  thingOf,
} from './reader/build.ts';
import { read } from './reader/collections.ts';
import { checkGroupCycles, checkInternetZones, checkSharedNames } from './reader/names.ts';
import { damageCheck, type FileReader, outermost } from './reader/reader.ts';
import { resolvedReferences } from './reader/references.ts';
import { byName, mapOf, type NamedEntry, NO_FIELDS, rangeValue, textOf } from './reader/values.ts';

export { nameProblem, SHARED } from './reader/names.ts';
export { namedWord } from './reader/phrases.ts';
export { isAmong, mapOfKind, unknownReferences } from './reader/references.ts';
export { markDamaged, type Renewal, renewEntry, replaceEntries } from './reader/renew.ts';

/**
 * Reads a tree into a topology. Never throws: what is wrong is in `problems`, what could not be
 * read is absent.
 * @param options.edition in force where the file gives none
 * @param options.configmgr the words in which the settings file gives it
 * @param options.policies those of the settings file
 */
export function readTopology(
  tree: TextTree,
  options: {
    readonly edition?: Edition;
    readonly configmgr?: string;
    readonly policies?: readonly Policy[];
  } = {},
): Topology {
  const reader: FileReader = {
    tree,
    problems: [],
    references: [],
    done: tree.text.includes('*') ? new Map() : undefined,
    isDamaged: damageCheck(tree),
    editionGiven: options.edition !== undefined,
    build: (entry, kind) => {
      if (kind !== 'instance') thing(SECTIONS[kind], entry);
    },
  };
  const reading = readingOf(reader);
  const thing = <S extends keyof typeof BUILDERS>(name: S, entry: NamedEntry): ThingOf<S> =>
    thingOf(reader, entry, (one) =>
      (BUILDERS[name] as (entry: NamedEntry, reading: Reading) => ThingOf<S>)(one, reading),
    );
  const empty: ScalarNode = { kind: 'scalar', style: 'plain', text: '', span: { start: 0, end: 0 } };
  const value = read(
    reader,
    tree.root ?? empty,
    FORMAT,
    outermost(() => t('the file')),
  );
  const fields = value?.kind === 'map' ? value.fields : NO_FIELDS;
  const section = (name: string): readonly NamedEntry[] => {
    const field = fields.get(name)?.value;
    return field?.kind === 'named' ? field.entries : [];
  };

  const things = <S extends keyof typeof BUILDERS>(name: S): ReadonlyMap<string, ThingOf<S>> =>
    byName(section(name).map((entry) => thing(name, entry)));
  const zones = things('zones');
  const servers = things('servers');
  const clients = things('clients');
  const addressGroups = things('addressGroups');
  const availabilityGroups = things('availabilityGroups');
  const listeners = namedListeners(availabilityGroups.values());
  checkSharedNames(reader, { zones, servers, clients, addressGroups, listeners });
  checkGroupCycles(reader, addressGroups);

  checkInternetZones(reader, zones);

  const editionWritten = textOf(fields.get('configmgr'));
  const defaults = mapOf(fields.get('defaults'));
  const topology: Topology = {
    tree,
    edition: editionWritten ? editionOf(editionWritten.value) : options.edition,
    editionWritten,
    configmgrWritten: editionWritten?.value ?? options.configmgr ?? options.edition,
    name: textOf(fields.get('name')),
    defaults: {
      os: textOf(defaults?.fields.get('os')),
      rpcDynamicPorts: rangeValue(defaults?.fields.get('rpcDynamicPorts')),
      zone: textOf(defaults?.fields.get('zone')),
      forest: textOf(defaults?.fields.get('forest')),
      span: defaults?.node.span,
      node: defaults?.node,
    },
    zones,
    sites: things('sites'),
    servers,
    clients,
    boundaryGroups: things('boundaryGroups'),
    availabilityGroups,
    listeners: byName(listeners),
    firewalls: things('firewalls'),
    addressGroups,
    portGroups: things('portGroups'),
    policies: [...readPolicies(reader, fields.get('policies')?.value), ...(options.policies ?? [])],
    problems: reader.problems.sort((a, b) => a.span.start - b.span.start),
    references: [],
  };
  return { ...topology, references: resolvedReferences(topology, reader.references) };
}

const NOWHERE: Span = { start: 0, end: 0 };
const NO_SCALAR: ScalarNode = { kind: 'scalar', style: 'plain', text: '', span: NOWHERE };
const NO_MAP: MapNode = { kind: 'map', flow: true, pairs: [], span: NOWHERE };

/**
 * Reads the policies of a settings file, which are in force for every topology file in its folder: names in them may be
 * those of some files only. They have no places, since these are in another text.
 * @param node the list
 */
export function readSharedPolicies(
  tree: TextTree,
  node: Node,
): { readonly policies: readonly Policy[]; readonly problems: readonly FormatProblem[] } {
  const reader: FileReader = {
    tree,
    problems: [],
    references: [],
    done: tree.text.includes('*') ? new Map() : undefined,
    isDamaged: damageCheck(tree),
    editionGiven: true,
  };
  const shape = keyOf(FORMAT, 'policies')?.shape;
  const value =
    shape &&
    read(
      reader,
      node,
      shape,
      outermost(() => t('the settings file'), 'policies'),
    );
  const isIn = (span: Span, { start, end }: Span) => start <= span.start && span.end <= end;
  const policies = readPolicies(reader, value).map((policy): Policy => {
    const { name, from, to, tcp, udp, icmp, except, span } = policy;
    const isWrong = reader.problems.some((problem) => isIn(problem.span, span));
    return {
      name: name && withoutPlace(name),
      from: from.map(withoutPlace),
      to: to.map(withoutPlace),
      tcp: tcp && (tcp === 'any' ? tcp : tcp.map(withoutPlace)),
      udp: udp && (udp === 'any' ? udp : udp.map(withoutPlace)),
      icmp: icmp && withoutPlace(icmp),
      except: except.map((pair) => ({
        from: pair.from.map(withoutPlace),
        to: pair.to.map(withoutPlace),
        span: NOWHERE,
        node: NO_MAP,
      })),
      span: NOWHERE,
      node: NO_MAP,
      damaged: policy.damaged || isWrong,
      isShared: true,
    };
  });
  return { policies, problems: reader.problems };
}

function withoutPlace<T>({ value }: Written<T>): Written<T> {
  return { value, span: NOWHERE, node: NO_SCALAR };
}
