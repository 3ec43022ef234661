// Which files `cmtopo check` looks at: those named, and the topology files under the folders named.
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { t } from '../l10n.ts';
import { asUnreadable, type UnreadableInput, unreadableInput } from './errors.ts';
import { readStart } from './files.ts';

export interface FoundFile {
  /** As shown to a person: as named, or below the folder as named; `/` between its parts. */
  readonly path: string;
  readonly absolute: string;
  /** Named on the command line itself. */
  readonly named: boolean;
}

export interface Discovery {
  /** In the order of the arguments, inside a folder sorted by path; no file twice. */
  readonly files: readonly FoundFile[];
  /** Paths that are not there or cannot be read, and folders without a topology file. */
  readonly problems: readonly UnreadableInput[];
}

const MARKER = '# configmgr-topology';

/** Whether a file's name alone makes it a topology file. */
export function hasTopologyName(file: string): boolean {
  return /\.topology\.ya?ml$/i.test(file);
}

/** Whether a text's first line is the comment that makes any YAML file a topology file. */
export function hasMarker(text: string): boolean {
  return text.startsWith(MARKER) || text.startsWith(`\uFEFF${MARKER}`);
}

/**
 * Finds the files to check. Folders named `node_modules` and `.git`, symbolic links to folders, and
 * what `.gitignore` files ignore are passed by; a file that is named itself is always taken.
 */
export function discover(paths: readonly string[], cwd: string): Discovery {
  const files = new Map<string, FoundFile>();
  const problems: UnreadableInput[] = [];
  const take = (file: FoundFile) => {
    if (!files.has(file.absolute)) files.set(file.absolute, file);
  };
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    try {
      if (!statSync(absolute).isDirectory()) {
        take({ path: shownPath(path), absolute, named: true });
        continue;
      }
    } catch (error) {
      problems.push(asUnreadable(error, path));
      continue;
    }
    const found = filesUnder(absolute, path, problems);
    found.sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const file of found) take(file);
    if (found.length === 0)
      problems.push(unreadableInput(path, t('no topology file (*.topology.yaml) in this folder')));
  }
  return { files: [...files.values()], problems };
}

/** A path as it is shown: without `./`, and `/` between its parts on every system. */
export function shownPath(path: string): string {
  return normalize(path).replaceAll(sep, '/');
}

function filesUnder(root: string, shownRoot: string, problems: UnreadableInput[]): FoundFile[] {
  const found: FoundFile[] = [];
  const outer = rulesAbove(root);
  const visit = (folder: string, inherited: Rules | undefined) => {
    const shown = (name: string) => shownPath(join(shownRoot, relative(root, folder), name));
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      problems.push(asUnreadable(error, shown('')));
      return;
    }
    const rules = entries.some(({ name }) => name === '.gitignore')
      ? withRules(inherited, folder)
      : inherited;
    for (const entry of entries) {
      const absolute = join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if (isFolder && (entry.name === 'node_modules' || entry.name === '.git')) continue;
      if (rules !== undefined && isIgnored(rules, absolute, isFolder)) continue;
      if (isFolder) visit(absolute, rules);
      else if (isTopologyFile(entry, absolute)) {
        found.push({ path: shown(entry.name), absolute, named: false });
      }
    }
  };
  visit(root, outer);
  return found;
}

function isTopologyFile(entry: Dirent, absolute: string): boolean {
  if (!/\.ya?ml$/i.test(entry.name)) return false;
  if (entry.isSymbolicLink()) {
    // A link to a folder may lead back up; a link to nothing is reported when it is read.
    if (linksToOtherThanFile(absolute)) return false;
  } else if (!entry.isFile()) return false;
  return hasTopologyName(entry.name) || hasMarker(readStart(absolute));
}

function linksToOtherThanFile(link: string): boolean {
  try {
    return !statSync(link).isFile();
  } catch {
    return false;
  }
}

/** The `.gitignore` lines in force, all written against one folder, the outermost first. */
interface Rules {
  readonly base: string;
  readonly matcher: Ignore;
}

function isIgnored({ base, matcher }: Rules, absolute: string, isFolder: boolean): boolean {
  const path = relative(base, absolute).replaceAll(sep, '/');
  return matcher.ignores(isFolder ? `${path}/` : path);
}

/** The rules of a folder's own `.gitignore`, after those it inherits. */
function withRules(inherited: Rules | undefined, folder: string): Rules {
  const base = inherited?.base ?? folder;
  const matcher = ignore({ ignorecase: false });
  if (inherited) matcher.add(inherited.matcher);
  let text: string;
  try {
    text = readFileSync(join(folder, '.gitignore'), 'utf8');
  } catch {
    return { base, matcher };
  }
  const prefix = relative(base, folder).replaceAll(sep, '/');
  matcher.add(prefix === '' ? text : below(prefix, text));
  return { base, matcher };
}

/**
 * A nested `.gitignore` as it would be written in the outermost folder. One list for the whole path
 * keeps git's order: of two lines that match, the later and deeper one decides.
 */
function below(prefix: string, text: string): string[] {
  const folder = prefix.replace(/[\\*?[\]!# ]/g, '\\$&');
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const negated = line.startsWith('!');
      const pattern = negated ? line.slice(1) : line.replace(/^\\([!#])/, '$1');
      const anchored = pattern.trimEnd().replace(/\/$/, '').includes('/');
      const place = anchored ? `${folder}/${pattern.replace(/^\//, '')}` : `${folder}/**/${pattern}`;
      return negated ? `!/${place}` : `/${place}`;
    });
}

/** The rules that the folders above set, up to the root of the git working tree; none outside of one. */
function rulesAbove(root: string): Rules | undefined {
  const folders: string[] = [];
  let folder = root;
  while (!existsSync(join(folder, '.git'))) {
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folders.unshift(parent);
    folder = parent;
  }
  let rules: Rules | undefined;
  for (const above of folders) {
    if (rules !== undefined || existsSync(join(above, '.gitignore'))) rules = withRules(rules, above);
  }
  // A folder that is named is wanted, even where the rules above ignore the whole of it.
  return rules !== undefined && isIgnored(rules, root, true) ? undefined : rules;
}

/** The nearest `.cmtopo.yaml` at or above a file, as an absolute path. */
export function nearestSettings(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const candidate = join(folder, '.cmtopo.yaml');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}
