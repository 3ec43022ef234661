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
