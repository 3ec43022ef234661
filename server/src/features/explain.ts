// Why two things of a file talk, for a person who chooses them from lists.
import type { Analysis } from '../analysis.ts';
import { roleName } from '../catalog/names.ts';
import { distinct } from '../collections.ts';
import { explainMarkdown } from '../exports/explain/markdown.ts';
import { explanationOf } from '../exports/explain/select.ts';
import { language, t } from '../l10n.ts';
import { detailOf } from './symbols.ts';

/** Something that `explain` takes at either end. */
export interface ExplainEnd {
  readonly kind: 'server' | 'client-group' | 'zone' | 'site' | 'role' | 'outside';
  /** By which it is asked for. */
  readonly word: string;
  /** What a person reads; a role as the documents call it. */
  readonly label: string;
  readonly detail: string;
}

/**
 * What has connections in a file, machines first. A name that several things have is there once, for the first that
 * the word means.
 */
export function explainEnds(analysis: Analysis): readonly ExplainEnd[] {
  const { topology } = analysis;
  const { servers, clients, zones, sites } = topology;
  const named = (kind: ExplainEnd['kind'], things: Iterable<Parameters<typeof detailOf>[0]>): ExplainEnd[] =>
    [...things].map((thing) => ({ kind, word: thing.name, label: thing.name, detail: detailOf(thing) }));
  const outside = distinct(
    analysis
      .flows()
      .flatMap(({ from, to }) => [from, to].flatMap((end) => (end.kind === 'cloud' ? [end.name] : []))),
  );
  const roles = distinct([...servers.values()].flatMap((server) => server.roles.map(({ role }) => role)));
  const all: readonly ExplainEnd[] = [
    ...named('server', servers.values()),
    ...named('client-group', clients.values()),
    ...outside.map((name): ExplainEnd => ({ kind: 'outside', word: name, label: name, detail: '' })),
    ...named('zone', zones.values()),
    ...named('site', sites.values()),
    ...roles.map(
      (role): ExplainEnd => ({ kind: 'role', word: role, label: roleName(role, language()), detail: role }),
    ),
  ];
  const seen = new Set<string>();
  return all.filter(({ word }) => {
    const id = word.toLowerCase();
    if (word === '' || seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/**
 * The explanation of two words as Markdown, as `cmtopo explain` writes it.
 * @param file its name, for the title
 * @returns a sentence that says why there is none, where a word means nothing or no edition is known
 */
export function explainPage(
  analysis: Analysis,
  file: string,
  from: string,
  to: string,
): { readonly markdown: string } | { readonly problem: string } {
  const { topology } = analysis;
  const { edition } = topology;
  if (edition === undefined) return { problem: withoutEdition(file) };
  const input = { edition, file, topology, flows: analysis.flows(), reach: analysis.reach() };
  const found = explanationOf(input, from, to);
  if ('unknown' in found) return { problem: t('{0}: {1}.', file, found.unknown) };
  return { markdown: explainMarkdown(found) };
}

/** Why a file has no connections to tell of. */
export function withoutEdition(file: string): string {
  return t('{0} names no known edition of the port catalog, so its connections are not known.', file);
}
