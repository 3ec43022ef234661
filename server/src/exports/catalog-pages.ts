// The pages of docs/catalog: one an edition, and all errata.

import { catalogOf, EDITIONS, type Erratum } from '../catalog/index.ts';
import { markdownText } from '../print/escape.ts';
import { catalogMarkdown } from './catalog-markdown.ts';
import { catalogReport } from './catalog-report.ts';

/** Every page by its path from the repository's root. */
export function catalogPages(): ReadonlyMap<string, string> {
  return new Map([
    ...EDITIONS.map((edition): [string, string] => [
      `docs/catalog/${edition}.md`,
      catalogMarkdown(catalogReport(catalogOf(edition))),
    ]),
    ['docs/catalog/errata.md', errataPage()],
  ]);
}

function errataPage(): string {
  const errata = new Map(
    EDITIONS.flatMap((edition) => catalogOf(edition).errata).map((erratum) => [erratum.id, erratum]),
  );
  const intro =
    'Where the documents disagree with one another, or a translation is wrong: what each says, what the catalog follows, and why.';
  return `# Errata of the port catalog\n\n${intro}\n${[...errata.values()].map((one) => `\n${section(one)}`).join('')}`;
}

function section({ id, editions, about, sources, disagreement, followed, why }: Erratum): string {
  const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ');
  return [
    `## ${id}\n`,
    `${markdownText(disagreement)}\n`,
    `**Followed:** ${markdownText(followed)}\n`,
    `**Why:** ${markdownText(why)}\n`,
    `Editions: ${editions.join(', ')}. About: ${code(about)}.\n`,
    `Sources:\n\n${sources.map((source) => `- ${markdownText(source)}`).join('\n')}\n`,
  ].join('\n');
}
