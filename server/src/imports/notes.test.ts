import assert from 'node:assert/strict';
import fc from 'fast-check';
import { notesText } from '../exports/firewall/notes.ts';
import { notesIn } from './notes.ts';

describe('the notes in a description of a rule', () => {
  it('are taken out of it, wherever they are, and the rest stays the description', () => {
    const text = 'Web servers; Owner: Web team; ticket=CHG0031337; reviewed: 2026-03-31; for all';
    assert.deepEqual(notesIn(text), {
      description: 'Web servers; for all',
      about: { owner: 'Web team', ticket: 'CHG0031337', reviewed: '2026-03-31' },
    });
    assert.deepEqual(notesIn('one\nexpires: 2026-12-31'), {
      description: 'one',
      about: { expires: '2026-12-31' },
    });
  });

  it('stay in the description where a date is none, and where one is said twice', () => {
    for (const text of ['reviewed: last week', 'expires: 2026-02-30', 'the owner: nobody']) {
      assert.deepEqual(notesIn(text), { description: text, about: undefined });
    }
    assert.equal(notesIn('owner: a; owner: b').description, 'owner: b');
    assert.equal(notesIn('for the branch\r\n  and its PCs').description, 'for the branch and its PCs');
    assert.deepEqual(notesIn(undefined), { description: undefined, about: undefined });
  });

  it('come back as they were written', () => {
    const text = fc.string({ minLength: 1, maxLength: 20 }).map((one) => one.replace(/[;\s]+/g, ' ').trim());
    const notes = fc.record(
      { ticket: text, owner: text, reviewed: fc.constant('2026-03-31'), expires: fc.constant('2027-01-01') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(notes, (written) => {
        const said = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== ''));
        const { description, about } = notesIn(notesText(written));
        assert.equal(description, undefined);
        assert.deepEqual(about ?? {}, said);
      }),
    );
  });
});
