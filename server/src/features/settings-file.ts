// Hover and completion in the settings file.
import type { CompletionItem, Hover, Position } from 'vscode-languageserver-protocol';
import { EDITION_WORDS } from '../catalog/editions.ts';
import { marked, t, translated } from '../l10n.ts';
import { ruleOf, rules } from '../rules/index.ts';
import { LEVELS, readSettings, SETTINGS_KEYS } from '../settings.ts';
import type { Node, Pair, Span } from '../text/tree.ts';
import { nodePathAt } from '../text/values.ts';
import { cursorAt } from './cursor.ts';
import { byUse } from './fitting.ts';
import type { PageOf } from './links.ts';
import { editorRange, touches } from './place.ts';
import { type ProseBlock, paragraph, toMarkdown, toPlainText, withBold } from './prose.ts';

const LEVEL_DOC: Readonly<Record<(typeof LEVELS)[number], string>> = {
  off: marked('The rule does not run.'),
  hint: marked('Shown faintly in the editor.'),
  information: marked('Shown, but does not affect the exit status.'),
  warning: marked('Counts against --max-warnings.'),
  error: marked('Ends cmtopo check with status 1.'),
};

const KEY_KIND = 10;
const WORD_KIND = 12;
const RULE_KIND = 20;

/** The keys, rule codes, severities and editions that can be at a position. */
export function settingsCompletion(
  source: string,
  position: Position,
  { asIs }: { readonly asIs: boolean },
): CompletionItem[] {
  const { tree } = readSettings(source);
  const cursor = cursorAt(source, tree.lines.offsetAt(position));
  if (cursor === undefined) return [];
  const { path, at, present } = cursor;
  // `key:` is there already, only its name is replaced.
  const named = /^["']?[ \t]*:/.test(source.slice(cursor.word.end, cursor.word.end + 40));
  const lineBreak = source.includes('\r\n') ? '\r\n' : '\n';
  const range = editorRange({ tree }, cursor.word);
  // Behind a colon without a blank the word needs one.
  const blank = at === 'value' && source[cursor.word.start - 1] === ':' ? ' ' : '';
  const item = (label: string, kind: 10 | 12 | 20, doc: string, after = '', detail = ''): CompletionItem => ({
    label,
    kind,
    ...(detail === '' ? {} : { detail }),
    documentation: { kind: 'plaintext', value: doc },
    textEdit: { range, newText: `${blank}${label}${named ? '' : after}` },
    ...(asIs && after.includes('\n') ? { insertTextMode: 1 } : {}),
  });
  if (at === 'entry' && path.length === 0)
    return Object.entries(SETTINGS_KEYS)
      .filter(([key]) => !present.has(key))
      .map(([key, doc]) =>
        item(
          key,
          KEY_KIND,
          translated(doc),
          key === 'rules' && cursor.flow === undefined ? `:${lineBreak}  ` : ': ',
        ),
      );
  if (path[0] === 'edition' && path.length === 1)
    return byUse(EDITION_WORDS, false).map((word, index) => ({
      ...item(word, WORD_KIND, translated(SETTINGS_KEYS.edition)),
      sortText: String(index).padStart(4, '0'),
    }));
  if (path[0] !== 'rules') return [];
  if (at === 'entry' && path.length === 1)
    return rules
      .filter(({ code }) => !present.has(code))
      .map(({ code, severity, summary, reason }) =>
        item(
          code,
          RULE_KIND,
          `${translated(summary).replaceAll('`', '')}\n\n${translated(reason)}`,
          ': ',
          severity,
        ),
      );
  if (path.length === 2)
    return LEVELS.map((level) => {
      const usual = ruleOf(String(path[1]))?.severity === level;
      return item(
        level,
        WORD_KIND,
        translated(LEVEL_DOC[level]),
        '',
        usual ? t('as it is without this line') : '',
      );
    });
  return [];
}

/** What a rule code, a severity or a key of the settings file means. */
export function settingsHover(
  source: string,
  position: Position,
  markdown: boolean,
  pageOf: PageOf,
): Hover | undefined {
  const { tree } = readSettings(source);
  const offset = tree.lines.offsetAt(position);
  const answer = answerAt(nodePathAt(tree, offset), offset, pageOf);
  if (answer === undefined) return undefined;
  return {
    contents: markdown
      ? { kind: 'markdown', value: toMarkdown(answer.blocks) }
      : { kind: 'plaintext', value: toPlainText(answer.blocks) },
    range: editorRange({ tree }, answer.span),
  };
}

function answerAt(
  chain: readonly (Node | Pair)[],
  offset: number,
  pageOf: PageOf,
): { readonly blocks: readonly ProseBlock[]; readonly span: Span } | undefined {
  const node = chain.at(-1);
  if (node === undefined || !('kind' in node) || node.kind !== 'scalar' || !touches(node.span, offset))
    return undefined;
  const keys = chain.flatMap((part) => ('key' in part && part.key.kind === 'scalar' ? [part.key] : []));
  const onKey = keys.at(-1) === node;
  const { span } = node;
  if (keys[0]?.text === 'rules' && keys.length === 2) {
    const rule = ruleOf(keys[1]?.text ?? '');
    if (rule === undefined) return undefined;
    const level = LEVELS.find((word) => word === node.text);
    if (!onKey && level !== undefined)
      return { blocks: [paragraph({ bold: level }, `: ${translated(LEVEL_DOC[level])}`)], span };
    const page = pageOf(rule.code);
    const link: ProseBlock[] =
      page === undefined ? [] : [{ kind: 'link', text: t('About {0}', rule.code), url: page }];
    return {
      blocks: [
        paragraph(...withBold(t('{0} ({1} unless it is set here)', rule.code, rule.severity), rule.code)),
        paragraph({ markdown: translated(rule.summary) }),
        paragraph(translated(rule.reason)),
        ...link,
      ],
      span,
    };
  }
  const name = keys[0]?.text;
  if (keys.length !== 1 || (name !== 'rules' && name !== 'edition' && name !== 'policies')) return undefined;
  return { blocks: [paragraph({ bold: name }), paragraph(translated(SETTINGS_KEYS[name]))], span };
}
