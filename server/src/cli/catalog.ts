// `cmtopo catalog`: the port catalog of an edition, or what changes from one edition to another.
import {
  catalogOf,
  compareEditions,
  EDITION_WORDS,
  type Edition,
  editionOf,
  NEWEST_EDITION,
  NEWEST_VERSION,
} from '../catalog/index.ts';
import { catalogFormats } from '../exports/catalog-formats.ts';
import { writerOf } from '../formats.ts';
import { t } from '../l10n.ts';
import { parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';

/**
 * Prints the catalog of `--edition` (without it, of the newest), or with `--compare A B` what changes from A to B.
 * Throws a usage error for an unknown option, format or edition.
 * @returns the exit status
 */
export function catalogCommand(args: readonly string[], io: Pick<Io, 'out'>): number {
  const { values, positionals } = parseArguments(
    'catalog',
    args,
    {
      edition: { type: 'string' },
      format: { type: 'string', words: Object.keys(catalogFormats) },
      compare: { type: 'string' },
    },
    { fewest: 0, most: args.some((arg) => arg === '--compare' || arg.startsWith('--compare=')) ? 1 : 0 },
  );
  const { edition, compare } = values;
  const print = writerOf(catalogFormats, values.format);
  if (compare === undefined) {
    io.out(print.catalog(catalogOf(edition === undefined ? NEWEST_EDITION : known(edition))));
    return 0;
  }
  const [second] = positionals;
  if (second === undefined) {
    throw usageError(
      t('{0} needs two editions, the older one first: {1}', '--compare', '--compare 2017-09 2025-12'),
    );
  }
  if (edition !== undefined) {
    throw usageError(t('{0} names both editions itself; leave {1} out', '--compare', '--edition'));
  }
  io.out(print.comparison(compareEditions(known(compare), known(second))));
  return 0;
}

function known(word: string): Edition {
  const edition = editionOf(word);
  if (edition === undefined) {
    throw usageError(
      `${t(
        '{0} is neither an edition nor a version: write one of {1}, or a version such as {2}',
        word,
        EDITION_WORDS.join(', '),
        NEWEST_VERSION,
      )}`,
    );
  }
  return edition;
}
