import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { analyse } from '../../server/src/analysis.ts';
import { LOCALES, setLocale, t, translated } from '../../server/src/l10n.ts';
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

describe('The languages', () => {
  let wanted: ReadonlyMap<string, string> = new Map();

  before(async () => {
    wanted = new Map([...messagesOfDescriptions(), ...(await messagesOfSource())]);
  });

  it('have the placeholders of their messages', () => {
    for (const locale of TRANSLATIONS) {
      const file = `l10n/bundle.l10n.${locale}.json`;
      for (const [message, translation] of Object.entries(bundle(file)))
        if (translation !== '')
          assert.deepEqual(placeholders(translation), placeholders(message), `${file}: ${message}`);
    }
  });

  // What begins with a comma, a colon or a space goes on from another message; ', ' is what stands between items.
  it('translate whole messages, none that goes on from another', () => {
    const tails = [...wanted.keys()].filter(
      (message) => message !== ', ' && /^[\s,.;:!?)\]}%…]/.test(message),
    );
    assert.deepEqual(tails, []);
  });

  it('fall back to English where a message has no translation, or an empty one', () => {
    for (const locale of TRANSLATIONS) {
      try {
        setLocale(locale, { 'Port {0} is taken': '', Empty: '' });
        assert.equal(t('Port {0} is taken', 80), 'Port 80 is taken');
        assert.equal(t('{0} of {1}', 1, 'two'), '1 of two');
        assert.equal(translated('Empty'), 'Empty');
        assert.equal(t('Absent'), 'Absent');
      } finally {
        setLocale('en');
      }
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
  it("goes through the reader's language, with every fix", async () => {
    const messages = [...messagesOfDescriptions().keys(), ...(await messagesOfSource()).keys()];
    // Shows which words were looked up, whatever the bundles hold.
    setLocale('ko', Object.fromEntries(messages.map((message) => [message, `가${message}`])));
    try {
      for (const { code, bad } of rules) {
        for (const example of bad) {
          const { findings } = analyse(example.text, exampleSettings(example));
          const said = findings().flatMap(({ message, fixes = [] }) => [
            message,
            ...fixes.map(({ title }) => title),
          ]);
          assert.notEqual(said.length, 0, code);
          for (const words of said) assert.match(words, /가/, code);
        }
      }
    } finally {
      setLocale('en');
    }
  });
});

describe('The texts of the manifest', () => {
  const manifest = readFileSync('package.json', 'utf8');

  it('are in the tables of texts, not in the manifest itself', () => {
    const shown = /^(title|shortTitle|description|markdownDescription|deprecationMessage|contents|altText)$/;
    const stray: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        // What models read, and no person.
        if (key === 'inputSchema' || key === 'modelDescription') continue;
        const isText = shown.test(key) || /[dD]escriptions\.\d+$/.test(`${path}.${key}`);
        if (typeof inner === 'string' && isText && !/^%.+%$/.test(inner) && inner !== 'ConfigMgr Topology')
          stray.push(`${path}.${key}: ${inner}`);
        visit(inner, `${path}.${key}`);
      }
    };
    visit(JSON.parse(manifest), '');
    assert.deepEqual(stray, []);
  });

  it('are all there in English', () => {
    const named = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(bundle('package.nls.json')).sort());
  });
});
