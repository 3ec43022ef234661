// Makes a release of what is committed: packages, checksums and notes in release/, and the tag. Nothing is published.
// `node scripts/release.mjs VERSION --repository URL`; with --dry-run it says what it would do, and what is missing.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readRepository } from './packing/address.mjs';
import { packedPage } from './packing/links.mjs';
import { checksums, notesOf } from './packing/notes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const USAGE = 'Usage: node scripts/release.mjs VERSION --repository URL [--dry-run]';

const read = (file) => readFileSync(join(root, file), 'utf8');

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return { isGood: status === 0, text: `${stdout}${stderr}`.trim() };
}

/** What stands in the way of a release; nothing where it can be made. */
function missing(version, repository) {
  const problems = [];
  if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`${version} is not a version such as 1.2.3`);
  if (repository === undefined)
    problems.push('--repository URL is missing: the packages would not say where they are from');
  for (const [file, found] of [
    ['package.json', JSON.parse(read('package.json')).version],
    ['package-lock.json', JSON.parse(read('package-lock.json')).version],
    ['action.yml', /configmgr-topology@(\S+?)["']?$/m.exec(read('action.yml'))?.[1]],
  ])
    if (found !== version) problems.push(`${file} has version ${found}`);
  for (const file of ['docs/ci.md', 'docs/install.md']) {
    const shown = [...read(file).matchAll(/(?:@v|rev: v|configmgr-topology[@-])(\d+\.\d+\.\d+)/g)];
    const other = shown.find(([, found]) => found !== version);
    if (other !== undefined) problems.push(`${file} has version ${other[1]}`);
  }
  if (notesOf(read('CHANGELOG.md'), version) === undefined)
    problems.push(`CHANGELOG.md has no section '## [${version}] - YYYY-MM-DD': give [Unreleased] this name`);
  if (git('status', '--porcelain').text !== '') problems.push('something is not committed');
  if (git('rev-parse', '--verify', '--quiet', `refs/tags/v${version}`).isGood)
    problems.push(`the tag v${version} is there already`);
  return problems;
}

/** Packs, and puts the packages with notes and checksums into release/. @returns {string[]} the names of the files */
function pack(version, repository, notes) {
  const packing = spawnSync(process.execPath, ['scripts/package.mjs', '--repository', repository], {
    cwd: root,
    encoding: 'utf8',
  });
  if (packing.status !== 0) throw new Error(`The packages were not made: ${packing.stderr}`);
  const folder = join(root, 'release');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const names = [...packing.stdout.matchAll(/^packed (.*)$/gm)].map(([, name]) => name);
  for (const name of names) copyFileSync(join(root, name), join(folder, basename(name)));
  const files = names.map((name) => ({ name, content: readFileSync(join(folder, name)) }));
  writeFileSync(join(folder, 'SHA256SUMS'), checksums(files));
  writeFileSync(
    join(folder, 'NOTES.md'),
    `${notes}\n\nPacked from the tag v${version} with --repository ${repository}.\n`,
  );
  return [...names, 'SHA256SUMS', 'NOTES.md'];
}

function release() {
  const { values, positionals } = parseArgs({
    options: { repository: { type: 'string' }, 'dry-run': { type: 'boolean' } },
    allowPositionals: true,
  });
  const [version] = positionals;
  if (version === undefined || positionals.length > 1) throw new Error(USAGE);
  const repository = values.repository === undefined ? undefined : readRepository(values.repository);
  const problems = missing(version, repository);
  if (problems.length > 0) throw new Error(problems.map((problem) => `Not ready: ${problem}.`).join('\n'));
  // A page of releases is not beside the files that the change log leads to.
  const notes = packedPage(notesOf(read('CHANGELOG.md'), version) ?? '', {
    path: 'CHANGELOG.md',
    packed: () => undefined,
    repository,
    version,
  });
  if (values['dry-run']) {
    console.log(
      `Would pack for ${repository} into release/, and tag ${git('rev-parse', '--short', 'HEAD').text} as v${version}:\n\n${notes}`,
    );
    return;
  }
  for (const name of pack(version, repository, notes)) console.log(`release/${name}`);
  const tag = git('tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
  if (!tag.isGood) throw new Error(`git made no tag: ${tag.text}`);
  console.log(`Tagged v${version}. To publish: git push origin v${version}, then the files of release/.`);
}

try {
  release();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
