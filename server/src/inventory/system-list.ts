// JSON with a `SystemAndRoleList`: the servers of a hierarchy with their addresses, as scripts that write firewall rules
// for Configuration Manager collect it.
import { plainListOf, plainTextOf } from '../imports/values.ts';
import { parseAddress } from '../topology/address.ts';
import type { SiteType } from '../topology/model.ts';
import type { Facts, OpenQuestion, OptionFact } from './facts.ts';
import { rolesMeant } from './plain-table.ts';
import { type ExportRow, textIn } from './rows.ts';
import { isRoleName, PXE_KIND, roleNamed, siteCodeIn } from './system-roles.ts';

/**
 * Words of `RoleList` by the role of the format. Others mark something, are names of roles as Configuration Manager has
 * them, or are of no role that a topology has.
 */
const ROLES: Readonly<Record<string, string>> = {
  siteserver: 'site-server',
  smsprovider: 'sms-provider',
  sqlserverrole: 'sql-server',
  sitedatabaseserver: 'sql-server',
  cassqlserverrole: 'sql-server',
  prisqlserverrole: 'sql-server',
  secsqlserverrole: 'sql-server',
  managementpoint: 'management-point',
  distributionpoint: 'distribution-point',
  softwareupdatepoint: 'software-update-point',
  endpointprotectionpoint: 'endpoint-protection-point',
  reportingservicepoint: 'reporting-services-point',
  serviceconnectionpoint: 'service-connection-point',
  datawarehouseservicepoint: 'data-warehouse-service-point',
  cmgconnectionpoint: 'cloud-management-gateway-connection-point',
  statemigrationpoint: 'state-migration-point',
  fallbackstatuspoint: 'fallback-status-point',
  certificateregistrationpoint: 'certificate-registration-point',
};

const SITE_TYPES: Readonly<Record<string, SiteType>> = {
  centraladministrationsite: 'central-administration',
  primarysite: 'primary',
  secondarysite: 'secondary',
};

/** Words that add to a role, and what the role says of it. */
const MARKS: ReadonlySet<string> = new Set([
  'centralsoftwareupdatepoint',
  'primarysoftwareupdatepoint',
  'secondarysoftwareupdatepoint',
  'supsqlserverrole',
  'distributionpointpxe',
  'pulldistributionpoint',
  'pulldistributionpointsource',
  // What every server with a role is.
  'sitesystem',
  'componentserver',
]);

/** Whether a row is a server of such a list. */
export function isListedSystem(row: ExportRow): boolean {
  return row.members.has('fullqualifieddomainname') && row.members.has('rolelist');
}

/** Adds the server of a row and its roles. */
export function readListedSystem(row: ExportRow, facts: Facts): void {
  const { place } = row;
  const server = textIn(row, 'fullqualifieddomainname');
  if (server === undefined) return;
  const site = siteCodeIn(row);
  const texts = (value: unknown): readonly string[] =>
    (plainListOf(value) ?? [value])
      .flatMap((one) => plainTextOf(one)?.split(',') ?? [])
      .map((one) => one.trim());
  const addresses = texts(row.members.get('ipaddress')).filter((text) => parseAddress(text) !== undefined);
  facts.servers.push({ server, site, place, ...(addresses.length > 0 && { addresses }) });
  const words = texts(row.members.get('rolelist')).filter((word) => word !== '');
  const known = new Set(words.map(keyOf));

  // A site without a parent has itself there.
  const parent = textIn(row, 'parentsitecode')?.toUpperCase();
  for (const word of known) {
    const type = Object.hasOwn(SITE_TYPES, word) ? SITE_TYPES[word] : undefined;
    if (type === undefined || site === undefined) continue;
    facts.sites.push({ code: site, type, parent: parent === site ? '' : parent, place });
  }
  for (const role of new Set(words.flatMap((word) => roleOf(word) ?? []))) {
    const options = new Map<string, OptionFact>();
    const open: OpenQuestion[] = [];
    if (role === 'distribution-point') {
      options.set('pxe', known.has('distributionpointpxe'));
      if (known.has('distributionpointpxe')) open.push(PXE_KIND);
      if (!known.has('pulldistributionpoint')) options.set('pullFrom', []);
    }
    facts.roles.push({ server, site, role, options, open, place });
  }
  if (known.has('supsqlserverrole') && site !== undefined)
    facts.updateDatabases.push({ server, site, place });
  for (const puller of texts(row.members.get('pulldistributionpointtosourcelist')))
    if (puller !== '') facts.pulls.push({ server: puller, source: server, place });
  for (const word of words) {
    const key = keyOf(word);
    const isKnown = Object.hasOwn(SITE_TYPES, key) || MARKS.has(key) || isRoleName(word);
    if (roleOf(word) === undefined && !isKnown)
      facts.left.push(`'${word}' on ${server}: a topology has no such role.`);
  }
}

function keyOf(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '');
}

/** The role of a word: one of these lists, a name of Configuration Manager, else one by which people call a single role. */
function roleOf(word: string): string | undefined {
  const key = keyOf(word);
  if (Object.hasOwn(ROLES, key)) return ROLES[key];
  if (Object.hasOwn(SITE_TYPES, key) || MARKS.has(key)) return undefined;
  if (isRoleName(word)) return roleNamed(word);
  const [role, ...others] = rolesMeant(word);
  return others.length === 0 ? role : undefined;
}
