// The colours of a topology file, by VS Code's own tokenizer and YAML grammar.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { root } from '../../scripts/vscode/places.mjs';
import { installServer } from '../../scripts/vscode/server.mjs';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const ours = 'source.configmgr-topology';

describe('The grammar', function () {
  this.timeout('120s');
  let grammar;

  before(async function () {
    this.timeout('180s');
    const build = installServer();
    const load = createRequire(join(build, 'package.json'));
    const { createOnigScanner, createOnigString, loadWASM } = load('vscode-oniguruma');
    const { parseRawGrammar, Registry } = load('vscode-textmate');
    await loadWASM(readFileSync(join(build, 'node_modules/vscode-oniguruma/release/onig.wasm')).buffer);
    const yaml = (version) => join(build, 'extensions/yaml/syntaxes', `yaml${version}.tmLanguage.json`);
    const registry = new Registry({
      onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
      loadGrammar: async (scope) => {
        const version = /^source\.yaml(?:\.(.*))?$/.exec(scope);
        if (scope !== ours && !version) return null;
        const path = version
          ? yaml(version[1] ? `-${version[1]}` : '')
          : join(root, 'syntaxes', 'configmgr-topology.tmLanguage.json');
        return parseRawGrammar(readFileSync(path, 'utf8'), path);
      },
    });
    grammar = await registry.loadGrammar(ours);
  });

  /** Pairs of a piece of text and its innermost scope. */
  function tokens(text) {
    let state = null;
    return text.split('\n').flatMap((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      return tokens
        .map(({ startIndex, endIndex, scopes }) => [line.slice(startIndex, endIndex), scopes.at(-1)])
        .filter(([piece]) => piece.trim() !== '');
    });
  }

  /** The innermost scope of the first token that is exactly this text. */
  function scopeOf(text, piece) {
    const all = tokens(text);
    const found = all.find(([word]) => word === piece);
    assert.ok(found, `'${piece}' is no token of its own: ${all.map(([word]) => word).join(' | ')}`);
    return found[1];
  }

  const cases = [
    ['a section', 'servers:\n  cm01:\n', 'servers', 'keyword.control.section'],
    [
      'the edition, which is no range of ports',
      'configmgr: 2017-09\n',
      '2017-09',
      'support.constant.edition',
    ],
    [
      'a role in block style',
      'servers:\n  a:\n    roles:\n      site-server:\n',
      'site-server',
      'support.class.role',
    ],
    ['a role in flow style', 'servers:\n  a: { roles: { console: } }\n', 'console', 'support.class.role'],
    ['a site code', 'sites:\n  PS1:\n    type: primary\n', 'PS1', 'entity.name.type.site'],
    ['a word of the format', 'sites:\n  PS1:\n    type: primary\n', 'primary', 'support.constant.word'],
    ['a range of ports', 'defaults:\n  rpcDynamicPorts: 49152-65535\n', '49152', 'constant.numeric.port'],
    ['a network', 'zones:\n  hq: { networks: [10.10.0.0/16] }\n', '10.10.0.0/16', 'constant.other.address'],
    [
      'a network of IPv6',
      'zones:\n  hq: { networks: [2001:db8::/32] }\n',
      '2001:db8::/32',
      'constant.other.address',
    ],
    ['a reference', 'servers:\n  a:\n    zone: hq\n', 'hq', 'variable.other.reference'],
    ['a program port', 'x: [tcp/445]\n', '445', 'constant.numeric.port'],
  ];
  for (const [what, text, piece, scope] of cases) {
    it(`colours ${what}`, () => assert.equal(scopeOf(text, piece), `${scope}.configmgr-topology`));
  }

  it('colours a comment that silences a rule', () => {
    const text = '# cmtopo-disable-next-line unknown-key -- ours\n';
    assert.equal(scopeOf(text, 'cmtopo-disable-next-line'), 'keyword.other.directive.configmgr-topology');
  });

  it('leaves the rest to the YAML grammar', () => {
    const text = 'name: Contoso # office\nclients:\n  a: { count: 4000, note: "x\\n", also: true }\n';
    assert.equal(scopeOf(text, '4000'), 'constant.numeric.integer.decimal.yaml');
    assert.equal(scopeOf(text, 'true'), 'constant.language.boolean.yaml');
    assert.equal(scopeOf(text, ' office'), 'comment.line.number-sign.yaml');
    assert.equal(scopeOf(text, '\\n'), 'constant.character.escape.yaml');
  });

  it('has the colours that the language server adds, so that nothing flickers', async () => {
    const { scopes } = manifest.contributes.semanticTokenScopes[0];
    const server = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'lsp', '--stdio']);
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    connection.listen();
    try {
      const { capabilities } = await connection.sendRequest('initialize', {
        processId: process.pid,
        rootUri: null,
        capabilities: {},
      });
      const { tokenTypes, tokenModifiers } = capabilities.semanticTokensProvider.legend;
      for (const file of ['hierarchy', 'small', 'configmgr-2007']) {
        const uri = `file:///${file}.topology.yaml`;
        const text = readFileSync(join(root, 'examples', `${file}.topology.yaml`), 'utf8');
        const document = { uri, languageId: 'configmgr-topology', version: 1, text };
        connection.sendNotification('textDocument/didOpen', { textDocument: document });
        const { data } = await connection.sendRequest('textDocument/semanticTokens/full', {
          textDocument: { uri },
        });
        const semantic = new Map();
        let [line, character] = [0, 0];
        for (let at = 0; at < data.length; at += 5) {
          character = data[at] === 0 ? character + data[at + 1] : data[at + 1];
          line += data[at];
          const modifiers = tokenModifiers.filter((_, bit) => data[at + 4] & (1 << bit));
          semantic.set(`${line}:${character}`, { type: tokenTypes[data[at + 3]], modifiers });
        }
        let state = null;
        let compared = 0;
        for (const [number, words] of text.split('\n').entries()) {
          const { tokens: found, ruleStack } = grammar.tokenizeLine(words, state);
          state = ruleStack;
          for (const { startIndex, endIndex, scopes: own } of found) {
            const scope = own.at(-1);
            const told = semantic.get(`${number}:${startIndex}`);
            if (told === undefined || !scope.endsWith('.configmgr-topology')) continue;
            compared++;
            const word = words.slice(startIndex, endIndex);
            assert.equal(scopes[told.type]?.[0], scope, `${file}:${number + 1}: ${word} is ${told.type}`);
          }
        }
        assert.ok(compared > 30, `${compared} words of ${file} were compared`);
      }
    } finally {
      connection.dispose();
      server.kill();
    }
  });
});
