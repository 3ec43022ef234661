// Parsers of the languages that are exported: the grammars of PowerShell and Bicep, and HashiCorp's reader of HCL.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What is used here of the parser, whose package declares its types under another package's name. */
interface TreeSitter {
  readonly Language: { load(grammar: Uint8Array): Promise<object> };
  readonly Parser: {
    new (): { setLanguage(language: object): void; parse(text: string): { readonly rootNode: Node } | null };
    init(): Promise<void>;
  };
}

/** A node of a tree. */
export interface Node {
  readonly type: string;
  readonly text: string;
  readonly isNamed: boolean;
  readonly hasError: boolean;
  /** Where it begins in the text, in characters. */
  readonly startIndex: number;
  readonly children: readonly (Node | null)[];
  descendantsOfType(type: string): readonly (Node | null)[];
}

const { Language, Parser }: TreeSitter = createRequire(join(process.cwd(), 'package.json'))(
  '@vscode/tree-sitter-wasm',
);

const modules = join(process.cwd(), 'node_modules');
const GRAMMARS = {
  powershell: join(modules, '@vscode', 'tree-sitter-wasm', 'wasm', 'tree-sitter-powershell.wasm'),
  typescript: join(modules, '@vscode', 'tree-sitter-wasm', 'wasm', 'tree-sitter-typescript.wasm'),
  bicep: join(modules, 'tree-sitter-bicep', 'tree-sitter-bicep.wasm'),
} as const;

/** A parser that gives the root of the tree. */
export async function grammar(name: keyof typeof GRAMMARS): Promise<(text: string) => Node> {
  await Parser.init();
  const language = await Language.load(readFileSync(GRAMMARS[name]));
  const parser = new Parser();
  parser.setLanguage(language);
  return (text) => {
    const tree = parser.parse(text);
    if (tree === null) throw new Error('not parsed');
    return tree.rootNode;
  };
}

/** How often each type of node is in a tree, named ones only. */
export function census(root: Node): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const visit = (node: Node) => {
    if (node.isNamed) counts[node.type] = (counts[node.type] ?? 0) + 1;
    for (const child of node.children) if (child) visit(child);
  };
  visit(root);
  return counts;
}

/** The texts of all nodes of a type. */
export function textsOf(root: Node, type: string): readonly string[] {
  return root.descendantsOfType(type).flatMap((node) => (node ? [node.text] : []));
}
