// Rows of SMS_SCI_SysResUse: a role on a site system, with its properties. The same rows come from Get-CMSiteRole, from
// the administration service, and without their properties as CSV and from the view v_SystemResourceList.
//
// The names of roles are those that the documentation of Get-CMSiteRole lists for -RoleName (MicrosoftDocs,
// sccm-docs-powershell-ref), and those of older versions; the names of properties and which of their three values holds
// what are as the DSC resources of ConfigMgrCBDsc and other public scripts read them.
import { HIGHEST_PORT, LOWEST_PORT, PORTS } from '../catalog/numbers.ts';
import { fieldsOf, plainListOf, plainTextOf } from '../imports/values.ts';
import type { SiteType } from '../topology/model.ts';
import type { DatabaseFact, FactPlace, Facts, OpenQuestion, OptionFact } from './facts.ts';
import { type ExportRow, machineOf, numberIn, textIn, truthIn } from './rows.ts';

/** The role of the format for a role name; `undefined` for what is a part of another role and has no ports of its own. */
const ROLE_NAMES: Readonly<Record<string, string | undefined>> = {
  'sms site system': undefined,
  'sms component server': undefined,
  'sms distribution point': 'distribution-point',
  'sms management point': 'management-point',
  // Mobile devices: a part of the management point.
  'sms device management point': undefined,
  'sms software update point': 'software-update-point',
  'sms enrollment server': 'enrollment-point',
  'sms enrollment web site': 'enrollment-proxy-point',
  // Client notification: a part of the management point.
  'sms notification server': undefined,
  'sms certificate registration point': 'certificate-registration-point',
  // A part of the enrollment point.
  'sms dm enrollment service': undefined,
  'sms site server': 'site-server',
  'sms state migration point': 'state-migration-point',
  'sms provider': 'sms-provider',
  'sms cloud proxy connector': 'cloud-management-gateway-connection-point',
  'sms sql server': 'sql-server',
  'sms fallback status point': 'fallback-status-point',
  'ai update service point': 'asset-intelligence-synchronization-point',
  'sms srs reporting point': 'reporting-services-point',
  'sms endpoint protection point': 'endpoint-protection-point',
  'data warehouse service point': 'data-warehouse-service-point',
  'sms dmp connector': 'service-connection-point',
  // A part of the distribution point; its row has the UDP ports.
  'sms multicast service point': undefined,
  'sms application web service': 'application-catalog-web-service-point',
  'sms portal web site': 'application-catalog-website-point',
};

/** Whether Configuration Manager calls a role so, also one that is a part of another. */
export function isRoleName(name: string): boolean {
  return Object.hasOwn(ROLE_NAMES, name.toLowerCase());
}

/** The role of the format for a role name of Configuration Manager; undefined for a part of another role, too. */
export function roleNamed(name: string): string | undefined {
  return isRoleName(name) ? ROLE_NAMES[name.toLowerCase()] : undefined;
}

/** The roles that an export can name. */
export const exportedRoles: ReadonlySet<string> = new Set(
  Object.values(ROLE_NAMES).flatMap((role) => role ?? []),
);

/** The roles that take part in HTTP and HTTPS connections by `SslState`. */
const WITH_PROTOCOL: ReadonlySet<string> = new Set([
  'management-point',
  'distribution-point',
  'state-migration-point',
  'application-catalog-web-service-point',
  'application-catalog-website-point',
]);

/** No export tells the two kinds of PXE apart. */
export const PXE_KIND: OpenQuestion = {
  text: 'With Windows Deployment Services or the PXE responder: not in the export.',
};

const PULLS: OpenQuestion = {
  text: 'It pulls its content; from where is not in the export: write pullFrom.',
  answer: 'pullFrom',
};

const SITE_TYPES: ReadonlyMap<number, SiteType> = new Map([
  [1, 'secondary'],
  [2, 'primary'],
  [4, 'central-administration'],
]);

/** The type of a site by its number in SMS_SCI_SiteDefinition, v_Site and `Type` of a role on the site server. */
export function siteTypeOf(number: number | undefined): SiteType | undefined {
  return number === undefined ? undefined : SITE_TYPES.get(number);
}

/** Whether a row is a role of a site system. */
export function isSystemRole(row: ExportRow): boolean {
  return (
    textIn(row, 'rolename') !== undefined &&
    ['networkospath', 'nalpath', 'servername'].some((name) => row.members.has(name))
  );
}

/** Adds the role of a row. */
export function readSystemRole(row: ExportRow, facts: Facts): void {
  const { place } = row;
  const server = machineOf(textIn(row, 'networkospath', 'servername', 'nalpath'));
  const roleName = textIn(row, 'rolename') ?? '';
  const site = textIn(row, 'sitecode')?.toUpperCase();
  const key = roleName.toLowerCase();
  if (server === undefined) {
    facts.left.push(`A row for '${roleName}' without a server (${place.file}, ${place.at}).`);
    return;
  }
  if (!isRoleName(roleName)) {
    facts.left.push(`'${roleName}' on ${server}: a topology has no such role.`);
    return;
  }
  const role = roleNamed(roleName);
  if (isCloud(row)) {
    if (role !== undefined) facts.clouds.push({ server, role, place });
    return;
  }
  const properties = propertiesOf(row);
  facts.servers.push({ server, site, place, ...(key === 'sms site system' && systemOf(properties)) });
  const type = siteTypeOf(numberIn(row, 'type'));
  if (site !== undefined && type !== undefined && key === 'sms site server')
    facts.sites.push({ code: site, type, place });
  if (key === 'sms multicast service point') {
    const [first, last] = [properties.number('StartPort'), properties.number('EndPort')];
    if (first !== undefined && last !== undefined && first > 0 && last >= first)
      facts.multicast.push({ server, ports: `${first}-${last}`, place });
  }
  if (role === undefined) return;
  const { options, open } = optionsOf(role, row, properties);
  facts.roles.push({ server, site, role, options, open, place });
}

/** A cloud management gateway or cloud distribution point. */
function isCloud(row: ExportRow): boolean {
  return /azure/i.test(textIn(row, 'naltype', 'resourcetype') ?? '');
}

/** The properties of a row. */
interface Properties {
  /** They are there at all. */
  readonly isTold: boolean;
  number(name: string): number | undefined;
  /** `Value2`, else `Value1`: versions differ in which of the two holds a text. */
  text(name: string): string | undefined;
  /** The values of a list; undefined where there is none of that name. */
  list(name: string): readonly string[] | undefined;
}

function propertiesOf(row: ExportRow): Properties {
  const single = byName(row.members.get('props') ?? row.members.get('embeddedproperties'), 'propertyname');
  const lists = byName(
    row.members.get('proplists') ?? row.members.get('embeddedpropertylists'),
    'propertylistname',
  );
  return {
    isTold: single.size > 0 || lists.size > 0,
    number(name) {
      const value = single.get(name.toLowerCase())?.get('value');
      if (typeof value === 'boolean') return Number(value);
      const text = plainTextOf(value)?.trim();
      return text !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
    },
    text(name) {
      const property = single.get(name.toLowerCase());
      const texts = ['value2', 'value1'].map((key) => plainTextOf(property?.get(key))?.trim());
      return texts.find((text) => text !== undefined && text !== '');
    },
    list(name) {
      const value = lists.get(name.toLowerCase())?.get('values');
      const values = plainListOf(value) ?? (value === undefined || value === null ? undefined : [value]);
      return values?.flatMap((one) => plainTextOf(one) ?? []);
    },
  };
}

/** A list of objects, or an object of them, by the member that names each, in lower case. */
function byName(value: unknown, nameKey: string): ReadonlyMap<string, ReadonlyMap<string, unknown>> {
  const all = plainListOf(value) ?? [...(fieldsOf(value)?.values() ?? [])];
  return new Map(
    all.flatMap((one) => {
      const fields = fieldsOf(one);
      const name = plainTextOf(fields?.get(nameKey));
      return fields && name !== undefined ? [[name.toLowerCase(), fields] as const] : [];
    }),
  );
}

function systemOf(properties: Properties) {
  const proxy = { server: properties.text('ProxyName'), port: properties.number('ProxyServerPort') };
  const usesProxy = properties.number('UseProxy');
  const initiates = properties.number('FDMOperation');
  return {
    forest: properties.text('ForestFQDN')?.toLowerCase(),
    ...(initiates !== undefined && { siteServerInitiates: initiates === 1 }),
    ...(usesProxy === 0 && { proxy: null }),
    ...(usesProxy === 1 &&
      proxy.server !== undefined && {
        // The console offers the port of HTTP.
        proxy: { server: proxy.server, port: proxy.port || PORTS.http },
      }),
  };
}

function optionsOf(role: string, row: ExportRow, properties: Properties) {
  const options = new Map<string, OptionFact>();
  const open: OpenQuestion[] = [];
  const set = (key: string, value: OptionFact | undefined): void => {
    if (value !== undefined) options.set(key, value);
  };
  const truth = (name: string): boolean | undefined => {
    const value = properties.number(name);
    return value === undefined ? undefined : value !== 0;
  };
  const port = (name: string): number | undefined => {
    const value = properties.number(name);
    return value !== undefined && value >= LOWEST_PORT && value <= HIGHEST_PORT ? value : undefined;
  };
  if (WITH_PROTOCOL.has(role)) set('protocol', protocolOf(role, row, properties));
  switch (role) {
    case 'management-point': {
      set('clients', audience(truth('MPInternetFacing'), truth('MPIntranetFacing')));
      set('cloudManagementGateway', truth('AllowProxyTraffic'));
      const replica = databaseOf(properties.text('SQLServerName'), properties.text('DatabaseName'));
      if (truth('UseSiteDatabase') === false && replica) set('databaseReplica', replica);
      break;
    }
    case 'distribution-point': {
      set('clients', audience(truth('IsINF'), truth('IsIntranet')));
      set('pxe', truth('IsPXE'));
      set('multicast', truth('IsMulticast'));
      set('connectedCache', truth('DoincEnabled'));
      if (truth('IsPXE')) open.push(PXE_KIND);
      if (options.get('protocol') === 'https' && !options.has('clients'))
        open.push({
          text: 'Which clients may use it is not in the export: those on the intranet are taken.',
          answer: 'clients',
        });
      const sources = properties.list('SourceDistributionPoints')?.flatMap((path) => machineOf(path) ?? []);
      if (truth('IsPullDP') === false) set('pullFrom', []);
      else if (truth('IsPullDP')) {
        if (sources && sources.length > 0) set('pullFrom', sources);
        else open.push(PULLS);
      }
      break;
    }
    case 'software-update-point':
      set('httpPort', port('WSUSIISPort'));
      set('httpsPort', port('WSUSIISSSLPort'));
      set('ssl', truth('SSLWSUS'));
      set('clients', audience(truth('IsINF'), truth('IsIntranet')));
      set('cloudManagementGateway', truth('AllowProxyTraffic'));
      set('database', instanceOf(properties.text('DBServerName')));
      if (truth('UseParentWSUS')) set('usesParent', true);
      break;
    case 'reporting-services-point': {
      const [, scheme, written] =
        /^(https?):\/\/[^/:]+(?::(\d{1,5}))?(?:\/|$)/i.exec(properties.text('ReportServerUri') ?? '') ?? [];
      if (scheme !== undefined) {
        const isSecure = scheme.toLowerCase() === 'https';
        set('protocol', isSecure ? 'https' : 'http');
        const number = written === undefined ? (isSecure ? PORTS.https : PORTS.http) : Number(written);
        set(isSecure ? 'httpsPort' : 'httpPort', number);
      }
      set('database', instanceOf(properties.text('DatabaseServerName')));
      break;
    }
    case 'enrollment-point':
      set('httpsPort', port('ServicePort'));
      break;
    case 'application-catalog-web-service-point':
      set(options.get('protocol') === 'http' ? 'httpPort' : 'httpsPort', port('ServicePort'));
      break;
    case 'application-catalog-website-point':
      set('httpPort', port('PortalPort'));
      set('httpsPort', port('PortalSslPort'));
      break;
    case 'service-connection-point':
      set('offline', truth('OfflineMode'));
      break;
    default:
      break;
  }
  if (WITH_PROTOCOL.has(role) && !options.has('protocol'))
    open.push({ text: 'HTTP or HTTPS is not in the export.', answer: 'protocol' });
  return { options, open };
}

/** By `SslState`: 0 HTTP, 1 HTTPS, 3 always HTTPS, 4 always HTTP; 2 says nothing. A management point with 0 takes both. */
function protocolOf(role: string, row: ExportRow, properties: Properties): string | undefined {
  const state = numberIn(row, 'sslstate');
  switch (state) {
    case 0:
      return role === 'management-point' ? 'both' : 'http';
    case 1:
    case 3:
      return 'https';
    case 4:
      return 'http';
    default:
      // The property of a distribution point's own is a mask, with all its bits for HTTPS.
      return properties.number('SslState') === 63 ? 'https' : undefined;
  }
}

function audience(internet: boolean | undefined, intranet: boolean | undefined): string | undefined {
  if (internet === undefined && intranet === undefined) return undefined;
  if (internet !== true) return 'intranet';
  return intranet === true ? 'both' : 'internet';
}

/**
 * A server with the database as `INSTANCE\CM_PS1`, or a plain database of the default instance.
 * @param database without it nobody says which instance it is
 */
export function databaseOf(
  server: string | undefined,
  database: string | undefined,
): DatabaseFact | undefined {
  if (server === undefined) return undefined;
  const named = instanceOf(server);
  if (database === undefined) return named?.instance === '' ? { server: named.server } : named;
  const slash = database.indexOf('\\');
  return {
    server: named?.server ?? server,
    instance: slash < 0 ? (named?.instance ?? '') : database.slice(0, slash),
  };
}

/** `SERVER\INSTANCE`, `SERVER,PORT` and `SERVER`; what is no server's name, such as the Windows Internal Database, is none. */
function instanceOf(text: string | undefined): DatabaseFact | undefined {
  if (text === undefined || /##|^\(local\)|^\.(?:\\|$)|^localhost/i.test(text)) return undefined;
  const [server = '', instance = ''] = (text.split(',')[0] ?? '').split('\\');
  return server.trim() === '' ? undefined : { server: server.trim(), instance: instance.trim() };
}

/** A row of the view v_DistributionPointInfo. */
export function isDistributionPoint(row: ExportRow): boolean {
  return (
    row.members.has('servername') &&
    !row.members.has('rolename') &&
    ['ispxe', 'ispulldp', 'ismulticast', 'bitsenabled', 'ispeerdp'].some((name) => row.members.has(name))
  );
}

/** Adds the distribution point of a row of the view. */
export function readDistributionPoint(row: ExportRow, facts: Facts): void {
  const { place } = row;
  const server = machineOf(textIn(row, 'servername', 'nalpath'));
  if (server === undefined) return;
  if (isCloud(row)) {
    facts.clouds.push({ server, role: 'distribution-point', place });
    return;
  }
  const options = new Map<string, OptionFact>();
  const flag = (key: string, name: string): void => {
    const value = truthIn(row, name);
    if (value !== undefined) options.set(key, value);
  };
  flag('pxe', 'ispxe');
  flag('multicast', 'ismulticast');
  flag('connectedCache', 'isdoincenabled');
  const open: OpenQuestion[] = [];
  if (options.get('pxe') === true) open.push(PXE_KIND);
  const pulls = truthIn(row, 'ispulldp');
  if (pulls === false) options.set('pullFrom', []);
  if (pulls === true) open.push(PULLS);
  facts.servers.push({ server, site: siteCodeIn(row), place });
  facts.roles.push({ server, site: siteCodeIn(row), role: 'distribution-point', options, open, place });
}

/** The site of a row. */
export function siteCodeIn(row: ExportRow): string | undefined {
  return textIn(row, 'sitecode', 'smssitecode')?.toUpperCase();
}

/** The row has properties that are lost, because PowerShell wrote their type in their place. */
export function lostProperties(row: ExportRow): FactPlace | undefined {
  const value = row.members.get('props');
  const isLost = Array.isArray(value)
    ? value.some((one) => typeof one === 'string')
    : typeof value === 'string' && value.trim() !== '';
  return isLost ? row.place : undefined;
}
