// The tools for assistants: one file and one line each.
import { t } from '../l10n.ts';
import { cut, visible } from '../print/escape.ts';
import { checkTopology } from './check-topology.ts';
import { explainConnections } from './explain-connections.ts';
import { missingRules } from './missing-rules.ts';
import { portCatalog } from './port-catalog.ts';
import { roleRequirements } from './role-requirements.ts';
import { readInput, shortWord, type Tool, type ToolWorld, toolError, type Wanted } from './tool.ts';

/** In the order in which they are listed. */
export const tools: readonly Tool[] = [
  checkTopology,
  explainConnections,
  missingRules,
  roleRequirements,
  portCatalog,
];

/** UTF-16 units of an answer: some thousand words, which every assistant takes. */
const LONGEST_ANSWER = 24_000;
/** UTF-16 units of a line of an answer: a text from a file may be as long as the file. */
const LONGEST_LINE = 1_000;

/**
 * Answers one call.
 * Throws {@link ToolError} for an unknown tool and a wrong input, and where there is no answer.
 * @returns text on lines in which nothing of a file is hidden, and whose line breaks are all ours
 */
export function callTool(name: string, input: unknown, world: ToolWorld): string {
  const tool = toolNamed(name);
  return bounded(tool.answer(readInput(tool, input), world).map(line));
}

/**
 * Which topology a call is about, before it is answered.
 * Throws {@link ToolError} for an unknown tool and a wrong input.
 */
export function wantedBy(name: string, input: unknown): Wanted {
  const { file, text } = readInput(toolNamed(name), input);
  return {
    ...(typeof file === 'string' ? { file } : {}),
    ...(typeof text === 'string' ? { text } : {}),
  };
}

function toolNamed(name: string): Tool {
  const tool = tools.find((one) => one.name === name);
  if (tool) return tool;
  throw toolError(
    t('there is no tool {0}; there are {1}', shortWord(name), tools.map((one) => one.name).join(', ')),
  );
}

function line(text: string): string {
  return cut(visible(text), LONGEST_LINE);
}

function bounded(lines: readonly string[]): string {
  let left = LONGEST_ANSWER;
  const fitting = lines.findIndex((one) => {
    left -= one.length + 1;
    return left < 0;
  });
  if (fitting < 0) return lines.join('\n');
  const end = 'The answer is too long and was cut here: ask for less.';
  return [...lines.slice(0, fitting), end].join('\n');
}
