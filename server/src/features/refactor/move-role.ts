// Moves a role to another server of its site, with what names the server for that role.
import type { Analysis } from '../../analysis.ts';
import { hasAnchor, insertKey, insertLines, lineBreak, removePair, textEnd } from '../../edits/map-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import type { Node, Pair, Span, TextTree } from '../../text/tree.ts';
import { nodePathAt, ownPair } from '../../text/values.ts';
import type { Role, Server } from '../../topology/model.ts';
import { referencesTo, roleAt } from '../subject.ts';
import { columnOf, commentsIn, isPair, type Refactoring } from './refactoring.ts';
import { flowText } from './style.ts';

/** So many servers are offered. */
const MOST_SERVERS = 8;

/** The keys by which other things name a server for a role that it has. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  'sql-server': ['database', 'databaseReplica', 'replicas'],
  'distribution-point': ['pullFrom'],
  'software-update-point': ['upstream'],
  'wsus-server': ['upstream'],
  'exchange-server': ['to'],
  'domain-controller': ['domainControllers'],
  'file-server': ['contentLibrary', 'source'],
};

/** The roles for which a boundary group names servers. */
const SERVES_CLIENTS: ReadonlySet<string> = new Set([
  'distribution-point',
  'management-point',
  'software-update-point',
  'state-migration-point',
]);

/** Moves the role whose name is at an offset. */
export function moveRefactorings(analysis: Analysis, offset: number): Refactoring[] {
  const role = roleAt(analysis, offset);
  if (role === undefined) return [];
  const own = role.server;
  const candidates = [...analysis.topology.servers.values()].filter(
    (server) =>
      server !== own &&
      server.site?.value.toLowerCase() === own.site?.value.toLowerCase() &&
      !server.roles.some((one) => one.role === role.role),
  );
  return candidates.slice(0, MOST_SERVERS).flatMap((server): Refactoring[] => {
    const edits = moveRole(analysis, role, server);
    return edits === undefined
      ? []
      : [{ title: t('Move {0} to {1}', role.role, server.name), kind: 'refactor.move', edits }];
  });
}

/** The edits that put a role with its options on another server; undefined where it is shared through an anchor. */
function moveRole(analysis: Analysis, role: Role, to: Server): readonly TextEdit[] | undefined {
  const { tree } = analysis;
  const path = nodePathAt(tree, role.key.span.start);
  const pair = path.findLast(isPair);
  const map = path.findLast((part) => !isPair(part) && part.kind === 'map');
  if (pair?.key !== role.key || map === undefined || isPair(map) || map.kind !== 'map') return undefined;
  if (hasAnchor(tree, pair.span)) return undefined;
  const removed = removePair(tree, map, pair);
  const written = removed && writtenRole(analysis, pair, removed.span, to);
  const named = renamed(analysis, role, to);
  return removed && written && named && [removed, ...written, ...named];
}

/**
 * The role in the roles of another server.
 * @param removed where it is taken away: the comments there go along
 */
function writtenRole(
  { tree }: Analysis,
  pair: Pair,
  removed: Span,
  to: Server,
): readonly TextEdit[] | undefined {
  const name = tree.text.slice(pair.key.span.start, pair.key.span.end);
  const roles = ownPair(to.node, 'roles');
  const line = flowText(tree, pair.value);
  if (roles?.value.kind === 'alias' || to.node === undefined) return undefined;
  if (roles === undefined) {
    // A server in braces takes one line.
    if (to.node.flow)
      return line === undefined
        ? undefined
        : inBraces(tree, insertKey(tree, { map: to.node }, 'roles', `{ ${name}: ${line} }`), removed);
    return edits(
      insertLines(tree, { map: to.node }, [
        'roles:',
        ...linesOfPair(tree, pair, removed).map((one) => `  ${one}`),
      ]),
    );
  }
  const into = roles.value.kind === 'map' ? { map: roles.value } : { holder: roles };
  const inLines = insertLines(tree, into, linesOfPair(tree, pair, removed));
  if (inLines) return [inLines];
  return line === undefined ? undefined : inBraces(tree, insertKey(tree, into, name, line), removed);
}

const edits = (edit: TextEdit | undefined): readonly TextEdit[] | undefined => edit && [edit];

/** An edit in braces, where no comment fits, with the comments that go along above the line. */
function inBraces(
  tree: TextTree,
  edit: TextEdit | undefined,
  removed: Span,
): readonly TextEdit[] | undefined {
  const comments = commentsIn(tree, removed);
  if (edit === undefined || comments.length === 0) return edits(edit);
  const { start } = tree.lines.span(tree.lines.positionAt(edit.span.start).line);
  const indent = /^[ \t]*/.exec(tree.text.slice(start))?.[0] ?? '';
  const newText = comments.map((one) => `${indent}${one}${lineBreak(tree)}`).join('');
  return [{ span: { start, end: start }, newText }, edit];
}

/** A pair's lines as they are at the left margin, with the comments that go along. */
function linesOfPair(tree: TextTree, pair: Pair, removed: Span): string[] {
  const { start } = pair.key.span;
  const column = columnOf(tree, start);
  const dedented = (lines: readonly string[]) =>
    lines.map((line) => line.slice(Math.min(column, /^ */.exec(line)?.[0].length ?? 0)));
  const linesOf = (from: number, to: number) => tree.text.slice(from, to).split(/\r\n|\n|\r/);
  const isFlowAround = nodePathAt(tree, start).some(
    (part) => !isPair(part) && part.kind === 'map' && part.flow,
  );
  const isWholeLines = /^[ \t]*$/.test(
    tree.text.slice(tree.lines.span(tree.lines.positionAt(start).line).start, start),
  );
  if (!isFlowAround && isWholeLines)
    return dedented(
      linesOf(removed.start, textEnd(tree, removed)).filter((line, index) => index > 0 || line !== ''),
    );
  const end = textEnd(tree, { start, end: pair.span.end });
  const [first = '', ...others] = linesOf(start, end);
  if (!isFlowAround)
    return [...commentsIn(tree, { start: removed.start, end: start }), first, ...dedented(others)];
  const flow = `${tree.text.slice(start, pair.key.span.end)}: ${flowText(tree, pair.value) ?? ''}`.trimEnd();
  return [...commentsIn(tree, removed), flow];
}

/** Names of the old server that mean this role. */
function renamed(analysis: Analysis, role: Role, to: Server): readonly TextEdit[] | undefined {
  const { tree, topology } = analysis;
  const keys = new Set(NAMED_BY[role.role] ?? []);
  const others = role.server.roles.filter((one) => one !== role);
  const edits: TextEdit[] = [];
  for (const { node } of referencesTo(topology, role.server)) {
    const path = nodePathAt(tree, node.span.start);
    const words = path.filter(isPair).flatMap(({ key }) => (key.kind === 'scalar' ? [key.text] : []));
    const isInside = path.some((part) => isPair(part) && part.key === role.key);
    const isBoundary = words[0] === 'boundaryGroups' && words.at(-1) === 'servers';
    if (isBoundary && SERVES_CLIENTS.has(role.role)) {
      const stays = others.some((one) => SERVES_CLIENTS.has(one.role));
      const edit = inBoundaryGroup(analysis, node, to, stays);
      if (edit === undefined) return undefined;
      edits.push(...edit);
    } else if (words.some((word) => keys.has(word)) && node.kind === 'scalar') {
      // An upstream may mean the other of the two roles that are asked for updates.
      const twin = ['software-update-point', 'wsus-server'];
      if (words.includes('upstream') && others.some((one) => twin.includes(one.role))) continue;
      if (isInside) return undefined;
      edits.push({ span: node.span, newText: to.name });
    }
  }
  // What is moved must not come to name its own server.
  const isOwnName = referencesTo(topology, to).some(({ node }) =>
    nodePathAt(tree, node.span.start).some((part) => isPair(part) && part.key === role.key),
  );
  return isOwnName ? undefined : edits;
}

/** The new server in a list of site systems: in the place of the old one, or beside it where that still serves clients. */
function inBoundaryGroup({ tree }: Analysis, node: Node, to: Server, stays: boolean): TextEdit[] | undefined {
  const list = nodePathAt(tree, node.span.start).at(-2);
  if (list === undefined || node.kind !== 'scalar' || node.anchor) return undefined;
  if (isPair(list)) {
    const old = tree.text.slice(node.span.start, node.span.end);
    return [{ span: node.span, newText: stays ? `[${old}, ${to.name}]` : to.name }];
  }
  if (list.kind !== 'seq') return undefined;
  const isThere = list.items.some((item) => item.kind === 'scalar' && item.text.toLowerCase() === to.id);
  if (isThere) return [];
  if (!stays) return [{ span: node.span, newText: to.name }];
  const line = tree.lines.span(tree.lines.positionAt(node.span.start).line);
  const dash = tree.text.slice(line.start, node.span.start);
  const joint = list.flow ? ', ' : `${/\r\n/.test(tree.text) ? '\r\n' : '\n'}${dash}`;
  return [{ span: { start: node.span.end, end: node.span.end }, newText: `${joint}${to.name}` }];
}
