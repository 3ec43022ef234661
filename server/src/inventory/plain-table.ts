// A table that an administrator keeps: one server a row, with its site, roles, addresses, zone and system.
import { NEWEST_EDITION } from '../catalog/types.ts';
import { parseAddress } from '../topology/address.ts';
import { inEdition, osFamily, ROLES } from '../topology/format.ts';
import { meanings } from '../topology/spoken.ts';
import { type Facts, factPlaceText } from './facts.ts';
import { type ExportRow, textIn } from './rows.ts';

/** What people call the columns, as members of a row. */
const COLUMNS = {
  server: ['name', 'server', 'servername', 'hostname', 'host', 'computer', 'computername', 'machine'],
  fqdn: ['fqdn', 'dnsname', 'fullname'],
  site: ['site', 'sitecode'],
  roles: ['roles', 'role'],
  addresses: ['addresses', 'address', 'ip', 'ips', 'ipaddress', 'ipaddresses'],
  zone: ['zone', 'networkzone', 'segment'],
  os: ['os', 'operatingsystem', 'system'],
  forest: ['forest'],
  description: ['description', 'comment', 'notes'],
} as const;

/** The columns of the table, for messages. */
export const TABLE_COLUMNS: readonly string[] = ['name', 'site', 'roles', 'addresses', 'zone', 'os'];

const NAMES = ROLES.map(({ name }) => name);

/** Whether a row is a server of such a table. */
export function isTableRow({ members }: ExportRow): boolean {
  const any = (names: readonly string[]) => names.some((name) => members.has(name));
  return (any(COLUMNS.server) || any(COLUMNS.fqdn)) && any(COLUMNS.roles);
}

/** Adds the server of a row and its roles. */
export function readTableRow(row: ExportRow, facts: Facts): void {
  const { place } = row;
  const server = textIn(row, ...COLUMNS.fqdn) ?? textIn(row, ...COLUMNS.server);
  if (server === undefined) return;
  const site = textIn(row, ...COLUMNS.site)?.toUpperCase();
  const addresses: string[] = [];
  for (const text of partsOf(textIn(row, ...COLUMNS.addresses))) {
    if (parseAddress(text)) addresses.push(text);
    else facts.left.push(`The address '${text}' of ${server} (${factPlaceText(place)}) is none.`);
  }
  const written = textIn(row, ...COLUMNS.os);
  const os = written === undefined ? undefined : systemOf(written);
  if (written !== undefined && os === undefined)
    facts.left.push(
      `The operating system '${written}' of ${server} (${factPlaceText(place)}) is none that a topology knows.`,
    );
  facts.servers.push({
    server,
    site,
    zone: textIn(row, ...COLUMNS.zone),
    os,
    forest: textIn(row, ...COLUMNS.forest)?.toLowerCase(),
    description: textIn(row, ...COLUMNS.description),
    place,
    ...(addresses.length > 0 && { addresses }),
  });
  if (site !== undefined) facts.sites.push({ code: site, place });
  for (const word of partsOf(textIn(row, ...COLUMNS.roles))) {
    const [role, ...others] = rolesMeant(word);
    if (role === undefined)
      facts.left.push(`'${word}' on ${server} (${factPlaceText(place)}): a topology has no such role.`);
    else if (others.length > 0)
      facts.left.push(
        `'${word}' on ${server} (${factPlaceText(place)}) may mean ${[role, ...others].join(' or ')}.`,
      );
    else facts.roles.push({ server, site, role, options: new Map(), place });
  }
}

/** Several values of a cell: `MP; DP`, `MP, DP`, `MP | DP`, or one a line. */
function partsOf(cell: string | undefined): readonly string[] {
  const parts = cell?.split(/[;,|/\r\n]+/).map((part) => part.trim()) ?? [];
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** The roles that a word may mean; those of the newest edition before older ones. */
export function rolesMeant(word: string): readonly string[] {
  const meant = meanings(word, NAMES);
  const current = meant.filter((name) =>
    ROLES.some((role) => role.name === name && inEdition(role, NEWEST_EDITION)),
  );
  return current.length > 0 ? current : meant;
}

/** `windows-server-2019` of `Windows Server 2019 Standard`. */
function systemOf(text: string): string | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  if (word === 'other' || osFamily(word) !== undefined) return word;
  const [, server, release, client] =
    /server[^0-9]{0,20}(20\d\d)(?:[^a-z0-9]{0,3}(r2))?|windows[^0-9a-z]{0,3}(xp|vista|7|8\.1|8|10|11)\b/.exec(
      text.toLowerCase(),
    ) ?? [];
  const found =
    server !== undefined ? `windows-server-${server}${release ? '-r2' : ''}` : client && `windows-${client}`;
  return found !== undefined && osFamily(found) !== undefined ? found : undefined;
}
