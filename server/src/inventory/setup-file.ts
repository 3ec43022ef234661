// Setup's unattended file (an INI file), the one form that has the ports of SQL Server. It says what was installed, so
// where another export says something else of the same thing, that one counts.
import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/numbers.ts';
import type { SiteType } from '../topology/model.ts';
import type { Facts, OptionFact } from './facts.ts';
import { type ExportRow, numberIn, textIn } from './rows.ts';
import { databaseOf } from './system-roles.ts';

/** By `Action` of `[Identification]`. */
const ACTIONS: Readonly<Record<string, SiteType>> = {
  installprimarysite: 'primary',
  recoverprimarysite: 'primary',
  installcas: 'central-administration',
  recoverccar: 'central-administration',
};

/** Whether a row is the whole of such a file. */
export function isSetupFile({ members }: ExportRow): boolean {
  return (
    members.has('options/sitecode') ||
    [...members.keys()].some((name) => name.startsWith('sqlconfigoptions/'))
  );
}

/** Adds what the file says. */
export function readSetupFile(row: ExportRow, facts: Facts): void {
  const { place } = row;
  const site = textIn(row, 'options/sitecode')?.toUpperCase();
  const port = (name: string): number | undefined => {
    const number = numberIn(row, name);
    return number !== undefined && number >= LOWEST_PORT && number <= HIGHEST_PORT ? number : undefined;
  };
  const at = (section: string) => ({ file: place.file, at: `[${section}]` });
  const database = databaseOf(
    textIn(row, 'sqlconfigoptions/sqlservername'),
    textIn(row, 'sqlconfigoptions/databasename'),
  );
  if (site !== undefined) {
    const action = textIn(row, 'identification/action')?.toLowerCase() ?? '';
    const above = textIn(row, 'hierarchyexpansionoption/ccarsiteserver');
    facts.sites.push({
      code: site,
      name: textIn(row, 'options/sitename'),
      type: Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined,
      ...(above !== undefined && { parentServer: above }),
      database,
      place,
    });
  }
  if (database !== undefined)
    facts.instances.push({
      ...database,
      port: port('sqlconfigoptions/sqlserverport'),
      serviceBrokerPort: port('sqlconfigoptions/sqlssbport'),
      place: at('SQLConfigOptions'),
    });
  const add = (
    role: string,
    section: string,
    key: string,
    options: ReadonlyMap<string, OptionFact>,
  ): void => {
    const server = textIn(row, `${section.toLowerCase()}/${key}`);
    if (server === undefined) return;
    facts.servers.push({ server, site, place: at(section) });
    facts.roles.push({ server, site, role, options, place: at(section) });
  };
  const protocol = (key: string, http: string): ReadonlyMap<string, OptionFact> => {
    const word = textIn(row, `options/${key}`)?.toUpperCase();
    if (word === undefined) return new Map();
    return new Map([['protocol', word === 'HTTPS' ? 'https' : http]]);
  };
  add('sms-provider', 'Options', 'sdkserver', new Map());
  add('management-point', 'Options', 'managementpoint', protocol('managementpointprotocol', 'both'));
  add('distribution-point', 'Options', 'distributionpoint', protocol('distributionpointprotocol', 'http'));
  if (textIn(row, 'cloudconnectoroptions/cloudconnector') === '1') {
    add('service-connection-point', 'CloudConnectorOptions', 'cloudconnectorserver', new Map());
    const server = textIn(row, 'cloudconnectoroptions/cloudconnectorserver');
    const proxy = textIn(row, 'cloudconnectoroptions/proxyname');
    const proxyPort = port('cloudconnectoroptions/proxyport');
    if (server !== undefined && proxy !== undefined && proxyPort !== undefined)
      facts.servers.push({
        server,
        proxy: { server: proxy, port: proxyPort },
        place: at('CloudConnectorOptions'),
      });
  }
}
