// Builds the product and packs it: `vsix` (VS Code), `npm` (the program) and `single` (the program in one file), all
// three where none is named; `executable` (with Node in it) only where it is. `--repository URL` is the address of the
// source, for the manifests and links; `--node FILE` the Node that goes into the executable.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { buildProduct } from './build.mjs';
import { readRepository } from './packing/address.mjs';
import { packNpm } from './packing/npm.mjs';
import { packExecutable, packSingle } from './packing/single.mjs';
import { packExtension } from './packing/vsix.mjs';

const PACKAGES = {
  vsix: ({ repository }) => packExtension(repository),
  npm: ({ repository }) => packNpm(repository),
  single: packSingle,
  executable: ({ node }) => packExecutable(node),
};

/** Which are packed, and how. Throws for wrong use. */
function readArguments() {
  const { values, positionals } = parseArgs({
    options: { repository: { type: 'string' }, node: { type: 'string' } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !Object.hasOwn(PACKAGES, name));
  if (unknown !== undefined) throw new Error(`${unknown}: not one of ${Object.keys(PACKAGES).join(', ')}`);
  return {
    names: positionals.length > 0 ? positionals : ['vsix', 'npm', 'single'],
    repository: values.repository === undefined ? undefined : readRepository(values.repository),
    node: values.node ?? process.execPath,
  };
}

try {
  const { names, ...how } = readArguments();
  await buildProduct();
  for (const name of names) console.log(`packed ${basename(await PACKAGES[name](how))}`);
  if (how.repository === undefined && names.some((name) => ['vsix', 'npm'].includes(name)))
    console.log(
      'Before publishing: without --repository URL the packages have no fields repository, bugs and homepage, their pages no pictures and no links to the source.',
    );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
