// Windows Firewall, in the forms in which its rules are exported. Each form makes rows by the names of the cmdlets.
import { t } from '../l10n.ts';
import { counted } from '../text/count.ts';
import {
  type ImportedFirewall,
  type ImportFormat,
  type ImportOptions,
  type ImportSource,
  importError,
  type Remark,
  type RuleDirection,
  type RuleList,
  type Step,
} from './model.ts';
import { fieldsOf, plainListOf, shownValue } from './values.ts';
import { isListRow, listRules } from './windows-list.ts';
import { EXPORT_REGISTRY, isNetsh, netshRules } from './windows-netsh.ts';
import { isRegistry, registryRules } from './windows-registry.ts';
import {
  actionOf,
  directionOf,
  isDisabled,
  isInProfile,
  isRule,
  type PowerShellRule,
  ruleSteps,
  ruleTitle,
  type WindowsRules,
} from './windows-rules.ts';

/** Columns without which a rule cannot be written, and those that are taken as `Any` where the export has none. */
const NEEDED = ['Protocol', 'LocalPort', 'RemotePort', 'RemoteAddress'];
const TAKEN_AS_ANY = [
  'LocalAddress',
  'Program',
  'Package',
  'Service',
  'InterfaceType',
  'InterfaceAlias',
  'Owner',
  'LocalUser',
  'RemoteUser',
  'RemoteMachine',
  'IcmpType',
];

export const windows: ImportFormat = {
  title: 'Windows Firewall',
  about:
    "Windows Firewall: the rules as a `.reg` export, the text of a `Registry.pol`, what `netsh advfirewall firewall show rule name=all verbose` prints, the console's Export List, or CSV or JSON from PowerShell ([more](#windows-firewall))",
  knows: (source) =>
    (source.kind === 'text' && (isRegistry(source.text) || isNetsh(source.text))) ||
    rowsOf(source).some((row) => isRule(row) || isListRow(row)),
  read,
};

function rowsOf(source: ImportSource): readonly PowerShellRule[] {
  if (source.kind === 'text') return source.rows();
  const list = plainListOf(source.value) ?? [source.value];
  return list.map((one) => fieldsOf(one) ?? new Map());
}

function rulesOf(source: ImportSource, options: ImportOptions): WindowsRules {
  if (source.kind === 'text' && isRegistry(source.text)) return registryRules(source.text, options.profile);
  if (source.kind === 'text' && isNetsh(source.text)) return netshRules(source.text);
  const rows = rowsOf(source);
  if (rows.some(isRule)) return { rows, remarks: [], isComplete: false };
  if (rows.some(isListRow)) return listRules(rows, options.direction);
  throw importError(
    t(
      'no rules of Windows Firewall in it (no Direction and Action); a list in another language than English is not known, so export the registry instead: {0}',
      EXPORT_REGISTRY,
    ),
  );
}

function read(source: ImportSource, options: ImportOptions): readonly ImportedFirewall[] {
  const { rows, isComplete, off, shielded, ...found } = rulesOf(source, options);
  const remarks: Remark[] = [...found.remarks];
  const gaps = (text: string) => remarks.push({ kind: 'gap', text });
  const notes = (text: string) => remarks.push({ kind: 'note', text });
  const has = (column: string) => isComplete || rows.some((row) => row.has(column.toLowerCase()));
  const missing = NEEDED.filter((column) => !has(column));
  if (missing.length > 0) {
    gaps(
      `the export has no ${missing.join(', ')}, and no rule can be written without; docs/import.md has the command that exports everything`,
    );
  }
  const assumed = TAKEN_AS_ANY.filter((column) => !has(column));
  if (missing.length === 0 && assumed.length > 0) {
    remarks.push({
      kind: 'inexact',
      text: `the export has no ${assumed.join(', ')}: taken as Any`,
    });
  }

  let disabled = 0;
  let otherProfile = 0;
  let strange = 0;
  const lists = {
    inbound: { override: [] as Step[], deny: [] as Step[], allow: [] as Step[] },
    outbound: { override: [] as Step[], deny: [] as Step[], allow: [] as Step[] },
  };
  for (const row of rows) {
    if (!isRule(row)) {
      strange++;
      continue;
    }
    if (isDisabled(row)) {
      disabled++;
      continue;
    }
    if (!isInProfile(row, options.profile)) {
      otherProfile++;
      continue;
    }
    const direction = directionOf(row);
    const kind = actionOf(row);
    const title = `rule ${shownValue(ruleTitle(row))}`;
    if (!direction) gaps(`${title}: its direction is ${shownValue(row.get('direction'))}`);
    else if (!kind) gaps(`${title}: its action is ${shownValue(row.get('action'))}`);
    else {
      const { action, isOverride } = kind;
      const steps = lists[direction][isOverride ? 'override' : action];
      if (missing.length === 0)
        for (const step of ruleSteps(row, direction, action, options.words)) steps.push(step);
      else
        steps.push({
          kind: 'gap',
          text: `${action} ${title}: its ports and addresses are not in the export`,
        });
    }
  }
  if (disabled > 0)
    notes(`${counted(disabled, 'rule')} that ${disabled === 1 ? 'is' : 'are'} not enabled: left out.`);
  if (otherProfile > 0) {
    notes(
      `${counted(otherProfile, 'rule')} not for the profile ${options.profile}: left out (--profile chooses another).`,
    );
  }
  if (strange > 0) gaps(`${counted(strange, 'entry', 'entries')} without Direction and Action`);
  const check = 'Get-NetFirewallProfile says whether it is so here';
  const inbound: RuleList = {
    title:
      'Inbound: what is blocked comes before what is allowed, and before both what overrides block rules',
    inside: 'to',
    steps: all('inbound', shielded === undefined),
    otherwise: found.inbound ?? { action: 'deny', why: `the default for inbound traffic; ${check}` },
  };
  const outbound: RuleList = {
    title: 'Outbound',
    inside: 'from',
    steps: all('outbound', true),
    otherwise: found.outbound ?? { action: 'allow', why: `the default for outbound traffic; ${check}` },
  };
  const open = (list: RuleList): RuleList => ({
    ...list,
    steps: [],
    otherwise: { action: 'allow', why: off ?? '' },
  });
  return [
    {
      name: 'windows-firewall',
      about: `Windows Firewall, profile ${options.profile}`,
      protects: [],
      remarks,
      lists: off === undefined ? [inbound, outbound] : [open(inbound), open(outbound)],
    },
  ];

  /** The rules of a direction in the order in which they count. */
  function all(direction: RuleDirection, withAllowed: boolean): readonly Step[] {
    const { override, deny, allow } = lists[direction];
    if (withAllowed) return [...override, ...deny, ...allow];
    const left = [...override, ...allow].filter(({ kind }) => kind === 'rule').length;
    return [{ kind: 'note', text: `${shielded}: ${counted(left, 'allow rule')} left out.` }, ...deny];
  }
}
