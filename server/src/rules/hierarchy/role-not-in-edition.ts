import { catalogOf, EDITIONS, type Edition } from '../../catalog/index.ts';
import { removeKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { rolesByName } from '../../topology/effective.ts';
import { inEdition, roleInfo } from '../../topology/format.ts';
import type { ClientGroup, Role, Topology } from '../../topology/model.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { removeRole } from './hierarchy.ts';

/** The editions for which something holds; whether it is one decides between two messages. */
function editionsWith(has: (edition: Edition) => boolean): { text: string; isOne: boolean } {
  const editions = EDITIONS.filter(has);
  return { text: listed(editions), isOne: editions.length === 1 };
}

function about(topology: Topology): Report['related'] {
  const written = topology.editionWritten;
  return written ? [{ message: t('The edition is {0}', written.value), span: written.span }] : [];
}

/** Options of roles that stand for connections of their own, by the connections' ids. */
const OPTION_CONNECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'distribution-point': {
    pxe: 'client.distribution-point.pxe',
    multicast: 'client.distribution-point.multicast',
  },
};

function hasConnection(edition: Edition, id: string): boolean {
  return catalogOf(edition).connections.some((connection) => connection.id === id);
}

/** Whether an edition has connections that begin at such clients. */
function hasClients(edition: Edition, kind: string): boolean {
  return catalogOf(edition).connections.some(({ from }) => from === kind);
}

/** What roles of one name lack in an edition: the role itself, or some of its options. */
function* checkRoles(
  name: string,
  roles: readonly Role[],
  edition: Edition,
  context: RuleContext,
): Iterable<Report> {
  const info = roleInfo(name);
  if (!info) return;
  const { topology, tree } = context;
  const who = (role: Role) => t('{0} on {1}', name, role.server.name);
  if (!inEdition(info, edition)) {
    const others = editionsWith((each) => inEdition(info, each));
    for (const role of roles)
      yield {
        span: role.key.span,
        message: t(
          others.isOne
            ? '{0}: edition {1} does not have this role, edition {2} does. Remove it, or correct configmgr'
            : '{0}: edition {1} does not have this role, editions {2} do. Remove it, or correct configmgr',
          who(role),
          edition,
          others.text,
        ),
        related: about(topology),
        fixes: removeRole(context, role),
      };
    return;
  }
  const remove = (role: Role, key: string): Fix[] => [
    { title: t('Remove {0}', key), safe: false, edits: removeKey(tree, role.options, key) },
  ];
  for (const key of info.shape.keys) {
    if (inEdition(key, edition)) continue;
    const others = editionsWith((each) => inEdition(key, each));
    for (const role of roles) {
      const written = role.values.get(key.name);
      if (!written) continue;
      yield {
        span: written.span,
        message: t(
          others.isOne
            ? '{0}: edition {1} does not have {2}, edition {3} does. Remove it, or correct configmgr'
            : '{0}: edition {1} does not have {2}, editions {3} do. Remove it, or correct configmgr',
          who(role),
          edition,
          key.name,
          others.text,
        ),
        related: about(topology),
        fixes: remove(role, key.name),
      };
    }
  }
  for (const [key, id] of Object.entries(OPTION_CONNECTIONS[name] ?? {})) {
    if (hasConnection(edition, id)) continue;
    const others = editionsWith((each) => hasConnection(each, id));
    for (const role of roles) {
      const written = role.values.get(key);
      if (written?.value !== true) continue;
      const instead =
        key === 'pxe' && inEdition(roleInfo('pxe-service-point') ?? {}, edition)
          ? t('Use the role pxe-service-point')
          : t('Remove it, or correct configmgr');
      yield {
        span: written.span,
        message: t(
          others.isOne
            ? '{0}: edition {1} does not have the connections of {2}: true, edition {3} does. {4}'
            : '{0}: edition {1} does not have the connections of {2}: true, editions {3} do. {4}',
          who(role),
          edition,
          key,
          others.text,
          instead,
        ),
        related: about(topology),
        fixes: remove(role, key),
      };
    }
  }
}

function* checkClients(group: ClientGroup, edition: Edition, { topology }: RuleContext): Iterable<Report> {
  const kind = group.clientKind;
  if (!kind || kind.value === 'windows' || hasClients(edition, kind.value)) return;
  const others = editionsWith((each) => hasClients(each, kind.value));
  yield {
    span: kind.span,
    message: t(
      others.isOne
        ? 'Client group {0}: edition {1} has no connections of kind {2}, edition {3} does. Remove the group, or correct configmgr'
        : 'Client group {0}: edition {1} has no connections of kind {2}, editions {3} do. Remove the group, or correct configmgr',
      group.name,
      edition,
      kind.value,
      others.text,
    ),
    related: about(topology),
  };
}

const file = (edition: string, role: string) => `configmgr: ${edition}
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      management-point:
      sql-server:
${role}`;
const CATALOG = '      application-catalog-website-point:\n';
const PXE = '      distribution-point: { pxe: true }\n';

export const roleNotInEdition: Rule = {
  code: 'role-not-in-edition',
  severity: 'warning',
  summary: 'A role, or the connection of an option, that the edition does not have.',
  reason: 'The port documents of this edition say nothing about it, so its connections are not checked.',
  explanation: `The port documents of an edition say nothing about this role, so none of its connections can be checked: either the file names the wrong edition, or the role belongs to another time. The application catalog ended in current branch and is not in the newest edition. PXE was a separate role in Configuration Manager 2007 and has been a setting of the distribution point since then. The cloud management gateway and the data warehouse came when the port documents of 2017 were written; they have no section there and one in the newest edition.`,
  source: {
    document: 'plan-for-site-system-servers-and-site-system-roles',
    section: 'application-catalog-website-point',
  },
  moreSources: [
    { document: 'ports-2007', section: '8. Client -- > PXE Service Point', editions: ['2007'] },
    { document: 'format', section: 'roles-and-their-options' },
  ],
  bad: [
    { title: 'The application catalog in the newest edition', text: file('2025-12', CATALOG) },
    { title: 'PXE at a distribution point of Configuration Manager 2007', text: file('2007', PXE) },
  ],
  good: [
    { title: 'The application catalog in 2017', text: file('2017-09', CATALOG) },
    { title: 'A PXE service point in 2007', text: file('2007', '      pxe-service-point:\n') },
  ],
  *check(context): Iterable<Report> {
    const { topology } = context;
    const { edition, clients } = topology;
    if (!edition) return;
    yield* [
      ...[...rolesByName(topology)].flatMap(([name, roles]) => [
        ...checkRoles(name, roles, edition, context),
      ]),
      ...[...clients.values()].flatMap((group) => [...checkClients(group, edition, context)]),
    ];
  },
};
