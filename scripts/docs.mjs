// `npm run docs`: builds the documentation site into site/, checks its links and tries it in a browser.
// --repository URL is the address of the source, for links to files that are no pages; --base PATH is where the site is
// served, if not at the root of its host; --no-test only builds.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readRepository } from './packing/address.mjs';
import { packedPage } from './packing/links.mjs';
import { setUp } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs', 'site');

const read = (file) => readFileSync(join(root, file), 'utf8');

/**
 * The parts of the site with their pages in order, by paths from docs/; a folder ends in `/` and stands for its pages.
 * What is left out are the list of documents and what VS Code shows in its walkthrough.
 */
const { parts: SIDEBAR, leftOut: LEFT_OUT } = JSON.parse(read('docs/site/sidebar.json'));

/** The pages of a part of the sidebar, from the root of the checkout. */
function pagesOf({ pages }) {
  const listed = pages.filter((page) => !page.endsWith('/')).map((page) => posix.join('docs', page));
  const inFolders = pages
    .filter((page) => page.endsWith('/'))
    .flatMap((page) =>
      readdirSync(join(root, 'docs', page))
        .filter((file) => file.endsWith('.md'))
        .sort()
        .map((file) => `docs/${page}${file}`),
    );
  return [...listed, ...inFolders.filter((page) => !listed.includes(page))];
}

/** What a file of the checkout is called on the site; undefined where it is not on it. */
function placeOf(path) {
  if (path === 'README.md') return 'index.md';
  if (/^docs\/images\/[\w-]+\.(png|svg)$/.test(path)) return path.slice('docs/'.length);
  if (!SIDEBAR.some((part) => pagesOf(part).includes(path))) return undefined;
  if (!path.startsWith('docs/')) return path.toLowerCase();
  return path.slice('docs/'.length).replace(/(^|\/)README\.md$/, '$1index.md');
}

const titleOf = (path) => /^# (.*)$/m.exec(read(path))?.[1].replaceAll('`', '') ?? path;

/** Lays the pages out for VitePress, with links as the site needs them. */
function stage(repository) {
  const { version } = JSON.parse(read('package.json'));
  const pages = join(folder, 'pages');
  rmSync(pages, { recursive: true, force: true });
  const all = ['README.md', ...SIDEBAR.flatMap(pagesOf)];
  for (const path of all) {
    const place = placeOf(path);
    mkdirSync(dirname(join(pages, place)), { recursive: true });
    writeFileSync(join(pages, place), packedPage(read(path), { path, packed: placeOf, repository, version }));
  }
  mkdirSync(join(pages, 'images'), { recursive: true });
  for (const name of readdirSync(join(root, 'docs', 'images')))
    if (placeOf(`docs/images/${name}`))
      cpSync(join(root, 'docs', 'images', name), join(pages, 'images', name));
  const outline = {
    title: 'ConfigMgr Topology',
    description: JSON.parse(read('package.nls.json')).description,
    repository,
    sidebar: SIDEBAR.map((part) => ({
      text: part.title,
      collapsed: pagesOf(part).length > 10,
      items: pagesOf(part).map((path) => ({
        text: titleOf(path),
        link: `/${placeOf(path).replace(/(index)?\.md$/, '')}`,
      })),
    })),
  };
  writeFileSync(join(folder, 'outline.json'), JSON.stringify(outline, undefined, 2));
  return all.length;
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed.`);
}

const { values } = parseArgs({
  options: {
    repository: { type: 'string' },
    base: { type: 'string', default: '/' },
    'no-test': { type: 'boolean' },
  },
});
try {
  const repository = values.repository === undefined ? undefined : readRepository(values.repository);
  if (!existsSync(join(folder, 'node_modules', 'vitepress')))
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  const pages = stage(repository);
  run(
    process.execPath,
    ['node_modules/vitepress/bin/vitepress.js', 'build', '.', '--base', values.base],
    folder,
  );
  console.log(`site/ has ${pages} pages; without: ${LEFT_OUT.join(', ')}.`);
  if (!values['no-test']) {
    setUp();
    run(process.execPath, ['node_modules/mocha/bin/mocha.js', 'test/site/site.test.mjs'], root);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
