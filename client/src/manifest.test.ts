// The extension's manifest beside what the code knows.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';
import texts from '../../package.nls.json';
import { analyse } from '../../server/src/analysis.ts';
import { tools } from '../../server/src/assistants/index.ts';
import { TOKEN_MODIFIERS, TOKEN_TYPES } from '../../server/src/features/semantic-tokens.ts';
import * as requests from '../../server/src/lsp/requests.ts';
import { SWITCHES } from '../../server/src/lsp/switches.ts';
import { rules } from '../../server/src/rules/index.ts';
import { ROLES } from '../../server/src/topology/format.ts';
import languageConfiguration from '../../syntaxes/language-configuration.json';
import snippets from '../../syntaxes/snippets.json';
import { IN_FILE } from './in-file.ts';

describe('The manifest of the extension', () => {
  const { contributes } = manifest;

  it('keeps words that are anywhere in the file away from names that are typed', () => {
    assert.equal(
      contributes.configurationDefaults['[configmgr-topology]']['editor.wordBasedSuggestions'],
      'off',
    );
  });

  it('offers every rule in the settings, with its own severity as the default', () => {
    const { properties } = contributes.configuration.properties['configmgrTopology.rules'];
    const listed = Object.entries(properties).map(([code, value]) => [code, value]);
    const wanted = rules.map(({ code, severity }) => [
      code,
      {
        type: 'string',
        enum: ['off', 'hint', 'information', 'warning', 'error'],
        default: severity,
        description: `%rule.${code}%`,
      },
    ]);
    assert.deepEqual(listed, wanted, 'Run `npm run generate`.');
  });

  it('starts for topology files only', () => {
    // The buttons of the walkthrough start it, too, and a diagram that was open when VS Code ended.
    assert.deepEqual(manifest.activationEvents, [
      'onCommand:configmgrTopology.inFile',
      'onWebviewPanel:configmgrTopology.diagram',
    ]);
    assert.deepEqual(
      contributes.languages.map(({ id }) => id),
      ['configmgr-topology'],
    );
    const [language] = contributes.languages;
    assert.deepEqual(language?.extensions, ['.topology.yaml', '.topology.yml']);
    const firstLine = new RegExp(language?.firstLine ?? '');
    for (const line of ['# configmgr-topology', '#configmgr-topology', '\uFEFF# configmgr-topology: ours']) {
      assert.match(line, firstLine);
    }
    for (const line of ['# a file about configmgr-topology', '# configmgr-topologyx', 'configmgr: 2017-09']) {
      assert.doesNotMatch(line, firstLine);
    }
  });

  it('runs in a file what the buttons of the walkthrough name, and no other command', () => {
    const named = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/configmgrTopology\.inFile\?([^)]*)\)/g)].flatMap(([, args = '']): unknown[] =>
        JSON.parse(decodeURIComponent(args)),
      ),
    );
    assert.ok(named.length > 0);
    assert.deepEqual(new Set(named), IN_FILE);
  });

  it('gives its commands the category by which they are found', () => {
    const titles = new Map(Object.entries(texts).map(([key, text]) => [`%${key}%`, text]));
    for (const { category, title } of contributes.commands) {
      assert.equal(category, 'ConfigMgr Topology');
      assert.match(titles.get(title) ?? title, /^[A-Z]/);
    }
  });

  it('has a test of its own for each page of a webview', () => {
    const pages = readdirSync('client/src/pages').flatMap((file) => /^(.*)\.page\.ts$/.exec(file)?.[1] ?? []);
    assert.ok(pages.length > 0);
    for (const page of pages) assert.ok(existsSync(join('test', 'vscode', `${page}.test.mjs`)), page);
  });

  it('has every command and setting in the tables of docs/editor.md, and these have no other', () => {
    const page = readFileSync('docs/editor.md', 'utf8');
    const [section = ''] = page.split('## Commands and settings\n')[1]?.split('\n## ') ?? [];
    const firsts = section.split('\n').flatMap((line) => /^\| ([^|-][^|]*?) \|/.exec(line)?.[1] ?? []);
    const named = firsts.filter((cell) => cell !== 'command' && cell !== 'setting');
    const known = new Map(Object.entries(texts).map(([key, text]) => [`%${key}%`, text]));
    assert.deepEqual(
      named.flatMap((cell) => cell.split(', ')).toSorted(),
      [
        ...contributes.commands.map(({ title }) => known.get(title) ?? title),
        ...Object.keys(contributes.configuration.properties).map((setting) => `\`${setting}\``),
      ].toSorted(),
    );
  });

  it('has a setting for each feature that the server can switch off, and the server knows them all', () => {
    const enabled = Object.entries(contributes.configuration.properties).flatMap(([setting, property]) => {
      const name = /^configmgrTopology\.(\w+)\.enabled$/.exec(setting)?.[1];
      return name === undefined ? [] : [{ name, property }];
    });
    assert.deepEqual(enabled.map(({ name }) => name).toSorted(), Object.keys(SWITCHES).toSorted());
    const features = readFileSync('server/src/lsp/features.ts', 'utf8');
    for (const { name, property } of enabled) {
      assert.equal('default' in property && property.default, true, name);
      assert.ok(features.includes(`shown: '${name}'`), `no feature is shown by ${name}`);
    }
  });

  it('has no command that nobody registers, and no place in a menu for one that is not there', () => {
    const registered = readdirSync('client/src')
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => [
        ...readFileSync(join('client', 'src', file), 'utf8').matchAll(
          /registerCommand\(\s*(?:'([^']+)'|([A-Z_]+))/g,
        ),
      ])
      .map(
        ([, name, constant = '']) => name ?? new Map<string, string>(Object.entries(requests)).get(constant),
      );
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      declared.filter((command) => !registered.includes(command)),
      [],
    );
    const placed = Object.values(contributes.menus).flat();
    const named = placed.flatMap((item) => ('command' in item ? [item.command] : []));
    assert.deepEqual(
      named.filter((command) => !declared.includes(command)),
      [],
    );
  });

  it('describes every kind of word that the server tells, with the scopes of the grammar', () => {
    const { semanticTokenTypes, semanticTokenModifiers, semanticTokenScopes } = contributes;
    assert.deepEqual(
      semanticTokenTypes.map(({ id }) => id),
      TOKEN_TYPES,
    );
    const standard = ['declaration', 'deprecated'];
    assert.deepEqual(
      [...standard, ...semanticTokenModifiers.map(({ id }) => id)].toSorted(),
      [...TOKEN_MODIFIERS].toSorted(),
    );
    const [ours] = semanticTokenScopes;
    const grammar = readFileSync('syntaxes/configmgr-topology.tmLanguage.json', 'utf8');
    const scopes: Record<string, string[]> = ours?.scopes ?? {};
    for (const type of TOKEN_TYPES) assert.equal(scopes[type]?.length, 1, type);
    for (const scope of Object.values(scopes).flat())
      assert.ok(scope.endsWith('.yaml') || grammar.includes(`"${scope}"`), scope);
  });

  it('offers assistants every tool, with what a person reads in the texts', () => {
    assert.deepEqual(
      contributes.languageModelTools.map(({ name }) => name),
      tools.map(({ name }) => name),
      'Run `npm run generate`.',
    );
    const known = new Map(Object.entries(texts).map(([key, text]) => [`%${key}%`, text]));
    for (const { displayName, userDescription, canBeReferencedInPrompt } of contributes.languageModelTools) {
      assert.ok(known.get(displayName) && known.get(userDescription), displayName);
      assert.ok(canBeReferencedInPrompt);
    }
  });

  it('names only files that are there', () => {
    const named = [
      manifest.icon,
      ...contributes.languages.flatMap(({ configuration, icon }) => [configuration, icon.light, icon.dark]),
      ...[...contributes.grammars, ...contributes.snippets].map(({ path }) => path),
      ...contributes.yamlValidation.map(({ url }) => url),
    ];
    for (const file of named) assert.ok(existsSync(file), file);
  });

  it('puts no snippets into the list of completions, where they would be at every place of a file', () => {
    for (const [name, snippet] of Object.entries<object>(snippets)) {
      assert.ok('isFileTemplate' in snippet && snippet.isFileTemplate === true, name);
      assert.ok(!('prefix' in snippet), name);
    }
  });

  it('has a snippet for a whole file in which nothing is wrong', () => {
    const text = snippets['Topology file'].body
      .join('\n')
      .replace(/\$\{\d+\|([^,|]+)[^}]*\}/g, '$1')
      .replace(/\$\{\d+:([^}]*)\}/g, '$1')
      .replaceAll('$0', '');
    assert.doesNotMatch(text, /\$/);
    const errors = analyse(text)
      .findings()
      .filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      errors.map(({ message }) => message),
      [],
      text,
    );
  });

  it('takes a name for one word, whatever its letters, so that suggestions start and a double click selects it', () => {
    const { pattern, flags } = languageConfiguration.wordPattern;
    const words = '  site-server: { zone: 본사-1, fqdn: cm01.corp.contoso.com }'.match(
      new RegExp(pattern, `g${flags}`),
    );
    assert.deepEqual(words, ['site-server', 'zone', '본사-1', 'fqdn', 'cm01.corp.contoso.com']);
  });

  it('colours every role of the format', () => {
    const grammar: { repository: { role: { match: string } } } = JSON.parse(
      readFileSync('syntaxes/configmgr-topology.tmLanguage.json', 'utf8'),
    );
    const roles = /\(\?:([a-z|-]+)\)/.exec(grammar.repository.role.match)?.[1]?.split('|');
    assert.deepEqual(roles?.toSorted(), ROLES.map(({ name }) => name).toSorted());
  });
});

describe('The configurations of the debugger', () => {
  const read = (file: string) => JSON.parse(readFileSync(`.vscode/${file}`, 'utf8'));
  const { configurations }: { configurations: Record<string, string>[] } = read('launch.json');
  const { tasks }: { tasks: { label: string; args: string[] }[] } = read('tasks.json');

  it('run the extension, its server and the tests', () => {
    assert.deepEqual(
      configurations.map(({ name }) => name),
      ['Run extension', 'Debug server', 'Run tests'],
    );
  });

  it('name tasks and programs that are there', () => {
    for (const { preLaunchTask, program } of configurations) {
      if (preLaunchTask !== undefined) assert.ok(tasks.some(({ label }) => label === preLaunchTask));
      if (program !== undefined)
        assert.ok(existsSync(program.replace(/^\$\{workspaceFolder\}\//, '')), program);
    }
    for (const { label, args } of tasks) assert.ok(existsSync(args[0] ?? ''), label);
  });
});
