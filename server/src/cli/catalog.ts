// `cmtopo catalog`: the port catalog of an edition, or what changes from one edition to another.
import {
  catalogOf,
  compareEditions,
  EDITION_WORDS,
  type Edition,
  editionOf,
  NEWEST_EDITION,
} from '../catalog/index.ts';
import { catalogJson, comparisonJson } from '../exports/catalog-json.ts';
import { catalogMarkdown } from '../exports/catalog-markdown.ts';
import { catalogReport, comparisonReport, type TableReport } from '../exports/catalog-report.ts';
import { catalogTable } from '../exports/catalog-table.ts';
import { t } from '../l10n.ts';
import { parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';

const FORMATS = ['table', 'json', 'markdown'];

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
      format: { type: 'string', words: FORMATS },
      compare: { type: 'string' },
    },
    { fewest: 0, most: args.some((arg) => arg === '--compare' || arg.startsWith('--compare=')) ? 1 : 0 },
  );
  const { edition, format = 'table', compare } = values;
  if (compare === undefined) {
    const catalog = catalogOf(edition === undefined ? NEWEST_EDITION : known(edition));
    io.out(format === 'json' ? catalogJson(catalog) : printed(catalogReport(catalog), format));
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
  const comparison = compareEditions(known(compare), known(second));
  io.out(format === 'json' ? comparisonJson(comparison) : printed(comparisonReport(comparison), format));
  return 0;
}

function printed(report: TableReport, format: string): string {
  return format === 'markdown' ? catalogMarkdown(report) : catalogTable(report);
}

function known(word: string): Edition {
  const edition = editionOf(word);
  if (edition === undefined) {
    throw usageError(`${t('there is no edition {0}; one of {1}', word, EDITION_WORDS.join(', '))}`);
  }
  return edition;
}
