// Valid hierarchies, and every mistake that the rules know made in each of them that can have it. A mistake
// must be found, once, where a person would mend it, and nothing else may be said beside it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Analysis, analyse } from '../../server/src/analysis.ts';
import { insertKey, removePair } from '../../server/src/edits/map-edits.ts';
import { applyEdits, type TextEdit } from '../../server/src/edits/text-edit.ts';
import { removeRule } from '../../server/src/rules/firewalls/firewall-fixes.ts';
import { rules } from '../../server/src/rules/index.ts';
import type { MapNode, Node, Pair, Span } from '../../server/src/text/tree.ts';
import { entries, resolve } from '../../server/src/text/values.ts';
import {
  childrenOf,
  effectiveZone,
  instancePort,
  parentOf,
  serversOf,
  siteOf,
  topSite,
} from '../../server/src/topology/effective.ts';
import { inEdition, ROLES, roleInfo } from '../../server/src/topology/format.ts';
import type { Firewall, Role, Server, Site } from '../../server/src/topology/model.ts';
import { placementOf, TOP_SITE_ROLES } from '../../server/src/topology/placement.ts';
import { generateTopology } from '../bench/generate.ts';
import { showFindings } from '../support/rules.ts';
import { PLACES, type Places } from './places.ts';

const FOLDER = join(process.cwd(), 'test', 'hierarchies');
/** The example has two firewalls, and a software update point with SSL behind each. */
const EXAMPLE = 'hierarchy.topology.yaml';
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.topology.yaml'))
  .map((name) => ({ name, path: join(FOLDER, name) }))
  .concat({ name: EXAMPLE, path: join(process.cwd(), 'examples', EXAMPLE) })
  .map(({ name, path }) => ({ name, text: readFileSync(path, 'utf8') }));

type Path = readonly (string | number)[];

interface Mistake {
  readonly title: string;
  readonly code: string;
  readonly text: string;
}

/** A mistake with one finding, or one with several. */
type Mutation = Mistake &
  (
    | {
        /** Where the finding must be, no wider and no narrower: this key, or the value behind it or item of a list. */
        readonly at: Path;
        readonly part: 'key' | 'value';
      }
    | {
        /** A key or an item of a list for each of the findings. */
        readonly each: readonly Path[];
        /** The code of each, where they are not all the same. */
        readonly codes?: readonly string[];
      }
  );

// --- The tree --------------------------------------------------------------------------------

function pairAt(analysis: Analysis, path: Path): { readonly map: MapNode; readonly pair: Pair } {
  let node: Node | undefined = analysis.tree.root;
  let found: { map: MapNode; pair: Pair } | undefined;
  for (const step of path) {
    const here = node && resolve(node);
    if (typeof step === 'number') {
      node = here?.kind === 'seq' ? here.items[step] : undefined;
      continue;
    }
    assert.ok(here?.kind === 'map', `${path.join('.')}: no map before ${step}`);
    const entry = entries(here).find(({ name }) => name.toLowerCase() === step.toLowerCase());
    assert.ok(entry, `${path.join('.')}: no ${step}`);
    found = { map: here, pair: entry.pair };
    node = entry.value;
  }
  assert.ok(found);
  return found;
}

function nodeAt(analysis: Analysis, path: Path): Node {
  const last = path.at(-1);
  const { pair } = pairAt(analysis, typeof last === 'number' ? path.slice(0, -1) : path);
  const value = resolve(pair.value);
  assert.ok(value);
  if (typeof last !== 'number') return value;
  const item = value.kind === 'seq' ? value.items[last] : undefined;
  assert.ok(item, path.join('.'));
  return item;
}

const edited = (analysis: Analysis, ...edits: (TextEdit | undefined)[]): string =>
  applyEdits(
    analysis.text,
    edits.flatMap((edit) => edit ?? []),
  );
const replaced = (analysis: Analysis, span: Span, newText: string): string =>
  edited(analysis, { span, newText });

function without(analysis: Analysis, path: Path): string {
  const { map, pair } = pairAt(analysis, path);
  return edited(analysis, removePair(analysis.tree, map, pair));
}

/** Adds a key to a map, or to a key with nothing behind it. */
function withKey(analysis: Analysis, path: Path, key: string, value: string): string {
  const { pair } = pairAt(analysis, path);
  const node = resolve(pair.value);
  const edit = insertKey(analysis.tree, node?.kind === 'map' ? { map: node } : { holder: pair }, key, value);
  assert.ok(edit, `${path.join('.')}: no place for ${key}`);
  return edited(analysis, edit);
}

/** Adds a key to a map that is known. */
function withKeyIn(analysis: Analysis, map: MapNode, key: string, value: string): string {
  const edit = insertKey(analysis.tree, { map }, key, value);
  assert.ok(edit, `no place for ${key}`);
  return edited(analysis, edit);
}

/** Adds entries to a section, one line each. */
function withEntries(text: string, section: string, lines: readonly string[]): string {
  const start = text.search(new RegExp(`^${section}:.*\n`, 'm'));
  assert.ok(start >= 0, section);
  const at = text.indexOf('\n', start) + 1;
  return `${text.slice(0, at)}${lines.map((line) => `  ${line}\n`).join('')}${text.slice(at)}`;
}

const rolePath = (server: Server, role: string): Path => ['servers', server.name, 'roles', role];
const hasRole = (server: Server, role: string) => server.roles.some((one) => one.role === role);
const isOwnRoles = (server: Server) => {
  const pair = server.node?.pairs.find(({ key }) => key.kind === 'scalar' && key.text === 'roles');
  return pair?.value.kind === 'map' && pair.value.anchor === undefined;
};

function activeSiteServer(site: Site, { topology }: Analysis): Server {
  const server = serversOf(site, topology).find(({ roles }) =>
    roles.some(({ role, values }) => role === 'site-server' && !values.get('passive')),
  );
  assert.ok(server, `no site server of ${site.name}`);
  return server;
}

// --- The mistakes ----------------------------------------------------------------------------

/** The mistakes of a kind in a hierarchy, of which some places are written down. */
type Mutate = (analysis: Analysis, places: Places) => Iterable<Mutation>;

const sitesOf = ({ topology }: Analysis) => [...topology.sites.values()];
const serversIn = ({ topology }: Analysis) => [...topology.servers.values()];
const isOld = ({ topology }: Analysis) => topology.edition === '2007';

/** Changes a site's code wherever it is. */
function renamed(analysis: Analysis, site: Site, code: string): string {
  const uses = analysis.topology.references.filter(({ target }) => target === site);
  const spans = new Map([site.key.span, ...uses.map(({ span }) => span)].map((span) => [span.start, span]));
  return edited(analysis, ...[...spans.values()].map((span) => ({ span, newText: code })));
}

const siteCodes: Mutate = function* (analysis) {
  for (const site of sitesOf(analysis)) {
    for (const code of ['NUL', `${site.name}4`, 'A-1'])
      yield {
        title: `${site.name} is called ${code}`,
        code: 'site-code',
        text: renamed(analysis, site, code),
        at: ['sites', code],
        part: 'key',
      };
  }
};

const parents: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const site of sitesOf(analysis)) {
    const path = ['sites', site.name];
    const parent = parentOf(site, topology);
    if (parent && site.parent && !isOld(analysis)) {
      const to = (name: string) => replaced(analysis, site.parent?.span ?? site.span, name);
      const at = [...path, 'parent'];
      if (site.type?.value === 'primary')
        yield {
          title: `${site.name} has no parent`,
          code: 'site-parent',
          text: without(analysis, at),
          at: path,
          part: 'key',
        };
      const wrong = [site, ...sitesOf(analysis)].filter(
        (other) => other !== parent && other.type?.value !== parent.type?.value,
      );
      for (const other of wrong)
        yield {
          title: `the parent of ${site.name} is ${other.name}`,
          code: 'site-parent',
          text: to(other.name),
          at,
          part: 'value',
        };
    }
    if (parent && isOld(analysis))
      yield {
        title: `${site.name} is its own parent`,
        code: 'site-parent',
        text: replaced(analysis, site.parent?.span ?? site.span, site.name),
        at: [...path, 'parent'],
        part: 'value',
      };
    if (site.type?.value === 'central-administration')
      for (const child of childrenOf(site, topology))
        yield {
          title: `${site.name} has the parent ${child.name}`,
          code: 'site-parent',
          text: withKey(analysis, path, 'parent', child.name),
          at: [...path, 'parent'],
          part: 'value',
        };
  }
};

const types: Mutate = function* (analysis) {
  if (isOld(analysis)) return;
  for (const site of sitesOf(analysis)) {
    const { type } = site;
    for (const other of ['central-administration', 'primary', 'secondary']) {
      // A secondary site without a parent lacks a key that it must have.
      if (!type || other === type.value || (other === 'secondary' && !site.parent)) continue;
      const text = replaced(analysis, type.span, other);
      const [finding] = analyse(text).findings();
      const code = finding?.code === 'role-placement' ? 'role-placement' : 'site-parent';
      // One thing that does not fit is reported where it is, several at the type.
      const atParent =
        finding &&
        site.parent &&
        finding.span.start === analyse(text).topology.sites.get(site.name.toLowerCase())?.parent?.span.start;
      const below = childrenOf(site, analysis.topology);
      const only = below.length === 1 ? below[0] : undefined;
      yield {
        title: `${site.name} is ${other}`,
        code,
        text,
        at: atParent
          ? ['sites', site.name, 'parent']
          : only && finding && finding.span.start !== type.span.start
            ? ['sites', only.name, 'parent']
            : ['sites', site.name, 'type'],
        part: 'value',
      };
    }
  }
};

const secondPrimaries: Mutate = function* (analysis) {
  const { text, topology } = analysis;
  const zone = [...topology.zones.values()].find(({ internet }) => !internet);
  const added = withEntries(
    withEntries(text, 'sites', ['ZZ9: { type: primary, database: { server: zz9cm } }']),
    'servers',
    [`zz9cm: { site: ZZ9, zone: ${zone?.name}, roles: { site-server: , sms-provider: , sql-server: } }`],
  );
  const [first] = sitesOf(analysis);
  // Behind a firewall a further site needs rules of its own, which is a second mistake.
  if (isOld(analysis) || !first || topology.firewalls.size > 0) return;
  const alone = first.type?.value === 'primary';
  yield {
    title: 'a further primary site stands on its own',
    code: alone ? 'several-primaries' : 'site-parent',
    text: added,
    at: ['sites', alone ? first.name : 'ZZ9'],
    part: 'key',
  };
};

const siteServers: Mutate = function* (analysis) {
  for (const site of sitesOf(analysis)) {
    const server = activeSiteServer(site, analysis);
    if (!isOwnRoles(server)) continue;
    const zone = server.zone ? `, zone: ${server.zone.value}` : '';
    yield {
      title: `${server.name} is no site server`,
      code: 'site-server-missing',
      text: without(analysis, rolePath(server, 'site-server')),
      at: ['sites', site.name],
      part: 'key',
    };
    yield {
      title: `${site.name} has a second site server`,
      code: 'site-server-duplicate',
      text: withKey(
        analysis,
        ['servers'],
        'zz-second',
        `{ site: ${site.name}${zone}, roles: { site-server: } }`,
      ),
      at: ['servers', 'zz-second', 'roles', 'site-server'],
      part: 'key',
    };
  }
};

const databases: Mutate = function* (analysis) {
  for (const site of sitesOf(analysis)) {
    if (!site.database) continue;
    const path = ['sites', site.name, 'database'];
    if (site.type?.value === 'secondary' && isOld(analysis)) continue;
    yield {
      title: `${site.name} has no database`,
      code: 'site-database-missing',
      text: without(analysis, path),
      at: path.slice(0, -1),
      part: 'key',
    };
  }
};

const lostSites: Mutate = function* (analysis) {
  for (const server of serversIn(analysis)) {
    const belongs = ({ role }: Role) =>
      roleInfo(role)?.belongsToSite === true && role !== 'network-device-enrollment-service';
    if (!server.site || !server.roles.some(belongs)) continue;
    yield {
      title: `${server.name} has no site`,
      code: 'role-needs-site',
      text: without(analysis, ['servers', server.name, 'site']),
      at: ['servers', server.name],
      part: 'key',
    };
  }
};

const placement: Mutate = function* (analysis) {
  const { topology } = analysis;
  if (isOld(analysis)) return;
  for (const site of sitesOf(analysis)) {
    const type = site.type?.value;
    const server = activeSiteServer(site, analysis);
    if (!type || !isOwnRoles(server)) continue;
    for (const info of ROLES) {
      const { name } = info;
      const fits = placementOf(name, false)?.sites.includes(type) ?? true;
      if (fits || !inEdition(info, topology.edition) || hasRole(server, name)) continue;
      yield {
        title: `${name} at ${site.name}`,
        code: 'role-placement',
        text: withKey(analysis, ['servers', server.name, 'roles'], name, ''),
        at: rolePath(server, name),
        part: 'key',
      };
    }
    if (type === 'central-administration')
      for (const group of topology.clients.values())
        yield {
          title: `${group.name} are clients of ${site.name}`,
          code: 'role-placement',
          text: replaced(analysis, group.site?.span ?? group.span, site.name),
          at: ['clients', group.name, 'site'],
          part: 'value',
        };
    if (type === 'secondary')
      yield {
        title: `${site.name} has a passive site server`,
        code: 'role-placement',
        text: withEntries(analysis.text, 'servers', [
          `zz-passive: { site: ${site.name}, roles: { site-server: { passive: true } } }`,
        ]),
        at: ['servers', 'zz-passive', 'roles', 'site-server'],
        part: 'key',
      };
  }
};

const onePerHierarchy: Mutate = function* (analysis) {
  const { topology } = analysis;
  if (isOld(analysis)) return;
  for (const role of TOP_SITE_ROLES) {
    const info = roleInfo(role);
    if (!info || !inEdition(info, topology.edition)) continue;
    for (const site of sitesOf(analysis)) {
      const isTop = topSite(site, topology) === site;
      const there = serversOf(site, topology).some((server) => hasRole(server, role));
      if (isTop && !there) continue;
      const last = [...serversIn(analysis)]
        .filter((server) => siteOf(server, topology) === site && isOwnRoles(server))
        .at(-1);
      if (!last || hasRole(last, role)) continue;
      yield {
        title: `${role} on ${last.name} ${isTop ? 'as well' : `at ${site.name}`}`,
        code: 'role-once-per-hierarchy',
        text: withKey(analysis, ['servers', last.name, 'roles'], role, ''),
        at: rolePath(last, role),
        part: 'key',
      };
    }
  }
};

const otherEditions: Mutate = function* (analysis) {
  const { topology } = analysis;
  const site = sitesOf(analysis).find(({ type }) => type?.value === 'primary');
  const server = site && activeSiteServer(site, analysis);
  if (!server || !isOwnRoles(server)) return;
  for (const info of ROLES.filter((one) => !inEdition(one, topology.edition)))
    yield {
      title: `${info.name} in ${topology.edition}`,
      code: 'role-not-in-edition',
      text: withKey(analysis, ['servers', server.name, 'roles'], info.name, ''),
      at: rolePath(server, info.name),
      part: 'key',
    };
  if (isOld(analysis))
    for (const option of ['pxe', 'multicast']) {
      const point = serversIn(analysis).find((one) => hasRole(one, 'distribution-point'));
      if (point)
        yield {
          title: `${option} in 2007`,
          code: 'role-not-in-edition',
          text: withKey(analysis, rolePath(point, 'distribution-point'), option, 'true'),
          at: [...rolePath(point, 'distribution-point'), option],
          part: 'value',
        };
    }
};

/** So many servers, or so many sites with a server each, of which the limit is one less. */
const limits: Mutate = function* (analysis) {
  const { topology, text } = analysis;
  if (isOld(analysis)) return;
  const many = (count: number, line: (number: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index));
  for (const site of sitesOf(analysis)) {
    const type = site.type?.value;
    const at: Path = ['sites', site.name];
    const rest = { code: 'site-limits', at, part: 'key' } as const;
    const roles = serversOf(site, topology).flatMap((server) => server.roles);
    const points = roles.filter(({ role }) => role === 'distribution-point');
    const standard = points.filter(({ values }) => !values.has('pullFrom'));
    const managementPoints = roles.filter(({ role }) => role === 'management-point').length;
    const add = (count: number, role: string) =>
      withEntries(
        text,
        'servers',
        many(count, (number) => `zz-${number}: { site: ${site.name}, roles: { ${role} } }`),
      );
    if (type === 'primary')
      yield {
        ...rest,
        title: `${site.name}: 16 management points`,
        text: add(16 - managementPoints, 'management-point: '),
      };
    const [source] = standard;
    // Thousands of servers whose place no firewall knows say nothing that a few do not.
    if (topology.firewalls.size > 0) continue;
    if (type !== 'central-administration' && source) {
      yield {
        ...rest,
        title: `${site.name}: 251 distribution points`,
        text: add(251 - standard.length, 'distribution-point: '),
      };
      yield {
        ...rest,
        title: `${site.name}: 2,001 pull distribution points`,
        text: add(
          2001 - (points.length - standard.length),
          `distribution-point: { pullFrom: [${source.server.name}] }`,
        ),
      };
    }
    const below =
      type === 'central-administration' ? { count: 26, type: 'primary' } : { count: 251, type: 'secondary' };
    if (type === 'secondary') continue;
    const count = below.count - childrenOf(site, topology).length;
    const code = (number: number) => `Z${number.toString(36).padStart(2, '0')}`;
    const provider = below.type === 'primary' ? 'sms-provider: , ' : '';
    yield {
      ...rest,
      title: `${site.name}: ${below.count} ${below.type} sites`,
      text: withEntries(
        withEntries(
          text,
          'sites',
          many(
            count,
            (number) =>
              `${code(number)}: { type: ${below.type}, parent: ${site.name}, database: { server: zz-${number} } }`,
          ),
        ),
        'servers',
        many(
          count,
          (number) =>
            `zz-${number}: { site: ${code(number)}, roles: { site-server: , ${provider}sql-server: } }`,
        ),
      ),
    };
  }
};

const updatePoints: Mutate = function* (analysis) {
  const { topology } = analysis;
  if (isOld(analysis)) return;
  const points = (site: Site) =>
    serversOf(site, topology).filter((server) => hasRole(server, 'software-update-point'));
  for (const site of sitesOf(analysis)) {
    const below = childrenOf(site, topology).filter((child) => points(child).length > 0);
    const [only, ...others] = points(site);
    if (below.length === 0 || !only || others.length > 0) continue;
    yield {
      title: `${site.name} has no software update point`,
      code: 'software-update-point-missing',
      text: without(analysis, rolePath(only, 'software-update-point')),
      at: ['sites', site.name],
      part: 'key',
    };
  }
};

const pullSources: Mutate = function* (analysis) {
  for (const server of serversIn(analysis)) {
    const role = server.roles.find(
      ({ role, values }) => role === 'distribution-point' && values.has('pullFrom'),
    );
    if (!role) continue;
    const path = [...rolePath(server, 'distribution-point'), 'pullFrom'];
    const other = serversIn(analysis).find((one) => !hasRole(one, 'distribution-point'));
    const list = nodeAt(analysis, path);
    const item = nodeAt(analysis, [...path, 0]);
    const rest = { code: 'pull-source', part: 'value' } as const;
    for (const name of [other?.name ?? '', server.name])
      yield {
        ...rest,
        title: `${server.name} pulls from ${name}`,
        text: replaced(analysis, item.span, name),
        at: [...path, 0],
      };
    yield {
      ...rest,
      title: `${server.name} pulls from nothing`,
      text: replaced(analysis, list.span, '[]'),
      at: path,
    };
  }
};

const policyModules: Mutate = function* (analysis) {
  for (const server of serversIn(analysis)) {
    const [here, there] = hasRole(server, 'network-device-enrollment-service')
      ? ['certificate-registration-point', 'certificate-registration-point']
      : hasRole(server, 'certificate-registration-point')
        ? ['network-device-enrollment-service', 'certificate-registration-point']
        : [];
    if (!here || !there) continue;
    yield {
      title: `${here} on ${server.name}`,
      code: 'policy-module-placement',
      text: withKey(analysis, ['servers', server.name, 'roles'], here, ''),
      at: rolePath(server, there),
      part: 'key',
    };
  }
};

const sql: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const server of serversIn(analysis)) {
    for (const instance of server.instances) {
      const path = [...rolePath(server, 'sql-server'), 'instances', instance.name];
      const named = instance.name !== 'MSSQLSERVER';
      if (instance.port && named) {
        yield {
          title: `${instance.name} on ${server.name} has no port`,
          code: 'sql-static-port',
          text: without(analysis, [...path, 'port']),
          at: path,
          part: 'key',
        };
        const other = server.instances.find((one) => one !== instance && one.port);
        const later = other && server.instances.indexOf(other) > server.instances.indexOf(instance);
        if (other?.port)
          yield {
            title: `${instance.name} on ${server.name} has the port of ${other.name}`,
            code: 'sql-port-conflict',
            text: replaced(analysis, instance.port.span, String(other.port.value)),
            at: [...rolePath(server, 'sql-server'), 'instances', later ? other.name : instance.name, 'port'],
            part: 'value',
          };
      }
      const owner = sitesOf(analysis).find(
        ({ database, type }) =>
          type?.value !== 'secondary' &&
          database?.server?.value === server.name &&
          (database.instance?.value ?? 'MSSQLSERVER') === instance.name,
      );
      if (owner && instance.edition)
        yield {
          title: `${instance.name} on ${server.name} is SQL Server Express`,
          code: 'sql-edition',
          text: replaced(analysis, instance.edition.span, 'express'),
          at: [...path, 'edition'],
          part: 'value',
        };
    }
  }
  for (const site of sitesOf(analysis)) {
    const { database } = site;
    const other = sitesOf(analysis).find(
      (one) =>
        one !== site &&
        one.type?.value !== 'secondary' &&
        one.database?.server?.value === database?.server?.value &&
        one.database?.instance,
    );
    if (database?.instance && other?.database?.instance && site.type?.value !== 'secondary')
      yield {
        title: `the databases of ${site.name} and ${other.name} are in one instance`,
        code: 'sql-shared-instance',
        text: replaced(analysis, database.instance.span, other.database.instance.value),
        at: [
          'sites',
          sitesOf(analysis).indexOf(site) > sitesOf(analysis).indexOf(other) ? site.name : other.name,
          'database',
          'instance',
        ],
        part: 'value',
      };
  }
  for (const group of topology.availabilityGroups.values()) {
    if (group.loadBalancerPorts.length === 0) continue;
    const path = ['availabilityGroups', group.name, 'loadBalancerPorts'];
    for (const { span, value } of group.loadBalancerPorts)
      yield {
        title: `the load balancer of ${group.name} has no ${value.low}`,
        code: 'sql-load-balancer',
        text: replaced(analysis, span, '5000'),
        at: path,
        part: 'value',
      };
  }
};

const wsus: Mutate = function* (analysis) {
  for (const server of serversIn(analysis)) {
    for (const { role, values } of server.roles) {
      const https = values.get('httpsPort');
      if ((role !== 'software-update-point' && role !== 'wsus-server') || !https) continue;
      yield {
        title: `the HTTPS port of ${role} on ${server.name} is one too high`,
        code: 'wsus-port-pair',
        text: replaced(analysis, https.span, String(Number(https.value) + 1)),
        at: [...rolePath(server, role), 'httpsPort'],
        part: 'value',
      };
    }
  }
  for (const site of sitesOf(analysis)) {
    const parent = parentOf(site, analysis.topology);
    for (const server of parent ? serversOf(site, analysis.topology) : []) {
      const ssl = server.roles.find(({ role }) => role === 'software-update-point')?.values.get('ssl');
      if (ssl?.value !== true) continue;
      const point = server.roles.find(({ role }) => role === 'software-update-point');
      const isFacing = point?.values.has('clients') ?? false;
      yield {
        title: `the software update point on ${server.name} does not use SSL`,
        code: isFacing ? 'internet-facing-https' : 'wsus-ssl-child',
        text: replaced(analysis, ssl.span, 'false'),
        at: [...rolePath(server, 'software-update-point'), isFacing ? 'clients' : 'ssl'],
        part: 'value',
      };
    }
  }
};

const ports: Mutate = function* (analysis, { calledOverRpc }) {
  const { topology } = analysis;
  const range = topology.defaults.rpcDynamicPorts;
  const path = ['defaults', 'rpcDynamicPorts'];
  if (range) {
    yield {
      title: 'the dynamic RPC ports are not given',
      code: 'rpc-range-unset',
      text: without(analysis, path),
      each: calledOverRpc.slice(0, 1).map((server) => ['servers', server]),
    };
  }
  for (const server of serversIn(analysis)) {
    if (server.rpcDynamicPorts || isOld(analysis)) continue;
    yield {
      title: `${server.name} has the dynamic RPC ports of older systems`,
      code: 'rpc-range-os',
      text: withKey(analysis, ['servers', server.name], 'rpcDynamicPorts', '1024-5000'),
      at: ['servers', server.name, 'rpcDynamicPorts'],
      part: 'value',
    };
    // A firewall that lets the whole range through to it would let too much through.
    if (topology.firewalls.size > 0) continue;
    yield {
      title: `${server.name} has 51 dynamic RPC ports`,
      code: 'rpc-range-small',
      text: withKey(analysis, ['servers', server.name], 'rpcDynamicPorts', '50000-50050'),
      at: ['servers', server.name, 'rpcDynamicPorts'],
      part: 'value',
    };
  }
};

/** The custom website at some of the sites that have to agree about it. */
function* customWebsites(site: Site, analysis: Analysis): Iterable<Mutation> {
  if (site.type?.value !== 'primary') return;
  const secondaries = childrenOf(site, analysis.topology);
  const [first, ...others] = secondaries;
  const last = others.at(-1);
  const at = (sites: readonly Site[]) =>
    edited(
      analysis,
      ...sites.map(({ node }) => node && insertKey(analysis.tree, { map: node }, 'website', 'SMSWEB')),
    );
  if (!first) return;
  // One that differs has to follow; where all differ, the primary site is the odd one.
  const odd = last ? site : first;
  const rest = { code: 'custom-website' } as const;
  yield {
    ...rest,
    title: `${site.name} has the custom website and its secondary sites have not`,
    text: at([site]),
    ...(odd === site
      ? { at: ['sites', site.name, 'website'], part: 'value' }
      : { at: ['sites', odd.name], part: 'key' }),
  };
  yield {
    ...rest,
    title: `the secondary sites of ${site.name} have the custom website and it has not`,
    text: at(secondaries),
    ...(odd === site
      ? { at: ['sites', site.name], part: 'key' }
      : { at: ['sites', odd.name, 'website'], part: 'value' }),
  };
  if (!last) return;
  yield {
    ...rest,
    title: `${last.name} alone has the custom website`,
    text: at([last]),
    at: ['sites', last.name, 'website'],
    part: 'value',
  };
  yield {
    ...rest,
    title: `${last.name} alone lacks the custom website`,
    text: at([site, ...secondaries.filter((one) => one !== last)]),
    at: ['sites', last.name],
    part: 'key',
  };
}

const clientGroups: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const group of topology.clients.values()) {
    const path = ['clients', group.name];
    if (group.ccmsetup?.http)
      yield {
        title: `${group.name} are installed with another HTTP port`,
        code: 'ccmsetup-port',
        text: replaced(analysis, group.ccmsetup.http.span, '8081'),
        at: [...path, 'ccmsetup', 'CCMHTTPPORT'],
        part: 'value',
      };
    const [exception] = group.windowsFirewall?.inbound ?? [];
    if (exception)
      yield {
        title: `Windows Firewall of ${group.name} does not let ${exception.value} in`,
        code: 'client-firewall-exception',
        text: replaced(analysis, { start: exception.span.start, end: exception.span.end + 2 }, ''),
        at: [...path, 'windowsFirewall', 'inbound'],
        part: 'key',
      };
  }
  for (const site of sitesOf(analysis)) {
    if (isOld(analysis)) continue;
    yield* customWebsites(site, analysis);
    if (site.type?.value === 'secondary')
      yield {
        title: `${site.name} has client ports of its own`,
        code: 'secondary-client-ports',
        text: withKey(analysis, ['sites', site.name], 'clientPorts', '{ http: 80 }'),
        at: ['sites', site.name, 'clientPorts'],
        part: 'key',
      };
    else if (site.type?.value === 'primary' && !site.clientPorts)
      yield {
        title: `HTTP and HTTPS of ${site.name} are one port`,
        code: 'client-port-duplicate',
        text: withKey(analysis, ['sites', site.name], 'clientPorts', '{ http: [80, 443], https: 443 }'),
        at: ['sites', site.name, 'clientPorts', 'https'],
        part: 'value',
      };
  }
  for (const server of serversIn(analysis)) {
    if (server.siteServerInitiates?.value)
      yield {
        title: `${server.name} opens connections to its site server`,
        code: 'site-server-initiates',
        text: without(analysis, ['servers', server.name, 'siteServerInitiates']),
        at: ['servers', server.name],
        part: 'key',
      };
    const multicast = server.roles
      .find(({ values }) => values.has('multicastPorts'))
      ?.values.get('multicastPorts');
    if (multicast)
      yield {
        title: `${server.name} sends multicast on other ports`,
        code: 'multicast-range',
        text: replaced(analysis, multicast.span, '63000-65000'),
        at: [...rolePath(server, 'distribution-point'), 'multicastPorts'],
        part: 'value',
      };
  }
};

const sqlServers: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const server of serversIn(analysis)) {
    if (server.instances.some(({ implicit }) => !implicit) && /^2017/.test(topology.edition ?? ''))
      yield {
        title: `SQL Server Browser runs on ${server.name}`,
        code: 'sql-browser',
        text: withKey(analysis, rolePath(server, 'sql-server'), 'browser', 'true'),
        at: [...rolePath(server, 'sql-server'), 'browser'],
        part: 'value',
      };
  }
  for (const group of topology.availabilityGroups.values()) {
    const last = group.replicas.at(-1)?.server?.value;
    const instance = topology.servers.get(last ?? '')?.instances[0];
    if (last && instance?.port)
      yield {
        title: `the replica of ${group.name} on ${last} listens on another port`,
        code: 'sql-availability-group-ports',
        text: replaced(analysis, instance.port.span, '14999'),
        at: ['servers', last, 'roles', 'sql-server', 'instances', instance.name, 'port'],
        part: 'value',
      };
  }
  for (const site of sitesOf(analysis)) {
    const { database, type } = site;
    if (type?.value !== 'secondary' || !database?.server || !database.instance) continue;
    const elsewhere = replaced(analysis, database.server.span, 'zz-sql');
    const instances = `{ ${database.instance.value}: { port: 14330 } }`;
    yield {
      title: `the database of ${site.name} is on another server`,
      code: 'sql-secondary-local',
      text: withEntries(elsewhere, 'servers', [
        `zz-sql: { roles: { sql-server: { instances: ${instances} } } }`,
      ]),
      at: ['sites', site.name, 'database', 'server'],
      part: 'value',
    };
  }
};

const addresses: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const server of serversIn(analysis)) {
    const [address] = server.addresses;
    if (!address) continue;
    yield {
      title: `the address of ${server.name} is in none of its zone's networks`,
      code: 'address-outside-zone',
      text: replaced(analysis, address.span, '203.0.113.77'),
      at: ['servers', server.name, 'addresses', 0],
      part: 'value',
    };
  }
  const [first, second] = [...topology.zones.values()].filter(({ networks }) => networks.length > 0);
  const network = first?.networks[0];
  const last = second?.networks.at(-1);
  if (network && last)
    yield {
      title: `${second?.name} has a network of ${first?.name}`,
      code: 'zone-overlap',
      text: replaced(analysis, last.span, `${last.value}, ${network.value}`),
      at: ['zones', second?.name ?? '', 'networks', second?.networks.length ?? 0],
      part: 'value',
    };
};

const standsBetween = ({ zones }: Firewall, ...two: readonly (string | undefined)[]) =>
  two.every((zone) => zones.some(({ value }) => value === zone));

const firewalls: Mutate = function* (analysis, { withoutRule }) {
  const { topology, tree, text } = analysis;
  for (const firewall of topology.firewalls.values()) {
    const list: Path = ['firewalls', firewall.name, 'rules'];
    const written = (span: Span) => text.slice(span.start, span.end);
    const appended = (rule: string) => {
      const last = firewall.rules.at(-1);
      const end = last?.span.end ?? 0;
      return `${text.slice(0, end)}\n      - ${rule}${text.slice(end)}`;
    };
    const end: Path = [...list, firewall.rules.length];
    for (const [index, rule] of firewall.rules.entries()) {
      const what = rule.name?.value ?? '';
      const missed = withoutRule?.[what];
      assert.ok(missed, `nobody has written down what happens without the rule '${what}'`);
      yield {
        title: `${firewall.name} does not have the rule '${what}'`,
        code: missed[0]?.[0] ?? '',
        codes: missed.map(([code]) => code),
        text: edited(analysis, ...removeRule(tree, firewall, rule)),
        each: missed.map(([, place]) =>
          place.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
        ),
      };
      const range = Array.isArray(rule.tcp) ? rule.tcp.find(({ value }) => value.low === 50000) : undefined;
      if (range)
        yield {
          title: `${firewall.name} lets the endpoint mapper through in '${what}' and not the dynamic ports`,
          code: 'firewall-rpc-incomplete',
          text: replaced(analysis, { start: range.span.start - 2, end: range.span.end }, ''),
          at: [...list, index],
          part: 'value',
        };
      yield {
        title: `${firewall.name} has the rule '${what}' twice`,
        code: 'firewall-shadowed-rule',
        text: appended(written(rule.span)),
        at: end,
        part: 'value',
      };
    }
    const [from, to] = firewall.between[0] ?? firewall.zones;
    // A machine without a zone may be behind any firewall, so that any rule may be for it.
    if ([...topology.clients.values()].every(({ zones }) => zones.length > 0))
      yield {
        title: `${firewall.name} has a rule for nobody`,
        code: 'firewall-unused-rule',
        text: appended(`{ action: allow, from: ${from?.value}, to: ${to?.value}, tcp: 9 }`),
        at: end,
        part: 'value',
      };
    const server = serversIn(analysis).find((one) => one.instances.length > 0);
    const [port] = server?.instances.flatMap((one) => instancePort(one) ?? []) ?? [];
    if (server && standsBetween(firewall, 'internet', effectiveZone(server, topology)?.id))
      yield {
        title: `${firewall.name} lets SQL Server be called from the internet`,
        code: 'firewall-internet-exposure',
        text: appended(`{ action: allow, from: internet, to: ${server.name}, tcp: ${port} }`),
        at: end,
        part: 'value',
      };
  }
};

/** Rules that are wider than needed, or past their day. */
const staleRules: Mutate = function* (analysis) {
  for (const firewall of analysis.topology.firewalls.values()) {
    for (const [index, rule] of firewall.rules.entries()) {
      const at: Path = ['firewalls', firewall.name, 'rules', index];
      const what = rule.name?.value ?? '';
      const ports = Array.isArray(rule.tcp) ? rule.tcp : [];
      // A machine without a zone may be behind any firewall, so that any port may be for it.
      const isClear =
        rule.configmgr?.value !== false &&
        [...analysis.topology.clients.values()].every(({ zones }) => zones.length > 0);
      const last = ports.at(-1);
      if (last && isClear)
        yield {
          title: `${firewall.name} opens port 9 in '${what}'`,
          code: 'firewall-broad-rule',
          text: replaced(
            analysis,
            last.span,
            ports.length > 1
              ? `${last.value.low}-${last.value.high}, 9`
              : `[${last.value.low}-${last.value.high}, 9]`,
          ),
          at,
          part: 'value',
        };
      const [source] = rule.from;
      if (
        source &&
        isClear &&
        rule.from.length === 1 &&
        // Of clients a rule may have the zone.
        analysis.topology.servers.has(source.value) &&
        rule.to[0]?.value === 'internet' &&
        // What a rule below lets out would never come to it.
        !firewall.rules.slice(index + 1).some(({ to }) => to[0]?.value === 'internet')
      )
        yield {
          title: `${firewall.name} lets everybody out in '${what}'`,
          code: 'firewall-broad-rule',
          text: replaced(analysis, source.span, 'any'),
          at,
          part: 'value',
        };
      yield {
        title: `'${what}' of ${firewall.name} has run out`,
        code: 'firewall-expired-rule',
        text: withKeyIn(analysis, rule.node, 'expires', YESTERDAY),
        at: [...at, 'expires'],
        part: 'value',
      };
    }
  }
};

/** A dynamic range over a port that the machine listens on. */
const overlaps: Mutate = function* (analysis) {
  // Behind a firewall another range needs another rule.
  if (isOld(analysis) || analysis.topology.firewalls.size > 0) return;
  for (const server of serversIn(analysis)) {
    const port = server.instances
      .flatMap((instance) => instancePort(instance) ?? [])
      .find((one) => one > 5100);
    if (port === undefined || server.rpcDynamicPorts) continue;
    yield {
      title: `the dynamic RPC ports of ${server.name} hold its port ${port}`,
      code: 'rpc-range-overlap',
      text: withKey(analysis, ['servers', server.name], 'rpcDynamicPorts', `${port - 50}-${port + 100}`),
      at: ['servers', server.name, 'rpcDynamicPorts'],
      part: 'value',
    };
  }
};

/** Ports and protocols of clients that somebody has to tell them. */
const toldClients: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const server of serversIn(analysis))
    if (hasRole(server, 'fallback-status-point') && !isOld(analysis))
      yield {
        title: `the fallback status point on ${server.name} has HTTPS`,
        code: 'fallback-status-http',
        text: withKey(analysis, rolePath(server, 'fallback-status-point'), 'protocol', 'https'),
        at: [...rolePath(server, 'fallback-status-point'), 'protocol'],
        part: 'key',
      };
  for (const group of topology.clients.values()) {
    const site = siteOf(group, topology);
    const others = [...topology.clients.values()].filter((one) => siteOf(one, topology) === site);
    if (!group.workgroup?.value || !site || site.clientPorts || others.some(({ ccmsetup }) => ccmsetup))
      continue;
    // Behind a firewall another port needs another rule.
    if (topology.firewalls.size > 0) continue;
    yield {
      title: `${site.name} has another HTTP port, of which nobody tells ${group.name}`,
      code: 'client-ports-unmanaged',
      text: withKey(analysis, ['sites', site.name], 'clientPorts', '{ http: 8088 }'),
      at: ['clients', group.name],
      part: 'key',
    };
  }
};

/** What a firewall on the way stops. */
const stoppedOnTheWay: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const group of topology.clients.values()) {
    const [method] = group.installation;
    const server = group.site && topology.sites.get(group.site.value.toLowerCase());
    const zone = server && effectiveZone(activeSiteServer(server, analysis), topology)?.name;
    if (
      !method ||
      group.zones.length === 0 ||
      group.internetOnly ||
      method.value === 'client-push' ||
      ![...topology.firewalls.values()].some((one) => standsBetween(one, zone, group.zones[0]?.value)) ||
      zone === group.zones[0]?.value
    )
      continue;
    const pushed = replaced(analysis, method.span, `client-push, ${method.value}`);
    // Which ports clients use for RPC is asked only where they are called over it.
    const isKnown = group.os !== undefined || group.rpcDynamicPorts !== undefined;
    yield {
      title: `${group.name} are installed by client push through a firewall`,
      code: 'client-push-blocked',
      text: isKnown ? pushed : withKey(analyse(pushed), ['clients', group.name], 'os', 'windows-11'),
      at: ['clients', group.name, 'installation', 0],
      part: 'value',
    };
  }
  for (const firewall of topology.firewalls.values())
    for (const [index, rule] of firewall.rules.entries()) {
      const ports = Array.isArray(rule.tcp) ? rule.tcp : [];
      const http = ports.find(({ value }) => value.low === 8530);
      const to = rule.to[0]?.value.toLowerCase() ?? '';
      const point = topology.servers.get(to)?.roles.find(({ role }) => role === 'software-update-point');
      if (!http || point?.values.get('ssl')?.value !== true) continue;
      yield {
        title: `'${rule.name?.value}' of ${firewall.name} lets HTTPS through and not HTTP`,
        code: 'wsus-http-blocked',
        text: replaced(analysis, { start: http.span.start, end: http.span.end + 2 }, ''),
        at: ['firewalls', firewall.name, 'rules', index],
        part: 'value',
      };
    }
};

/** The HTTPS port of clients on the internet, moved in the firewalls too, so that it works from everywhere but there. */
const internetPorts: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const site of sitesOf(analysis)) {
    const groups = [...topology.clients.values()].filter((group) => siteOf(group, topology) === site);
    // A gateway in the cloud has 443, whatever port the site has.
    const hasGateway = serversOf(site, topology).some((server) =>
      hasRole(server, 'cloud-management-gateway-connection-point'),
    );
    if (hasGateway || site.clientPorts || !groups.some(({ internetOnly }) => internetOnly?.value)) continue;
    const names = groups.map(({ name }) => name);
    const ports = [...topology.firewalls.values()]
      .flatMap(({ rules }) => rules)
      .filter(({ from }) => from.every(({ value }) => names.includes(value)))
      .flatMap(({ tcp }) => (Array.isArray(tcp) ? tcp.filter(({ value }) => value.low === 443) : []));
    const moved = analyse(
      edited(analysis, ...ports.map(({ span }): TextEdit => ({ span, newText: '8443' }))),
    );
    yield {
      title: `${site.name} has the HTTPS port 8443`,
      code: 'internet-https-port',
      text: withKey(moved, ['sites', site.name], 'clientPorts', '{ http: 80, https: 8443 }'),
      at: ['sites', site.name, 'clientPorts', 'https'],
      part: 'value',
    };
  }
};

/** A firewall that lets PXE requests through, and not all that goes on between the two. */
const answers: Mutate = function* (analysis) {
  for (const firewall of analysis.topology.firewalls.values())
    for (const [index, rule] of firewall.rules.entries()) {
      const udp = Array.isArray(rule.udp) ? rule.udp : [];
      const range = udp.find(({ value }) => value.low === 49152);
      if (!range || !udp.some(({ value }) => value.low <= 69 && value.high >= 69)) continue;
      // Or they are let through as the server's own.
      if (firewall.rules.some((one) => one.udp === 'any')) continue;
      const rest = {
        code: 'tftp-reply-ports',
        at: ['firewalls', firewall.name, 'rules', index],
        part: 'value',
      } as const;
      const what = `'${rule.name?.value}' of ${firewall.name}`;
      yield {
        ...rest,
        title: `${what} lets nothing through that Windows PE sends on`,
        text: replaced(analysis, { start: range.span.start - 2, end: range.span.end }, ''),
      };
      yield {
        ...rest,
        title: `${what} lets some of it through`,
        text: replaced(analysis, range.span, '49152-50000'),
      };
    }
};

/** A passive site server at a site that is not prepared for one. */
const passiveSiteServers: Mutate = function* (analysis) {
  const { topology } = analysis;
  const code = 'site-server-passive';
  for (const site of sitesOf(analysis)) {
    const passive = serversOf(site, topology).find(({ roles }) =>
      roles.some(({ role, values }) => role === 'site-server' && values.get('passive')?.value === true),
    );
    if (!passive || !site.contentLibrary) continue;
    const zone = effectiveZone(passive, topology);
    const at: Path = [...rolePath(passive, 'site-server'), 'passive'];
    yield {
      title: `${site.name} has a passive site server and no remote content library`,
      code,
      text: without(analysis, ['sites', site.name, 'contentLibrary']),
      at,
      part: 'value',
    };
    yield {
      title: `${site.name} has a second passive site server`,
      code,
      text: withKey(
        analysis,
        ['servers'],
        'zz-passive',
        `{ site: ${site.name}, zone: ${zone?.name}, roles: { site-server: { passive: true } } }`,
      ),
      at: ['servers', 'zz-passive', 'roles', 'site-server', 'passive'],
      part: 'value',
    };
    for (const server of [passive, activeSiteServer(site, analysis)])
      yield {
        title: `${server.name} is a site server of a site with a passive one, and a distribution point`,
        code,
        text: withKey(
          analysis,
          ['servers', server.name, 'roles'],
          'distribution-point',
          '{ protocol: https }',
        ),
        at: rolePath(server, 'distribution-point'),
        part: 'key',
      };
  }
};

/** Roles that a secondary site can only have on its site server, and a site server that pulls. */
const secondaryRoles: Mutate = function* (analysis) {
  const { topology } = analysis;
  if (isOld(analysis)) return;
  const rest = { code: 'secondary-site-roles' } as const;
  for (const site of sitesOf(analysis)) {
    const server = activeSiteServer(site, analysis);
    const zone = effectiveZone(server, topology);
    const where = zone ? `, zone: ${zone.name}` : '';
    if (site.type?.value === 'secondary' && hasRole(server, 'management-point'))
      yield {
        ...rest,
        title: `${site.name} has a second management point`,
        text: withKey(
          analysis,
          ['servers'],
          'zz-point',
          `{ site: ${site.name}${where}, roles: { management-point: { protocol: https } } }`,
        ),
        at: ['servers', 'zz-point', 'roles', 'management-point'],
        part: 'key',
      };
    const source = serversIn(analysis).find(
      (one) => one !== server && siteOf(one, topology) === site && hasRole(one, 'distribution-point'),
    );
    const point = server.roles.find(({ role }) => role === 'distribution-point');
    if (source && point && !source.roles.some(({ values }) => values.has('pullFrom')) && isOwnRoles(server))
      yield {
        ...rest,
        title: `the site server ${server.name} pulls its content from ${source.name}`,
        text: withKey(analysis, rolePath(server, 'distribution-point'), 'pullFrom', `[${source.name}]`),
        at: [...rolePath(server, 'distribution-point'), 'pullFrom'],
        part: 'value',
      };
  }
};

/** What a policy rules out, and a rule lets through or a role needs. */
const policies: Mutate = function* (analysis) {
  const { topology, text } = analysis;
  const withPolicy = (before: string, policy: string) => `${before}policies:\n  - { ${policy} }\n`;
  for (const firewall of topology.firewalls.values()) {
    const last = firewall.rules.at(-1);
    const [from, to] = (firewall.between[0] ?? firewall.zones).map(({ value }) => value);
    if (!last || !from || !to || topology.policies.length > 0) continue;
    const rule = `{ action: allow, from: ${from}, to: ${to}, tcp: 9, configmgr: false }`;
    const { end } = last.span;
    yield {
      title: `${firewall.name} lets port 9 through, which a policy rules out`,
      code: 'policy-violation',
      text: withPolicy(
        `${text.slice(0, end)}\n      - ${rule}${text.slice(end)}`,
        `from: ${from}, to: ${to}, tcp: 9`,
      ),
      at: ['firewalls', firewall.name, 'rules', firewall.rules.length],
      part: 'value',
    };
  }
  const needed = analysis
    .flows()
    .find(
      ({ from, to, fromRole, protocol, ports, optional, anyOf }) =>
        fromRole &&
        from.server &&
        to.server &&
        protocol === 'tcp' &&
        /^\d+$/.test(ports[0] ?? '') &&
        !optional &&
        anyOf === undefined &&
        (analysis.reach().between(from, to) ?? []).length === 0,
    );
  if (needed?.fromRole && topology.policies.length === 0)
    yield {
      title: `a policy rules out what ${needed.fromRole.role} on ${needed.from.name} needs`,
      code: 'policy-conflict',
      text: withPolicy(text, `from: ${needed.from.name}, to: ${needed.to.name}, tcp: ${needed.ports[0]}`),
      at: ['servers', needed.from.name, 'roles', needed.fromRole.role],
      part: 'key',
    };
};

/** Client notification, or SQL Server, on a port that another service of the server has. */
const listeners: Mutate = function* (analysis) {
  const { topology } = analysis;
  // Behind a firewall another port needs another rule.
  if (isOld(analysis) || topology.firewalls.size > 0) return;
  for (const site of sitesOf(analysis)) {
    if (site.type?.value !== 'primary' || site.clientPorts) continue;
    const point = serversOf(site, topology).find((server) => hasRole(server, 'management-point'));
    if (!point) continue;
    yield {
      title: `client notification of ${site.name} has the HTTPS port`,
      code: 'listener-conflict',
      text: withKey(analysis, ['sites', site.name], 'clientPorts', '{ notification: 443 }'),
      at: ['sites', site.name, 'clientPorts', 'notification'],
      part: 'value',
    };
  }
};

/** Two software update points of one site that go out. */
const upstreams: Mutate = function* (analysis) {
  const { topology } = analysis;
  const role = 'software-update-point';
  for (const site of sitesOf(analysis)) {
    const points = serversOf(site, topology).filter((server) => hasRole(server, role));
    const upstream = (server: Server) =>
      server.roles.find((one) => one.role === role)?.values.get('upstream');
    const first = points.find((server) => upstream(server)?.value === 'microsoft-update');
    const second = points.find((server) => server !== first && upstream(server) === undefined);
    if (!first || !second || points.indexOf(second) < points.indexOf(first)) continue;
    yield {
      title: `${second.name} synchronizes with Microsoft Update, as ${first.name} does`,
      code: 'software-update-point-upstream',
      text: withKey(analysis, rolePath(second, role), 'upstream', 'microsoft-update'),
      at: [...rolePath(second, role), 'upstream'],
      part: 'value',
    };
  }
};

const availabilityGroups: Mutate = function* (analysis) {
  const { topology } = analysis;
  for (const group of topology.availabilityGroups.values()) {
    const path: Path = ['availabilityGroups', group.name];
    for (const { server } of group.replicas) {
      const [instance] = topology.servers.get(server?.value.toLowerCase() ?? '')?.instances ?? [];
      if (!instance) continue;
      const at: Path = [...rolePath(instance.server, 'sql-server'), 'instances', instance.name, 'edition'];
      if (instance.edition)
        yield {
          title: `the replica of ${group.name} on ${instance.server.name} is the Standard edition`,
          code: 'sql-availability-group-edition',
          text: replaced(analysis, instance.edition.span, 'standard'),
          at,
          part: 'value',
        };
    }
    if (group.listener)
      yield {
        title: `${group.name} has no listener`,
        code: 'sql-availability-group-listener',
        text: without(analysis, [...path, 'listener']),
        at: path,
        part: 'key',
      };
  }
};

/** Clients on the internet that nothing serves there. */
const outsiders: Mutate = function* (analysis) {
  const { topology } = analysis;
  if (isOld(analysis)) return;
  const code = 'internet-clients-unserved';
  const point = (server: Server) => server.roles.find(({ role }) => role === 'management-point');
  for (const site of sitesOf(analysis)) {
    if (site.type?.value !== 'primary') continue;
    const hasGateway = sitesOf(analysis).some((one) =>
      serversOf(one, topology).some((server) => hasRole(server, GATEWAY)),
    );
    const facing = serversOf(site, topology).filter((server) => point(server)?.values.get('clients'));
    if (hasGateway) continue;
    const added = withEntries(analysis.text, 'clients', [
      `zz-abroad: { site: ${site.name}, internetOnly: true }`,
    ]);
    if (facing.length === 0)
      yield {
        title: `clients of ${site.name} are on the internet`,
        code,
        text: added,
        at: ['clients', 'zz-abroad'],
        part: 'key',
      };
  }
};

const GATEWAY = 'cloud-management-gateway-connection-point';

const gateways: Mutate = function* (analysis) {
  const { topology } = analysis;
  const code = 'gateway-roles';
  for (const server of serversIn(analysis)) {
    const point = server.roles.find(({ role }) => role === GATEWAY);
    if (!point) continue;
    const site = siteOf(server, topology);
    const takers = serversIn(analysis).filter(
      (one) =>
        siteOf(one, topology) === site &&
        one.roles.some(
          ({ role, values }) => role === 'management-point' && values.has('cloudManagementGateway'),
        ),
    );
    const [only, ...others] = takers;
    if (only && others.length === 0)
      yield {
        title: `no management point takes the traffic of the gateway of ${server.name}`,
        code,
        text: without(analysis, [...rolePath(only, 'management-point'), 'cloudManagementGateway']),
        at: rolePath(server, GATEWAY),
        part: 'key',
      };
    // With a firewall, more machines need another rule.
    const machines = point.values.get('virtualMachines');
    if (machines && topology.firewalls.size === 0)
      yield {
        title: `the gateway of ${server.name} has five virtual machines`,
        code,
        text: replaced(analysis, machines.span, '5'),
        at: [...rolePath(server, GATEWAY), 'virtualMachines'],
        part: 'value',
      };
  }
  for (const server of serversIn(analysis)) {
    const hasGateway = serversIn(analysis).some((one) => hasRole(one, GATEWAY));
    const point = server.roles.find(({ role }) => role === 'management-point');
    const info = roleInfo(GATEWAY);
    if (hasGateway || !point || !info || !inEdition(info, topology.edition) || !isOwnRoles(server)) continue;
    yield {
      title: `the management point on ${server.name} waits for a gateway`,
      code,
      text: withKey(analysis, rolePath(server, 'management-point'), 'cloudManagementGateway', 'true'),
      at: [...rolePath(server, 'management-point'), 'cloudManagementGateway'],
      part: 'value',
    };
  }
};

const boundaryGroups: Mutate = function* (analysis, { withoutBoundaryGroups }) {
  const { topology } = analysis;
  const idle = serversIn(analysis).find(({ roles }) =>
    roles.every(({ role }) => role === 'domain-controller'),
  );
  for (const group of topology.boundaryGroups.values()) {
    const path: Path = ['boundaryGroups', group.name];
    const last = group.servers.at(-1);
    if (last && idle)
      yield {
        title: `${group.name} names ${idle.name}`,
        code: 'boundary-group-site-system',
        text: replaced(analysis, { start: last.span.end, end: last.span.end }, `, ${idle.name}`),
        at: [...path, 'servers', group.servers.length],
        part: 'value',
      };
  }
  if (withoutBoundaryGroups)
    yield {
      title: 'no boundary group says who uses what',
      code: 'client-boundary-group',
      text: without(analysis, ['boundaryGroups']),
      each: withoutBoundaryGroups.map((name) => ['clients', name]),
    };
};

/** A day for rules that have run out, and the one after it. */
const YESTERDAY = '2030-01-01';
const TODAY = '2030-01-02';

/** By the labels that the tests bear. */
const kinds: Readonly<Record<string, Mutate>> = {
  siteCodes,
  parents,
  types,
  secondPrimaries,
  siteServers,
  databases,
  lostSites,
  placement,
  onePerHierarchy,
  otherEditions,
  limits,
  updatePoints,
  pullSources,
  policyModules,
  sql,
  wsus,
  ports,
  clientGroups,
  sqlServers,
  addresses,
  firewalls,
  staleRules,
  overlaps,
  stoppedOnTheWay,
  toldClients,
  internetPorts,
  answers,
  passiveSiteServers,
  secondaryRoles,
  listeners,
  policies,
  upstreams,
  availabilityGroups,
  outsiders,
  gateways,
  boundaryGroups,
};

/** The text that a finding at a place must mark. */
function spanOf(analysis: Analysis, path: Path, part: 'key' | 'value'): Span {
  const { start, end } = part === 'key' ? pairAt(analysis, path).pair.key.span : nodeAt(analysis, path).span;
  return { start, end };
}

function check(mutation: Mutation): void {
  const analysis = analyse(mutation.text, { rules: {}, today: TODAY });
  const findings = analysis.findings();
  const shown = showFindings(analysis);
  const places: readonly (readonly [Path, 'key' | 'value'])[] =
    'each' in mutation
      ? mutation.each.map((path) => [path, typeof path.at(-1) === 'number' ? 'value' : 'key'])
      : [[mutation.at, mutation.part]];
  assert.deepEqual(
    findings.map(({ code }) => code),
    places.map((_, index) => ('each' in mutation && mutation.codes?.[index]) || mutation.code),
    shown,
  );
  const sorted = (spans: readonly Span[]) =>
    spans.map(({ start, end }) => ({ start, end })).toSorted((a, b) => a.start - b.start || a.end - b.end);
  assert.deepEqual(
    sorted(findings.map(({ span }) => span)),
    sorted(places.map(([path, part]) => spanOf(analysis, path, part))),
    `${shown}\nis not at ${places.map(([path, part]) => `the ${part} of ${path.join('.')}`).join(', ')}`,
  );
}

describe('realistic hierarchies', function () {
  this.timeout(120_000);
  const covered = new Set<string>();

  for (const { name, text } of files) {
    const places = PLACES[name];
    assert.ok(places, `nobody has written down the places of ${name}`);
    it(`${name}: somebody whose hierarchy is right is told that it is not`, () => {
      assert.equal(showFindings(analyse(text)), '');
    });
    for (const [label, mutate] of Object.entries(kinds)) {
      const mutations = [...mutate(analyse(text), places)];
      for (const { code } of mutations) covered.add(code);
      if (mutations.length === 0) continue;
      it(`${name}: ${label}: one mistake is not found, or something else is said beside it`, () => {
        const failed = mutations.flatMap((mutation) => {
          try {
            check(mutation);
            return [];
          } catch (error) {
            return [
              `${mutation.title} (${mutation.code})\n${error instanceof Error ? error.message : error}`,
            ];
          }
        });
        assert.ok(failed.length === 0, `${failed.length} of ${mutations.length}:\n${failed.join('\n\n')}`);
      });
    }
  }

  it('a valid hierarchy of some other size has a finding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (lines) => {
        assert.equal(showFindings(analyse(generateTopology(lines))), '');
      }),
      { numRuns: 30 },
    );
  });

  it('every rule about hierarchies is put to the test here', () => {
    const missing = rules.filter(({ area, code }) => area !== 'file' && !covered.has(code));
    assert.deepEqual(
      missing.map(({ code }) => code),
      [],
    );
  });
});
