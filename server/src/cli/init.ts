// `cmtopo init`: a commented starter file on standard output.
import { STARTER } from '../topology/starter.ts';
import { parseArguments } from './args.ts';
import type { Io } from './io.ts';

/** Prints the starter file. Nothing is written to the disk: redirect it where it belongs. */
export function initCommand(args: readonly string[], io: Io): number {
  parseArguments('init', args, {}, { fewest: 0, most: 0 });
  io.out(STARTER);
  return 0;
}
