// What a role needs: its connections, and what a topology file says of it.
import { type Edition, errataAbout, roleName, roleNames } from '../catalog/index.ts';
import { optionText } from '../features/describe.ts';
import { marked, t } from '../l10n.ts';
import { erratumText } from '../rules/why.ts';
import { listedUpTo } from '../rules/words.ts';
import { rolesNamed } from '../topology/effective.ts';
import { inEdition, type Key, ROLES, type RoleInfo, roleInfo } from '../topology/format.ts';
import { meanings, suggest } from '../topology/spoken.ts';
import { type CatalogRow, catalogRows, rowTraffic, schemeNote } from './catalog-rows.ts';
import { type Documents, documentsOf } from './documents.ts';
import { editionMeant, lineText, subjectText } from './subject.ts';
import { EDITION, LIMIT, type LookedAt, limited, shortWord, TOPOLOGY, tool, toolError } from './tool.ts';

/** Roles that a message names. */
const MOST_ROLES = 8;
/** Servers of the file that are named. */
const MOST_SERVERS = 20;

export const roleRequirements = tool({
  name: 'cmtopo_role_requirements',
  reference: 'topologyRole',
  title: marked('What a role needs'),
  about: marked(
    'Lists the connections and options of a site system role, from the documentation of an edition.',
  ),
  description:
    'Lists what a Configuration Manager (SCCM/MECM) role needs, from the documented port lists: every connection that it opens and that others open to it, with ports and the section of the documentation, and its options in a topology file. Needs no topology file; with one, it uses its edition and names its servers with the role. Use it for "which ports does a distribution point need?", "what talks to a management point?". For two machines of a file use cmtopo_explain_connections.',
  parameters: {
    role: {
      type: 'string',
      description:
        'A role such as distribution-point, management-point, site-server, sql-server; its usual abbreviation (DP, MP, SUP); or another end such as client or internet.',
      required: true,
    },
    edition: EDITION,
    ...TOPOLOGY,
    limit: LIMIT,
  },
  example: {
    question: 'What does a fallback status point need?',
    input: { role: 'fallback-status-point', edition: '2403' },
  },
  answer({ role: word, edition, limit, ...wanted }, world) {
    const role = roleMeant(word);
    const isAsked = wanted.file !== undefined || wanted.text !== undefined;
    const subject = isAsked ? world.topology(wanted) : undefined;
    const list = editionMeant(edition, subject);
    const info = roleInfo(role);
    if (info && !inEdition(info, list))
      return [
        `${roleName(role)} (${role}) is not a role in the port list ${list}; it is one in ${(info.editions ?? []).join(', ')}.`,
      ];
    const rows = catalogRows(list).filter(({ from, to }) => from === role || to === role);
    const both = rows.filter(({ from, to, direction }) => direction === 'two-way' || from === to);
    const others = rows.filter((row) => row.to === role && !both.includes(row));
    const own = rows.filter((row) => row.from === role && !both.includes(row));
    const documents = documentsOf();
    const about = new Set([role, ...rows.map(({ id }) => id)]);
    const errata = [...new Set([...about].flatMap((id) => errataAbout(list, id)))];
    return [
      `${roleName(role)} (${role}), port list ${list}`,
      ...limited(
        [
          ...titled('Connections opened to it:', others, documents),
          ...titled('Connections that it opens:', own, documents),
          ...titled(
            'Connections opened by either end, or between two servers with this role:',
            both,
            documents,
          ),
          ...errata.map((one) => () => [`The documents disagree: ${erratumText(one)}`]),
        ],
        limit,
        'Ask again with a higher limit.',
      ),
      ...schemeNote(rows),
      ...documents.lines(),
      ...(rows.length === 0 ? ['The port list has no connection of it.'] : []),
      ...(info === undefined ? [] : formatText(info, list)),
      ...(subject === undefined ? [] : serversText(role, subject)),
    ];
  },
});

/** The name of a role or party that a word means. Throws {@link ToolError} where it means none, or several. */
function roleMeant(word: string): string {
  const parties = [...roleNames().keys()].filter((name) => !name.includes('.'));
  const names = [...new Set([...ROLES.map(({ name }) => name), ...parties])];
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const wanted = plain(word);
  const byTitle = [...roleNames()].find(
    ([name, { names: titles }]) =>
      names.includes(name) && Object.values(titles).some((one) => plain(one) === wanted),
  )?.[0];
  if (byTitle !== undefined) return byTitle;
  const meant = meanings(word, names);
  const [first] = meant;
  if (first !== undefined && meant.length === 1) return first;
  const near = meant.length > 1 ? meant : suggest(word, names).names;
  throw toolError(
    near.length === 0
      ? t(
          'there is no role {0}; roles are {1}',
          shortWord(word),
          listedUpTo(
            MOST_ROLES,
            ROLES.map(({ name }) => name),
          ),
        )
      : t('{0} could be {1}: ask for one of these', shortWord(word), near.slice(0, 5).join(', ')),
  );
}

/** One row for each connection of the catalog; the first has the title above it. */
function titled(
  title: string,
  rows: readonly CatalogRow[],
  documents: Documents,
): readonly (() => readonly string[])[] {
  return rows.map((row, index) => () => {
    const { id, title: ends, document, anchor, url } = row;
    return [
      ...(index === 0 ? ['', title] : []),
      `- ${ends}: ${rowTraffic(row)} [${id}; ${documents.mark(document, url, anchor)}]`,
    ];
  });
}

function formatText({ name, belongsToSite, shape, doc }: RoleInfo, edition: Edition): readonly string[] {
  const options = shape.keys.filter((key) => inEdition(key, edition));
  return [
    '',
    `In a topology file, a key under roles of a server: ${name}. ${doc}${belongsToSite ? ' Its server needs a site.' : ''}`,
    ...options.map(optionLine),
  ];
}

function optionLine({ name, doc, default: value, defaultText, shape }: Key): string {
  const words = shape.kind === 'words' ? ` One of ${shape.words.map((word) => word.name).join(', ')}.` : '';
  const without = defaultText ?? (value === undefined ? undefined : optionText(value));
  return `- option ${name}: ${doc}${words}${without === undefined ? '' : ` Default: ${without}.`}`;
}

function serversText(role: string, subject: LookedAt): readonly string[] {
  const servers = rolesNamed(role, subject.analysis.topology).map(
    ({ server, span }) => `${server.name} (${lineText(subject, span)})`,
  );
  return [
    '',
    servers.length === 0
      ? `${subjectText(subject)} has no server with this role.`
      : `In ${subjectText(subject)}: ${listedUpTo(MOST_SERVERS, servers)}`,
  ];
}
