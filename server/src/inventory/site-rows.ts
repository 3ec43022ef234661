// Sites: SMS_SCI_SiteDefinition (Get-CMSiteDefinition) and the view v_Site; SMS_SCI_Component.
import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/numbers.ts';
import { fieldsOf, plainListOf, plainTextOf } from '../imports/values.ts';
import type { Facts } from './facts.ts';
import { type ExportRow, machineOf, numberIn, textIn } from './rows.ts';
import { databaseOf, siteCodeIn, siteTypeOf } from './system-roles.ts';

/** Whether a row is a site. */
export function isSite({ members }: ExportRow): boolean {
  return (
    members.has('sitecode') &&
    (members.has('siteservername') ||
      members.has('sitetype') ||
      members.has('sqldatabasename') ||
      (members.has('servername') && (members.has('reportingsitecode') || members.has('sitename'))))
  );
}

/** Adds the site of a row. */
export function readSiteRow(row: ExportRow, facts: Facts): void {
  const code = siteCodeIn(row);
  if (code === undefined) return;
  const parentNames = ['parentsitecode', 'reportingsitecode'];
  const isParentTold = parentNames.some((name) => row.members.has(name));
  const server = machineOf(textIn(row, 'siteservername', 'servername'));
  const database = databaseOf(
    machineOrInstance(textIn(row, 'sqlservername')),
    textIn(row, 'sqldatabasename', 'databasename'),
  );
  facts.sites.push({
    code,
    name: textIn(row, 'sitename'),
    type: siteTypeOf(numberIn(row, 'sitetype', 'type')),
    parent: isParentTold ? (textIn(row, ...parentNames)?.toUpperCase() ?? '') : undefined,
    server,
    database,
    place: row.place,
  });
  if (server !== undefined) facts.servers.push({ server, site: code, place: row.place });
}

/** `\\sql01` without its backslashes, `sql01\CM` as it is. */
function machineOrInstance(text: string | undefined): string | undefined {
  return text?.startsWith('\\\\') ? machineOf(text) : text;
}

/** Whether a row is a component of a site. */
export function isComponent(row: ExportRow): boolean {
  return row.members.has('itemname') && (row.members.has('componentname') || row.members.has('props'));
}

/** Adds the client request ports, or the synchronisation source, that a component of a site has. */
export function readComponent(row: ExportRow, facts: Facts): void {
  const site = siteCodeIn(row);
  if (site === undefined) return;
  const { place } = row;
  const text = (name: string): string | undefined => {
    const property = (
      plainListOf(row.members.get('props')) ?? [...(fieldsOf(row.members.get('props'))?.values() ?? [])]
    )
      .map(fieldsOf)
      .find((fields) => plainTextOf(fields?.get('propertyname'))?.toLowerCase() === name.toLowerCase());
    const texts = ['value2', 'value1'].map((key) => plainTextOf(property?.get(key))?.trim());
    return texts.find((one) => one !== undefined && one !== '');
  };
  const ports = (name: string): readonly number[] | undefined => {
    const numbers = text(name)
      ?.split(/[,;\s]+/)
      .map(Number);
    const good = numbers?.filter(
      (port) => Number.isInteger(port) && port >= LOWEST_PORT && port <= HIGHEST_PORT,
    );
    return good && good.length > 0 ? [...new Set(good)].slice(0, 2) : undefined;
  };
  const item = textIn(row, 'itemname')?.toLowerCase() ?? '';
  if (item.startsWith('sms_mp_control_manager'))
    facts.ports.push({ site, http: ports('IISPortsList'), https: ports('IISSSLPortsList'), place });
  const [server, parent] = [text('DefaultWSUS'), text('ParentWSUS')];
  if (server !== undefined || parent !== undefined)
    facts.synchronisation.push({ site, server: machineOf(server), parent: machineOf(parent), place });
}
