import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readCsv } from './csv.ts';

/** A cell by RFC 4180, with whatever a writer leaves in it. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

describe('comma-separated values', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'b', ' ', ',', ';', '"', '\n', '\r', 'é'),
    maxLength: 6,
  });

  it('are read as csv-parse reads them, whatever is in a cell', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 5 }),
        fc.constantFrom('\r\n', '\n'),
        fc.boolean(),
        (rows, end, isClosed) => {
          const lines = [['A', 'B', 'C'], ...rows].map((row) => row.map(quoted).join(','));
          const text = lines.join(end) + (isClosed ? end : '');
          const wanted: string[][] = parse(text, { record_delimiter: end });
          const found = readCsv(text).map((row) => ['a', 'b', 'c'].map((name) => row.get(name)));
          assert.deepEqual(found, wanted.slice(1));
        },
      ),
    );
  });

  it('may have a line of PowerShell or of a spreadsheet before them, other separators, and odd titles', () => {
    const row = new Map([
      ['localport', '1,2'],
      ['action', 'Allow'],
    ]);
    assert.deepEqual(readCsv('#TYPE Selected.X\r\n"Local Port","Action"\r\n"1,2","Allow"\r\n'), [row]);
    assert.deepEqual(readCsv('sep=;\nLocal_Port;ACTION\n1,2;Allow'), [row]);
    assert.deepEqual(readCsv('localport\taction\n1,2\tAllow\n\n'), [row]);
  });

  it('that are broken lose no text: a quotation mark that is never closed, cells that are too few or too many', () => {
    assert.deepEqual(readCsv('a,b\n"x,y\nz'), [
      new Map([
        ['a', 'x,y\nz'],
        ['b', ''],
      ]),
    ]);
    assert.deepEqual(readCsv('a,b\n"x"y,z,more'), [
      new Map([
        ['a', 'xy'],
        ['b', 'z'],
      ]),
    ]);
    assert.deepEqual(readCsv(''), []);
  });
});
