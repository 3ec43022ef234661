// Bundles what is shipped into dist/ and, with --tests, every test into out/; names after it build only the tests with
// one of them in their path. With --debug what is in dist/ can be followed by a debugger in its sources.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { load } from 'js-yaml';
import { separateMessages, sharedCore } from './shared-core.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Turns an imported YAML file into a JSON module, so that no catalog is parsed at start-up. */
export const yamlAsJson = {
  name: 'yaml-as-json',
  setup(build) {
    build.onLoad({ filter: /\.ya?ml$/ }, ({ path }) => ({
      contents: JSON.stringify(load(readFileSync(path, 'utf8'), { filename: path })),
      loader: 'json',
      watchFiles: [path],
    }));
  },
};

export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // In Node 20 each object that begins with the properties of another (`{ ...one, more }`) gets a shape of its own, and
  // whatever reads many of them is slow: js-yaml takes three times as long from its tenth text on.
  supported: { 'object-rest-spread': false },
  plugins: [yamlAsJson],
  logLevel: 'warning',
  // The notices hold the whole texts.
  legalComments: 'none',
};

/**
 * The text of a file of translations without its empty entries, for which readers would be shown nothing: English
 * takes the place only of what is not there.
 * @param {string} text
 */
export function withoutEmptyEntries(text) {
  const entries = Object.entries(JSON.parse(text)).filter(([, translation]) => translation.trim() !== '');
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`;
}

/** The published files of the first hold the second, which no bundle therefore names as its input. */
const HELD = [['@dagrejs/dagre', '@dagrejs/graphlib']];

/**
 * The licence texts of the packages that are part of the bundles, as one text.
 * @param {string[]} inputs the bundled files, relative to the root
 */
export function thirdPartyNotices(inputs) {
  const folders = inputs.flatMap(
    (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
  );
  const held = folders.flatMap((folder) =>
    HELD.flatMap(([by, name]) => (folder.endsWith(`/${by}`) ? [folder.slice(0, -by.length) + name] : [])),
  );
  const packages = [...new Set([...folders, ...held])].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const licence = readdirSync(join(root, folder)).find((file) =>
      /^licen[cs]e([-.](mit|txt|md))*$/i.test(file),
    );
    // A package that leaves its licence in its repository: the text from there.
    const kept = join(root, 'scripts', 'licences', `${name.replace('/', '-')}.txt`);
    if (!licence && !existsSync(kept))
      throw new Error(`${folder} is bundled and has no licence file to pass on.`);
    const text = readFileSync(licence ? join(root, folder, licence) : kept, 'utf8')
      .replaceAll('\r\n', '\n')
      .trim();
    return { title: `${name} ${version}`, text };
  });
  const sections = new Map(packages.map(({ title, text }) => [title, text]));
  return `ConfigMgr Topology contains the packages below, each under its own licence.\n${[...sections]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `\n${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text}\n`)
    .join('')}`;
}

/**
 * Leaves out what the Model Context Protocol brings to validate JSON schemas, half of its size: that is for what a
 * server asks its client, and we ask nothing.
 */
export const withoutValidator = {
  name: 'without-validator',
  setup(build) {
    build.onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, ({ path }) => ({
      path,
      namespace: 'protocol-shims',
    }));
    build.onLoad({ filter: /.*/, namespace: 'protocol-shims' }, () => ({
      contents: `export { default as process } from 'node:process';
        export class DefaultJsonSchemaValidator {
          getValidator() { throw new Error('This server validates no JSON schema.'); }
        }`,
      resolveDir: root,
    }));
  },
};

/**
 * Leaves out what the language client reads version numbers with, to see that VS Code is not too old for it: VS Code
 * itself has seen by the manifest that it is newer.
 */
const withoutVersionCheck = {
  name: 'without-version-check',
  setup(build) {
    build.onResolve({ filter: /^semver\/functions\/(parse|satisfies)$/ }, ({ path }) => ({
      path,
      namespace: 'version-check',
    }));
    build.onLoad({ filter: /.*/, namespace: 'version-check' }, () => ({
      contents: 'module.exports = () => true;',
    }));
  },
};

/**
 * Writes the few characters of a bundle that are not ASCII, all of them in regular expressions, as escapes: a single one
 * would have V8 keep two bytes for every character of the file.
 * @param {string} file
 */
function inAscii(file) {
  const escaped = readFileSync(file, 'utf8').replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  writeFileSync(file, escaped);
}

/**
 * Keeps a module that is imported when it is needed out of a bundle, which reads it from a file beside. By `require`,
 * for which VS Code has its own module `vscode`; for `import` Node would load more of itself.
 * @param {RegExp} module the end of its path
 * @param {string} file that file, in `dist/`
 */
const separate = (module, file) => ({
  name: `separate-${file}`,
  setup(build) {
    build.onResolve({ filter: module }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: file } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: file }, () => ({
      contents: `module.exports = require('./${file}');`,
    }));
    build.onResolve({ filter: /.*/, namespace: file }, ({ path }) => ({ path, external: true }));
  },
});

/** Keeps the library of the language client out of the extension, which reads it when it is active. */
const separateClient = separate(/\/node-client\.ts$/, 'language-client.js');
/** Keeps the language server out of the program: only `cmtopo lsp` loads it, from the file that the extension starts. */
const separateServer = separate(/\/lsp\/main\.ts$/, 'language-server.js');

/** What the program and the libraries in it use of modules of Node that a language server needs only when it is asked to. */
const LATE = {
  child_process: ['fork', 'spawnSync'],
  crypto: ['createHash', 'randomBytes'],
  'fs/promises': ['stat'],
  worker_threads: ['parentPort', 'Worker', 'workerData'],
};

/** What a file of ours imports of a module of Node and `LATE` does not have. */
function missingInLate(file, module) {
  const text = file.includes('node_modules') ? '' : readFileSync(file, 'utf8');
  const [, names = ''] = new RegExp(`^import \\{([^}]*)\\} from 'node:${module}'`, 'm').exec(text) ?? [];
  const taken = names.split(',').map((name) => name.trim());
  return taken.filter((name) => name !== '' && !name.startsWith('type ') && !LATE[module].includes(name));
}

/** Has Node load these when something in them is first used: each takes half a megabyte. */
const lateModules = {
  name: 'late-modules',
  setup(build) {
    const namespace = 'late-modules';
    build.onResolve({ filter: new RegExp(`^(node:)?(${Object.keys(LATE).join('|')})$`) }, (from) => {
      if (from.namespace === namespace) return { path: from.path, external: true };
      const path = from.path.replace('node:', '');
      const missing = missingInLate(from.importer, path);
      return { path, namespace, errors: missing.map((name) => ({ text: `LATE lacks ${name} of ${path}` })) };
    });
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => {
      const getters = LATE[path].map((name) => `get ${name}() { return require('${path}').${name}; }`);
      return { contents: `module.exports = { ${getters.join(', ')} };` };
    });
  },
};

/** Keeps the Model Context Protocol out of the program: only `cmtopo mcp` loads it, from the file beside. */
const separateProtocol = {
  name: 'separate-protocol',
  setup(build) {
    build.onResolve({ filter: /\/mcp-server\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './mcp-server.js', external: true } : undefined,
    );
  },
};

/**
 * Builds what is shipped: the extension (`dist/extension.js` with `dist/language-client.js`, `dist/browser.js`), the
 * language server (`dist/language-server.js`; of a browser `dist/server-worker.js`), the program (`dist/cli.js`, and
 * `dist/mcp-server.js` and `dist/tool-worker.js` for assistants), the core that these need (`dist/core.js`,
 * `dist/on-demand.js`), its messages in other languages (`dist/l10n/`), the pages of webviews (`dist/pages/`) and the
 * licence notices.
 * @param {{ debug?: boolean }} [options] `debug`: readable, with source maps, which no package holds
 */
export async function buildProduct({ debug = false } = {}) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const readable = { minify: !debug, sourcemap: debug && 'linked' };
  const shipped = { ...common, ...readable, outdir: 'dist', external: ['vscode'], metafile: true };
  const web = { platform: 'browser', target: 'chrome132' };
  const core = sharedCore(root);
  // What Node 20 and the oldest browser both know.
  const shared = {
    ...shipped,
    ...web,
    outdir: undefined,
    target: [common.target, web.target],
    format: 'iife',
  };
  const outputs = [
    await esbuild.build({
      ...shipped,
      plugins: [separateClient, withoutVersionCheck, ...common.plugins],
      entryPoints: { extension: 'client/src/extension.ts', 'language-client': 'client/src/node-client.ts' },
    }),
    await esbuild.build({ ...shipped, ...web, entryPoints: { browser: 'client/src/browser.ts' } }),
    await esbuild.build({
      ...shipped,
      plugins: [
        separateProtocol,
        separateServer,
        lateModules,
        withoutValidator,
        core.leaveOut,
        ...common.plugins,
      ],
      entryPoints: {
        cli: 'server/src/cli/main.ts',
        'language-server': 'server/src/lsp/main.ts',
        'mcp-server': 'server/src/cli/mcp-server.ts',
        'tool-worker': 'server/src/cli/tool-worker.ts',
      },
      banner: { js: "require('./core.js');" },
    }),
    await esbuild.build({
      ...shipped,
      ...web,
      plugins: [core.leaveOutInBrowser, ...common.plugins],
      entryPoints: { 'server-worker': 'server/src/lsp/browser.ts' },
      format: 'iife',
    }),
    await esbuild.build({
      ...shared,
      plugins: [core.leaveOutLoaded, ...common.plugins],
      stdin: await core.onDemandEntry(),
      outfile: 'dist/on-demand.js',
    }),
    await esbuild.build({
      ...shared,
      plugins: [core.refuseOnDemand, separateMessages, ...common.plugins],
      stdin: await core.entry(),
      outfile: 'dist/core.js',
    }),
    await buildPages(readable),
  ].flatMap(({ metafile }) => Object.values(metafile.outputs));
  if (!debug)
    for (const name of ['cli', 'language-server', 'core', 'on-demand'])
      inAscii(join(root, 'dist', `${name}.js`));
  const bundled = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  writeFileSync(join(root, 'dist', 'THIRD-PARTY.txt'), thirdPartyNotices(bundled));
  mkdirSync(join(root, 'dist', 'l10n'));
  for (const name of readdirSync(join(root, 'l10n'))) {
    const text = readFileSync(join(root, 'l10n', name), 'utf8');
    writeFileSync(join(root, 'dist', 'l10n', name), withoutEmptyEntries(text));
  }
}

/**
 * Builds the pages of webviews, `client/src/pages/NAME.page.ts`, into `dist/pages/NAME.js` and the style sheets that
 * they import into `NAME.css` beside it.
 * @param {esbuild.BuildOptions} readable
 * @returns {Promise<esbuild.BuildResult<{ metafile: true }>>}
 */
async function buildPages(readable) {
  const suffix = '.page.ts';
  const folder = 'client/src/pages';
  const names = readdirSync(join(root, folder)).filter((file) => file.endsWith(suffix));
  return esbuild.build({
    ...common,
    ...readable,
    entryPoints: Object.fromEntries(names.map((file) => [file.slice(0, -suffix.length), join(folder, file)])),
    outdir: 'dist/pages',
    platform: 'browser',
    // The Chromium of the oldest VS Code that the manifest allows.
    target: 'chrome132',
    format: 'iife',
    metafile: true,
  });
}

/**
 * Builds the `*.test.ts` of the tree into `out/`, at the same relative place.
 * @param {string[]} parts only those with one of these in their path, beside what `out/` holds; none: all, afresh
 */
async function buildTests(parts) {
  if (!parts.length) rmSync(join(root, 'out'), { recursive: true, force: true });
  const all = ['server/src', 'client/src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => join(folder, file)),
  );
  const inVscode = 'test/vscode/suite/index.ts';
  if (existsSync(join(root, inVscode))) all.push(inVscode);
  const tests = parts.length ? all.filter((file) => parts.some((part) => file.includes(part))) : all;
  if (!tests.length) throw new Error(`No test has ${parts.join(' or ')} in its path.`);
  const bundles = { ...common, outdir: 'out', outbase: '.', packages: 'external', sourcemap: 'linked' };
  const forVscode = (file) => file.startsWith(join('test', 'vscode'));
  // Tests share what they have in common, which is then read and compiled once; only modules can.
  await esbuild.build({
    ...bundles,
    entryPoints: tests.filter((file) => !forVscode(file)),
    format: 'esm',
    splitting: true,
    chunkNames: 'shared/[name]-[hash]',
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = require('node:url').fileURLToPath(import.meta.url);
const __dirname = require('node:path').dirname(__filename);`,
    },
  });
  // The extension host of VS Code requires its tests.
  await esbuild.build({
    ...bundles,
    entryPoints: tests.filter(forVscode),
    external: ['vscode'],
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  for (const [folder, type] of [
    ['out', 'module'],
    ['out/test/vscode', 'commonjs'],
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'package.json'), `${JSON.stringify({ type })}\n`);
  }
}

/** Builds the suites that run in the extension host of a browser into one file, behind Mocha as browsers get it. */
async function buildWebTests() {
  const mocha = readFileSync(join(root, 'node_modules', 'mocha', 'mocha.js'), 'utf8');
  await esbuild.build({
    ...common,
    entryPoints: ['test/vscode/web/index.ts'],
    outdir: 'out',
    outbase: '.',
    platform: 'browser',
    target: 'chrome132',
    external: ['vscode'],
    alias: { 'node:assert/strict': './test/vscode/web/assert.ts' },
    // What the assertions look for in Node.
    define: { global: 'globalThis', 'process.env.NODE_DEBUG': 'undefined' },
    // Without a module to be, it makes its names global.
    banner: { js: `(function (module, exports, define) {${mocha}\n})();` },
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildProduct({ debug: process.argv.includes('--debug') });
  const [flag, ...parts] = process.argv.slice(2).filter((argument) => argument !== '--debug');
  if (flag === '--tests') {
    await buildTests(parts);
    if (!parts.length) await buildWebTests();
  }
}
