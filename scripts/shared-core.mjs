// The core (everything in server/src but cli/, host/ and lsp/) is bundled once, into dist/core.js. The program and the
// web worker are bundled without it and find it at `globalThis.cmtopoCore`, so that the package holds it once.
import { relative, resolve, sep } from 'node:path';

const GLOBAL = 'globalThis.cmtopoCore';
const NAMESPACE = 'shared-core';

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

  return {
    /** For those that need the core: leaves its modules out. */
    leaveOut: {
      name: 'leave-out-core',
      setup(build) {
        build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
          const name = nameInCore(resolve(resolveDir, path));
          if (name === undefined) return undefined;
          wanted.add(name);
          return { path: name, namespace: NAMESPACE };
        });
        build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
          contents: `module.exports = ${GLOBAL}[${JSON.stringify(path)}];`,
        }));
      },
    },
    /** The text of the module that is the core: what others were seen to import. Call it after they are built. */
    entry() {
      const names = [...wanted].sort();
      const imports = names.map((name, index) => `import * as m${index} from './${name}';\n`);
      const members = names.map((name, index) => `  ${JSON.stringify(name)}: m${index},\n`);
      const contents = `${imports.join('')}${GLOBAL} = {\n${members.join('')}};\n`;
      return { contents, resolveDir: server, sourcefile: 'core.ts', loader: 'ts' };
    },
  };
}

/**
 * Leaves the translated messages in their own files, which the editor's extension needs too: the program reads
 * them in `dist/l10n/`; a web worker is given them by its editor.
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
      contents: `module.exports = globalThis.process?.versions?.node ? require(${JSON.stringify(path)}) : {};`,
    }));
  },
};
