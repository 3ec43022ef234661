// Every text that is shown in the reader's language: the literals of the source, and the texts of descriptions.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogOf, EDITIONS } from '../../server/src/catalog/index.ts';
import { rules } from '../../server/src/rules/index.ts';
import { FORMAT, type Key, type Shape } from '../../server/src/topology/format.ts';
import { grammar, type Node } from '../exports/grammars.ts';

/** A message and a place that shows it. */
export type Messages = ReadonlyMap<string, string>;

/** The functions whose first argument is a message. */
const FUNCTIONS: ReadonlySet<string> = new Set(['t', 'marked', 'l10n.t', 'vscode.l10n.t']);

/**
 * The messages in the program's source.
 * Throws where a message is no literal, which no check could look for in the bundles.
 */
export async function messagesOfSource(): Promise<Messages> {
  const parse = await grammar('typescript');
  const found = new Map<string, string>();
  for (const folder of ['server/src', 'client/src']) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || /(^|[./])(test|testing|l10n)\.ts$/.test(name)) continue;
      const file = join(folder, name);
      for (const call of parse(readFileSync(file, 'utf8')).descendantsOfType('call_expression')) {
        const [callee, args] = call?.children ?? [];
        if (!callee || !FUNCTIONS.has(callee.text) || args?.type !== 'arguments') continue;
        const first = args.children.find((child) => child?.isNamed && child.type !== 'comment');
        for (const message of literals(first, `${file}: ${call?.text ?? ''}`)) found.set(message, file);
      }
    }
  }
  return found;
}

/** The literal, or those of a condition's two branches. */
function literals(node: Node | null | undefined, where: string): readonly string[] {
  const named = node?.children.filter((child) => child?.isNamed) ?? [];
  if (node?.type === 'string') return [unescaped(node.text.slice(1, -1))];
  if (node?.type === 'parenthesized_expression') return literals(named[0], where);
  if (node?.type === 'ternary_expression') return named.slice(1).flatMap((branch) => literals(branch, where));
  throw new Error(`The message is no literal: ${where}`);
}

function unescaped(literal: string): string {
  return literal.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, sign: string) =>
    code === undefined ? (sign === 'n' ? '\n' : sign) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The texts of what is described once: rules, the format, and what the catalog says in our words. */
export function messagesOfDescriptions(): Messages {
  const found = new Map<string, string>();
  const add = (text: string | undefined, where: string) => {
    // What has no letters, such as a default port, is the same in every language.
    if (text !== undefined && /\p{L}/u.test(text)) found.set(text, where);
  };
  for (const { code, summary, reason } of rules) {
    add(summary, code);
    add(reason, code);
  }
  for (const edition of EDITIONS) {
    const { notes, clientNotes, errata, connections } = catalogOf(edition);
    for (const note of [...notes.values(), ...clientNotes.values()]) add(note, `notes of ${edition}`);
    for (const { id, disagreement, followed, why } of errata)
      for (const text of [disagreement, followed, why]) add(text, `erratum ${id}`);
    for (const { id, ports } of connections)
      for (const { without } of ports) add(without, `connection ${id}`);
  }
  const seen = new Set<Shape>();
  const addKey = ({ name, doc, unit, requiredText, defaultText, shape }: Key) => {
    for (const text of [doc, unit, requiredText, defaultText]) add(text, `key ${name}`);
    addShape(shape);
  };
  const addShape = (shape: Shape) => {
    if (seen.has(shape)) return;
    seen.add(shape);
    if ('words' in shape) for (const { name, doc } of shape.words ?? []) add(doc, `word ${name}`);
    if (shape.kind === 'list' || shape.kind === 'named') addShape(shape.of);
    if (shape.kind === 'either') shape.of.forEach(addShape);
    if (shape.kind !== 'map') return;
    if (!shape.what.startsWith('options of ')) add(shape.what, `map ${shape.what}`);
    shape.keys.forEach(addKey);
  };
  addShape(FORMAT);
  return found;
}
