// Which files `cmtopo check` looks at: those named, and the topology files under the folders named.
import { type Dirent, existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, parse, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { t } from '../l10n.ts';
import { SETTINGS_FILE } from '../settings.ts';
import { hasMarker, hasTopologyName } from '../topology/file-kind.ts';
import { asUnreadable, type UnreadableInput, unreadableInput } from './errors.ts';
import { kindOf, readFoundFile, readStart } from './files.ts';

export interface FoundFile {
  /** As shown to a person: as named, or below the folder as named; `/` between its parts. */
  readonly path: string;
  readonly absolute: string;
  /** Named on the command line itself. */
  readonly named: boolean;
  /** A folder on the way to it, as it was named, that is a link: nothing is written through one. */
  readonly behind?: string;
}

export interface Discovery {
  /** In the order of the arguments, inside a folder sorted by path; no file twice. */
  readonly files: readonly FoundFile[];
  /** Paths that are not there or cannot be read, and folders without a topology file. */
  readonly problems: readonly UnreadableInput[];
  /** As shown: links, and what is no regular file, that would have been looked at. */
  readonly passedBy: readonly string[];
}

/**
 * Finds the files to check. Folders named `node_modules` and `.git`, what `.gitignore` files ignore, links, and what
 * is no regular file are passed by: a folder may come from somebody else, and a link in it may lead anywhere. What is
 * named itself is always taken.
 */
export function discover(paths: readonly string[], cwd: string): Discovery {
  const files = new Map<string, FoundFile>();
  const problems: UnreadableInput[] = [];
  const passedBy: string[] = [];
  const take = (file: FoundFile) => {
    if (!files.has(file.absolute)) files.set(file.absolute, file);
  };
  for (const path of paths.flatMap((one) => expanded(one, cwd))) {
    const absolute = resolve(cwd, path);
    try {
      if (!statSync(absolute).isDirectory()) {
        take({ path: shownPath(path), absolute, named: true, ...behindLink(path, cwd) });
        continue;
      }
    } catch (error) {
      problems.push(asUnreadable(error, path));
      continue;
    }
    const found = filesUnder(absolute, path, problems, passedBy);
    found.sort((a, b) => (a.path < b.path ? -1 : 1));
    const behind = behindLink(path, cwd);
    for (const file of found) take({ ...file, ...behind });
    if (found.length === 0)
      problems.push(unreadableInput(path, t('no topology file (*.topology.yaml) in this folder')));
  }
  return { files: [...files.values()], problems, passedBy };
}

/**
 * The first link among the folders by which somebody named a file or folder, the folder itself among them, as it is
 * shown. Of an absolute path those below the current folder count, else the folder itself alone: above, a system has
 * links of its own, such as `/tmp` on a Mac.
 */
export function behindLink(named: string, cwd: string): { readonly behind?: string } {
  const way = isAbsolute(named) ? relative(cwd, named) : normalize(named);
  const parts = way.split(sep);
  const isBelow = !isAbsolute(named) || (parts[0] !== '..' && !isAbsolute(way));
  const folders = isBelow ? parts.map((_, index) => parts.slice(0, index + 1).join(sep)) : [named];
  const link = folders.map((one) => resolve(cwd, one)).findIndex((one) => isLink(one) && isFolder(one));
  return link === -1
    ? {}
    : { behind: shownPath(isAbsolute(named) ? resolve(cwd, folders[link] ?? '') : (folders[link] ?? '')) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** A path as it is shown: without `./`, and `/` between its parts on every system. */
export function shownPath(path: string): string {
  return normalize(path).replaceAll(sep, '/');
}

/**
 * A path with `*` or `?`, as a shell that expands these would give it: `cmd.exe` and PowerShell do not. Any other one,
 * and one that nothing fits, as it is.
 */
export function expanded(path: string, cwd: string): readonly string[] {
  if (!/[*?]/.test(path) || existsSync(resolve(cwd, path))) return [path];
  const { root } = parse(path);
  const parts = path
    .slice(root.length)
    .split(sep === '/' ? '/' : /[\\/]/)
    .filter((part) => part !== '');
  let found: readonly string[] = [root];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    found = found.flatMap((folder) => {
      if (!/[*?]/.test(part)) return [join(folder, part)];
      const pattern = wildcard(part);
      return namesIn(resolve(cwd, folder))
        .filter((name) => pattern.test(name) && (part.startsWith('.') || !name.startsWith('.')))
        .map((name) => join(folder, name));
    });
    if (!isLast) found = found.filter((folder) => existsSync(resolve(cwd, folder)));
  }
  const there = found.filter((one) => existsSync(resolve(cwd, one)));
  return there.length > 0 ? there : [path];
}

function wildcard(part: string): { test(name: string): boolean } {
  // Piece by piece, so that no pattern takes longer than the name has letters times pieces.
  const pieces = part.split('*');
  return {
    test(name) {
      const fits = (piece: string, at: number) =>
        at >= 0 &&
        [...piece].every((sign, index) =>
          sign === '?' ? at + index < name.length : name[at + index] === sign,
        );
      const [first = '', ...rest] = pieces;
      if (!fits(first, 0)) return false;
      const last = rest.pop();
      if (last === undefined) return name.length === first.length;
      let at = first.length;
      for (const piece of rest) {
        while (at <= name.length && !fits(piece, at)) at++;
        if (at > name.length) return false;
        at += piece.length;
      }
      return name.length - last.length >= at && fits(last, name.length - last.length);
    },
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function filesUnder(
  root: string,
  shownRoot: string,
  problems: UnreadableInput[],
  passedBy: string[],
): FoundFile[] {
  const found: FoundFile[] = [];
  const outer = rulesAbove(root, passedBy);
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
      ? withRules(inherited, folder, () => passedBy.push(shown('.gitignore')))
      : inherited;
    for (const entry of entries) {
      const absolute = join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if (isFolder && (entry.name === 'node_modules' || entry.name === '.git')) continue;
      if (rules !== undefined && isIgnored(rules, absolute, isFolder)) continue;
      if (isFolder) visit(absolute, rules);
      else if (!entry.isFile()) {
        if (hasTopologyName(entry.name) || leadsToFolder(entry, absolute)) passedBy.push(shown(entry.name));
      } else if (isTopologyFile(entry.name, absolute)) {
        found.push({ path: shown(entry.name), absolute, named: false });
      }
    }
  };
  visit(root, outer);
  return found;
}

function isTopologyFile(name: string, absolute: string): boolean {
  return /\.ya?ml$/i.test(name) && (hasTopologyName(name) || hasMarker(readStart(absolute)));
}

function leadsToFolder(entry: Dirent, absolute: string): boolean {
  try {
    return entry.isSymbolicLink() && statSync(absolute).isDirectory();
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

/**
 * The rules of a folder's own `.gitignore`, after those it inherits.
 * @param passBy called where it is a link or no regular file, which git does not read either
 */
function withRules(inherited: Rules | undefined, folder: string, passBy: () => void): Rules {
  const base = inherited?.base ?? folder;
  const matcher = ignore({ ignorecase: false });
  if (inherited) matcher.add(inherited.matcher);
  const file = join(folder, '.gitignore');
  let text: string;
  try {
    if (kindOf(file) === 'other') passBy();
    text = readFoundFile(file, file).text;
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
function rulesAbove(root: string, passedBy: string[]): Rules | undefined {
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
    const file = join(above, '.gitignore');
    if (rules !== undefined || kindOf(file) !== undefined)
      rules = withRules(rules, above, () => passedBy.push(shownPath(file)));
  }
  // A folder that is named is wanted, even where the rules above ignore the whole of it.
  return rules !== undefined && isIgnored(rules, root, true) ? undefined : rules;
}

/**
 * The nearest `.cmtopo.yaml` at or above a file, as an absolute path. One that is a link or no regular file does not
 * count.
 * @param passBy is told of such a one
 * @param top the folder above which nothing is looked at; without it the root of the file system
 */
export function nearestSettings(
  file: string,
  passBy?: (path: string) => void,
  top?: string,
): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const candidate = join(folder, SETTINGS_FILE);
    const kind = kindOf(candidate);
    if (kind === 'file') return candidate;
    if (kind === 'other') passBy?.(candidate);
    if (folder === top || dirname(folder) === folder) return undefined;
  }
}
