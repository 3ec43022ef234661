// The formats of `cmtopo import`: one file and one line each.

import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { azureFirewall } from './azure-firewall.ts';
import { ciscoAsa } from './cisco-asa.ts';
import { readCsv } from './csv.ts';
import { fortios } from './fortios.ts';
import { strictJson, withoutComments } from './json-comments.ts';
import { hasLine } from './lines.ts';
import { type ImportFormat, type ImportSource, importError } from './model.ts';
import { nftables } from './nftables.ts';
import { nsg } from './nsg.ts';
import { panOs } from './pan-os.ts';
import { windows } from './windows.ts';

/** By the word of `--format`. A source that several know is read by the first. */
export const readers: Readonly<Record<string, ImportFormat>> = {
  'cisco-asa': ciscoAsa,
  'pan-os': panOs,
  fortios,
  nftables,
  windows,
  nsg,
  'azure-firewall': azureFirewall,
};

/** A text as JSON, or as what it is. Throws {@link ImportError} where it looks like neither. */
export function sourceOf(text: string): ImportSource {
  const first = /\S/.exec(text)?.[0];
  if (first === undefined) throw importError(t('it is empty'));
  if (text.startsWith('PReg\u0001')) {
    throw importError(t('a Registry.pol; write it as text with: {0}', 'LGPO.exe /parse /m registry.pol'));
  }
  // A template may begin with a comment.
  const opening = first === '/' ? /\S/.exec(withoutComments(text))?.[0] : first;
  if (opening === '{' || opening === '[') {
    try {
      return { kind: 'json', value: jsonIn(withoutComments(text)) };
    } catch (error) {
      throw importError(
        t(
          'it begins like JSON but is not valid JSON: {0}',
          visible(error instanceof Error ? error.message : String(error)),
        ),
      );
    }
  }
  if (hasLine(text, /^[ \t]*table[ \t]+\w+[ \t]+\S+[ \t]*\{/)) {
    throw importError(t('a ruleset of nftables as text; write it as JSON with: nft -j list ruleset'));
  }
  let rows: ReturnType<typeof readCsv> | undefined;
  return {
    kind: 'text',
    text,
    rows: () => {
      rows ??= readCsv(text);
      return rows;
    },
  };
}

/** Throws what JSON.parse says of the text as it is, where it is none either way. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    try {
      return JSON.parse(strictJson(text));
    } catch {
      throw error;
    }
  }
}

/** The reader for a source; undefined where none knows it. */
export function readerOf(source: ImportSource): ImportFormat | undefined {
  return Object.values(readers).find(({ knows }) => knows(source));
}
