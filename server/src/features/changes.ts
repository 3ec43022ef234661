// What an earlier version of a file and the one in the editor differ in, for the network.
import type { Analysis } from '../analysis.ts';
import type { Edition } from '../catalog/editions.ts';
import { diffFlows, type Version } from '../exports/diff/changes.ts';
import { diffToNewest } from '../exports/diff/editions.ts';
import { diffMarkdown } from '../exports/diff/markdown.ts';

/**
 * The change request as Markdown, as `cmtopo diff` writes it.
 * @param names of the two versions, for the title
 * @returns undefined for a version that names no known edition of the port catalog: then `missing` says which
 */
export function changes(
  before: Analysis,
  after: Analysis,
  names: { readonly before: string; readonly after: string },
): { readonly markdown: string } | { readonly missing: string } {
  const old = versionOf(before, names.before);
  if (old === undefined) return { missing: names.before };
  const fresh = versionOf(after, names.after);
  if (fresh === undefined) return { missing: names.after };
  return { markdown: diffMarkdown(diffFlows(old, fresh)) };
}

/**
 * What the newest port list changes for a file, as Markdown.
 * @param edition from which it changes: that of the file, or an earlier one
 * @returns undefined where the file names no known edition of the port catalog
 */
export function newestChanges(analysis: Analysis, file: string, edition: Edition): string | undefined {
  const version = versionOf(analysis, file);
  return version && diffMarkdown(diffToNewest(version, edition, edition));
}

function versionOf(analysis: Analysis, file: string): Version | undefined {
  const { topology } = analysis;
  const { edition } = topology;
  return edition === undefined ? undefined : { file, edition, topology, flows: analysis.flows() };
}
