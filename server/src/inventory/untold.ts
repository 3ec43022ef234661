// What no export says, and a rule asks for: such a finding is no mistake of the hierarchy, so it gets a suppression
// with its reason. Whatever the export does say is left to be found.
import { type Analysis, analyse } from '../analysis.ts';
import { groupBy } from '../collections.ts';
import type { Finding } from '../rules/rule.ts';
import { lookup } from '../topology/effective.ts';
import type { Draft, DraftServer, DraftSite } from './draft.ts';

/** The reason why a finding says nothing about the hierarchy; undefined where the export deserves it. */
type Reason = (finding: Finding, about: About) => string | undefined;

/** A finding's surroundings. */
interface About {
  readonly draft: Draft;
  /** What the finding marks. */
  readonly marked: string;
  /** The site or server that the finding is in. */
  readonly site: DraftSite | undefined;
  readonly server: DraftServer | undefined;
}

const REASONS: Readonly<Record<string, Reason>> = {
  'sql-static-port': (_, { draft }) => portReason(draft),
  'sql-port-conflict': (_, { server }) =>
    server &&
    [...server.instances.values()].every(({ port, serviceBrokerPort }) => !port && !serviceBrokerPort)
      ? 'the ports of its instances are not in the export'
      : undefined,
  'sql-shared-instance': (_, { draft }) =>
    draft.sites.every(({ isInstanceTold }) => isInstanceTold)
      ? undefined
      : 'the instances of the site databases are not in the export',
  'sql-availability-group-listener': () => 'the listener is not in the export',
  'rpc-range-unset': () => 'no export has the dynamic RPC ports; write rpcDynamicPorts in defaults',
  'site-server-passive': (_, { marked }) =>
    // The other findings of this rule mark a role.
    marked === 'true' ? 'no export has the content library; write contentLibrary at the site' : undefined,
  'site-server-duplicate': () => 'which one is active is not in the export',
  'site-server-missing': () => 'the site server is not in the export',
  'site-database-missing': () => 'the database server is not in the export',
  'several-primaries': (_, { draft }) =>
    draft.sites.every(({ isTypeTold }) => isTypeTold) && draft.sites.every(({ isParentTold }) => isParentTold)
      ? undefined
      : 'the types of the sites are not in the export',
  'missing-key': (_, { site }) =>
    site && !site.isParentTold ? 'its parent is not in the export' : undefined,
  'role-needs-site': (_, { server }) => (server && !server.site ? 'its site is not in the table' : undefined),
  'role-placement': (_, { site, server, draft }) => {
    const own = site ?? draft.sites.find(({ code }) => code === server?.site);
    return own && !own.isTypeTold ? 'the type of its site is not in the export' : undefined;
  },
  'site-server-initiates': (_, { server, draft }) =>
    server?.forest !== undefined &&
    server.forest.value !== draft.forest &&
    draft.zones.every(({ name, internet }) => !internet || name !== server.zone)
      ? 'whether the forests trust each other is not in the export'
      : undefined,
  'gateway-roles': (_, { draft }) =>
    draft.servers.some(({ roles }) => roles.get('management-point')?.options.has('cloudManagementGateway'))
      ? undefined
      : 'which management points take traffic of the gateway is not in the export',
  'boundary-group-site-system': (_, { draft }) =>
    draft.servers.some(({ roles }) => roles.size > 0) ? undefined : 'the site systems are not in the export',
};

function portReason(draft: Draft): string | undefined {
  return draft.servers.some(({ instances }) => [...instances.values()].some(({ port }) => port === undefined))
    ? 'the port of this instance is not in the export'
    : undefined;
}

/**
 * The text with a comment above each finding that comes of what the export does not say.
 * @param text as the writer made it: in block style, one thing a line
 */
export function withReasons(text: string, draft: Draft): string {
  const analysis = analyse(text);
  const { lines } = analysis.tree;
  const said = analysis.findings().flatMap((finding) => {
    const reason = REASONS[finding.code]?.(finding, aboutOf(finding, analysis, draft));
    const { line } = lines.positionAt(finding.span.start);
    return reason === undefined ? [] : [{ line, code: finding.code, reason }];
  });
  const byLine = groupBy(said, ({ line }) => line);
  return text
    .split('\n')
    .flatMap((line, number) => {
      const all = byLine.get(number) ?? [];
      const indent = /^ */.exec(line)?.[0] ?? '';
      const codes = [...new Set(all.map(({ code }) => code))];
      const reasons = [...new Set(all.map(({ reason }) => reason))];
      const comment = `${indent}# cmtopo-disable-next-line ${codes.join(', ')} -- ${reasons.join('; ')}`;
      return codes.length === 0 ? [line] : [comment, line];
    })
    .join('\n');
}

function aboutOf({ span }: Finding, { topology, text }: Analysis, draft: Draft): About {
  const within = <T extends { readonly span: { readonly start: number; readonly end: number } }>(
    things: Iterable<T>,
  ) => [...things].find((thing) => thing.span.start <= span.start && span.end <= thing.span.end);
  const site = within(topology.sites.values());
  const server = within(topology.servers.values());
  const sites = new Map(draft.sites.map((one) => [one.code.toLowerCase(), one]));
  const servers = new Map(draft.servers.map((one) => [one.name.toLowerCase(), one]));
  return {
    draft,
    marked: text.slice(span.start, span.end),
    site: site && lookup(sites, site.name),
    server: server && lookup(servers, server.name),
  };
}
