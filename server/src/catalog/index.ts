// The port catalog: which connections a role has in an edition, over which ports, and where that is written.

import type { Language } from '../languages.ts';
import { catalogOf } from './load.ts';
import { hasRoleName, roleName } from './names.ts';
import type { Connection, Edition, Erratum } from './types.ts';

export type { Comparison, RowChange } from './compare.ts';
export { compareEditions } from './compare.ts';
export * from './editions.ts';
export { catalogOf } from './load.ts';
export { roleName, roleNames, serviceName, serviceNames } from './names.ts';
export * from './numbers.ts';
export * from './types.ts';

/** The name of a connection's source and target, the target in its narrower kind where it has one. */
export function partiesOfConnection(
  connection: Connection,
  language: Language = 'en',
): { readonly from: string; readonly to: string } {
  const { from, to, variant } = connection;
  const narrow = variant === undefined ? undefined : `${to}.${variant}`;
  return {
    from: roleName(variant === 'pull' ? 'pull-distribution-point' : from, language),
    to: roleName(narrow !== undefined && hasRoleName(narrow) ? narrow : to, language),
  };
}

/**
 * The public address of a section.
 * @param anchor of a connection, table, deployment table or feature; for 2007 a section's number, which the
 * page has no anchor for
 * @param id of the document that has the section, where it is known; else it is looked for in the port list and
 * the client document
 */
export function sourceUrl(edition: Edition, anchor: string, id?: string): string {
  const { document, documents, clientDocument, deployment, clientFeatures } = catalogOf(edition);
  if (edition === '2007') return document.url;
  const own = id === undefined || id === document.id ? undefined : documents.get(id);
  if (own) return `${own.url}#${anchor}`;
  const ofClients = [...deployment, ...clientFeatures].some((entry) => entry.anchor === anchor);
  return `${(ofClients && clientDocument ? clientDocument : document).url}#${anchor}`;
}

/** The errata of an edition about a connection id, role, rule code or feature. */
export function errataAbout(edition: Edition, id: string): readonly Erratum[] {
  return catalogOf(edition).errata.filter(({ about }) => about.includes(id));
}
