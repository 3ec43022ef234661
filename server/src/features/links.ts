// Links in the text: a rule's code to its page, the edition to the document its ports come from.
import type { DocumentLink } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { catalogOf, editionOf } from '../catalog/index.ts';
import { t } from '../l10n.ts';
import { ruleOf } from '../rules/index.ts';
import { readSuppressions } from '../rules/suppressions.ts';
import { readSettings } from '../settings.ts';
import type { Lines, Span } from '../text/tree.ts';
import { entries, resolve } from '../text/values.ts';

/** The address of a rule's page; undefined where it has none. */
export type PageOf = (code: string) => string | undefined;

/**
 * The links of a topology file. Addresses that are in the text are left to the editor, which finds them itself.
 */
export function documentLinks({ tree, topology }: Analysis, pageOf: PageOf): DocumentLink[] {
  const { editionWritten } = topology;
  const links = editionWritten ? editionLink(tree.lines, editionWritten.span, editionWritten.value) : [];
  for (const { mentions } of readSuppressions(tree).directives) {
    for (const { code, span } of mentions) links.push(...ruleLink(tree.lines, span, code, pageOf));
  }
  return links;
}

/** The links of a settings file: each rule's code to its page, the edition to its port list. */
export function settingsLinks(source: string, pageOf: PageOf): DocumentLink[] {
  const { tree } = readSettings(source);
  const root = tree.root && resolve(tree.root);
  if (root?.kind !== 'map') return [];
  return entries(root).flatMap(({ name, value }) => {
    const node = resolve(value);
    if (name === 'edition' && node?.kind === 'scalar') return editionLink(tree.lines, node.span, node.text);
    if (name !== 'rules' || node?.kind !== 'map') return [];
    return entries(node).flatMap((rule) => ruleLink(tree.lines, rule.key.span, rule.name, pageOf));
  });
}

function editionLink(lines: Lines, span: Span, word: string): DocumentLink[] {
  const edition = editionOf(word);
  if (edition === undefined) return [];
  const { title, url } = catalogOf(edition).document;
  return [link(lines, span, url, t('{0} (edition {1})', title, edition))];
}

function ruleLink(lines: Lines, span: Span, code: string, pageOf: PageOf): DocumentLink[] {
  const target = ruleOf(code) && pageOf(code);
  return target ? [link(lines, span, target, t('What {0} is about', code))] : [];
}

function link(lines: Lines, span: Span, target: string, tooltip: string): DocumentLink {
  return { range: { start: lines.positionAt(span.start), end: lines.positionAt(span.end) }, target, tooltip };
}
