// The port catalog: which connections a role has in an edition, over which ports, and where that is written.

import type { Language } from '../languages.ts';
import { catalogOf } from './load.ts';
import { hasRoleName, roleName } from './names.ts';
import { type Connection, type Edition, type Erratum, NEWEST_EDITION } from './types.ts';

export type { Comparison, ConnectionChange, RowChange, TableChange } from './compare.ts';
export { compareEditions } from './compare.ts';
export * from './editions.ts';
export { catalogOf } from './load.ts';
export { roleName, roleNames, serviceKey, serviceName, serviceNames } from './names.ts';
export * from './types.ts';

/** The name of a connection's source and target, the target in its narrower kind where it has one. */
export function partiesOf(
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
 */
export function sourceUrl(edition: Edition, anchor: string): string {
  const { document, clientDocument, deployment, clientFeatures } = catalogOf(edition);
  if (edition === '2007') return document.url;
  const ofClients = [...deployment, ...clientFeatures].some((entry) => entry.anchor === anchor);
  return `${(ofClients && clientDocument ? clientDocument : document).url}#${anchor}`;
}

/** The errata of an edition about a connection id, role, rule code or feature. */
export function errataAbout(edition: Edition, id: string): readonly Erratum[] {
  return catalogOf(edition).errata.filter(({ about }) => about.includes(id));
}

/**
 * The default ranges of dynamic RPC ports: before Windows Vista and Windows Server 2008, and since. Both stand
 * under 'Discovery and publishing' of the current-branch port list.
 */
export function dynamicRanges(): { readonly older: string; readonly newer: string } {
  const ranges = (catalogOf(NEWEST_EDITION).discovery?.ports ?? [])
    .flatMap(({ tcp }) => tcp)
    .filter((port) => port.includes('-'));
  const [older, newer] = ranges;
  if (older === undefined || newer === undefined) throw new Error('catalog: no default dynamic ranges');
  return { older, newer };
}
