// What 'Export List' of the console (wf.msc) writes: the columns of one of its two lists.
import { ownEntry } from '../collections.ts';
import { t } from '../l10n.ts';
import { importError, type RuleDirection } from './model.ts';
import type { PowerShellRule, WindowsRules } from './windows-rules.ts';

/** The titles of the console without blanks, and what the cmdlets call the same; the others have one name in both. */
const COLUMNS: Readonly<Record<string, string>> = {
  name: 'displayname',
  override: 'overrideblockrules',
  authorizedusers: 'remoteuser',
  authorizedcomputers: 'remotemachine',
  authorizedlocalprincipals: 'localuser',
  localuserowner: 'owner',
  applicationpackage: 'package',
};
const LISTS = ['profile', 'localaddress', 'remoteaddress', 'localport', 'remoteport'];

/** Whether it is a row of that list. It does not say in which direction its rules are. */
export function isListRow(row: PowerShellRule): boolean {
  const needed = ['name', 'enabled', 'action', 'protocol', 'localport', 'remoteaddress'];
  return needed.every((column) => row.has(column)) && !row.has('direction') && !row.has('access');
}

/** The rules of the list. Throws {@link ImportError} where nobody said in which direction they are. */
export function listRules(
  rows: readonly PowerShellRule[],
  direction: RuleDirection | undefined,
): WindowsRules {
  if (direction === undefined) {
    throw importError(
      t(
        'a list of the console does not say whether its rules are for inbound or outbound traffic; say it with {0}',
        '--direction inbound',
      ),
      'direction',
    );
  }
  const other = direction === 'inbound' ? 'outbound' : 'inbound';
  return {
    rows: rows.map((row) => {
      const entries = [...row].map(([column, value]): readonly [string, unknown] => [
        ownEntry(COLUMNS, column) ?? column,
        LISTS.includes(column) ? String(value).split(',') : value,
      ]);
      const found = new Map<string, unknown>([...entries, ['direction', direction]]);
      if (String(row.get('action')).trim().toLowerCase() === 'secure')
        found.set('authentication', 'Required');
      return found;
    }),
    remarks: [
      {
        kind: 'inexact',
        text: `the list has ${direction} rules only; what the ${other} rules of this machine say is not known here`,
      },
    ],
    isComplete: false,
  };
}
