// What fits a place of the file: the roles that a server can take, the ports that are free there, the sites that
// can be above another. The questions are the rules' own, asked before something is written.

import { CURRENT_BRANCH } from '../catalog/editions.ts';
import { PORTS } from '../catalog/numbers.ts';
import { EDITIONS, type Edition } from '../catalog/types.ts';
import { isCurrentBranch, relationFits } from '../rules/hierarchy/hierarchy.ts';
import { nextFreePort } from '../rules/listeners.ts';
import { httpFor, httpsFor } from '../rules/wsus/wsus-port-pair.ts';
import {
  DEFAULT_INSTANCE,
  DEFAULT_SERVICE_BROKER_PORT,
  DEFAULT_SQL_PORT,
  instancePort,
  roleOption,
  rolePort,
  serversOf,
  serviceBrokerPort,
  siteOf,
  topSite,
} from '../topology/effective.ts';
import { inEdition } from '../topology/format.ts';
import type { Server, Site, SiteType, Topology } from '../topology/model.ts';
import { CLIENT_SITES, placementOf, TOP_SITE_ROLES } from '../topology/placement.ts';

/** Whether an edition has a thing: `retired` where only earlier editions had it. */
export type Standing = 'there' | 'retired' | 'not-yet';

/** What a word, key or role is to the edition of a file. */
export function standing(
  thing: { readonly editions?: readonly Edition[] },
  edition: Edition | undefined,
): Standing {
  if (edition === undefined || inEdition(thing, edition)) return 'there';
  const now = EDITIONS.indexOf(edition);
  return thing.editions?.some((one) => EDITIONS.indexOf(one) > now) ? 'not-yet' : 'retired';
}

/** Whether a role can be put on a server: `passive` for a second site server, which only waits. */
export function roleFit(
  topology: Topology,
  server: Server | undefined,
  role: string,
): 'fits' | 'passive' | 'misfit' {
  const site = server && siteOf(server, topology);
  if (server === undefined || site === undefined) return 'fits';
  const type = site.type?.value;
  const holds = (passive: boolean): boolean => {
    const placement = isCurrentBranch(topology.edition) ? placementOf(role, passive) : undefined;
    return placement === undefined || type === undefined || placement.sites.includes(type);
  };
  if (!holds(false)) return 'misfit';
  if (TOP_SITE_ROLES.has(role) && isCurrentBranch(topology.edition))
    return cannotTake(topology, server, site, role) ? 'misfit' : 'fits';
  if (role !== 'site-server') return 'fits';
  const others = serversOf(site, topology)
    .filter((one) => one !== server)
    .flatMap(({ roles }) => roles.filter((one) => one.role === role));
  if (others.length === 0) return 'fits';
  const hasPassive = others.some((other) => roleOption(other, 'passive') === true);
  return holds(true) && isCurrentBranch(topology.edition) && !hasPassive ? 'passive' : 'misfit';
}

/** Whether a role of which a hierarchy has one cannot come to a site: it is there already, or the site is not the top. */
function cannotTake(topology: Topology, own: Server, site: Site, role: string): boolean {
  const top = topSite(site, topology);
  if (top !== site) return true;
  return [...topology.servers.values()].some((server) => {
    const other = siteOf(server, topology);
    return (
      server !== own &&
      other !== undefined &&
      topSite(other, topology) === top &&
      server.roles.some((one) => one.role === role)
    );
  });
}

/** Whether a site can be above one of a type; a type that nobody wrote says nothing. */
export function canBeParent(topology: Topology, type: string | undefined, parent: Site): boolean {
  const above = parent.type?.value;
  const child = SITE_TYPES.find((one) => one === type);
  return child === undefined || above === undefined || relationFits(child, above, topology.edition);
}

const SITE_TYPES: readonly SiteType[] = ['central-administration', 'primary', 'secondary'];

/** Site types, the most common first. */
const COMMON_SITES: readonly SiteType[] = ['primary', 'secondary', 'central-administration'];

/**
 * Words in the order in which they are needed: the newest edition and operating system first, the common types of site
 * before the rare one. Others stay in the order of the format.
 * @param isForClients the operating system of clients comes before that of servers
 */
export function byUse(words: readonly string[], isForClients: boolean): readonly string[] {
  const newestFirst = words.toReversed();
  if (words.includes(CURRENT_BRANCH)) return newestFirst;
  if (words.includes('primary')) return COMMON_SITES.filter((word) => words.includes(word));
  const isServer = (word: string) => word.startsWith('windows-server-');
  const servers = newestFirst.filter(isServer);
  if (servers.length === 0) return words;
  const clients = newestFirst.filter((word) => word.startsWith('windows-') && !isServer(word));
  const others = words.filter((word) => !word.startsWith('windows-'));
  return isForClients ? [...clients, ...servers, ...others] : [...servers, ...clients, ...others];
}

/** Whether clients can be assigned to a site of this type. */
export function canHaveClients({ edition }: Topology, { type }: Site): boolean {
  return type === undefined || !isCurrentBranch(edition) || CLIENT_SITES.sites.includes(type.value);
}

/** Where a port is to be written. */
export interface PortPlace {
  readonly server: Server | undefined;
  readonly role: string;
  /** For a port of SQL Server. */
  readonly instance?: string;
  readonly key: string;
}

export interface FreePort {
  readonly port: number;
  readonly why: 'default' | 'pair' | 'free';
}

const UPDATE_ROLES: ReadonlySet<string> = new Set(['software-update-point', 'wsus-server']);

/**
 * The ports to choose from at a place, the first choice first: the default, the partner of a WSUS port, or the
 * next free one.
 * @param standard the format's default for the key, if any
 * @param partner the other port of a WSUS pair, where it is written
 */
export function portsFor(
  topology: Topology,
  place: PortPlace,
  standard: number | undefined,
  partner: number | undefined,
): readonly FreePort[] {
  const { server, role, key } = place;
  if (role === 'sql-server') return sqlPorts(topology, place);
  const taken = new Set<number | undefined>(
    server?.instances.flatMap((one) => [instancePort(one), serviceBrokerPort(one)]),
  );
  if (!UPDATE_ROLES.has(role)) {
    return standard === undefined || taken.has(standard) ? [] : [{ port: standard, why: 'default' }];
  }
  for (const other of server?.roles ?? []) {
    if (other.role === role || !UPDATE_ROLES.has(other.role)) continue;
    for (const one of [rolePort(other, 'httpPort'), rolePort(other, 'httpsPort')]) if (one) taken.add(one);
  }
  const isHttp = key === 'httpPort';
  if (partner !== undefined) {
    const port = isHttp ? httpFor(partner) : httpsFor(partner);
    return port === undefined || taken.has(port) ? [] : [{ port, why: 'pair' }];
  }
  const free = (http: number) => {
    const https = httpsFor(http);
    return https !== undefined && !taken.has(http) && !taken.has(https);
  };
  // The custom website, the default website, and what comes after the custom one.
  const websites = [PORTS.wsusHttp, PORTS.http].filter(free);
  let next: number = PORTS.wsusHttp;
  while (!free(next)) next += 2;
  const found = [...new Set([...websites, next])];
  return found.flatMap((http): FreePort[] => {
    const port = isHttp ? http : httpsFor(http);
    return port === undefined ? [] : [{ port, why: port === standard ? 'default' : 'free' }];
  });
}

function sqlPorts(topology: Topology, { server, instance, key }: PortPlace): readonly FreePort[] {
  const isBroker = key === 'serviceBrokerPort';
  const standard = isBroker ? DEFAULT_SERVICE_BROKER_PORT : DEFAULT_SQL_PORT;
  const isDefault = isBroker || instance?.toUpperCase() === DEFAULT_INSTANCE;
  if (server === undefined) return isDefault ? [{ port: standard, why: 'default' }] : [];
  const taken = server.roles.flatMap((role) => [rolePort(role, 'httpPort'), rolePort(role, 'httpsPort')]);
  const same: number[] = [];
  for (const one of server.instances) {
    if (one.implicit) continue;
    const [port, broker] = [instancePort(one), serviceBrokerPort(one)];
    // Of the instance itself only the other of its two ports is in the way.
    if (one.name.toLowerCase() === instance?.toLowerCase()) taken.push(isBroker ? port : broker);
    else {
      taken.push(port, broker);
      const alike = isBroker ? broker : port;
      if (alike !== undefined) same.push(alike);
    }
  }
  if (isDefault && !taken.includes(standard)) return [{ port: standard, why: 'default' }];
  const listeners = taken.flatMap((port) => (port === undefined ? [] : [{ port, what: '' }]));
  const port = nextFreePort(server, { topology }, listeners, isBroker ? [standard, ...same] : same);
  return port === undefined ? [] : [{ port, why: 'free' }];
}
