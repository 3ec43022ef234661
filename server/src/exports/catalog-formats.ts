// The formats of `cmtopo catalog`: one file and one line each.
import type { Comparison } from '../catalog/index.ts';
import type { EditionCatalog } from '../catalog/types.ts';
import type { Formats } from '../formats.ts';
import { catalogJson, comparisonJson } from './catalog-json.ts';
import { catalogMarkdown } from './catalog-markdown.ts';
import { catalogReport, comparisonReport, type TableReport } from './catalog-report.ts';
import { catalogTable } from './catalog-table.ts';

/** How an edition is written, and how what changes between two is. */
export interface CatalogWriters {
  readonly catalog: (catalog: EditionCatalog) => string;
  readonly comparison: (comparison: Comparison) => string;
}

export const catalogFormats: Formats<CatalogWriters> = {
  table: { write: ofReport(catalogTable), about: 'for a terminal' },
  json: { write: { catalog: catalogJson, comparison: comparisonJson }, about: 'everything, for programs' },
  markdown: { write: ofReport(catalogMarkdown), about: 'tables, as on the pages in `docs/catalog/`' },
};

function ofReport(print: (report: TableReport) => string): CatalogWriters {
  return {
    catalog: (catalog) => print(catalogReport(catalog)),
    comparison: (comparison) => print(comparisonReport(comparison)),
  };
}
