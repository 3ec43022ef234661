// Rename: a thing's name at its definition and at every place that names it. Names are found through the
// references of the topology; what else shares the text through an anchor is found by the format's description.
import type { Position, Range, TextEdit } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { t } from '../l10n.ts';
import { nameCertainty } from '../rules/certainty.ts';
import { parseText } from '../text/parse.ts';
import type { ScalarNode, Span } from '../text/tree.ts';
import { scalarValue } from '../text/values.ts';
import { DEFAULT_INSTANCE } from '../topology/effective.ts';
import type { NamedKind } from '../topology/format.ts';
import type { Reference, ReferenceKind, Topology } from '../topology/model.ts';
import { namedWord, nameProblem, readTopology, SHARED } from '../topology/read.ts';
import { siteCodeProblem } from '../topology/site-code.ts';
import { anchorAt, prepareAnchorRename, renameAnchor } from './anchors.ts';
import { editorRange, offsetOf } from './place.ts';
import type { Refusal } from './refusal.ts';
import { referenceAt, subjectAt, type Thing, thingsOf } from './subject.ts';
import { wordsOf } from './walk.ts';

/** Letters, digits and what else is in names; SQL Server's instance names may hold `$` and `#` too. */
const INSTANCE_NAME = /^[\w$#.-]{1,63}$/;

/** The name under the cursor; undefined where no name is there. */
export function prepareRename(
  analysis: Analysis,
  position: Position,
): { readonly range: Range; readonly placeholder: string } | Refusal | undefined {
  const offset = offsetOf(analysis, position);
  // `*name` names the anchor, whatever that stands for.
  const anchor = anchorAt(analysis, offset);
  if (anchor !== undefined) return prepareAnchorRename(analysis, anchor);
  const subject = subjectAt(analysis, offset);
  if (subject === undefined) {
    const reference = referenceAt(analysis, offset);
    if (reference === undefined) return undefined;
    return {
      problem: t("'{0}' is not defined in this file, so there is nothing to rename.", reference.name),
    };
  }
  // What no other name would change is said before one is asked for.
  const things = thingsLike(analysis, subject.thing);
  const refusal =
    fixedName(subject.thing) ??
    lost(analysis, subject.thing) ??
    sharedWithOthers(analysis, things, new Set(nodesOf(analysis, things, subject.thing).keys()));
  if (refusal !== undefined) return refusal;
  return { range: editorRange(analysis, innerSpan(analysis, subject.span)), placeholder: subject.thing.name };
}

/** The edits that give what is at a position another name, in file order. */
export function rename(
  analysis: Analysis,
  position: Position,
  typed: string,
): readonly TextEdit[] | Refusal | undefined {
  const anchor = anchorAt(analysis, offsetOf(analysis, position));
  if (anchor !== undefined) return renameAnchor(analysis, anchor, typed);
  const newName = typed.trim();
  const subject = subjectAt(analysis, offsetOf(analysis, position));
  if (subject === undefined) return undefined;
  const { thing } = subject;
  const things = thingsLike(analysis, thing);
  const refusal =
    fixedName(thing) ??
    badName(thing.kind, newName) ??
    clash(analysis, things, newName) ??
    lost(analysis, thing);
  if (refusal !== undefined) return refusal;

  const nodes = nodesOf(analysis, things, thing);
  const shared = sharedWithOthers(analysis, things, new Set(nodes.keys()));
  if (shared !== undefined) return shared;

  const edits = [...nodes.values()]
    .toSorted((a, b) => a.span.start - b.span.start)
    .map((node) => editOf(analysis, node, newName));
  return (
    changedMeaning(analysis, things, newName, edits) ??
    edits.map(({ span, newText }) => ({ range: editorRange(analysis, span), newText }))
  );
}

/** A definition that several places share through an anchor is several things with one name. */
function thingsLike({ topology }: Analysis, thing: Thing): readonly Thing[] {
  return [...thingsOf(topology)].filter(
    (one) => one.key === thing.key && one.kind === thing.kind && !isImplicit(one),
  );
}

/** The texts that name some things, and their definition, by where they begin. */
function nodesOf(
  { topology }: Analysis,
  things: readonly Thing[],
  thing: Thing,
): ReadonlyMap<number, ScalarNode> {
  const nodes = new Map<number, ScalarNode>([[thing.key.span.start, thing.key]]);
  for (const { node, target, implied } of topology.references)
    if (!implied && isOneOf(things, target) && node.kind === 'scalar') nodes.set(node.span.start, node);
  return nodes;
}

interface Edit {
  readonly span: Span;
  readonly newText: string;
}

function isImplicit(thing: Thing): boolean {
  return thing.kind === 'instance' && thing.implicit === true;
}

function isOneOf(things: readonly Thing[], target: Reference['target']): boolean {
  return things.some((thing) => thing === target);
}

// --- What is in the way ------------------------------------------------------------------

function fixedName(thing: Thing): Refusal | undefined {
  if (thing.kind !== 'instance' || thing.name.toUpperCase() !== DEFAULT_INSTANCE) return undefined;
  return {
    problem: t(
      "{0} is SQL Server's own name for the default instance, where every database without 'instance' is. Write another instance in its place.",
      DEFAULT_INSTANCE,
    ),
  };
}

function badName(kind: NamedKind, name: string): Refusal | undefined {
  const problem = nameProblem(kind, name);
  if (problem !== undefined) return { problem: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.` };
  const code = kind === 'site' ? siteCodeProblem(name) : undefined;
  if (code !== undefined) return { problem: t('{0}: use three letters or digits, such as PS1.', code) };
  if (kind !== 'instance') return undefined;
  if (!INSTANCE_NAME.test(name))
    return {
      problem: t(
        "Instance '{0}': a name has letters, digits, '_', '-', '.', '$' and '#' only, at most 63.",
        name,
      ),
    };
  if (name.toUpperCase() === DEFAULT_INSTANCE)
    return {
      problem: t(
        "{0} is SQL Server's own name for the default instance. Choose another name.",
        DEFAULT_INSTANCE,
      ),
    };
  return undefined;
}

/** The kinds among which a thing's name has to be its own. */
function nameSpace(kind: NamedKind): ReadonlySet<NamedKind> {
  return SHARED.has(kind) ? SHARED : new Set([kind]);
}

function clash(analysis: Analysis, things: readonly Thing[], newName: string): Refusal | undefined {
  const { topology, tree } = analysis;
  const name = newName.toLowerCase();
  const line = ({ start }: Span) => tree.lines.positionAt(start).line + 1;
  for (const thing of things) {
    const space = nameSpace(thing.kind);
    for (const other of thingsOf(topology)) {
      if (things.includes(other) || isImplicit(other) || other.name.toLowerCase() !== name) continue;
      const sameServer =
        other.kind !== 'instance' || (thing.kind === 'instance' && other.server === thing.server);
      if (!space.has(other.kind) || !sameServer) continue;
      return {
        problem: t(
          "There is a {0} '{1}' already, in line {2}.",
          namedWord(other.kind),
          other.name,
          line(other.key.span),
        ),
      };
    }
    // A name that is used and stands for nothing would come to stand for this thing.
    const captured = topology.references.find(
      (reference) =>
        reference.target === undefined &&
        reference.name.toLowerCase() === name &&
        reference.to.some((kind) => kind === thing.kind) &&
        (thing.kind !== 'instance' || reference.server?.toLowerCase() === thing.server.id),
    );
    if (captured !== undefined)
      return {
        problem: t(
          "Line {0} refers to '{1}', which is not defined: after the rename it would mean this {2}.",
          line(captured.span),
          captured.name,
          namedWord(thing.kind),
        ),
      };
  }
  return undefined;
}

/** A place that could not be read may hold the name too, and would keep it. */
function lost(analysis: Analysis, thing: Thing): Refusal | undefined {
  if (nameCertainty(analysis)(thing.name) === 'absent') return undefined;
  return {
    problem: t(
      "'{0}' may also occur in a part of the file that could not be read. Correct what is reported there first.",
      thing.name,
    ),
  };
}

/** Text that stands for a name here and, through an anchor, for something else there. */
function sharedWithOthers(
  analysis: Analysis,
  things: readonly Thing[],
  starts: ReadonlySet<number>,
): Refusal | undefined {
  const { tree, topology } = analysis;
  const [{ kind } = { kind: undefined }] = things;
  const line = (start: number) => tree.lines.positionAt(start).line + 1;
  const refusal = (node: ScalarNode): Refusal => ({
    problem: t(
      'The text in line {0} is used for something else as well, through an anchor. Write the name out in one of the places first.',
      line(node.span.start),
    ),
  });
  for (const word of wordsOf(tree, { aliases: true })) {
    if (!starts.has(word.node.span.start)) continue;
    // A listener's name is the value of a key.
    if (kind === 'listener' && things.some(({ key }) => key === word.node)) continue;
    if (word.place === 'key') return refusal(word.node);
    if (word.place === 'name' && word.names !== kind) return refusal(word.node);
    if (word.place === 'value' && !(word.shape.kind === 'reference' && mayName(word.shape.to, kind)))
      return refusal(word.node);
  }
  const other = topology.references.find(
    ({ span, target, implied }) => !implied && starts.has(span.start) && !isOneOf(things, target),
  );
  return other?.node.kind === 'scalar' ? refusal(other.node) : undefined;
}

/** Whether a thing may be named where some kinds may. A listener may where traffic can be from or to a server. */
function mayName(kinds: readonly ReferenceKind[], kind: NamedKind | undefined): boolean {
  return kind === 'listener'
    ? kinds.includes('server') && kinds.includes('zone')
    : kinds.some((one) => one === kind);
}

/** Reads the renamed file, and refuses where a name has come to stand for something else. */
function changedMeaning(
  analysis: Analysis,
  things: readonly Thing[],
  newName: string,
  edits: readonly Edit[],
): Refusal | undefined {
  const { topology, tree, text } = analysis;
  let renamed = '';
  let at = 0;
  for (const { span, newText } of edits) {
    renamed += text.slice(at, span.start) + newText;
    at = span.end;
  }
  const after = readTopology(
    parseText(renamed + text.slice(at)),
    topology.edition ? { edition: topology.edition } : {},
  );
  const sound =
    after.tree.damage.length <= tree.damage.length &&
    after.problems.length <= topology.problems.length &&
    sameReferences(topology, after, things, newName);
  return sound ? undefined : { problem: t("The file would mean something else with '{0}' there.", newName) };
}

function sameReferences(
  before: Topology,
  after: Topology,
  things: readonly Thing[],
  newName: string,
): boolean {
  if (before.references.length !== after.references.length) return false;
  return before.references.every(({ target, name }, index) => {
    const then = after.references[index];
    if (isOneOf(things, target)) return then?.target?.name === newName;
    return then?.name === name && then.target?.name === target?.name;
  });
}

// --- The text --------------------------------------------------------------------------------

/** What a plain name has to look like so that it stays that text for every reader of YAML. */
const PLAIN = /^[A-Za-z0-9_][\w.$#-]*$/;

/** A name's text without its quotes. */
function innerSpan({ text }: Analysis, span: Span): Span {
  const quote = text[span.start];
  const quoted = (quote === '"' || quote === "'") && span.end - span.start > 1;
  return quoted ? { start: span.start + 1, end: span.end - 1 } : span;
}

function editOf(analysis: Analysis, node: ScalarNode, newName: string): Edit {
  const { text } = analysis;
  const { span, style } = node;
  if (style === 'literal' || style === 'folded') {
    const header = text.indexOf('\n', span.start);
    const start = text.indexOf(node.text.trim(), Math.max(span.start, header));
    return { span: { start, end: start + node.text.trim().length }, newText: newName };
  }
  if (style !== 'plain') return { span: innerSpan(analysis, span), newText: newName };
  const stays = PLAIN.test(newName) && typeof scalarValue({ ...node, text: newName }) === 'string';
  return { span, newText: stays ? newName : `"${newName}"` };
}
