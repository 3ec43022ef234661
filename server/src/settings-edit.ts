// Changes of a settings file: minimal edits, so that its comments and layout stay.
import { applyEdits, type TextEdit } from './edits/text-edit.ts';
import type { Severity } from './rules/rule.ts';
import { readSettings } from './settings.ts';
import type { MapNode, Node, TextTree } from './text/tree.ts';
import { entries, resolve } from './text/values.ts';

type Level = Severity | 'off';

/** The text of a new settings file with one severity in it. */
export function newSettings(code: string, level: Level): string {
  return `rules:\n  ${code}: ${level}\n`;
}

/**
 * The edit that sets the severity of a rule in a settings file; undefined where the text is too broken for one.
 * @param text of the settings file as it is
 */
export function severityEdit(text: string, code: string, level: Level): TextEdit | undefined {
  const { tree } = readSettings(text);
  if (tree.damage.length > 0) return undefined;
  const edit = plan(text, tree, code, level);
  if (edit === undefined) return undefined;
  // What a comment or an odd layout makes of the edit is better tried than guessed.
  const after = readSettings(applyEdits(text, [edit]));
  return after.settings.rules[code] === level && after.tree.damage.length === 0 ? edit : undefined;
}

function plan(text: string, tree: TextTree, code: string, level: Level): TextEdit | undefined {
  const breakText = text.includes('\r\n') ? '\r\n' : '\n';
  const root = tree.root && resolve(tree.root);
  if (root === undefined || isNothing(root)) {
    const before = text === '' || /[\r\n]$/.test(text) ? '' : breakText;
    return insertion(text.length, `${before}rules:${breakText}  ${code}: ${level}${breakText}`);
  }
  if (root.kind !== 'map') return undefined;
  const rules = entries(root).find(({ name }) => name === 'rules');
  if (rules === undefined) {
    if (root.flow) return intoFlow(root, `rules: { ${code}: ${level} }`);
    return below(text, tree, root, `rules:${breakText}  ${code}: ${level}`, breakText);
  }
  const map = resolve(rules.value);
  if (map === undefined || isNothing(map)) {
    if (rules.merged) return undefined;
    if (root.flow || rules.value.span.end > rules.value.span.start)
      return { span: rules.value.span, newText: `${gap(text, rules.value)}{ ${code}: ${level} }` };
    const { line, character } = tree.lines.positionAt(rules.key.span.start);
    const { end } = tree.lines.span(line);
    return insertion(end, `${breakText}${' '.repeat(character + 2)}${code}: ${level}`);
  }
  if (map.kind !== 'map') return undefined;
  const own = entries(map).find(({ name, merged }) => name === code && !merged);
  if (own !== undefined) {
    // Of an anchor only the value behind it changes.
    const value = own.value;
    return { span: value.span, newText: `${gap(text, value)}${level}` };
  }
  return map.flow
    ? intoFlow(map, `${code}: ${level}`)
    : below(text, tree, map, `${code}: ${level}`, breakText);
}

/** A blank where the value is empty and is right behind its colon. */
function gap(text: string, { span }: Node): string {
  return span.start === span.end && text[span.start - 1] === ':' ? ' ' : '';
}

function intoFlow(map: MapNode, entry: string): TextEdit {
  const last = map.pairs.at(-1);
  if (last === undefined) return { span: map.span, newText: `{ ${entry} }` };
  const end = Math.max(last.key.span.end, last.value.span.end);
  return insertion(end, `, ${entry}`);
}

/** A line more below the last one of a map in block style. */
function below(
  text: string,
  tree: TextTree,
  map: MapNode,
  entry: string,
  breakText: string,
): TextEdit | undefined {
  const first = map.pairs[0];
  const last = map.pairs.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { character } = tree.lines.positionAt(first.key.span.start);
  const contentEnd = Math.max(last.key.span.end, last.value.span.end);
  // A block text ends behind its own line break.
  const at = text[contentEnd - 1] === '\n' ? contentEnd - 1 : contentEnd;
  const { end } = tree.lines.span(tree.lines.positionAt(at).line);
  const lines = entry.split(breakText).map((line) => `${breakText}${' '.repeat(character)}${line}`);
  return insertion(end, lines.join(''));
}

function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^(~|null|Null|NULL)?$/.test(node.text);
}

function insertion(at: number, newText: string): TextEdit {
  return { span: { start: at, end: at }, newText };
}
