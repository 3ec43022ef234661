// The settings file `.cmtopo.yaml`: the severities of the rules, the edition of files that give none, and policies.
import { EDITION_WORDS, editionOf } from './catalog/editions.ts';
import { marked, t } from './l10n.ts';
import { rules } from './rules/index.ts';
import { confined } from './rules/limits.ts';
import type { Finding, Fix, Report, Settings, Severity } from './rules/rule.ts';
import { listed } from './rules/words.ts';
import { nearestWord } from './text/near.ts';
import { parseText } from './text/parse.ts';
import type { MapNode, Node, Pair, ScalarNode, Span, TextTree } from './text/tree.ts';
import { entries, isDamaged, resolve } from './text/values.ts';
import { readSharedPolicies } from './topology/read.ts';

/** The name of the settings file. */
export const SETTINGS_FILE = '.cmtopo.yaml';

export const LEVELS = ['off', 'hint', 'information', 'warning', 'error'] as const satisfies readonly (
  | Severity
  | 'off'
)[];

/** The keys of a settings file and what they are for. */
export const SETTINGS_KEYS = {
  rules: marked('The severity of each rule: off, hint, information, warning or error.'),
  edition: marked('The edition of the port catalog for topology files that name none.'),
  policies: marked(
    'Traffic that must never pass in any topology file of this folder, whatever their firewalls say.',
  ),
} as const;

const LEVEL_SET: ReadonlySet<string> = new Set(LEVELS);

function isLevel(word: string): word is Severity | 'off' {
  return LEVEL_SET.has(word);
}

/**
 * Reads a settings file. What is wrong in it is reported and left out; the rest is in force.
 * The findings bear the codes of the rules of the topology file's own format (`unknown-key`, `invalid-value`, …).
 */
export function readSettings(text: string): {
  readonly settings: Settings;
  readonly findings: readonly Finding[];
  readonly tree: TextTree;
} {
  const tree = parseText(text);
  const findings: Finding[] = [];
  const report = (code: string, finding: Report) => findings.push(confined(finding, code, 'error'));
  reportSyntax(tree, report);

  const severities: Record<string, Severity | 'off'> = {};
  let edition: Pick<Settings, 'edition' | 'configmgr'> = {};
  let policies: Pick<Settings, 'policies'> = {};
  const root = tree.root && resolve(tree.root);
  if (root && root.kind !== 'map') {
    if (!isEmpty(root) && !isDamaged(tree, root.span))
      report('wrong-type', {
        span: root.span,
        message: t('A settings file is a map with the keys {0}.', listed(Object.keys(SETTINGS_KEYS))),
      });
  } else if (root) {
    for (const { name, key, value } of entries(root)) {
      if (name === 'rules') readLevels(tree, value, severities, report);
      else if (name === 'edition') edition = readEdition(value, report);
      else if (name === 'policies') policies = readPolicies(tree, value, report);
      else report('unknown-key', unknownKey(name, key, Object.keys(SETTINGS_KEYS), t('the settings file')));
    }
  }
  findings.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { settings: { rules: severities, ...edition, ...policies }, findings, tree };
}

type ReportTo = (code: string, report: Report) => void;

function reportSyntax(tree: TextTree, report: ReportTo) {
  for (const { at, reason } of tree.damage) report('yaml-syntax', { span: at, message: reason });
  for (const alias of tree.unknownAliases)
    report('yaml-syntax', {
      span: alias.span,
      message: t('There is no anchor &{0} before this alias.', alias.name),
    });
  for (const span of tree.extraDocuments)
    report('multiple-documents', {
      span,
      message: t('A settings file has one YAML document; what follows here is not read.'),
    });
  for (const { first, later } of tree.duplicateKeys) {
    report('duplicate-key', {
      span: later.key.span,
      message: t('The key {0} occurs twice; the first one counts.', keyText(later)),
      related: [{ message: t('The first one'), span: first.key.span }],
    });
  }
}

function keyText(pair: Pair): string {
  return pair.key.kind === 'scalar' ? pair.key.text : '';
}

function isEmpty(node: Node): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^(~|null|Null|NULL)?$/.test(node.text);
}

function readLevels(
  tree: TextTree,
  value: Node,
  severities: Record<string, Severity | 'off'>,
  report: ReportTo,
) {
  const map = mapOf(value);
  if (!map) {
    const node = resolve(value);
    if (node && !isEmpty(node) && !isDamaged(tree, node.span))
      report('wrong-type', {
        span: value.span,
        message: t('rules is a map from the code of a rule to off, hint, information, warning or error.'),
      });
    return;
  }
  const codes = rules.map((rule) => rule.code);
  for (const { name, key, value: levelNode } of entries(map)) {
    if (!codes.includes(name)) {
      report('unknown-key', unknownKey(name, key, codes, t('the rules (`cmtopo rules` lists them)')));
      continue;
    }
    const level = resolve(levelNode);
    if (level?.kind === 'scalar' && isLevel(level.text)) severities[name] = level.text;
    else if (!level || !isDamaged(tree, levelNode.span))
      report('invalid-value', badWord(name, key, levelNode, LEVELS, level));
  }
}

function mapOf(node: Node): MapNode | undefined {
  const resolved = resolve(node);
  return resolved?.kind === 'map' ? resolved : undefined;
}

function readPolicies(tree: TextTree, value: Node, report: ReportTo): Pick<Settings, 'policies'> {
  const node = resolve(value);
  if (!node || isEmpty(node)) return {};
  const { policies, problems } = readSharedPolicies(tree, value);
  for (const { code, span, message, suggestion, related } of problems)
    report(code, {
      span,
      message,
      ...(related ? { related } : {}),
      fixes:
        span.end > span.start
          ? (suggestion?.names ?? []).slice(0, 3).map((name) => ({
              title: t('Change to {0}', name),
              safe: false,
              edits: [{ span, newText: name }],
            }))
          : [],
    });
  return policies.length > 0 ? { policies } : {};
}

function readEdition(value: Node, report: ReportTo): Pick<Settings, 'edition' | 'configmgr'> {
  const node = resolve(value);
  if (node?.kind === 'scalar') {
    const edition = editionOf(node.text);
    if (edition) return { edition, configmgr: node.text };
  }
  const words = EDITION_WORDS;
  const wanted = listed(words, 'or');
  report('unknown-edition', {
    span: value.span,
    message:
      node?.kind === 'scalar' && node.text !== ''
        ? t('{0} is not an edition: write {1}.', node.text, wanted)
        : t('edition is empty: write {0}.', wanted),
    fixes: words.map((word) => replacement(value, word)),
  });
  return {};
}

function badWord(
  name: string,
  key: ScalarNode,
  node: Node,
  words: readonly string[],
  value: ReturnType<typeof resolve>,
): Report {
  const text = value?.kind === 'scalar' ? value.text : undefined;
  const near = text === undefined ? undefined : text === 'false' ? 'off' : nearestWord(text, words);
  const wanted = listed(words, 'or');
  const span: Span = node.span.end > node.span.start ? node.span : key.span;
  return {
    span,
    message:
      text === undefined
        ? t('The severity of {0}: write {1}.', name, wanted)
        : text === ''
          ? t('{0} has no severity: write {1}.', name, wanted)
          : near === undefined
            ? t('{0} is not a severity: write {1}.', text, wanted)
            : t('{0} is not a severity: write {1}. Did you mean {2}?', text, wanted, near),
    fixes:
      near && node.span.end > node.span.start
        ? [{ ...replacement(node, near), title: t('Change to {0}', near) }]
        : [],
  };
}

function unknownKey(name: string, key: ScalarNode, known: readonly string[], place: string): Report {
  const near = nearestWord(name, known);
  return {
    span: key.span,
    message: near
      ? t('{0} is not one of {1}: did you mean {2}?', name, place, near)
      : t('{0} is not one of {1}.', name, place),
    fixes: near ? [{ ...replacement(key, near), title: t('Change to {0}', near) }] : [],
  };
}

function replacement(node: Node, word: string): Fix {
  // An edition such as 2007 reads as a number and is accepted as such; nothing needs quotes.
  const newText = node.span.end > node.span.start ? word : ` ${word}`;
  return { title: t('Change to {0}', word), safe: false, edits: [{ span: node.span, newText }] };
}

/**
 * The severities of an editor's settings, as whatever JSON the editor sent; what is no severity is left out.
 */
export function editorRules(value: unknown): Settings['rules'] {
  const severities: Record<string, Severity | 'off'> = {};
  if (typeof value !== 'object' || value === null) return severities;
  for (const [code, level] of Object.entries(value))
    if (typeof level === 'string' && isLevel(level)) severities[code] = level;
  return severities;
}

/**
 * Joins settings: a later one wins, severities code by code, and policies add up. The settings file comes last, so that an editor and the
 * command line judge a file alike: `mergeSettings({ rules: editorRules(json) }, fileSettings)`.
 */
export function mergeSettings(...layers: readonly Settings[]): Settings {
  const merged = Object.assign({}, ...layers.map((layer) => layer.rules)) as Settings['rules'];
  const policies = layers.flatMap((layer) => layer.policies ?? []);
  return {
    ...(Object.assign({}, ...layers) as Settings),
    rules: merged,
    ...(policies.length > 0 ? { policies } : {}),
  };
}
