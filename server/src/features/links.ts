// Links in the text: a rule's code to its page, the edition to the document its ports come from.
import type { DocumentLink } from 'vscode-languageserver';
import type { Analysis } from '../analysis.ts';
import { catalogOf, resolveEdition } from '../catalog/index.ts';
import { t } from '../l10n.ts';
import { ruleOf } from '../rules/index.ts';
import { readSuppressions } from '../rules/suppressions.ts';
import { readSettings } from '../settings.ts';
import { entries, resolve } from '../text/values.ts';
import { rangeOf } from './place.ts';

/** The address of a rule's page; undefined where it has none. */
type PageOf = (code: string) => string | undefined;

/**
 * The links of a topology file. Addresses that stand in the text are left to the editor, which finds them itself.
 */
export function documentLinks(analysis: Analysis, pageOf: PageOf): DocumentLink[] {
  const { tree, topology } = analysis;
  const links: DocumentLink[] = [];
  const { editionWritten } = topology;
  const edition = editionWritten && resolveEdition(editionWritten.value);
  if (edition !== undefined && editionWritten !== undefined) {
    const { title, url } = catalogOf(edition).document;
    links.push({
      range: rangeOf(analysis, editionWritten.span),
      target: url,
      tooltip: t('{0} (edition {1})', title, edition),
    });
  }
  for (const { mentions } of readSuppressions(tree).directives) {
    for (const { code, span } of mentions) {
      const target = ruleOf(code) && pageOf(code);
      if (target)
        links.push({ range: rangeOf(analysis, span), target, tooltip: t('What {0} is about', code) });
    }
  }
  return links;
}

/** The links of a settings file: each rule's code to its page. */
export function settingsLinks(source: string, pageOf: PageOf): DocumentLink[] {
  const { tree } = readSettings(source);
  const root = tree.root && resolve(tree.root);
  const rules = root?.kind === 'map' ? entries(root).find(({ name }) => name === 'rules') : undefined;
  const map = rules && resolve(rules.value);
  if (map?.kind !== 'map') return [];
  return entries(map).flatMap(({ name, key }) => {
    const target = ruleOf(name) && pageOf(name);
    if (!target) return [];
    const { lines } = tree;
    const range = { start: lines.positionAt(key.span.start), end: lines.positionAt(key.span.end) };
    return [{ range, target, tooltip: t('What {0} is about', name) }];
  });
}
