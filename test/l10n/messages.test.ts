import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { analyse } from '../../server/src/analysis.ts';
import { LOCALES, setLocale, t } from '../../server/src/l10n.ts';
import { exampleSettings } from '../../server/src/rule-pages.ts';
import { rules } from '../../server/src/rules/index.ts';
import { messagesOfDescriptions, messagesOfSource } from './messages.ts';

const TRANSLATIONS = LOCALES.filter((locale) => locale !== 'en');

/** The placeholders of a message, in order and each once. */
function placeholders(message: string): readonly string[] {
  return [...new Set(message.match(/\{\d+\}/g) ?? [])].sort();
}

function bundle(file: string): Record<string, string> {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Everything that is wrong with a translation, a line each. */
function faults(wanted: Iterable<[message: string, where: string]>, has: Record<string, string>): string[] {
  const messages = new Map(wanted);
  const lines: string[] = [];
  for (const [message, where] of messages) {
    const translation = Object.hasOwn(has, message) ? has[message] : '';
    if (!translation) lines.push(`lacks ${JSON.stringify(message)} (${where})`);
    else if (placeholders(translation).join() !== placeholders(message).join())
      lines.push(`has other placeholders: ${JSON.stringify(message)}`);
  }
  for (const message of Object.keys(has)) {
    if (!messages.has(message)) lines.push(`has one that nothing shows: ${JSON.stringify(message)}`);
  }
  return lines;
}

describe('The languages', () => {
  let wanted: ReadonlyMap<string, string> = new Map();

  before(async () => {
    wanted = new Map([...messagesOfDescriptions(), ...(await messagesOfSource())]);
  });

  it('are all there: no reader meets English by surprise', () => {
    for (const locale of TRANSLATIONS) {
      const file = `l10n/bundle.l10n.${locale}.json`;
      const has = bundle(file);
      if (process.env.CMTOPO_UPDATE_BUNDLES) {
        const sorted = [...wanted.keys()].sort().map((message) => [message, has[message] ?? '']);
        writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
        continue;
      }
      assert.deepEqual(faults(wanted, has), [], file);
    }
  });

  it('show every argument: no reader is left with a {0}', () => {
    const argument = fc.oneof(
      fc.string().filter((text) => !/[{}]/.test(text)),
      fc.nat(),
    );
    try {
      for (const locale of LOCALES) {
        setLocale(locale);
        for (const message of wanted.keys()) {
          const count = placeholders(message).length;
          const args = fc.array(argument, { minLength: count, maxLength: count });
          fc.assert(
            fc.property(args, (values) => !/\{\d+\}/.test(t(message, ...values))),
            { numRuns: 3 },
          );
          assert.deepEqual(
            placeholders(message),
            Array.from({ length: count }, (_, index) => `{${index}}`),
            message,
          );
        }
      }
    } finally {
      setLocale('en');
    }
  });
});

describe('What rules find', () => {
  const scripts = { ko: /\p{Script=Hangul}/u, 'zh-tw': /\p{Script=Han}/u };

  for (const locale of TRANSLATIONS) {
    it(`is said in ${locale}, with every fix`, () => {
      setLocale(locale);
      try {
        for (const { code, bad } of rules) {
          for (const example of bad) {
            const { findings } = analyse(example.text, exampleSettings(example));
            const said = findings().flatMap(({ message, fixes = [] }) => [
              message,
              ...fixes.map(({ title }) => title),
            ]);
            assert.notEqual(said.length, 0, code);
            for (const words of said) assert.match(words, scripts[locale], code);
          }
        }
      } finally {
        setLocale('en');
      }
    });
  }
});

describe('The texts of the manifest', () => {
  const manifest = readFileSync('package.json', 'utf8');

  it('stand in the tables of texts, not in the manifest itself', () => {
    const shown = /^(title|shortTitle|description|markdownDescription|deprecationMessage|contents|altText)$/;
    const stray: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        const isText = shown.test(key) || /[dD]escriptions\.\d+$/.test(`${path}.${key}`);
        if (typeof inner === 'string' && isText && !/^%.+%$/.test(inner) && inner !== 'ConfigMgr Topology')
          stray.push(`${path}.${key}: ${inner}`);
        visit(inner, `${path}.${key}`);
      }
    };
    visit(JSON.parse(manifest), '');
    assert.deepEqual(stray, []);
  });

  it('are all there in every language', () => {
    const english = bundle('package.nls.json');
    const named = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(english).sort(), 'package.nls.json');
    for (const locale of TRANSLATIONS) {
      const file = `package.nls.${locale}.json`;
      assert.deepEqual(Object.keys(bundle(file)).sort(), Object.keys(english).sort(), file);
      const empty = Object.entries(bundle(file)).filter(([, text]) => text.trim() === '');
      assert.deepEqual(empty, [], file);
    }
  });
});
