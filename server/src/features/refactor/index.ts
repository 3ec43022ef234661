// The refactorings at a place, in the order of the menu.
import type { Analysis } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';
import { parseText } from '../../text/parse.ts';
import type { TextTree } from '../../text/tree.ts';
import { readTopology } from '../../topology/read.ts';
import { extractRefactorings } from './extract-group.ts';
import { inlineRefactorings } from './inline-anchor.ts';
import { moveRefactorings } from './move-role.ts';
import { commentsIn, type Refactoring } from './refactoring.ts';
import { splitRefactorings } from './split-clients.ts';
import { styleRefactorings } from './style.ts';

/** The kinds of code action that refactorings have. */
export const REFACTOR_KINDS = [
  'refactor.extract',
  'refactor.inline',
  'refactor.move',
  'refactor.rewrite',
] as const satisfies readonly Refactoring['kind'][];

/** The refactorings at an offset, of some kinds. None breaks the file, adds a mistake of form to it or loses a comment. */
export function refactorings(
  analysis: Analysis,
  offset: number,
  wants: (kind: Refactoring['kind']) => boolean,
): readonly Refactoring[] {
  const { tree, topology } = analysis;
  const found = [
    ...(wants('refactor.extract') ? extractRefactorings(analysis, offset) : []),
    ...(wants('refactor.move') ? moveRefactorings(analysis, offset) : []),
    ...(wants('refactor.inline') ? inlineRefactorings(tree, offset) : []),
    ...(wants('refactor.rewrite')
      ? [...splitRefactorings(analysis, offset), ...styleRefactorings(tree, offset)]
      : []),
  ];
  return found.filter(({ edits }) => {
    const after = parseText(applyEdits(tree.text, edits));
    const settings = topology.edition ? { edition: topology.edition } : {};
    return (
      after.damage.length <= tree.damage.length &&
      after.duplicateKeys.length <= tree.duplicateKeys.length &&
      after.unknownAliases.length <= tree.unknownAliases.length &&
      hasComments(after, tree) &&
      readTopology(after, settings).problems.length <= topology.problems.length
    );
  });
}

/** Whether a text has every comment of another one. */
function hasComments(after: TextTree, before: TextTree): boolean {
  const left = new Map<string, number>();
  for (const text of commentsIn(after)) left.set(text, (left.get(text) ?? 0) + 1);
  return commentsIn(before).every((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count > 0;
  });
}
