// The flows of a topology a second time, slowly and plainly: sets by definition, from the raw values of the file.
// Nothing here comes from server/src/flows, so that the two can only agree by meaning the same. Only the port rows
// are shared, which are data. Names are lower case and every reference resolves: the generator sees to both.

import type { Edition } from '../../server/src/catalog/editions.ts';
import { catalogOf } from '../../server/src/catalog/index.ts';
import type { PortRow } from '../../server/src/catalog/types.ts';

export type Options = Readonly<Record<string, unknown>>;

export interface RawSite {
  readonly type: 'central-administration' | 'primary' | 'secondary';
  readonly parent?: string;
  readonly database?: RawDatabase;
  readonly clientPorts?: {
    readonly http?: readonly number[];
    readonly https?: number;
    readonly notification?: number;
  };
  readonly wakeOnLan?: { readonly port: number };
  readonly wakeUpProxy?: { readonly port: number };
  readonly publishToActiveDirectory?: boolean | readonly string[];
  readonly contentLibrary?: string;
}

export interface RawDatabase {
  readonly server?: string;
  readonly instance?: string;
  readonly availabilityGroup?: string;
}

export interface RawServer {
  readonly site?: string;
  readonly zone?: string;
  readonly forest?: string;
  readonly trusted?: boolean;
  readonly addresses?: readonly string[];
  readonly rpcDynamicPorts?: string;
  readonly proxy?: RawProxy;
  readonly siteServerInitiates?: boolean;
  readonly roles: Readonly<Record<string, Options>>;
}

interface RawProxy {
  readonly server: string;
  readonly port: number;
}

export interface RawClients {
  readonly site: string;
  readonly zone?: string | readonly string[];
  readonly kind?: string;
  readonly forest?: string;
  readonly os?: string;
  readonly rpcDynamicPorts?: string;
  readonly proxy?: RawProxy;
  readonly networks?: readonly string[];
  readonly internetOnly?: boolean;
  readonly workgroup?: boolean;
  readonly installation?: readonly string[];
  readonly source?: string;
  readonly features?: readonly string[];
}

export interface RawBoundaryGroup {
  readonly members: readonly string[];
  readonly servers: readonly string[];
  readonly cloudManagementGateway?: boolean;
  readonly fallback?: readonly string[] | Readonly<Record<string, readonly string[]>>;
}

export interface RawTopology {
  readonly configmgr: string;
  readonly defaults?: { readonly forest?: string; readonly zone?: string; readonly rpcDynamicPorts?: string };
  readonly zones: Readonly<
    Record<
      string,
      {
        readonly networks?: readonly string[];
        readonly internet?: true;
        readonly domainControllers?: readonly string[];
      }
    >
  >;
  readonly sites: Readonly<Record<string, RawSite>>;
  readonly servers: Readonly<Record<string, RawServer>>;
  readonly clients: Readonly<Record<string, RawClients>>;
  readonly boundaryGroups: Readonly<Record<string, RawBoundaryGroup>>;
  readonly availabilityGroups: Readonly<
    Record<
      string,
      {
        readonly replicas: readonly { readonly server: string; readonly instance?: string }[];
        readonly listener?: {
          readonly name: string;
          readonly addresses: readonly string[];
          readonly port?: number;
        };
        readonly endpointPort?: number;
      }
    >
  >;
}

/** One end of a flow: a machine as the holder of a role, a client group, or what is outside the file. */
interface End {
  readonly name: string;
  readonly role?: string;
  /** Of a database; undefined where none is written and the default one is meant. */
  readonly instance?: string;
  readonly group?: string;
  readonly outside?: true;
  /** Told in the flow's line: where a listener or a proxy outside the file is. */
  readonly at?: string;
}

interface Answer {
  readonly from: End;
  readonly to: End;
  readonly choice?: string;
  readonly twoWays?: true;
  readonly optional?: boolean;
  /** Where the clients are, if one end is a client group; of another client group, `other`. */
  readonly place?: Place;
  readonly other?: Place;
  readonly rows?: (row: PortRow) => boolean;
  readonly silent?: true;
}

interface Place {
  readonly group: string;
  readonly zone: string | undefined;
  readonly zones: number;
  readonly internet: boolean;
  readonly primary: string;
  readonly secondary?: string;
}

interface Used {
  readonly server: string;
  readonly choice?: string;
  readonly optional?: boolean;
}

/** The lists that a version of current branch uses, by the first and the last version of each. */
const LISTS = [
  ['2017-03', '1511', '1702'],
  ['2017-09', '1706', '1802'],
  ['2018-09', '1806', '1902'],
  ['2019-11', '1906', '1910'],
  ['2020-06', '2002', '2103'],
] as const;

/** The port list that a file means. */
export function listOf(configmgr: string): Edition {
  const isVersion = /^\d{4}$/.test(configmgr);
  const found = LISTS.find(([list, from, to]) =>
    isVersion ? from <= configmgr && configmgr <= to : list === configmgr,
  );
  return found?.[0] ?? '2025-12';
}

const SERVING: Readonly<Record<string, string>> = {
  'management-point': 'management points',
  'distribution-point': 'distribution points',
  'software-update-point': 'software update points',
  'state-migration-point': 'state migration points',
  'fallback-status-point': 'fallback status points',
};

const CLOUD = new Set(['internet', 'microsoft', 'microsoft-intune', 'exchange-online', 'azure']);

/** Every flow as `from > to protocol ports connection phase`, what kind it is, and the zones for which it holds. */
export function referenceFlows(raw: RawTopology): ReadonlyMap<string, readonly string[] | 'all'> {
  const found = new Map<string, Set<string> | 'all'>();
  const catalog = catalogOf(listOf(raw.configmgr));
  const has2018 = catalog.connections.some(({ id }) => id === 'client.cloud-management-gateway');
  const hasScaleSet = catalog.connections.some(({ variant }) => variant === 'scale-set');
  const servers = Object.keys(raw.servers);
  const sites = Object.keys(raw.sites);
  const server = (name: string) => raw.servers[name];
  const site = (code: string | undefined) => (code === undefined ? undefined : raw.sites[code]);
  const option = (name: string, role: string, key: string) => server(name)?.roles[role]?.[key];
  const has = (name: string, role: string) => server(name)?.roles[role] !== undefined;
  const end = (name: string, role: string): End => ({ name, role });
  const cloud = (name: string): End => ({ name, outside: true });

  const top = (code: string): string => {
    const parent = raw.sites[code]?.parent;
    return parent === undefined ? code : top(parent);
  };
  const at = (code: string | undefined, role: string) =>
    servers.filter((name) => code !== undefined && server(name)?.site === code && has(name, role));
  const holders = (role: string) => servers.filter((name) => has(name, role));
  const secondariesOf = (code: string) =>
    sites.filter((each) => raw.sites[each]?.type === 'secondary' && raw.sites[each]?.parent === code);
  const zoneOf = (name: string) => server(name)?.zone ?? raw.defaults?.zone;
  const isInternet = (zone: string | undefined) => zone !== undefined && raw.zones[zone]?.internet === true;
  const forestOf = (machine: { readonly forest?: string } | undefined) =>
    machine?.forest ?? raw.defaults?.forest ?? '';
  const clientsOf = (name: string, role: string) => option(name, role, 'clients') ?? 'intranet';
  const forIntranet = (name: string, role: string) => clientsOf(name, role) !== 'internet';
  const forInternet = (name: string, role: string) => clientsOf(name, role) !== 'intranet';

  // Where a client is.
  const placesOf = (kind: string): readonly Place[] =>
    Object.entries(raw.clients).flatMap(([group, clients]) => {
      if ((clients.kind ?? 'windows') !== kind) return [];
      const zones: readonly (string | undefined)[] =
        typeof clients.zone === 'object' ? clients.zone : [clients.zone];
      const own = raw.sites[clients.site];
      const secondary = own?.type === 'secondary' ? clients.site : undefined;
      return zones.map((zone) => ({
        group,
        zone,
        zones: zones.length,
        internet: clients.internetOnly === true || isInternet(zone),
        primary: (secondary && own?.parent) ?? clients.site,
        secondary,
      }));
    });
  const places = placesOf('windows');
  const intranet = places.filter((place) => !place.internet);
  const feature = (group: string, word: string) => raw.clients[group]?.features?.includes(word) === true;

  // Who serves a client.
  const boundaryGroups = ({ group, zone, internet }: Place) =>
    internet
      ? []
      : Object.values(raw.boundaryGroups).filter(
          ({ members }) => members.includes(group) || (zone !== undefined && members.includes(zone)),
        );
  const namedByAny = new Set(Object.values(raw.boundaryGroups).flatMap((group) => group.servers));

  function named(group: RawBoundaryGroup | undefined, role: string, primary: string): readonly string[] {
    const reach = [primary, ...secondariesOf(primary)];
    return (group?.servers ?? []).filter(
      (name) =>
        has(name, role) &&
        forIntranet(name, role) &&
        (role === 'distribution-point' || reach.includes(server(name)?.site ?? '')),
    );
  }

  function fallsBackTo(group: RawBoundaryGroup, role: string): readonly (RawBoundaryGroup | undefined)[] {
    const { fallback } = group;
    if (role === 'state-migration-point' || fallback === undefined) return [];
    const names = Array.isArray(fallback)
      ? (fallback as readonly string[])
      : Object.entries(fallback as Readonly<Record<string, readonly string[]>>)
          .filter(([, roles]) => roles.includes(role))
          .map(([name]) => name);
    return names.map((name) => raw.boundaryGroups[name]);
  }

  function used(place: Place, role: string): readonly Used[] {
    const { primary, secondary, group, zone } = place;
    const choice = `${SERVING[role]} of ${group}`;
    const needed = (names: readonly string[], of = choice): readonly Used[] =>
      [...new Set(names)].map((name) => ({ server: name, choice: of }));
    const beside = (names: readonly string[]): readonly Used[] =>
      [...new Set(names)].map((name) => ({ server: name, optional: true }));
    if (place.internet) {
      if (role === 'state-migration-point') return [];
      return needed(at(primary, role).filter((name) => forInternet(name, role)));
    }
    const atPrimary = at(primary, role).filter((name) => forIntranet(name, role));
    if (role === 'fallback-status-point') return needed(atPrimary);

    const own = boundaryGroups(place);
    const first = [
      ...own.flatMap((each) => named(each, role, primary)),
      ...at(secondary, role).filter((name) => forIntranet(name, role)),
    ];
    const next = own
      .flatMap((each) => fallsBackTo(each, role))
      .flatMap((each) => named(each, role, primary))
      .filter((name) => !first.includes(name));
    if (first.length + next.length > 0) {
      const chosen = first.length > 0 ? first : next;
      const implied =
        role === 'state-migration-point' ? [] : atPrimary.filter((name) => !namedByAny.has(name));
      const isSecondary = (name: string) => site(server(name)?.site)?.type === 'secondary';
      // Who uses the management point of a secondary site registers at one of the primary.
      const registers = role === 'management-point' && chosen.some(isSecondary);
      const ofPrimary = chosen.filter((name) => server(name)?.site === primary);
      const registering = registers ? (ofPrimary.length > 0 ? ofPrimary : atPrimary) : [];
      const must = new Set([...chosen, ...registering]);
      return [
        ...needed(chosen.filter((name) => !registering.includes(name))),
        ...needed(registering, `${SERVING[role]} of ${primary} for ${group}`),
        ...beside([...(first.length > 0 ? next : []), ...implied].filter((name) => !must.has(name))),
      ];
    }
    if (role === 'management-point') return needed(atPrimary);
    const pool = [primary, ...secondariesOf(primary)]
      .flatMap((each) => at(each, role))
      .filter((name) => forIntranet(name, role));
    const near = pool.filter((name) => zone !== undefined && zoneOf(name) === zone);
    return needed(near.length > 0 ? near : pool.filter((name) => !namedByAny.has(name)));
  }

  const GATEWAY = 'cloud-management-gateway-connection-point';
  const gatewaysOf = (code: string | undefined) =>
    holders(GATEWAY).filter((name) => {
      const own = server(name)?.site;
      return code !== undefined && own !== undefined && top(own) === top(code);
    });
  const servesContent = (code: string | undefined) =>
    gatewaysOf(code).some((name) => option(name, GATEWAY, 'content') !== false);
  const usesGateway = (place: Place) =>
    gatewaysOf(place.primary).length > 0 &&
    (place.internet || boundaryGroups(place).some((group) => group.cloudManagementGateway === true));

  // Domain controllers.
  function asked(
    forest: string,
    zone: string | undefined,
    code: string | undefined,
    global: boolean,
  ): readonly string[] {
    const active = at(code, 'site-server').find((name) => option(name, 'site-server', 'passive') !== true);
    const trusts = active !== undefined && forestOf(server(active)) === forest;
    const pool = holders('domain-controller').filter(
      (name) =>
        (forestOf(server(name)) === forest || (trusts && server(name)?.trusted === true)) &&
        (!global || option(name, 'domain-controller', 'globalCatalog') === true),
    );
    const listed = pool.filter(
      (name) => zone !== undefined && raw.zones[zone]?.domainControllers?.includes(name),
    );
    if (listed.length > 0) return listed;
    const near = pool.filter((name) => zone !== undefined && zoneOf(name) === zone);
    return near.length > 0 ? near : pool;
  }

  function toControllers(
    from: End,
    forest: string,
    zone: string | undefined,
    code: string | undefined,
    place?: Place,
  ): readonly Answer[] {
    const answers = (global: boolean) =>
      asked(forest, zone, code, global).map(
        (name): Answer => ({
          from,
          to: end(name, 'domain-controller'),
          choice: `${global ? 'global catalogs' : 'domain controllers'} of ${from.name}`,
          rows: (row) => (row.globalCatalog === true) === global,
          place,
        }),
      );
    return [...answers(false), ...answers(true)];
  }

  // Databases.
  const database = (of: RawDatabase): End => {
    const name = of.server ?? '';
    const instances = (option(name, 'sql-server', 'instances') ?? {}) as Record<string, unknown>;
    const instance = of.instance ?? 'MSSQLSERVER';
    return { name, role: 'sql-server', instance: instance in instances ? instance : undefined };
  };
  const replicas = (group: string): readonly End[] =>
    (raw.availabilityGroups[group]?.replicas ?? []).map((replica) => ({ ...database(replica), group }));
  function databases(code: string | undefined): readonly End[] {
    const of = site(code)?.database;
    if (of === undefined) return [];
    return of.availabilityGroup === undefined ? [database(of)] : replicas(of.availabilityGroup);
  }
  const zoneWith = (address: string) =>
    Object.entries(raw.zones).find(([, { networks }]) =>
      networks?.some((network) => network.endsWith('.0.0/16') && address.startsWith(network.slice(0, -6))),
    )?.[0];
  function listeners(code: string | undefined): readonly End[] {
    const group = site(code)?.database?.availabilityGroup;
    const written = group === undefined ? undefined : raw.availabilityGroups[group];
    if (!written?.listener) return [];
    const { name, addresses } = written.listener;
    const zones = new Set(addresses.map(zoneWith).filter((zone) => zone !== undefined));
    const first = written.replicas[0];
    const all = zones.size > 0 ? [...zones] : [first && zoneOf(first.server)];
    return all.map((zone) => ({ name, group, at: zone ?? '-' }));
  }
  function updateDatabases(name: string, role: string): readonly End[] {
    const own = option(name, role, 'database') as RawDatabase | undefined;
    if (own) return [database(own)];
    if (!has(name, 'sql-server')) return [];
    const instances = Object.keys((option(name, 'sql-server', 'instances') ?? {}) as object);
    if (instances.length === 0) return [{ name, role: 'sql-server' }];
    return instances.map((instance) => ({ name, role: 'sql-server', instance }));
  }

  // Software update points: one of a site goes out.
  const SUP = 'software-update-point';
  const outside = (name: string) => {
    const upstream = option(name, SUP, 'upstream') as string | undefined;
    if (upstream === undefined || upstream === 'none') return undefined;
    if (upstream === 'microsoft-update') return upstream;
    return has(upstream, SUP) && server(upstream)?.site === server(name)?.site ? undefined : upstream;
  };
  const goesOut = (code: string | undefined) => {
    const all = at(code, SUP);
    return all.find((name) => outside(name) !== undefined) ?? all[0];
  };
  function upstream(name: string): string | undefined {
    if (option(name, SUP, 'upstream') === 'none') return undefined;
    const code = server(name)?.site;
    const first = goesOut(code);
    if (first !== name) return first;
    const own = outside(name);
    if (own !== undefined) return own;
    const parent = site(code)?.parent;
    return parent === undefined ? 'microsoft-update' : goesOut(parent);
  }

  const secondHand = new Set(['reporting-services-point', 'data-warehouse-service-point']);
  const sameSite = (from: string, to: string): readonly Answer[] =>
    sites.flatMap((code) =>
      at(code, from).flatMap((a) => at(code, to).map((b) => ({ from: end(a, from), to: end(b, to) }))),
    );
  const client = (place: Place): End => ({ name: place.group });
  const passive = (name: string) => option(name, 'site-server', 'passive') === true;

  function answersOf(from: string, to: string, variant: string | undefined): readonly Answer[] {
    const key = `${from} > ${to}${variant === undefined ? '' : ` (${variant})`}`;
    const everywhere = (target: string) =>
      holders(from).map((name): Answer => ({ from: end(name, from), to: cloud(target) }));
    switch (key) {
      case 'client > client':
        return intranet.flatMap((place) => [
          ...(feature(place.group, 'wake-up-proxy')
            ? [
                {
                  from: client(place),
                  to: client(place),
                  place,
                  rows: (row: PortRow) => row.when !== 'peer-cache',
                },
              ]
            : []),
          ...(feature(place.group, 'windows-pe-peer-cache') ? peers(place) : []),
        ]);
      case 'client > domain-controller (global-catalog)':
        return intranet
          .filter(({ group }) => raw.clients[group]?.workgroup !== true)
          .flatMap((place) =>
            toControllers(
              client(place),
              forestOf(raw.clients[place.group]),
              place.zone,
              place.primary,
              place,
            ),
          );
      case 'client > cloud-management-gateway':
      case 'client > cloud-distribution-point':
        return places
          .filter((place) => (has2018 ? usesGateway(place) : gatewaysOf(place.primary).length > 0))
          .filter(({ primary }) => to === 'cloud-management-gateway' || !has2018 || servesContent(primary))
          .map((place) => ({ from: client(place), to: cloud('azure'), place }));
      case 'client > application-catalog-website-point':
        return intranet.flatMap((place) =>
          at(place.primary, to).map((name) => ({ from: client(place), to: end(name, to), place })),
        );
      case 'mobile-device > microsoft-intune':
        return placesOf(from).map((place) => ({ from: client(place), to: cloud(to), place }));
      case 'client > network-device-enrollment-service':
        return intranet.flatMap((place) =>
          holders(to)
            .filter((name) => (server(name)?.site ?? place.primary) === place.primary)
            .map((name) => ({ from: client(place), to: end(name, to), place })),
        );
      case 'client > distribution-point (multicast)':
      case 'client > distribution-point (pxe)':
        return intranet.flatMap((place) =>
          used(place, to)
            .filter(({ server: name }) => {
              const value = option(name, to, variant ?? '');
              return value !== undefined && value !== false;
            })
            .map(({ server: name, choice, optional }) => ({
              from: client(place),
              to: end(name, to),
              place,
              choice: choice && `${variant === 'pxe' ? 'PXE' : variant} ${choice}`,
              optional,
            })),
        );
      case 'client > management-point':
      case 'client > distribution-point':
      case 'client > software-update-point':
      case 'client > fallback-status-point':
      case 'client > state-migration-point':
        return places.flatMap((place) =>
          used(place, to).map(({ server: name, choice, optional }) => ({
            from: client(place),
            to: end(name, to),
            place,
            choice,
            optional,
            rows: place.internet ? (row: PortRow) => overInternet(row, to) : undefined,
          })),
        );
      case 'mac > enrollment-proxy-point':
      case 'mobile-device > enrollment-proxy-point':
        return placesOf(from).flatMap((place) =>
          at(place.primary, to).map((name) => ({ from: client(place), to: end(name, to), place })),
        );
      case 'site-server > client':
        return intranet.flatMap((place) =>
          [place.primary, place.secondary].flatMap((code) =>
            site(code)?.wakeOnLan
              ? at(code, from).map((name) => ({ from: end(name, from), to: client(place), place }))
              : [],
          ),
        );
      case 'console > client':
        return intranet.flatMap((place) => {
          const above = (code: string): readonly string[] => {
            const parent = raw.sites[code]?.parent;
            return parent === undefined ? [code] : [code, ...above(parent)];
          };
          return above(raw.clients[place.group]?.site ?? '')
            .flatMap((code) => at(code, from))
            .map((name) => ({ from: end(name, from), to: client(place), place }));
        });
      case 'management-point > domain-controller':
      case 'site-server > domain-controller':
        return holders(from).flatMap((name) => {
          const machine = server(name);
          const publishing = from === 'site-server' && site(machine?.site)?.publishToActiveDirectory;
          const forests = Array.isArray(publishing) ? (publishing as readonly string[]) : [];
          return [
            ...toControllers(end(name, from), forestOf(machine), zoneOf(name), machine?.site),
            ...forests.flatMap((forest) =>
              holders(to)
                .filter((each) => forestOf(server(each)) === forest)
                .map((each) => ({
                  from: end(name, from),
                  to: end(each, to),
                  rows: (row: PortRow) => row.globalCatalog !== true,
                  choice: `domain controllers of ${forest} for ${name}`,
                })),
            ),
          ];
        });
      case 'sql-server > sql-server (replica)':
        return Object.keys(raw.availabilityGroups).flatMap((group) =>
          replicas(group).flatMap((a, index) =>
            replicas(group)
              .slice(index + 1)
              .map((b) => ({ from: a, to: b })),
          ),
        );
      case 'sql-server > sql-server':
        return sites.flatMap((code) =>
          databases(raw.sites[code]?.parent).flatMap((upper) =>
            databases(code).flatMap((lower) => [
              { from: upper, to: lower },
              { from: lower, to: upper },
            ]),
          ),
        );
      case 'software-update-point > sql-server (wsus)':
      case 'wsus-server > sql-server (wsus)':
        return holders(from).flatMap((name) =>
          updateDatabases(name, from).map((each) => ({ from: end(name, from), to: each })),
        );
      case 'site-server > sql-server (wsus)':
        return holders(from).flatMap((name) =>
          [SUP, 'wsus-server'].flatMap((role) =>
            at(server(name)?.site, role)
              .flatMap((point) => updateDatabases(point, role))
              .map((each) => ({ from: end(name, from), to: each })),
          ),
        );
      case 'site-server > site-server (passive)':
        return sameSite(from, to).filter((pair) => !passive(pair.from.name) && passive(pair.to.name));
      case 'site-server > site-server':
        return sites.flatMap((code) =>
          at(raw.sites[code]?.parent, from).flatMap((upper) =>
            at(code, to).map((lower) => ({ from: end(upper, from), to: end(lower, to) })),
          ),
        );
      case 'site-server > internet':
        return everywhere(to).filter((pair) => site(server(pair.from.name)?.site)?.type !== 'secondary');
      case 'site-server > file-server':
        return sites.flatMap((code) => {
          const library = raw.sites[code]?.contentLibrary;
          return library === undefined
            ? []
            : at(code, from).map((name) => ({ from: end(name, from), to: end(library, to) }));
        });
      case 'site-server > certification-authority':
        return holders(to).flatMap((authority) =>
          sites
            .filter((code) => raw.sites[code]?.parent === undefined)
            .filter((code) => {
              const own = server(authority)?.site;
              const registers = holders('certificate-registration-point').some(
                (name) => top(server(name)?.site ?? '') === code,
              );
              return registers && (own === undefined || top(own) === code);
            })
            .flatMap((code) => at(code, from))
            .map((name) => ({ from: end(name, from), to: end(authority, to) })),
        );
      case 'site-server > azure (storage)':
        return everywhere('azure').filter((pair) => {
          const code = server(pair.from.name)?.site;
          return servesContent(code) && site(code)?.type !== 'secondary';
        });
      case 'site-server > cloud-distribution-point':
        return everywhere('azure').filter((pair) => gatewaysOf(server(pair.from.name)?.site).length > 0);
      case 'software-update-point > wsus-server':
        return holders(SUP).flatMap((name) => {
          const next = upstream(name);
          if (next === undefined || next === 'microsoft-update') return [];
          return [{ from: end(name, SUP), to: end(next, has(next, SUP) ? SUP : to) }];
        });
      case 'software-update-point > internet':
        return everywhere(to).filter((pair) => upstream(pair.from.name) === 'microsoft-update');
      case 'distribution-point > distribution-point (pull)':
        return holders(from).flatMap((name) =>
          ((option(name, from, 'pullFrom') ?? []) as readonly string[]).map((source) => ({
            from: end(name, from),
            to: end(source, to),
          })),
        );
      case 'distribution-point > management-point':
        return holders(from).flatMap((name) => {
          const code = server(name)?.site;
          const own = at(code, to);
          const all = own.length === 0 && site(code)?.type === 'secondary' ? at(site(code)?.parent, to) : own;
          const forNet = all.filter((each) => forInternet(each, to));
          const pool =
            !forIntranet(name, from) && forNet.length > 0
              ? forNet
              : all.filter((each) => forIntranet(each, to));
          const near = pool.filter((each) => zoneOf(each) !== undefined && zoneOf(each) === zoneOf(name));
          return (near.length > 0 ? near : pool).map((each) => ({
            from: end(name, from),
            to: end(each, to),
          }));
        });
      case 'exchange-server-connector > exchange-online':
        return everywhere(to).filter(
          (pair) => (option(pair.from.name, from, 'to') ?? 'exchange-online') === 'exchange-online',
        );
      case 'exchange-server-connector > exchange-server':
        return holders(from).flatMap((name) => {
          const target = option(name, from, 'to') as string | undefined;
          return target === undefined || target === 'exchange-online'
            ? []
            : [{ from: end(name, from), to: end(target, to) }];
        });
      case `${GATEWAY} > cloud-management-gateway (scale-set)`:
      case `${GATEWAY} > cloud-management-gateway (classic)`:
        return holders(from)
          .filter((name) => !hasScaleSet || (option(name, from, 'gateway') ?? 'scale-set') === variant)
          .map((name): Answer => {
            const pair = { from: end(name, from), to: cloud('azure') };
            return option(name, from, 'gateway') === 'classic'
              ? { ...pair, choice: `ways to the gateway of ${name}`, twoWays: true }
              : pair;
          });
      case `${GATEWAY} > management-point`:
      case `${GATEWAY} > software-update-point`:
        return sameSite(from, to).filter((pair) => option(pair.to.name, to, 'cloudManagementGateway'));
      case 'network-device-enrollment-service > certificate-registration-point':
        return holders(from).flatMap((name) =>
          holders(to)
            .filter((each) => (server(name)?.site ?? server(each)?.site) === server(each)?.site)
            .map((each) => ({ from: end(name, from), to: end(each, to) })),
        );
    }
    if (to === 'sql-server') {
      return holders(from).flatMap((name) => {
        const code = server(name)?.site;
        const replica = from === 'management-point' && option(name, from, 'databaseReplica');
        const own = secondHand.has(from) && option(name, from, 'database');
        const targets =
          variant === 'listener'
            ? replica
              ? []
              : listeners(code)
            : replica
              ? [database(replica as RawDatabase)]
              : [...databases(code), ...(own ? [database(own as RawDatabase)] : [])];
        return targets.map((each) => ({ from: end(name, from), to: each }));
      });
    }
    if (CLOUD.has(to)) return everywhere(to);
    return sameSite(from, to);
  }

  function peers(place: Place): readonly Answer[] {
    const rows = (row: PortRow) => row.when === 'peer-cache';
    const own = boundaryGroups(place);
    const others =
      own.length === 0
        ? [place]
        : intranet.filter(
            (other) =>
              feature(other.group, 'windows-pe-peer-cache') &&
              boundaryGroups(other).some((group) => own.includes(group)),
          );
    return others.map((other) => ({
      from: client(place),
      to: client(other),
      place,
      other,
      rows,
      silent: true,
    }));
  }

  const overInternet = (row: PortRow, role: string) =>
    role === 'fallback-status-point' || row.scheme === 'https' || row.optional === true;

  // Which rows, and over which ports.
  function takes(row: PortRow, { role, name }: End): boolean {
    if (row.scheme === undefined || role === undefined) return true;
    if (role === SUP || role === 'wsus-server')
      return row.scheme === 'http' || option(name, role, 'ssl') === true;
    const protocol = option(name, role, 'protocol') ?? 'both';
    return protocol === 'both' || protocol === 'enhanced-http' || protocol === row.scheme;
  }

  const instanceOf = ({ name, instance }: End) =>
    instance === undefined
      ? undefined
      : ((option(name, 'sql-server', 'instances') as Record<string, Options>)[instance] ?? {});
  const machines = (name: string) => Number(option(name, GATEWAY, 'virtualMachines') ?? 1);

  function applies(row: PortRow, { from, to, place }: Answer): boolean {
    const code = server(from.name)?.site;
    switch (row.when) {
      case 'classic-gateway':
        return option(from.name, GATEWAY, 'gateway') === 'classic';
      case undefined:
      case 'gateway-content': // So are these: the pairs are made of it.
      case 'wsus-database':
      case 'wake-on-lan':
        return true;
      case 'browser':
        return to.instance !== undefined && to.instance !== 'MSSQLSERVER' && !instanceOf(to)?.port;
      case 'cloud-management-gateway':
        return (
          option(from.name, from.role ?? '', 'offline') !== true &&
          holders(GATEWAY).some((name) => top(server(name)?.site ?? '') === (code && top(code)))
        );
      case 'online':
        return option(from.name, from.role ?? '', 'offline') !== true;
      case 'connected-cache':
        return option(from.name, from.role ?? '', 'connectedCache') === true;
      case 'endpoint-port':
        return raw.availabilityGroups[to.group ?? '']?.endpointPort !== undefined;
      case 'no-smb-source':
        return raw.clients[from.name]?.source === undefined;
      case 'smb-source':
        return raw.clients[from.name]?.source !== undefined;
      case 'peer-cache':
        return true;
      case 'wake-up-proxy':
        return feature(from.name, 'wake-up-proxy');
      case 'remote-assistance':
        return feature(to.name, 'remote-assistance');
      case 'remote-control':
        return feature(to.name, 'remote-control') && option(from.name, 'console', 'remoteControl') !== false;
      case 'sms-provider-https':
        return option(to.name, 'sms-provider', 'https') !== false;
      case 'virtual-machines-one':
        return machines(from.name) === 1;
      case 'virtual-machines-many':
        return machines(from.name) > 1;
      case 'pxe-responder-ipv6': {
        const machine = server(to.name);
        const group = raw.clients[from.name];
        const near = machine?.addresses ?? raw.zones[zoneOf(to.name) ?? '']?.networks ?? [];
        const far = group?.networks ?? raw.zones[place?.zone ?? '']?.networks ?? [];
        const six = (list: readonly string[]) => list.some((each) => each.includes(':'));
        return option(to.name, 'distribution-point', 'pxe') === 'responder' && six(near) && six(far);
      }
      default:
        throw new Error(`No reading of ${row.when}.`);
    }
  }

  function portsOf(row: PortRow, documented: readonly string[], answer: Answer): readonly string[] {
    const { from, to } = answer;
    const own = site(server(to.name)?.site);
    const asking = own?.type === 'secondary' ? site(own.parent) : own;
    const text = (value: unknown, otherwise: unknown) => [String(value ?? otherwise)];
    const role = to.role === undefined ? undefined : server(to.name)?.roles[to.role];
    const group = raw.availabilityGroups[to.group ?? ''];
    const clients = raw.clients[to.name];
    switch (row.setting) {
      case 'clientPorts.http':
        return (asking?.clientPorts?.http ?? [80]).map(String);
      case 'clientPorts.https':
        return text(asking?.clientPorts?.https, 443);
      case 'clientPorts.notification':
        return text(asking?.clientPorts?.notification, 10123);
      case 'httpPort':
        return text(role?.httpPort, to.role === SUP || to.role === 'wsus-server' ? 8530 : 80);
      case 'httpsPort':
        return text(role?.httpsPort, to.role === SUP || to.role === 'wsus-server' ? 8531 : 443);
      case 'multicastPorts':
        return text(role?.multicastPorts, documented[0]);
      case 'instances.port': {
        const instance = instanceOf(to);
        if (instance === undefined) return ['1433'];
        if (instance.dynamicPorts === true) return ['dynamic'];
        return text(instance.port, to.instance === 'MSSQLSERVER' ? 1433 : 'dynamic');
      }
      case 'instances.serviceBrokerPort':
        return text(instanceOf(to)?.serviceBrokerPort, 4022);
      case 'listener.port':
        return text(group?.listener?.port, 1433);
      case 'endpointPort':
        return text(group?.endpointPort, '');
      case 'wakeOnLan.port':
      case 'wakeUpProxy.port': {
        const of = site(clients?.site);
        const assigned = of?.type === 'secondary' ? site(of.parent) : of;
        return row.setting === 'wakeOnLan.port'
          ? text((site(server(from.name)?.site) ?? assigned)?.wakeOnLan?.port, 9)
          : text(assigned?.wakeUpProxy?.port, 25536);
      }
    }
    if (documented.includes('dynamic')) {
      const system = clients?.os === 'windows-11' ? '49152-65535' : undefined;
      return clients
        ? text(clients.rpcDynamicPorts ?? system, 'dynamic')
        : text(server(to.name)?.rpcDynamicPorts ?? raw.defaults?.rpcDynamicPorts, 'dynamic');
    }
    if (row.perVirtualMachine) {
      const low = Number(documented[0]?.split('-')[0]);
      const count = machines(from.name);
      return [count === 1 ? String(low) : `${low}-${low + count - 1}`];
    }
    return documented;
  }

  function tell(answer: Answer, rest: string, kind: string): void {
    const { from, to, place, other } = answer;
    const name = (each: End) => (each.at === undefined ? each.name : `${each.name}@${each.at}`);
    const line = `${name(from)} > ${name(to)} ${rest}${kind}`;
    const before = found.get(line);
    if (before === 'all') return;
    const several = [place, other].filter((each) => each !== undefined && each.zones > 1);
    if (several.length === 0) found.set(line, 'all');
    else found.set(line, new Set([...(before ?? []), ...several.map((each) => each?.zone ?? '')]));
  }

  const kindOf = ({ choice, optional, twoWays }: Answer, row?: PortRow) => {
    const may = optional === true || row?.optional === true;
    return `${may ? ' optional' : ''}${choice !== undefined && (!may || twoWays) ? ` (${choice})` : ''}`;
  };

  function add(
    answer: Answer,
    rows: readonly PortRow[],
    connection: string,
    phase?: string,
    twoWay = false,
  ): void {
    const { from, to } = answer;
    if (from.name === to.name && raw.clients[from.name] === undefined) return;
    const waits = server(from.name)?.siteServerInitiates === true;
    const isSystem = from.role !== 'site-server' && from.role !== 'certification-authority';
    if (twoWay && waits && isSystem && to.role === 'site-server') return;
    for (const row of rows) {
      if (row.noFlow !== undefined || !takes(row, to) || !applies(row, answer)) continue;
      if (answer.rows && !answer.rows(row)) continue;
      for (const protocol of ['tcp', 'udp'] as const) {
        if (row[protocol].length === 0) continue;
        let ports = portsOf(row, row[protocol], answer);
        let target = to;
        const proxy = server(from.name)?.proxy ?? raw.clients[from.name]?.proxy;
        if (to.outside && row.proxy && proxy) {
          if (proxy.server === from.name) continue;
          ports = [String(proxy.port)];
          const known = raw.servers[proxy.server] !== undefined;
          target = {
            name: proxy.server,
            ...(known ? {} : { at: zoneWith(proxy.server) ?? '-' }),
          };
        }
        const sorted = [...new Set(ports)].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
        const rest = `${protocol} ${sorted.join(',')} ${connection} ${phase ?? row.phase}: ${row.service}`;
        tell({ ...answer, to: target }, rest, kindOf(answer, row));
      }
    }
  }

  for (const { id, from, to, variant, direction, ports, icmp } of [
    ...catalog.connections,
    ...catalog.supplements,
  ]) {
    for (const answer of answersOf(from, to, variant)) {
      const twoWay = direction === 'two-way';
      add(answer, ports, id, undefined, twoWay);
      if (icmp && !answer.silent) tell(answer, `icmp  ${id} operation: ICMP echo request`, kindOf(answer));
      if (!twoWay) continue;
      const back = ports.filter((row) => row.scheme === undefined);
      add({ ...answer, from: answer.to, to: answer.from }, back, id, undefined, true);
    }
  }

  // Installation of clients.
  for (const place of places) {
    const { installation, source } = raw.clients[place.group] ?? {};
    if (!installation?.length) continue;
    const party = (word: string | undefined, row: PortRow): readonly Used[] | 'client' => {
      if (word === 'client') return 'client';
      if (word === 'source-server' || (word === 'setup-share' && source !== undefined))
        return source !== undefined && !place.internet ? [{ server: source }] : [];
      if (word === 'site-server')
        return place.internet ? [] : at(place.primary, word).map((name) => ({ server: name }));
      const role = word === 'setup-share' ? 'management-point' : (word ?? '');
      if (place.internet && !overInternet(row, role)) return [];
      return used(place, role)
        .filter(({ optional }) => !optional)
        .map((each) => ({ ...each, choice: `${each.choice}, for installation` }));
    };
    for (const { methods, ports, icmp } of catalog.deployment) {
      for (const method of methods) {
        if (method !== 'all' && !installation.includes(method)) continue;
        if (method === 'client-push' && place.internet) continue;
        // Client push alone asks for it, and the site server pings.
        if (icmp)
          for (const name of at(place.primary, 'site-server'))
            tell(
              { from: { name }, to: client(place), place },
              `icmp  deployment.${method} installation: ICMP echo request`,
              '',
            );
        for (const row of ports) {
          const [left, right] = [party(row.from, row), party(row.to, row)];
          const roleOf = (word: string | undefined) => (word === 'setup-share' ? 'management-point' : word);
          const ends = (list: readonly Used[] | 'client', word: string | undefined) =>
            list === 'client'
              ? [{ end: client(place), choice: undefined }]
              : list.map(({ server: name, choice }) => ({ end: { name, role: roleOf(word) }, choice }));
          for (const a of ends(left, row.from))
            for (const b of ends(right, row.to))
              add(
                { from: a.end, to: b.end, choice: b.choice, place },
                [row],
                `deployment.${method}`,
                'installation',
              );
        }
      }
    }
  }
  for (const place of intranet) {
    const { source } = raw.clients[place.group] ?? {};
    if (source === undefined) continue;
    const rows = catalog.clientShares?.ports ?? [];
    add({ from: client(place), to: { name: source }, place }, rows, 'client-shares', 'installation');
  }
  for (const { roles, ports } of catalog.internetClients?.tables ?? []) {
    for (const role of roles) {
      for (const { from, to } of sameSite('site-server', role)) {
        if (!forInternet(to.name, role)) continue;
        add({ from, to }, ports, 'internet-clients', 'installation', true);
        const back = ports.filter(({ direction }) => direction === 'two-way');
        add({ from: to, to: from }, back, 'internet-clients', 'installation', true);
      }
    }
  }

  // Windows itself.
  const everyone = [
    ...servers.map((name) => ({ name, zone: zoneOf(name), machine: raw.servers[name], place: undefined })),
    ...intranet.map((place) => ({
      name: place.group,
      zone: place.zone,
      machine: raw.clients[place.group],
      place,
    })),
  ];
  for (const row of catalog.windowsServer?.ports ?? []) {
    for (const { name, zone, machine, place } of everyone) {
      const workgroup = place !== undefined && raw.clients[name]?.workgroup === true;
      const forest = workgroup ? (raw.defaults?.forest ?? '') : forestOf(machine);
      const code = place?.primary ?? server(name)?.site;
      const all = (role: string, own: boolean) => {
        const pool = holders(role).filter((each) => !own || forestOf(server(each)) === forest);
        const near = pool.filter((each) => zone !== undefined && zoneOf(each) === zone);
        return near.length > 0 ? near : pool;
      };
      const [targets, words]: readonly [readonly string[], string] =
        row.to === 'dns-server'
          ? [all(row.to, true), 'DNS servers']
          : row.to === 'dhcp-server' && place !== undefined
            ? [all(row.to, false), 'DHCP servers']
            : row.to === 'domain-controller' && !workgroup
              ? [asked(forest, zone, code, false), 'domain controllers for Kerberos']
              : [[], ''];
      for (const target of targets)
        add(
          { from: { name }, to: end(target, row.to ?? ''), choice: `${words} of ${name}`, place },
          [row],
          'windows-server',
          'windows',
        );
    }
  }
  return new Map(
    [...found].map(([line, zones]) => [line, zones === 'all' ? zones : [...zones].sort()] as const),
  );
}
