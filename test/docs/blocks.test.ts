// Every code block of every page does what it shows: commands are run, topologies, settings and data are checked,
// JSON is held against its schema, scripts are parsed. What this machine cannot run is in one table, with the reason.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type AnySchema } from 'ajv';
import { load } from 'js-yaml';
import { parse as parseToml } from 'smol-toml';
import { scripts, version } from '../../package.json';
import { cmtopo, folderWith, GOOD, removeFolder } from '../cli/cli.ts';
import { grammar } from '../exports/grammars.ts';

interface Block {
  readonly page: string;
  readonly language: string;
  /** The words behind the language: the file that it is. */
  readonly file: string | undefined;
  readonly text: string;
}

const FENCE = /^(`{3,})([^\n`]*)\n([\s\S]*?)^\1$/gm;

/** Pages that are made from descriptions: their blocks are examples of rules, which have tests of their own. */
const isMade = (page: string) => /^docs\/rules\/(?!README)/.test(page);

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'NOTICE.md',
  'SECURITY.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.md') && !file.startsWith('docs/site/')),
].filter((page) => !isMade(page));

const blocks: readonly Block[] = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(FENCE)].map(([, , info = '', text = '']) => {
    const [language = '', file] = info.split(' ');
    return { page, language, file, text };
  }),
);

const CI = 'docs/ci.md';

const of = (...languages: readonly string[]) => blocks.filter(({ language }) => languages.includes(language));
const where = ({ page, text }: Block) => `${page}: ${text.slice(0, 60)}`;

/** Commands that are not run here, and why. */
const NOT_RUN: readonly { readonly command: RegExp; readonly reason: string }[] = [
  { command: /^docker /, reason: 'needs a container engine; ci-files.test.ts runs what the image holds' },
  { command: /^npm start$/, reason: 'test/vscode/start.test.mjs runs it' },
  { command: /^npm test$/, reason: 'is what runs this test' },
  { command: /^npm run /, reason: 'changes the checkout; that there is such a script is looked at here' },
  { command: /^sha256sum /, reason: 'needs the files of a release; release.test.ts makes and compares them' },
  { command: /^claude mcp add /, reason: 'needs Claude Code; the command behind -- is run here' },
  { command: /^cmtopo probe \S+$/, reason: 'sends to machines; probe.test.ts tries it on this one' },
  {
    command: /^\.\\probe\.ps1 /,
    reason: 'needs PowerShell; that the command before it writes the script is looked at',
  },
];

/** Commands that end with status 1, for they find what their page shows. */
const FINDS: readonly string[] = ['docs/start.md: cmtopo check branch.topology.yaml'];

/** Blocks of output without a command, and texts that are no code, by their page: looked at by the test that is named. */
const PLAIN: Readonly<Record<string, string>> = {
  'docs/assistants.md': 'generated from the tools, test/generated.test.ts',
  'docs/developing.md': 'test/layers.test.ts',
  'docs/init.md': 'test/inventory/drift.test.ts',
  'docs/performance.md': 'a drawing',
  'docs/walkthrough/diagram.md': 'a drawing',
};

/** What the files are that the commands of pages name: as the pages say. */
function filesOf(page: string): Readonly<Record<string, string>> {
  const contoso = (name: string) => readFileSync(join('test', 'inventory', 'contoso', name), 'utf8');
  const example = (name: string) => readFileSync(join('examples', name), 'utf8');
  return {
    'site.topology.yaml': page === 'docs/start.md' ? '' : example('hierarchy.topology.yaml'),
    'before.topology.yaml': example('hierarchy.topology.yaml'),
    'branch.topology.yaml': readFileSync('docs/images/branch.topology.yaml', 'utf8'),
    'plant.topology.yaml': GOOD,
    'new-config.txt': example('forward.nft.json'),
    'cm01.csv': 'from,to,port,target,outcome\ncm01,sql01,14330,10.10.0.22,open\n',
    ...(page === 'docs/init.md' && {
      'roles.json': contoso('roles.json'),
      'sites.json': contoso('sites.json'),
      'boundaries.csv': contoso('boundaries.csv'),
      'zones.csv': contoso('zones.csv'),
    }),
  };
}

/** The command lines of a block: those with a prompt of `console`, all of `sh`. */
function commandsOf({ language, text }: Block): readonly string[] {
  const lines = text.split('\n').slice(0, -1);
  if (language === 'sh') return lines.filter((line) => line !== '');
  return lines.flatMap((line) => /^(?:\$|PS>) (.*)/.exec(line)?.[1] ?? []);
}

/** The part of a command line that is the program itself. */
const programPart = (command: string): string | undefined =>
  /(?:^|-- |npx (?:--yes )?)(?:cmtopo|configmgr-topology) (.*)$/.exec(command)?.[1];

/** The beginning of a topology, with these zones beside `hq`, and servers up to the end. */
const frame = (zones: string, servers: string): string => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535, zone: hq }
zones:
  hq: { networks: [10.10.0.0/16] }
${zones}sites:
  PS1: { type: primary, database: { server: sql01, instance: CM } }
servers:
  cm01: { site: PS1, roles: { site-server: , sms-provider: } }
  sql01: { site: PS1, addresses: [10.10.0.11], roles: { sql-server: { instances: { CM: { port: 14330 } } } } }
${servers}`;

const server = (name: string, zone: string, address: string, roles: string) =>
  `  ${name}: { site: PS1, zone: ${zone}, addresses: [${address}], roles: { ${roles} } }\n`;

/** A fragment that is of the server mp01, of the site. */
const asServer = (fragment: string) => frame('', fragment.replace('  mp01:\n', '  mp01:\n    site: PS1\n'));

/** A topology round a fragment of one, by the page and the first line of the fragment. */
const FRAMES: Readonly<Record<string, (fragment: string) => string>> = {
  'docs/topology-format.md clients:': (fragment) =>
    frame(
      '  branch: { networks: [10.20.0.0/16] }\n',
      server('mp01', 'hq', '10.10.0.12', 'management-point: { protocol: https }') +
        server('dp01', 'hq', '10.10.0.13', 'distribution-point: { protocol: https }') +
        server('dp-branch', 'branch', '10.20.0.13', 'distribution-point: { protocol: https }') +
        server(
          'sup01',
          'hq',
          '10.10.0.14',
          'software-update-point: { ssl: true, upstream: microsoft-update }',
        ),
    ) + fragment,
  'docs/topology-format.md addressGroups:': (fragment) =>
    frame(
      '  dmz: { networks: [10.99.0.0/16] }\n  internet: {}\n',
      '  admin01: { zone: hq, addresses: [10.10.1.9] }\n' +
        '  mp-dmz: { zone: dmz, addresses: [10.99.0.9] }\n',
    ) + fragment,
  'docs/walkthrough/fix.md   mp01:': asServer,
  'docs/walkthrough/hover.md   mp01:': (fragment) =>
    `${asServer(fragment)}clients:\n  desktops: { site: PS1 }\n`,
};

/** What a block shows on purpose; any other finding is a mistake of the page. */
const SHOWN_FINDINGS: Readonly<Record<string, readonly string[]>> = {
  // A rule for what is not Configuration Manager's.
  'docs/topology-format.md addressGroups:': ['firewall-unused-rule'],
  'docs/assistants.md configmgr: 2403': [
    'firewall-blocked',
    'firewall-blocked-installation',
    'firewall-blocked-optional',
  ],
  'docs/start.md configmgr: 2025-12': ['client-push-blocked'],
  'docs/walkthrough/fix.md   mp01:': ['wsus-port-pair'],
};

/** What YAML of a page is. */
function kindOf({ page, text }: Block): 'topology' | 'settings' | 'catalog' | 'ci' {
  if (page === CI) return 'ci';
  if (page === 'docs/catalog.md') return 'catalog';
  const keys = Object.keys(load(text) as object);
  return keys.every((key) => ['edition', 'rules', 'policies'].includes(key)) ? 'settings' : 'topology';
}

/** The brackets that are left open, or closed too often, outside strings and comments. */
function unbalanced({ language, text }: Block): string {
  const bare = text.replaceAll(
    language === 'lua' ? /'[^'\n]*'|"[^"\n]*"|--.*$/gm : /"(?:[^"\\]|\\.)*"|;.*$/gm,
    '',
  );
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  for (const [sign] of bare.matchAll(/[()[\]{}]/g)) {
    if (pairs[sign] !== undefined && pairs[sign] === open.at(-1)) open.pop();
    else open.push(sign);
  }
  return open.join('');
}

interface Checked {
  readonly files: readonly { readonly diagnostics: readonly { readonly code: string }[] }[];
}

function findingsOf(text: string, settings?: string): readonly string[] {
  const files = { 'a.topology.yaml': text, ...(settings !== undefined && { '.cmtopo.yaml': settings }) };
  const folder = folderWith(files);
  try {
    const { out, err } = cmtopo(['check', '--format', 'json', 'a.topology.yaml'], { cwd: folder });
    assert.equal(err.replace(/^\d+ .*\n$/, ''), '');
    const found = JSON.parse(out) as Checked;
    return found.files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
  } finally {
    removeFolder(folder);
  }
}

/** A schema for a part of what another describes: nothing is required, and no member may be there that it does not name. */
function forAPart(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forAPart);
  if (schema === null || typeof schema !== 'object') return schema;
  const parts = Object.entries(schema).flatMap(([key, value]) =>
    key === 'required' && Array.isArray(value) ? [] : [[key, forAPart(value)]],
  );
  const closed = 'type' in schema && schema.type === 'object' && 'properties' in schema;
  return { ...(closed && { additionalProperties: false }), ...Object.fromEntries(parts) };
}

/** Whether all that is in a part is in the whole, in lists in the same order. */
function holds(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    if (!Array.isArray(whole)) return false;
    let at = 0;
    return part.every((item) => {
      const found = whole.findIndex((one, index) => index >= at && holds(one, item));
      at = found + 1;
      return found >= 0;
    });
  }
  if (part === null || typeof part !== 'object') return whole === part;
  return Object.entries(part).every(([key, value]) =>
    holds((whole as Record<string, unknown> | undefined)?.[key], value),
  );
}

describe('the code blocks of the pages', function () {
  this.timeout(120_000);

  it('each say in which language they are, and each language has a test here', () => {
    const known = [
      ...['console', 'sh', 'powershell', 'yaml', 'json', 'toml', 'lua', 'elisp', 'csv', 'diff', 'text'],
      ...['markdown', 'mermaid'],
    ];
    assert.deepEqual(blocks.filter(({ language }) => !known.includes(language)).map(where), []);
    const plain = of('text').map(({ page }) => page);
    assert.deepEqual([...new Set(plain)].toSorted(), Object.keys(PLAIN).toSorted());
    assert.ok(blocks.length > 70);
  });

  it('have commands that run, with the exit status that they promise', () => {
    const used = new Set<string>();
    let ran = 0;
    for (const page of new Set(of('console', 'sh').map((block) => block.page))) {
      // docs/recipes.md is run by recipes.test.ts, edits and all.
      if (page === 'docs/recipes.md') continue;
      const named = readFileSync(page, 'utf8');
      const files = Object.entries(filesOf(page)).filter(([name]) =>
        page === CI ? name === 'plant.topology.yaml' : named.includes(name),
      );
      const folder = folderWith(Object.fromEntries(files));
      if (page === 'docs/import.md') cpSync('examples', join(folder, 'examples'), { recursive: true });
      try {
        for (const block of blocks.filter((one) => one.page === page)) {
          if (block.file !== undefined) writeFileSync(join(folder, block.file), block.text);
          for (const command of commandsOf(block)) {
            const reason = NOT_RUN.find((one) => one.command.test(command));
            if (reason !== undefined) used.add(reason.reason);
            const script = /^npm (?:run )?([\w-]+)/.exec(command)?.[1];
            if (script !== undefined) assert.ok(script in scripts, command);
            const written = /^\.\\(\S+)/.exec(command)?.[1];
            if (written !== undefined) assert.ok(existsSync(join(folder, written)), command);
            const line = programPart(command);
            if (reason !== undefined && (line === undefined || !command.includes(' -- '))) continue;
            if (line === undefined) assert.fail(`${page}: ${command}: neither run nor in the table`);
            const args = line.split(' ');
            // The page asks on a machine of the hierarchy; this one is none.
            if (args[0] === 'probe' && args.includes('--dry-run')) args.push('--from', 'sec01');
            const { status, out, err } = cmtopo(args, { cwd: folder });
            const wanted = FINDS.includes(`${page}: ${command}`) ? 1 : 0;
            assert.equal(status, wanted, `${page}: ${command}\n${out}${err}`);
            ran++;
          }
        }
      } finally {
        removeFolder(folder);
      }
    }
    assert.ok(ran >= 15, String(ran));
    const needless = NOT_RUN.filter(({ reason }) => !used.has(reason));
    assert.deepEqual(needless, []);
  });

  it('have shell commands that Bash can read', function () {
    if (process.platform === 'win32') this.skip();
    for (const block of of('sh')) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: block.text, encoding: 'utf8' });
      assert.equal(status, 0, `${where(block)}\n${stderr}`);
    }
  });

  it('have topologies without findings, but for those that they show', () => {
    let whole = 0;
    let parts = 0;
    for (const block of of('yaml')) {
      if (kindOf(block) !== 'topology') continue;
      const [first = ''] = block.text.split('\n');
      const isWhole = first.startsWith('configmgr:');
      const place = `${block.page} ${first}`;
      const round = FRAMES[place];
      if (!isWhole && round === undefined) assert.fail(`${where(block)}: no topology round it`);
      const found = findingsOf(round?.(block.text) ?? block.text);
      const wanted = SHOWN_FINDINGS[place] ?? [];
      assert.deepEqual([...new Set(found)].toSorted(), wanted.toSorted(), where(block));
      if (isWhole) whole++;
      else parts++;
    }
    assert.ok(whole >= 4, String(whole));
    assert.equal(parts, Object.keys(FRAMES).length, 'a topology round nothing');
  });

  it('have settings that are read, and say what their page says', () => {
    let found = 0;
    for (const block of of('yaml')) {
      if (kindOf(block) !== 'settings') continue;
      assert.deepEqual(findingsOf(GOOD, block.text), [], where(block));
      found++;
    }
    assert.ok(found >= 3, String(found));
  });

  it('have data of the catalog as it is there', () => {
    let found = 0;
    for (const block of of('yaml')) {
      if (kindOf(block) !== 'catalog') continue;
      const data = readdirSync('catalog').map((file) => load(readFileSync(join('catalog', file), 'utf8')));
      const lists = data.flatMap((content) => Object.values(content as object)).filter(Array.isArray);
      for (const entry of load(block.text) as readonly unknown[])
        assert.ok(
          lists.some((list) => holds(list, [entry])),
          where(block),
        );
      found++;
    }
    assert.ok(found >= 2, String(found));
  });

  it('have jobs for CI with the inputs, hooks, commands and version that there are', () => {
    const action = load(readFileSync('action.yml', 'utf8')) as { readonly inputs: object };
    const hooks = load(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly { readonly id: string }[];
    const ids = hooks.map(({ id }) => id);
    const folder = folderWith({ 'plant.topology.yaml': GOOD });
    let ran = 0;
    try {
      for (const block of of('yaml')) {
        if (kindOf(block) !== 'ci') continue;
        for (const [, at] of block.text.matchAll(/@v?(\d[\d.]*\d)|rev: v(\S+)/g))
          if (at !== undefined) assert.equal(at, version, where(block));
        const job = load(block.text) as {
          readonly steps?: readonly { readonly uses?: string; readonly with?: object }[];
          readonly repos?: readonly { readonly hooks: readonly { readonly id: string }[] }[];
        };
        for (const step of job.steps ?? [])
          for (const input of Object.keys(step.with ?? {})) assert.ok(input in action.inputs, input);
        for (const hook of job.repos?.flatMap((repo) => repo.hooks) ?? []) assert.ok(ids.includes(hook.id));
        for (const [, line = ''] of block.text.matchAll(/npx --yes configmgr-topology (.*)$/gm)) {
          const args = line.split(' ');
          assert.equal(cmtopo(args, { cwd: folder }).status, 0, line);
          const file = args[args.indexOf('-o') + 1];
          if (args.includes('-o')) {
            assert.ok(existsSync(join(folder, file ?? '')));
            assert.ok(
              block.text.includes(`: ${file}`),
              `${where(block)}: ${file} is not given to the service`,
            );
          }
          ran++;
        }
      }
    } finally {
      removeFolder(folder);
    }
    assert.equal(ran, 2);
  });

  it('have JSON that is as its schema says, and settings that start the program', () => {
    let ran = 0;
    for (const block of of('json')) {
      const value = JSON.parse(block.text) as Record<string, unknown>;
      if (block.page === 'docs/cli.md') {
        const form = 'directions' in value ? 'explain' : 'check';
        const schema = JSON.parse(readFileSync(join('schemas', `${form}.schema.json`), 'utf8'));
        const validate = new Ajv({ strict: false }).compile(forAPart(schema) as AnySchema);
        assert.ok(validate(value), `${where(block)}\n${JSON.stringify(validate.errors)}`);
        continue;
      }
      for (const [, list = ''] of block.text.matchAll(/"args": (\[[^\]]*\])/g)) {
        const args = (JSON.parse(list) as readonly string[])
          .filter((word) => !word.endsWith('dist/cli.js'))
          .map((word, index, words) => (words[index - 1] === '--folder' ? 'examples' : word));
        assert.equal(cmtopo(args).status, 0, args.join(' '));
        ran++;
      }
    }
    assert.equal(ran, 3);
  });

  it('have TOML, PowerShell, Lua and Lisp that can be parsed', async () => {
    for (const block of of('toml')) parseToml(block.text);
    const powershell = await grammar('powershell');
    for (const block of of('powershell')) assert.equal(powershell(block.text).hasError, false, where(block));
    for (const block of of('lua', 'elisp')) assert.equal(unbalanced(block), '', where(block));
  });

  it('have tables of servers that become a topology', () => {
    for (const block of of('csv')) {
      if (block.page === 'docs/recipes.md') continue;
      const folder = folderWith({ 'servers.csv': block.text });
      try {
        const { status, out, err } = cmtopo(['init', '--from', 'servers.csv'], { cwd: folder });
        assert.equal(status, 0, err);
        for (const line of block.text.split('\n').slice(1, -1))
          assert.ok(out.includes(`${line.split(',')[0]}:`));
      } finally {
        removeFolder(folder);
      }
    }
  });
});
