// Whether output is coloured.
import type { Io } from './io.ts';

export const COLOR_OPTION = { type: 'string', words: ['auto', 'always', 'never'] } as const;

/**
 * `--color` decides; then `NO_COLOR` and `FORCE_COLOR`, where they are set and not empty; then whether
 * standard output is a terminal that knows colours.
 */
export function useColor(
  option: string | undefined,
  { env, isTerminal }: Pick<Io, 'env' | 'isTerminal'>,
): boolean {
  if (option === 'always') return true;
  if (option === 'never') return false;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}

const CODES = {
  error: '31;1',
  warning: '33;1',
  information: '34;1',
  hint: '36;1',
  dim: '2',
  bold: '1',
  green: '32;1',
};

export type Paint = (style: keyof typeof CODES, text: string) => string;

/** Gives texts a colour, or leaves them as they are. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => `\x1b[${CODES[style]}m${text}\x1b[0m` : (_, text) => text;
}
