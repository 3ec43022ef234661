// Questions about client groups and the client request ports of their sites that several rules ask.

import { PORTS } from '../../catalog/numbers.ts';
import { groupBy, memo } from '../../collections.ts';
import type { Pair } from '../../text/tree.ts';
import { entries } from '../../text/values.ts';
import {
  clientPortsOf,
  effectiveZone,
  parentOf,
  roleOption,
  rolesAt,
  rolesNamed,
  siteOf,
} from '../../topology/effective.ts';
import type { ClientGroup, Role, Server, Site, Topology, Written } from '../../topology/model.ts';
import { blockCertainty, keyCertainty } from '../certainty.ts';
import type { RuleContext } from '../rule.ts';

/** The documented client request ports, of every edition. */
export const HTTP_PORT: number = PORTS.http;
export const HTTPS_PORT: number = PORTS.https;

export interface RequestPorts {
  /** The site whose setting counts: the site itself, for a secondary site its primary. */
  readonly site: Site;
  /** The default before the alternate. */
  readonly http: readonly number[];
  readonly https: readonly number[];
  readonly notification: number;
}

/** The pair behind a site's `clientPorts`, which may come from a merge key. */
export function clientPortsPair(site: Site): Pair | undefined {
  return site.node && entries(site.node).find(({ name }) => name === 'clientPorts')?.pair;
}

/** The client request ports in force at a site; undefined where nobody can say which they are. */
export function requestPortsOf(site: Site, context: RuleContext): RequestPorts | undefined {
  const { topology } = context;
  const type = site.type?.value;
  const owner = type === 'secondary' ? parentOf(site, topology) : site;
  if (type === undefined || !owner || owner.damaged) return undefined;
  if (blockCertainty(context, owner, 'clientPorts') === 'unknown') return undefined;
  return { site: owner, ...clientPortsOf(owner, topology) };
}

/** The Windows groups of clients with a known site, each with that site, in file order. */
export function windowsGroups(
  context: RuleContext,
): readonly { readonly group: ClientGroup; readonly site: Site }[] {
  return [...context.topology.clients.values()].flatMap((group) => {
    const site = siteOf(group, context.topology);
    const isWindows =
      (group.clientKind?.value ?? 'windows') === 'windows' &&
      keyCertainty(context, group, 'kind', group.clientKind) !== 'unknown';
    return site && isWindows ? [{ group, site }] : [];
  });
}

/** Whether a group's clients come from the internet: by its own word, or by the zone they are in. */
export function isOnInternet(group: ClientGroup, { zones }: Topology): boolean {
  return (
    group.internetOnly?.value === true ||
    group.zones.some(({ value }) => zones.get(value.toLowerCase())?.internet === true)
  );
}

/** The active site server of a site; undefined where there is none or more than one. */
export function siteServerOf(site: Site, topology: Topology): Server | undefined {
  const active = rolesAt(site, 'site-server', topology).filter(
    (role) => roleOption(role, 'passive') !== true,
  );
  return active.length === 1 ? active[0]?.server : undefined;
}

const byZone = memo((roles: readonly Role[], topology: Topology) =>
  groupBy(
    roles.map(({ server }) => server),
    (server) => effectiveZone(server, topology),
  ),
);

/** The forest of a machine: its own, else that of `defaults`; undefined also where either could not be read. */
export function knownForest(
  machine: Server | ClientGroup,
  context: RuleContext,
): Written<string> | undefined {
  const { defaults } = context.topology;
  if (keyCertainty(context, machine, 'forest', machine.forest) === 'unknown') return undefined;
  if (machine.forest) return machine.forest;
  return keyCertainty(context, { node: defaults.node }, 'forest', defaults.forest) === 'unknown'
    ? undefined
    : defaults.forest;
}

/**
 * Whether a machine is in a forest that the site server's does not trust. A site server of which no forest is known is
 * in the hierarchy's own, which is the one that its domain name ends in.
 */
export function isUntrusted(server: Server, siteServer: Server, context: RuleContext): boolean {
  const forest = knownForest(server, context);
  if (!forest || server.trusted?.value === true) return false;
  return !isOwnForest(forest.value, siteServer, context);
}

/** Whether a forest is the site server's, as far as the file tells. */
function isOwnForest(forest: string, siteServer: Server, context: RuleContext): boolean {
  const name = forest.toLowerCase();
  const own = knownForest(siteServer, context);
  if (own) return own.value.toLowerCase() === name;
  return siteServer.fqdn?.value.toLowerCase().endsWith(`.${name}`) === true;
}

/**
 * The forest of a group's clients where it is another than the site server's and the site does not publish to it: the
 * group's own, else that of `defaults`; without either, the domain controllers of its zone tell. Undefined where they
 * do not, or where there is a trust.
 */
export function otherForestOf(group: ClientGroup, site: Site, context: RuleContext): string | undefined {
  const { topology } = context;
  const siteServer = siteServerOf(site, topology);
  if (!siteServer) return undefined;
  const own = knownForest(group, context);
  const isPublished = (forest: string) =>
    site.publishForests?.some(({ value }) => value.toLowerCase() === forest.toLowerCase()) === true;
  if (own) {
    const isOther = !isOwnForest(own.value, siteServer, context) && !isPublished(own.value);
    return isOther ? own.value : undefined;
  }
  const zone = effectiveZone(group, topology);
  if (zone === undefined) return undefined;
  const controllers = byZone(rolesNamed('domain-controller', topology), topology).get(zone) ?? [];
  if (controllers.some((server) => !isUntrusted(server, siteServer, context))) return undefined;
  const [first] = controllers;
  const forest = first && knownForest(first, context)?.value;
  return forest !== undefined && isPublished(forest) ? undefined : forest;
}
