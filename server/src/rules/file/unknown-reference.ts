import { indentStep, insertKey } from '../../edits/map-edits.ts';
import { marked, t, translated } from '../../l10n.ts';
import { nearWords } from '../../text/near.ts';
import type { TextTree } from '../../text/tree.ts';
import { resolve } from '../../text/values.ts';
import { SECTIONS } from '../../topology/format.ts';
import type { Reference, ReferenceKind, Server, Topology } from '../../topology/model.ts';
import { mapOfKind, unknownReferences } from '../../topology/read.ts';
import { referenceMeans, siteCodeProblem } from '../../topology/site-code.ts';
import { nameCertainty, sectionCertainty, unreadServers } from '../certainty.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { sectionMap, sectionPair } from '../sections.ts';
import { listed } from '../words.ts';
import { didYouMeanFixes } from './format-problems.ts';

const WORD: Readonly<Record<ReferenceKind, string>> = {
  zone: marked('zone'),
  site: marked('site'),
  server: marked('server'),
  clients: marked('client group'),
  'availability-group': marked('availability group'),
  instance: marked('instance'),
  'boundary-group': marked('boundary group'),
  'address-group': marked('address group'),
  'port-group': marked('port group'),
};

/** The server of an instance, where everything about its instances could be read. */
function readableServer(reference: Reference, context: RuleContext): Server | undefined {
  const server = context.topology.servers.get(reference.server?.toLowerCase() ?? '');
  return server && !unreadServers(context).has(server) ? server : undefined;
}

function candidatesFor(reference: Reference, topology: Topology): readonly string[] {
  const isEnd = reference.to.includes('server') && reference.to.includes('zone');
  return [
    ...reference.to.flatMap((kind) =>
      kind === 'instance' ? [] : [...mapOfKind(topology, kind).values()].map(({ name }) => name),
    ),
    ...(isEnd ? [...topology.listeners.values()].map(({ name }) => name) : []),
    // A site code that Setup refuses is wrong where it is defined.
  ].filter((name) => !reference.to.includes('site') || siteCodeProblem(name) === undefined);
}

/** Whether the site is there under a code that is wrong at its definition, where `site-code` reports it. */
function isOtherwiseReported(reference: Reference, { topology }: RuleContext): boolean {
  return [...topology.sites.values()].some(
    (site) => site.type !== undefined && !site.damaged && referenceMeans(reference, site),
  );
}

/** The smallest entry of a kind that says nothing wrong. */
function minimalEntry(kind: Exclude<ReferenceKind, 'instance'>, role: string): string {
  if (kind === 'site') return `{ type: ${role} }`;
  if (kind === 'availability-group') return '{ replicas: [] }';
  if (kind === 'address-group') return '[]';
  return '';
}

/** What type a site must have that some other site names as its parent. */
function siteTypeWanted(reference: Reference, topology: Topology): string {
  const child = [...topology.sites.values()].find(({ parent }) => parent?.node === reference.node);
  return child?.type?.value === 'primary' ? 'central-administration' : 'primary';
}

function create(tree: TextTree, topology: Topology, reference: Reference): Fix[] {
  if (!/^[A-Za-z0-9._-]{1,63}$/.test(reference.name)) return [];
  return reference.to.flatMap((kind) => {
    // A client group needs a site, which nobody can guess here.
    if (kind === 'instance' || kind === 'clients') return [];
    const section = SECTIONS[kind];
    const entry = minimalEntry(kind, siteTypeWanted(reference, topology));
    const map = sectionMap(tree, section);
    const holder = sectionPair(tree, section);
    const line = entry === '' ? `${reference.name}:` : `${reference.name}: ${entry}`;
    const edit =
      map || holder
        ? insertKey(tree, map ? { map } : { ...(holder ? { holder } : {}) }, reference.name, entry)
        : tree.root?.kind === 'map'
          ? insertKey(
              tree,
              { map: tree.root },
              section,
              tree.root.flow ? `{ ${line} }` : `\n${indentStep(tree)}${line}`,
            )
          : undefined;
    return edit
      ? [
          {
            title: t('Create the {0} {1}', translated(WORD[kind]), reference.name),
            safe: false,
            edits: [edit],
          },
        ]
      : [];
  });
}

function createInstance(tree: TextTree, server: Server, name: string): Fix[] {
  const role = server.roles.find((candidate) => candidate.role === 'sql-server');
  if (!/^[A-Za-z0-9_$#]{1,63}$/.test(name)) return [];
  const title = t('Create the instance {0} on {1}', name, server.name);
  const inside = (edit: ReturnType<typeof insertKey>) =>
    edit ? [{ title, safe: false, edits: [edit] }] : [];
  const step = indentStep(tree);
  if (role === undefined) {
    const roles = mapUnder(server.node, 'roles');
    if (roles === undefined) return [];
    const block = `\n${step}instances:\n${step}${step}${name}:`;
    return inside(
      insertKey(tree, { map: roles }, 'sql-server', roles.flow ? `{ instances: { ${name}: } }` : block),
    );
  }
  const { options } = role;
  if (options === undefined) {
    const roles = mapUnder(server.node, 'roles');
    const holder = roles?.pairs.find(({ key }) => key === role.key);
    return holder ? inside(insertKey(tree, { holder }, 'instances', `{ ${name}: }`)) : [];
  }
  const instances = mapUnder(options, 'instances');
  if (instances) return inside(insertKey(tree, { map: instances }, name, ''));
  const holder = options.pairs.find(({ key }) => key.kind === 'scalar' && key.text === 'instances');
  return inside(
    holder
      ? insertKey(tree, { holder }, name, '')
      : insertKey(tree, { map: options }, 'instances', `{ ${name}: }`),
  );
}

function mapUnder(map: Server['node'], key: string) {
  const pair = map?.pairs.find((candidate) => candidate.key.kind === 'scalar' && candidate.key.text === key);
  const value = pair && resolve(pair.value);
  return value?.kind === 'map' ? value : undefined;
}

function reportInstance(reference: Reference, context: RuleContext): Report | undefined {
  const server = readableServer(reference, context);
  if (server === undefined) return undefined;
  const { name, span, implied } = reference;
  const { tree } = context;
  const names = server.instances.filter(({ implicit }) => !implicit).map((instance) => instance.name);
  const hasRole = server.roles.some(({ role }) => role === 'sql-server');
  const near = implied ? [] : didYouMeanFixes(name, names, span);
  return {
    span,
    message: t(
      !hasRole
        ? implied
          ? "Without 'instance' this is the default instance {0} of {1}, which is not there: {1} has no role 'sql-server'"
          : "There is no instance '{0}' on {1}: {1} has no role 'sql-server'"
        : names.length > 0
          ? implied
            ? "Without 'instance' this is the default instance {0} of {1}, which is not there: {1} has {2}"
            : "There is no instance '{0}' on {1}: {1} has {2}"
          : implied
            ? "Without 'instance' this is the default instance {0} of {1}, which is not there: {1} has only the default instance MSSQLSERVER"
            : "There is no instance '{0}' on {1}: {1} has only the default instance MSSQLSERVER",
      name,
      server.name,
      listed(names),
    ),
    related: [{ message: t('{0} is here', server.name), span: server.key.span }],
    fixes: [...near.map((fix) => ({ ...fix, safe: false })), ...createInstance(tree, server, name)],
  };
}

function reportOther(reference: Reference, context: RuleContext): Report {
  const { tree, topology } = context;
  const { name, span, to } = reference;
  const candidates = candidatesFor(reference, topology);
  const near = nearWords(name, candidates)[0];
  const kinds = listed(
    to.map((kind) => translated(WORD[kind])),
    'or',
  );
  return {
    span,
    message:
      near === undefined
        ? t("There is no {0} '{1}'", kinds, name)
        : t("There is no {0} '{1}'; did you mean '{2}'?", kinds, name, near),
    fixes: () => [
      ...didYouMeanFixes(name, candidates, span).map((fix) => ({ ...fix, safe: false })),
      ...create(tree, topology, reference),
    ],
  };
}

export const unknownReference: Rule = {
  code: 'unknown-reference',
  severity: 'error',
  summary: 'A reference to a site, zone, server, client group, instance or group that is not defined.',
  reason: 'What the name stands for is not in the file, so every check that needs it is left out.',
  explanation: `What the name refers to is not in the file, so every check that needs it is left out. Names are not case-sensitive. Correct the name, or add what is missing.

A database without \`instance\` is in the default instance \`MSSQLSERVER\`; its server needs the role \`sql-server\` with that instance, or with no list of instances at all.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'A misspelt zone',
      text: `configmgr: 2017-09
zones:
  internet: { internet: true }
servers:
  dc01:
    zone: internt
    roles:
      domain-controller:
`,
    },
    {
      title: 'An instance that its server does not have',
      text: `configmgr: 2017-09
availabilityGroups:
  AG1:
    listener: { name: cmdb, addresses: [10.99.0.9] }
    replicas: [{ server: sql01, instance: CM }]
servers:
  sql01:
    roles:
      sql-server:
`,
    },
  ],
  good: [
    {
      title: 'Names that are there',
      text: `configmgr: 2017-09
zones:
  hq: { networks: [10.10.0.0/16] }
servers:
  dc01:
    zone: HQ
    roles:
      domain-controller:
`,
    },
  ],
  *check(context) {
    const unknown = unknownReferences(context.topology);
    if (unknown.length === 0) return;
    const certainty = nameCertainty(context);
    for (const reference of unknown) {
      const { to, name } = reference;
      if (certainty(name) === 'unknown' || isOtherwiseReported(reference, context)) continue;
      if (to.includes('instance')) {
        const report = reportInstance(reference, context);
        if (report) yield report;
      } else if (to.every((kind) => kind === 'instance' || sectionCertainty(kind, context) !== 'unknown')) {
        yield reportOther(reference, context);
      }
    }
  },
};
