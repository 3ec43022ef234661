// A rule's documentation page and the index of all, made from the rules themselves.
import { type Analysis, analyse, NO_SETTINGS } from './analysis.ts';
import { errataAbout } from './catalog/index.ts';
import { EDITIONS } from './catalog/types.ts';
import { lineDiff } from './edits/line-diff.ts';
import { applyEdits } from './edits/text-edit.ts';
import { marked } from './l10n.ts';
import { sourceLink } from './rules/documents.ts';
import { rules as allRules } from './rules/index.ts';
import type { Example, Finding, ListedRule, Rule, RuleArea, Settings, Severity } from './rules/rule.ts';

export const AREAS: Readonly<Record<RuleArea, string>> = {
  file: marked('The file'),
  hierarchy: marked('Hierarchy'),
  wsus: marked('WSUS'),
  'sql-server': marked('SQL Server'),
  rpc: marked('RPC'),
  clients: marked('Clients'),
  firewalls: marked('Firewalls'),
};

const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: 'It will not work, or Microsoft does not support it. `cmtopo check` ends with status 1.',
  warning:
    'It works today and will hurt later, or it is wrong in most networks. `cmtopo check` ends with status 1 if there are more warnings than `--max-warnings` allows.',
  information: 'Nothing is wrong; there is something that you can leave out.',
  hint: 'Something in the file has no effect. Editors show it faintly.',
};

/** Every page of `docs/rules`, by file name. */
export function rulePages(rules: readonly ListedRule[] = allRules): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', indexPage(rules)],
    ...rules.map((rule): [string, string] => [`${rule.code}.md`, rulePage(rule)]),
  ]);
}

/** What is in force where an example is looked at: its own day, and nothing else. */
export function exampleSettings({ today }: Example): Settings {
  return { ...NO_SETTINGS, ...(today === undefined ? {} : { today }) };
}

/** The page of one rule, as Markdown. */
export function rulePage(rule: ListedRule): string {
  const examples = rule.bad.map((example) => badExample(rule, example));
  const fixes = examples.flatMap(({ fixes }) => fixes);
  const parts = [
    `# ${rule.code}`,
    rule.summary,
    [
      `- Area: ${AREAS[rule.area]}`,
      `- Severity: ${rule.severity}`,
      `- Reason: ${rule.reason}`,
      `- Fix: ${fixes.length === 0 ? 'none' : fixes.some((fix) => fix.safe) ? 'yes, and a safe one that `--fix` applies' : 'yes, offered in the editor'}`,
    ].join('\n'),
    `## Why\n\n${rule.explanation}`,
    `## Wrong\n\n${examples.map(({ text }) => text).join('\n\n')}`,
    `## Right\n\n${rule.good.map((example) => titled(example)).join('\n\n')}`,
    ...errata(rule),
    configure(rule),
    `## Sources\n\n${[rule.source, ...(rule.moreSources ?? [])].map((source) => `- ${sourceLink(source)}`).join('\n')}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function titled({ title, text }: Example): string {
  return `### ${title}\n\n${fence('yaml', text)}`;
}

/** The longest run of backticks inside decides how long the fence is. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}${language}\n${text.replace(/\n$/, '')}\n${mark}`;
}

function badExample(
  rule: Rule,
  example: Example,
): { readonly text: string; readonly fixes: Finding['fixes'] & {} } {
  const analysis = analyse(example.text, exampleSettings(example));
  const findings = analysis.findings().filter((finding) => finding.code === rule.code);
  const fixes = findings.flatMap((finding) => finding.fixes ?? []);
  const text = [
    titled(example),
    ...findings.map((finding) => shown(finding, analysis)),
    ...fixes.map((fix) => {
      const change = lineDiff(example.text, applyEdits(example.text, fix.edits));
      return `Fix: ${fix.title}${fix.safe ? ' (safe)' : ''}\n\n${fence('diff', change)}`;
    }),
  ];
  return { text: text.join('\n\n'), fixes };
}

function shown(finding: Finding, { tree }: Analysis): string {
  const { line, character } = tree.lines.positionAt(finding.span.start);
  const place = `${line + 1}:${character + 1}`;
  const related = (finding.related ?? []).map(({ message, span }) => {
    const at = tree.lines.positionAt(span.start);
    return `    ${at.line + 1}:${at.character + 1} ${message}`;
  });
  return fence(
    'text',
    [`${place} ${finding.severity} ${finding.message} (${finding.code})`, ...related].join('\n'),
  );
}

/** Where two documents disagree about what the rule asks for: which says what, and which one is followed. */
function errata({ code }: Rule): string[] {
  const about = new Map(
    EDITIONS.flatMap((edition) =>
      errataAbout(edition, code).map((erratum) => [erratum.id, erratum] as const),
    ),
  );
  if (about.size === 0) return [];
  const told = [...about.values()].map(
    ({ editions, sources, disagreement, followed, why }) => `${disagreement} (${editions.join(', ')})

${sources.map((source) => `- ${source}`).join('\n')}

Followed: ${followed} ${why}`,
  );
  return [`## Where the documents disagree\n\n${told.join('\n\n')}`];
}

function configure({ code, severity }: Rule): string {
  const other = severity === 'error' ? 'warning' : 'error';
  return `## Change its severity, or silence it

In \`.cmtopo.yaml\`, for every topology file in its folder and below (\`off\`, \`hint\`, \`information\`, \`warning\` or \`error\`):

\`\`\`yaml
rules:
  ${code}: ${other}
\`\`\`

In the file, for the next line, for the line itself, or from one comment to the other:

\`\`\`yaml
# cmtopo-disable-next-line ${code} -- why
# cmtopo-disable-line ${code} -- why
# cmtopo-disable ${code} -- why
# cmtopo-enable ${code}
\`\`\``;
}

function indexPage(rules: readonly ListedRule[]): string {
  const areas = (Object.keys(AREAS) as RuleArea[])
    .map((area) => ({ area, own: rules.filter((rule) => rule.area === area) }))
    .filter(({ own }) => own.length > 0)
    .map(
      ({ area, own }) => `## ${AREAS[area]}

| Rule | Severity | Reports |
| --- | --- | --- |
${own.map((rule) => `| [${rule.code}](${rule.code}.md) | ${rule.severity} | ${rule.summary.replaceAll('|', '\\|')} |`).join('\n')}`,
    );
  return `# The rules

Made from the rules themselves by \`node scripts/generate.mjs\`; \`cmtopo rules\` prints the same list, \`cmtopo rules CODE\` one page.

${areas.join('\n\n')}

## Severities

| Severity | Means |
| --- | --- |
${Object.entries(SEVERITIES)
  .map(([severity, meaning]) => `| ${severity} | ${meaning} |`)
  .join('\n')}

Each finding comes with its reason in one sentence and the section of the document that it is based on: under \`why\` in the terminal, and in the hover in the editor. If the documents disagree, both say which one is followed.

## Settings

\`.cmtopo.yaml\` or the editor's setting \`configmgrTopology.rules\` can change the severity of a rule; \`off\` turns the rule off. If both name a rule, \`.cmtopo.yaml\` takes precedence, so that the editor and the command line agree.

\`\`\`yaml
# .cmtopo.yaml, the nearest one at or above the topology file
edition: current-branch # for files without configmgr
rules:
  sql-browser: off
  rpc-range-small: error
\`\`\`

The quick fix "Change the severity of CODE to …" writes such a line to the nearest \`.cmtopo.yaml\`, or creates one next to the topology file; comments and layout are kept. The editor uses the file as it is shown there, saved or not, and offers completion, hovers and findings for it; other editors can use \`schemas/settings.schema.json\`.

## Comments

A comment suppresses the findings of rules in one place, and can say why:

| Comment | Suppresses findings on |
| --- | --- |
| \`# cmtopo-disable-next-line CODE, CODE -- why\` | the next line that is not just a comment |
| \`# cmtopo-disable-line CODE\` at the end of a line | that line |
| \`# cmtopo-disable CODE\` | everything from here to the end of the file, or to \`# cmtopo-enable CODE\` |

The quick fixes "Disable CODE for this line" and "Disable CODE for this file" add such a comment, or extend an existing one. An unknown code is reported by [unknown-suppression](unknown-suppression.md), a comment that suppresses nothing by [unused-suppression](unused-suppression.md).

## What is not reported, and what is fixed

Rules report only what is certain. They report nothing about a server that is not in the file, a value that could not be read, or text that is not YAML; each of these has one finding, from its own rule.

A safe fix removes its finding and changes nothing else: comments, order and layout are kept. \`cmtopo check --fix\` and \`source.fixAll.cmtopo\` apply the safe ones.
`;
}
