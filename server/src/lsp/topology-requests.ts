// The answers to the requests of the tree of topologies and of its commands, which `requests.ts` declares.
import type { Analysis } from '../analysis.ts';
import { compareEditions } from '../catalog/compare.ts';
import { editionOf } from '../catalog/editions.ts';
import { catalogFormats } from '../exports/catalog-formats.ts';
import { changes, newestChanges } from '../features/changes.ts';
import { type ExplainEnd, explainEnds, explainPage, withoutEdition } from '../features/explain.ts';
import { overview } from '../features/overview.ts';
import { editorRange } from '../features/place.ts';
import { detailOf, firewallPlace } from '../features/symbols.ts';
import { readerOf, readers, sourceOf } from '../imports/index.ts';
import { newEntries, replacedRules } from '../imports/into-file.ts';
import { type ImportedFirewall, isImportError, RULE_DIRECTIONS } from '../imports/model.ts';
import { zonesOfFirewall } from '../imports/replace.ts';
import { wordMaker } from '../imports/words.ts';
import { driftOf } from '../inventory/drift.ts';
import { driftMarkdown } from '../inventory/formats/markdown.ts';
import { t } from '../l10n.ts';
import { markdownText } from '../print/escape.ts';
import { lookup } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { fields, listCheck, takes, textCheck } from './params.ts';
import {
  COMPARE,
  COMPARE_EDITIONS,
  type CompareEditionsParams,
  type CompareParams,
  type DocumentParams,
  DRIFT,
  type DriftParams,
  EXPLAIN,
  EXPLAIN_ENDS,
  type ExplainEndsResult,
  type ExplainParams,
  type FirewallPlace,
  IMPORT_FIREWALL,
  type ImportFirewallParams,
  type ImportFirewallResult,
  NEWEST_CHANGES,
  type NewestChangesParams,
  OVERVIEW,
  type OverviewResult,
  type PageResult,
  TOPOLOGIES,
  type TopologiesResult,
} from './requests.ts';
import { draftOfSent, sentFile, textOfSent } from './sent-files.ts';
import { fileName, isSettings, type Session, throwIfCancelled } from './session.ts';

const textDocument = fields({ uri: textCheck });
const comparedFile = fields({ uri: textCheck, name: textCheck, text: textCheck });

/** Answers them from now on. */
export function answerTopologyRequests(session: Session): void {
  const { disk, workspace } = session;
  const failed = { problem: t('It failed; the log of the language server says why.') };

  /** What is told of an open topology, or that it is none. */
  async function ofOpen<T>(
    uri: string,
    tell: (analysis: Analysis, name: string) => T,
  ): Promise<T | { readonly problem: string }> {
    await session.ready;
    await session.settled(uri);
    const analysis = session.topologyAt(uri);
    return analysis ? tell(analysis, fileName(uri)) : noTopology(uri);
  }

  session.answer<object, TopologiesResult>(TOPOLOGIES, fields({}), [], async () => {
    await session.ready;
    const open = workspace.documents().flatMap(({ uri }) => (session.topologyAt(uri) ? [uri] : []));
    const known = new Set(open.map(disk.normal));
    const closed = session.topologyFiles().filter((uri) => !known.has(disk.normal(uri)));
    return [...open, ...closed].map((uri) => ({ uri, name: fileName(uri) }));
  });

  session.answer<DocumentParams, OverviewResult>(
    OVERVIEW,
    takes.document,
    null,
    async ({ textDocument: { uri } }, token) => {
      await session.ready;
      await session.settled(uri);
      throwIfCancelled(token);
      const analysis = session.topologyAt(uri) ?? ofClosed(uri);
      return analysis && overview(analysis);
    },
  );

  /** A topology file of the folders that no editor holds. */
  function ofClosed(uri: string): Analysis | undefined {
    const own = disk.normal(uri);
    if (isSettings(uri) || workspace.document(uri)) return undefined;
    if (!session.topologyFiles().some((file) => disk.normal(file) === own)) return undefined;
    const content = disk.read(uri);
    return 'problem' in content ? undefined : workspace.analyseFile(uri, content.text);
  }

  session.answer<DocumentParams, ExplainEndsResult>(
    EXPLAIN_ENDS,
    takes.document,
    [],
    async ({ textDocument: { uri } }): Promise<readonly ExplainEnd[]> => {
      await session.ready;
      await session.settled(uri);
      const analysis = session.topologyAt(uri);
      return analysis ? explainEnds(analysis) : [];
    },
  );

  session.answer<ExplainParams, PageResult>(
    EXPLAIN,
    fields({ textDocument, from: textCheck, to: textCheck }),
    failed,
    ({ textDocument: { uri }, from, to }) =>
      ofOpen(uri, (analysis, name): PageResult => explainPage(analysis, name, from, to)),
  );

  session.answer<CompareParams, PageResult>(
    COMPARE,
    fields({ before: comparedFile, after: comparedFile }),
    failed,
    async ({ before, after }) => {
      await session.ready;
      const old = workspace.analyseFile(before.uri, before.text);
      const fresh = workspace.analyseFile(after.uri, after.text);
      const found = changes(old, fresh, { before: before.name, after: after.name });
      return 'markdown' in found ? found : { problem: withoutEdition(found.missing) };
    },
  );

  session.answer<CompareEditionsParams, PageResult>(
    COMPARE_EDITIONS,
    fields({ before: textCheck, after: textCheck }),
    failed,
    (params) => {
      const [before, after] = [params.before, params.after].map(editionOf);
      if (before === undefined || after === undefined) return unknownEdition(params.before, params.after);
      const writers = catalogFormats.markdown?.write;
      return writers ? { markdown: writers.comparison(compareEditions(before, after)) } : failed;
    },
  );

  session.answer<NewestChangesParams, PageResult>(
    NEWEST_CHANGES,
    fields({ textDocument, edition: textCheck }),
    failed,
    ({ textDocument: { uri }, edition: word }) =>
      ofOpen(uri, (analysis, name): PageResult => {
        const edition = editionOf(word);
        if (edition === undefined) return unknownEdition(word);
        const markdown = newestChanges(analysis, name, edition);
        return markdown === undefined ? { problem: withoutEdition(name) } : { markdown };
      }),
  );

  session.answer<DriftParams, PageResult>(
    DRIFT,
    fields({ textDocument, files: listCheck(sentFile) }),
    failed,
    ({ textDocument: { uri }, files }) =>
      ofOpen(uri, ({ topology, tree }, name): PageResult => {
        const draft = draftOfSent(files);
        if ('problem' in draft) return draft;
        const differences = driftOf(topology, draft);
        const lineOf = (offset: number) => tree.lines.positionAt(offset).line;
        const page = driftMarkdown({ file: name, exports: draft.files, differences, lineOf });
        const heading = t('What of the exports could not be compared');
        const left = draft.notes.map((note) => `- ${markdownText(note)}`);
        return { markdown: left.length === 0 ? page : `${page}\n## ${heading}\n\n${left.join('\n')}\n` };
      }),
  );

  session.answer<ImportFirewallParams, ImportFirewallResult>(
    IMPORT_FIREWALL,
    fields({ textDocument, file: sentFile, map: listCheck(fields({ word: textCheck, zone: textCheck })) }),
    failed,
    ({ textDocument: { uri }, file, place, map, direction }) =>
      ofOpen(uri, (analysis): ImportFirewallResult => {
        const version = workspace.document(uri)?.version;
        const content = textOfSent(file);
        if ('problem' in content) return content;
        if (version === undefined) return noTopology(uri);
        try {
          const found = importFirewall(analysis, content.text, file.name, placeOf(place), map, direction);
          if (found.edits === undefined) return found;
          const edits = found.edits.map(({ span, newText }) => ({
            range: editorRange(analysis, span),
            newText,
          }));
          return { ...found, version, edits };
        } catch (error) {
          if (isImportError(error) && error.asks === 'direction') return { kind: 'direction' };
          if (isImportError(error)) return { problem: `${file.name}: ${error.message}.` };
          throw error;
        }
      }),
  );
}

/** An import with its edits, or without a place what there is to choose from. Throws {@link ImportError}. */
function importFirewall(
  { topology }: Analysis,
  content: string,
  file: string,
  place: FirewallPlace | undefined,
  map: ImportFirewallParams['map'],
  direction: ImportFirewallParams['direction'],
) {
  const source = sourceOf(content);
  const reader = readerOf(source);
  const zones = [...topology.zones.values()].map(({ name }) => name);
  if (reader === undefined) {
    const titles = Object.values(readers).map(({ title }) => title);
    return { problem: t('{0} cannot be imported: {1}.', file, titles.join(', ')) };
  }
  const said = new Map(map.map(({ word, zone }) => [word.toLowerCase(), [zone]] as const));
  const replaced = place && 'replace' in place ? lookup(topology.firewalls, place.replace) : undefined;
  if (place && 'replace' in place && replaced === undefined)
    return { problem: t('The file has no firewall {0}.', place.replace) };
  const hosts = placeHosts(place, topology);
  const joined = placeZones(place, topology) ?? zones;
  const inside = place && 'inside' in place ? place.inside : undefined;
  const words = wordMaker(said, topology, joined, inside ?? hosts[0] ?? joined[0] ?? '', place ? joined : []);
  const firewalls = reader.read(source, {
    profile: 'domain',
    direction: RULE_DIRECTIONS.find((one) => one === direction),
    host: hosts.length > 0,
    words,
  });
  if (place === undefined) return { kind: 'choose' as const, ...choices(reader.title, firewalls, topology) };
  const [first, ...others] = firewalls;
  if (replaced && first && others.length > 0) {
    return {
      problem: t(
        '{0} has {1} firewalls, which cannot take the place of one: import them as new ones.',
        file,
        firewalls.length,
      ),
    };
  }
  const found =
    replaced && first
      ? replacedRules(topology, replaced, first, words)
      : newEntries(topology, firewalls, { zones: joined, inside, name: undefined, hosts, head: [] }, words);
  if ('problem' in found) return { problem: found.problem };
  const { edits, names, rules, gaps } = found;
  return { kind: 'edits' as const, edits, names, rules, gaps };
}

/** What a person has to say about a firewall before it can be written. */
function choices(title: string, firewalls: readonly ImportedFirewall[], topology: Topology) {
  const machines = [...topology.servers.values(), ...topology.clients.values()];
  return {
    title,
    firewalls: firewalls.map(({ name }) => name),
    isDevice: firewalls.every((firewall) => firewall.zones !== undefined),
    unmapped: [...new Set(firewalls.flatMap(({ unmapped }) => unmapped ?? []))],
    zones: [...topology.zones.values()].map(({ name }) => name),
    machines: machines.map((machine) => ({ name: machine.name, detail: detailOf(machine) })),
    own: [...topology.firewalls.values()].map((one) => ({ name: one.name, detail: firewallPlace(one) })),
  };
}

/** A place as a client sends it; undefined for anything else. */
function placeOf(place: unknown): FirewallPlace | undefined {
  if (typeof place !== 'object' || place === null) return undefined;
  const names = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  const replace: unknown = Reflect.get(place, 'replace');
  if (typeof replace === 'string') return { replace };
  const hosts = names(Reflect.get(place, 'hosts'));
  if (hosts.length > 0) return { hosts };
  const zones = names(Reflect.get(place, 'zones'));
  const inside: unknown = Reflect.get(place, 'inside');
  return zones.length === 0 ? undefined : { zones, ...(typeof inside === 'string' ? { inside } : {}) };
}

function placeHosts(place: FirewallPlace | undefined, topology: Topology): readonly string[] {
  if (place === undefined || 'zones' in place) return [];
  if ('hosts' in place) return place.hosts;
  return lookup(topology.firewalls, place.replace)?.hosts.map(({ value }) => value) ?? [];
}

function placeZones(place: FirewallPlace | undefined, topology: Topology): readonly string[] | undefined {
  if (place === undefined) return undefined;
  if ('zones' in place) return place.zones;
  const own = 'replace' in place ? lookup(topology.firewalls, place.replace) : undefined;
  return own && own.hosts.length === 0 ? zonesOfFirewall(own) : [];
}

function noTopology(uri: string): { readonly problem: string } {
  return { problem: t('{0} is not an open topology file.', fileName(uri)) };
}

function unknownEdition(...words: readonly string[]): { readonly problem: string } {
  const wrong = words.find((word) => editionOf(word) === undefined) ?? '';
  return { problem: t('{0} is not an edition of the port catalog.', wrong) };
}
