// One file of an export as rows, whatever its form: JSON of PowerShell or of the administration service, CSV, and the
// sections of setup's unattended file.
import { readCsv } from '../imports/csv.ts';
import { fieldsOf } from '../imports/values.ts';
import { t } from '../l10n.ts';
import { cut, visible } from '../print/escape.ts';
import type { FactPlace } from './facts.ts';

/** A file that somebody named. */
export interface ExportFile {
  readonly name: string;
  readonly text: string;
}

/** One thing of an export. Names of its members are in lower case, without blanks and `_`. */
export interface ExportRow {
  readonly members: ReadonlyMap<string, unknown>;
  readonly place: FactPlace;
}

/** The file cannot be used; the message is whole sentences without its name. */
export interface ExportError extends Error {
  readonly kind: 'export';
  readonly file: string;
}

/** @param message whole sentences, or what reads on after the name of the file and a colon */
export function exportError(file: string, message: string): ExportError {
  return Object.assign(new Error(message), { kind: 'export' as const, file });
}

/** Whether something caught is {@link ExportError}. */
export function isExportError(error: unknown): error is ExportError {
  return error instanceof Error && 'kind' in error && error.kind === 'export';
}

/** How deep lists and `value` may be nested around rows. */
const DEEPEST = 8;

/**
 * The rows of a file. Throws {@link ExportError} where it is empty, or looks like JSON and is none.
 */
export function rowsOf({ name, text }: ExportFile): readonly ExportRow[] {
  const content = text.replace(/^\uFEFF/, '');
  const rows = rowsOfText(name, content);
  if (rows.length > 0) return rows;
  // The head of a table without rows is what a command leaves that found nothing.
  const line = content.trim();
  const isEmpty = line === '' || line === 'null' || /^[[{\]}]|[,;\t]/.test(line);
  throw exportError(
    name,
    isEmpty
      ? t(
          'it is empty: the command that wrote it found nothing, or the account may not read it; see {0}',
          'docs/init.md',
        )
      : t(
          'it is neither a table nor an export of Configuration Manager: {0}; see {1}',
          `'${cut(visible(line), 60)}'`,
          'docs/init.md',
        ),
  );
}

function rowsOfText(name: string, text: string): readonly ExportRow[] {
  const trimmed = text.trim();
  if (/^\[[^\]"{[\r\n]+\]\s*[\r\n]/.test(trimmed)) return sectionRows(name, trimmed);
  if (trimmed === 'null') return [];
  if (/^[[{]/.test(trimmed)) return jsonRows(name, text);
  return readCsv(trimmed).map((members, index) => ({
    members,
    place: { file: name, at: `row ${index + 1}` },
  }));
}

/** Whether the administration service has more than this: it gives long lists in pages. */
export function isFirstPage({ text }: ExportFile): boolean {
  return /"@odata\.nextLink"/i.test(text);
}

function jsonRows(file: string, text: string): readonly ExportRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw exportError(
      file,
      t(
        'it begins like JSON but is not valid JSON ({0}, {1}); export it again with {2}',
        placeIn(text, message),
        cut(visible(message), 100),
        'ConvertTo-Json -Depth 5',
      ),
    );
  }
  const rows: ExportRow[] = [];
  collect(value, 0);
  return rows;

  function collect(part: unknown, depth: number): void {
    if (depth > DEEPEST) return;
    if (Array.isArray(part)) {
      for (const one of part) collect(one, depth + 1);
      return;
    }
    const fields = fieldsOf(part);
    if (!fields) return;
    const members = new Map([...fields].map(([name, inner]) => [memberName(name), inner]));
    // The administration service and Windows PowerShell wrap a list, and a list of systems is in an object.
    const inner =
      members.get('systemandrolelist') ??
      members.get('firewallruledefinition') ??
      (members.size <= 4 ? members.get('value') : undefined);
    if (typeof inner === 'object' && inner !== null) collect(inner, depth + 1);
    else rows.push({ members, place: { file, at: `entry ${rows.length + 1}` } });
  }
}

/** `line 4, character 2` of what a runtime says about JSON; without a position it is the end of the text. */
function placeIn(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
  return t('line {0}, character {1}', before.length, (before.at(-1)?.length ?? 0) + 1);
}

/** Setup's unattended file: all its sections are one row, whose members are `section/key`. */
function sectionRows(file: string, text: string): readonly ExportRow[] {
  const members = new Map<string, unknown>();
  let section = '';
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, name] = /^\s*\[([^\]]+)\]\s*$/.exec(line) ?? [];
    const [, key, value] = /^\s*([^=;#[\s][^=]*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) section = memberName(name);
    else if (key !== undefined && value !== undefined)
      members.set(`${section}/${memberName(key)}`, value.trim().replace(/^"(.*)"$/, '$1'));
  }
  return [{ members, place: { file, at: '[Options]' } }];
}

function memberName(name: string): string {
  return name.toLowerCase().replace(/[\s_]/g, '');
}

/** A member as text without blanks around it; undefined where it is absent, empty or no text. */
export function textIn({ members }: ExportRow, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = members.get(name);
    const text =
      typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined;
    if (text !== undefined && text !== '' && text.toUpperCase() !== 'NULL') return text;
  }
  return undefined;
}

/** A member as a whole number; undefined where it is none. */
export function numberIn(row: ExportRow, ...names: readonly string[]): number | undefined {
  const text = textIn(row, ...names);
  return text !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** A member as a truth value: also `1` and `True`, as SQL Server and PowerShell write it. */
export function truthIn(row: ExportRow, name: string): boolean | undefined {
  const value = row.members.get(name);
  if (typeof value === 'boolean') return value;
  const text = textIn(row, name)?.toLowerCase();
  if (text === '1' || text === 'true') return true;
  return text === '0' || text === 'false' ? false : undefined;
}

/**
 * The machine of a path: `mp01.corp.contoso.com` of `\\mp01.corp.contoso.com` and of
 * `["Display=\\mp01.corp.contoso.com\"]MSWNET:["SMS_SITE=PS1"]\\mp01.corp.contoso.com\`.
 */
export function machineOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const from = path.lastIndexOf('\\\\');
  const [machine = ''] = (from < 0 ? path : path.slice(from + 2)).split(/[\\/]/);
  return machine.trim() === '' ? undefined : machine.trim();
}
