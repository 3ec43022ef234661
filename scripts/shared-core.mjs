// The core (everything in server/src but cli/, host/ and lsp/) is bundled once, into dist/core.js, and what few need of
// it into dist/on-demand.js. The program and the web worker are bundled without it and find it at
// `globalThis.cmtopoCore`, so that the package holds it once. In Node the second file is loaded when something in it is
// first used: a language server that starts does not wait for it.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import * as esbuild from 'esbuild';

const GLOBAL = 'globalThis.cmtopoCore';
const NAMESPACE = 'shared-core';

/** What neither the findings nor the first requests of an editor need, with the features that need it. */
const ON_DEMAND =
  /^(?:(?:assistants|diagram|exports|imports|inventory|probe|report)\/|features\/(?:changes|connections|explain)\.ts$)/;

/** @type {Map<string, Promise<string[]>>} */
const known = new Map();

/** The names that a module exports. */
function exportsOf(file) {
  const names = known.get(file) ?? readExports(file);
  known.set(file, names);
  return names;
}

async function readExports(file) {
  const { metafile } = await esbuild.build({
    entryPoints: [file],
    format: 'esm',
    metafile: true,
    write: false,
    outdir: '.',
    logLevel: 'warning',
  });
  const own = Object.values(metafile.outputs).flatMap((output) => output.exports);
  // Without a look at other modules esbuild does not know what is passed on of them.
  const others = [...readFileSync(file, 'utf8').matchAll(/^export \* from '(.+)';$/gm)];
  const passedOn = await Promise.all(others.map(([, path]) => exportsOf(resolve(dirname(file), path))));
  return [...new Set([...own, ...passedOn.flat()])];
}

/**
 * @param {string} root the checkout
 */
export function sharedCore(root) {
  const server = resolve(root, 'server', 'src');
  /** The modules of the core that others import, as paths below server/src. */
  const wanted = new Set();

  /** @param {string} file an absolute path */
  const nameInCore = (file) => {
    const name = relative(server, file).split(sep).join('/');
    return name.startsWith('..') || /^(cli|host|lsp)\//.test(name) ? undefined : name;
  };

  /** Leaves out modules of the core; `load` makes the text of the module that takes the place of one. */
  const leaveOut = (load, isLeftOut = () => true) => ({
    name: 'leave-out-core',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const name = nameInCore(resolve(resolveDir, path));
        if (name === undefined || !isLeftOut(name)) return undefined;
        wanted.add(name);
        return { path: name, namespace: NAMESPACE };
      });
      build.onResolve({ filter: /^\.\/on-demand\.js$/ }, ({ path }) => ({ path, external: true }));
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => ({
        contents: await load(path),
      }));
    },
  });

  const member = (name) => `${GLOBAL}[${JSON.stringify(name)}]`;
  /** By name: for whoever imports a CommonJS module the bundler makes a getter of each of its names. */
  const whole = async (name) => {
    const names = await exportsOf(resolve(server, name));
    return `const all = ${member(name)};\n${names.map((key) => `export const ${key} = all.${key};\n`).join('')}`;
  };
  /** Each export is looked up where it is used, and the first time loads the file. */
  const deferred = async (name) => {
    if (!ON_DEMAND.test(name)) return whole(name);
    const getters = (await exportsOf(resolve(server, name))).map(
      (key) => `get ${key}() { return load().${key}; }`,
    );
    return `const load = () => { require('./on-demand.js'); return ${member(name)}; };
      module.exports = { ${getters.join(', ')} };`;
  };

  /** The text of a module that puts modules at the global name: by names, because of a whole one each is a getter. */
  const entry = async (names, assign) => {
    const modules = await Promise.all(
      names.map(async (name, index) => {
        const keys = await exportsOf(resolve(server, name));
        const own = (key) => `m${index}_${key}`;
        return {
          imported: `import { ${keys.map((key) => `${key} as ${own(key)}`).join(', ')} } from './${name}';\n`,
          member: `  ${JSON.stringify(name)}: { ${keys.map((key) => `${key}: ${own(key)}`).join(', ')} },\n`,
        };
      }),
    );
    const imports = modules.map(({ imported }) => imported).join('');
    const members = modules.map(({ member }) => member).join('');
    const contents = `${imports}${assign(`{\n${members}}`)};\n`;
    return { contents, resolveDir: server, sourcefile: 'core.ts', loader: 'ts' };
  };
  const sorted = (isPart) => [...wanted].filter(isPart).sort();

  return {
    /** For programs of Node: leaves the core out. */
    leaveOut: leaveOut(deferred),
    /** For the web worker, which is given both files at its start. */
    leaveOutInBrowser: leaveOut(whole),
    /** For `dist/on-demand.js`: leaves out what is in `dist/core.js`. */
    leaveOutLoaded: leaveOut(whole, (name) => !ON_DEMAND.test(name)),
    /** For `dist/core.js`: fails where something in it needs what is loaded on demand. */
    refuseOnDemand: leaveOut((name) => {
      throw new Error(`dist/core.js needs ${name}: what imports it belongs to ON_DEMAND, too.`);
    }, ON_DEMAND.test.bind(ON_DEMAND)),
    /** The text of `dist/on-demand.js`: what others were seen to import. Call it after they are built. */
    onDemandEntry: () =>
      entry(
        sorted((name) => ON_DEMAND.test(name)),
        (members) => `Object.assign(${GLOBAL}, ${members})`,
      ),
    /** The text of `dist/core.js`, in the same way. Call it after `dist/on-demand.js` is built. */
    entry: () =>
      entry(
        sorted((name) => !ON_DEMAND.test(name)),
        (members) => `${GLOBAL} = ${members}`,
      ),
  };
}

/**
 * Leaves the translated messages in their own files, which the editor's extension needs too: the program reads
 * those of its language in `dist/l10n/`; a web worker is given them by its editor.
 */
export const separateMessages = {
  name: 'separate-messages',
  setup(build) {
    build.onResolve({ filter: /\/l10n\/bundle\.l10n\..*\.json$/ }, ({ path, namespace }) => {
      const file = `./l10n/${path.split('/').at(-1)}`;
      return namespace === 'messages'
        ? { path: file, external: true }
        : { path: file, namespace: 'messages' };
    });
    build.onLoad({ filter: /.*/, namespace: 'messages' }, ({ path }) => ({
      contents: `module.exports = {
        __esModule: true,
        get default() { return globalThis.process?.versions?.node ? require(${JSON.stringify(path)}) : {}; },
      };`,
    }));
  },
};
