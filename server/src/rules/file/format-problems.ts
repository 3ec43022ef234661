// From the problems that reading a file found to the reports of the rules of the same code.

import { insertKey, listToMap } from '../../edits/map-edits.ts';
import { t } from '../../l10n.ts';
import { snippetText } from '../../print/escape.ts';
import { nearWords } from '../../text/near.ts';
import type { FormatProblem, Remedy, Topology } from '../../topology/model.ts';
import { fallbackStatusProblems } from '../clients/fallback-status-http.ts';
import type { Fix, Report, RuleContext } from '../rule.ts';

/** The problems of one code as reports with their fixes. */
export function* problemReports(context: RuleContext, code: FormatProblem['code']): Iterable<Report> {
  const told = fallbackStatusProblems(context.topology);
  for (const problem of context.topology.problems) {
    if (problem.code !== code || told.has(problem)) continue;
    const fixes = nearFixes(problem, context);
    yield {
      span: problem.span,
      message: problem.message,
      ...(problem.related ? { related: problem.related } : {}),
      fixes: () => {
        const remedy = problem.remedy && remedyFix(problem.remedy, context);
        return remedy ? [remedy, ...fixes] : fixes;
      },
    };
  }
}

/** Replacements of a wrong word by the near ones; safe where one word is near and no other. */
export function didYouMeanFixes(
  word: string,
  candidates: readonly string[],
  span: Report['span'],
): readonly Fix[] {
  const near = nearWords(word, candidates);
  return near.slice(0, 3).map((name) => ({
    title: t("Change to '{0}'", name),
    safe: near.length === 1,
    edits: [{ span, newText: name }],
  }));
}

function nearFixes({ span, node, suggestion }: FormatProblem, { tree }: RuleContext): readonly Fix[] {
  if (!suggestion || node.kind !== 'scalar') return [];
  const safe = suggestion.safe && tree.text.slice(span.start, span.end).length > 0;
  return suggestion.names.slice(0, 3).map((name) => ({
    title: t("Change to '{0}'", name),
    safe,
    edits: [{ span, newText: name }],
  }));
}

function remedyFix(remedy: Remedy, context: RuleContext): Fix | undefined {
  const { tree } = context;
  switch (remedy.kind) {
    case 'replace': {
      const { span, text, title, safe } = remedy;
      return { title, safe, edits: [{ span, newText: text }] };
    }
    case 'list-to-map': {
      const edits = listToMap(tree, remedy.list);
      return edits && { title: t('Make it a map'), safe: true, edits };
    }
    case 'insert': {
      const value = placeholder(remedy, context.topology);
      const edit = insertKey(tree, remedy, remedy.key, value, {
        first: FIRST.has(remedy.key),
        snippet: true,
      });
      return edit && { title: t("Insert '{0}'", remedy.key), safe: false, edits: [edit] };
    }
  }
}

/** Keys that a reader looks for at the top. */
const FIRST: ReadonlySet<string> = new Set(['configmgr', 'type', 'action', 'site', 'server']);

/** A value with tab stops for a key that is missing. */
function placeholder({ key, example }: Remedy & { kind: 'insert' }, topology: Topology): string {
  const stops = (values: readonly string[]) =>
    values.map((value, index) => `\${${index + 1}:${snippetText(value)}}`).join(', ');
  const named = (map: ReadonlyMap<string, { readonly name: string }>) =>
    [...map.values()].map(({ name }) => name);
  switch (key) {
    case 'site':
      return stops([named(topology.sites)[0] ?? example]);
    case 'server':
      return stops([named(topology.servers)[0] ?? example]);
    case 'parent': {
      const primary = [...topology.sites.values()].find(({ type }) => type?.value === 'primary');
      return stops([primary?.name ?? 'PS1']);
    }
    case 'zones': {
      const [first = 'hq', second = 'dmz'] = named(topology.zones);
      return `[${stops([first, second])}]`;
    }
    case 'replicas': {
      const [first = 'sql01', second = 'sql02'] = named(topology.servers);
      return `[{ server: \${1:${snippetText(first)}} \\}, { server: \${2:${snippetText(second)}} \\}]`;
    }
    case 'from':
    case 'to':
      return stops(['any']);
    default:
      return stops([example]);
  }
}
