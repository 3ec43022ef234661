// What can be seen to be wrong without a parser: characters that no text has, and merge conflicts.
import type { TextLayout } from './layout.ts';
import type { Edit } from './patch.ts';
import { describe } from './reasons.ts';
import type { Mend } from './repairs.ts';
import type { Damage } from './tree.ts';

export interface Prepared {
  readonly mended: Map<number, Mend>;
  /** Damage of more than one line. */
  readonly damage: Damage[];
}

/** A text with more of them than this, and than one character in fifty, is no text. */
const controlLimit = 100;

/** Makes what is wrong blank; undefined where the file is not text at all. */
export function prepare(layout: TextLayout): Prepared | undefined {
  const mended = new Map<number, Mend>();
  const damage: Damage[] = [];
  const controls = controlCharacters(layout.text);
  if (controls.length > controlLimit && controls.length * 50 > layout.text.length) return undefined;
  blankControls(layout, controls, mended);
  blankConflicts(layout, mended, damage);
  return { mended, damage };
}

/** Offsets of what YAML allows nowhere: control characters, and halves of a surrogate pair. */
function controlCharacters(text: string): number[] {
  const found: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 32 && code < 127) continue;
    if (code === 9 || code === 10 || code === 13 || code === 0x85) continue;
    if (code < 160 || code === 0xfffe || code === 0xffff) found.push(at);
    else if (code >= 0xd800 && code <= 0xdbff) {
      const low = text.charCodeAt(at + 1);
      if (low >= 0xdc00 && low <= 0xdfff) at++;
      else found.push(at);
    } else if (code >= 0xdc00 && code <= 0xdfff) found.push(at);
  }
  return found;
}

function blankControls(layout: TextLayout, controls: readonly number[], mended: Map<number, Mend>): void {
  let line = -1;
  let edits: Edit[] = [];
  for (const at of controls) {
    const edit = { start: at, end: at + 1, insert: ' ' };
    if (line !== -1 && at < layout.end(line)) {
      edits.push(edit);
      continue;
    }
    line = layout.lineAt(at);
    edits = [edit];
    const start = Math.min(layout.contentStart(line), at);
    const span = { start, end: Math.max(layout.contentEnd(line), at + 1) };
    mended.set(line, {
      line,
      edits,
      damage: { span, at: { start: at, end: at + 1 }, reason: describe.control() },
    });
  }
}

/** Both sides of a conflict are kept, the lines between them and the common ancestor are not. */
function blankConflicts(layout: TextLayout, mended: Map<number, Mend>, damage: Damage[]): void {
  const { text } = layout;
  if (!text.includes('<<<<<<<')) return;
  let opening = -1;
  let ancestor = -1;
  let middle = -1;
  for (let line = 0; line < layout.count; line++) {
    const mark = text.slice(layout.start(line), Math.min(layout.end(line), layout.start(line) + 8)).trimEnd();
    if (mark === '<<<<<<<') {
      opening = line;
      ancestor = -1;
      middle = -1;
    } else if (mark === '|||||||' && opening !== -1 && middle === -1) ancestor = line;
    else if (mark === '=======' && opening !== -1) middle = line;
    else if (mark === '>>>>>>>' && middle !== -1) {
      const at = { start: layout.start(opening), end: layout.contentEnd(opening) };
      const reason = describe.conflict();
      damage.push({ span: { start: at.start, end: layout.end(line) }, at, reason });
      const gone = [opening, middle, line];
      for (let old = ancestor === -1 ? middle : ancestor; old < middle; old++) gone.push(old);
      for (const one of gone) {
        const whole = { start: layout.start(one), end: layout.end(one) };
        const edit = { ...whole, insert: ' '.repeat(whole.end - whole.start) };
        mended.set(one, { line: one, edits: [edit], damage: { span: whole, at: whole, reason } });
      }
      opening = -1;
      middle = -1;
    }
  }
}
