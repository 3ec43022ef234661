// The strings in which the registry and group policy keep the rules of Windows Firewall ([MS-GPFAS] 2.2.2.19), from a
// `.reg` file or from the text that LGPO prints of a Registry.pol.
import { ownEntry } from '../collections.ts';
import { counted } from '../text/count.ts';
import type { Profile, Remark } from './model.ts';
import { addressesIn, shownValue } from './values.ts';
import type { Default, PowerShellRule, WindowsRules } from './windows-rules.ts';

/** One value of the registry. */
interface Value {
  readonly key: string;
  readonly name: string;
  readonly data: string | number;
}

/** No key of the firewall is longer. */
const MOST_KEY = 300;
const RULE = /^v\d{1,3}\.\d{1,3}\|/i;

/** Whether a text has keys of Windows Firewall or rule strings in one of the two forms. */
export function isRegistry(text: string): boolean {
  if (/^\s*(?:Windows Registry Editor Version|REGEDIT4)/i.test(text)) return true;
  if (/^(?:SZ|EXSZ):v\d{1,3}\.\d{1,3}\|/im.test(text)) return true;
  return text.split('\n').some((line) => {
    const key = line.slice(0, MOST_KEY).toLowerCase();
    const isKey = /^\[?(?:hkey_local_machine|software)\\/.test(key);
    return isKey && (key.includes('\\windowsfirewall') || key.includes('\\firewallpolicy'));
  });
}

/** Rules and profile settings, those of group policy before those of the machine. */
export function registryRules(text: string, profile: Profile): WindowsRules {
  const isLgpo = /^(?:SZ|EXSZ|DWORD):/im.test(text) && !/^\s*(?:Windows Registry|REGEDIT4)/i.test(text);
  const values = [...(isLgpo ? policyValues(text) : fileValues(text))];
  const remarks: Remark[] = [];
  const note = (text: string) => remarks.push({ kind: 'note', text });

  const setting = settings(values, profile);
  const places = values.map((value) => ({ value, place: placeOf(value.key) }));
  const sets = places.flatMap(({ place }) => (place?.kind === 'local' ? [place.set] : []));
  const current = sets.includes('currentcontrolset') ? 'currentcontrolset' : sets[0];
  const left = { restricted: 0, defaults: 0, sets: 0, local: 0 };
  const rows: PowerShellRule[] = [];
  for (const { value, place } of places) {
    if (place === undefined) continue;
    const isText = typeof value.data === 'string' && RULE.test(value.data);
    if (place.kind === 'restricted' || place.kind === 'defaults') {
      if (isText) left[place.kind]++;
    } else if (place.kind === 'local' && place.set !== current) left.sets++;
    else if (place.kind === 'local' && setting('AllowLocalPolicyMerge', 'policy') === 0) left.local++;
    else if (isText) rows.push(ruleRow(value.name, String(value.data)));
    else
      remarks.push({ kind: 'gap', text: `the value ${shownValue(value.name)} is no rule that can be read` });
  }
  if (left.restricted > 0) {
    note(
      `${counted(left.restricted, 'rule')} under RestrictedServices, by which Windows limits its own services: left out.`,
    );
  }
  if (left.defaults > 0) {
    note(`${counted(left.defaults, 'rule')} that Windows keeps to restore its defaults: left out.`);
  }
  if (left.sets > 0) note(`${counted(left.sets, 'rule')} of other control sets than ${current}: left out.`);
  if (left.local > 0) {
    note(`${counted(left.local, 'rule')} of the machine, which group policy does not merge: left out.`);
  }
  const action = (name: string, missing: Default): Default => {
    const found = setting(name);
    if (found === undefined) return missing;
    return { action: found === 0 ? 'allow' : 'deny', why: `${name} of the profile ${profile}` };
  };
  const absent = 'the file does not say it, and this is how Windows comes';
  const isOff = setting('EnableFirewall') === 0;
  const isShielded = setting('DoNotAllowExceptions') === 1;
  return {
    rows,
    remarks,
    isComplete: true,
    inbound: action('DefaultInboundAction', {
      action: 'deny',
      why: `no DefaultInboundAction of the profile ${profile}: ${absent}`,
    }),
    outbound: action('DefaultOutboundAction', {
      action: 'allow',
      why: `no DefaultOutboundAction of the profile ${profile}: ${absent}`,
    }),
    ...(isOff ? { off: `EnableFirewall of the profile ${profile} is 0, and no rule counts` } : {}),
    ...(isShielded ? { shielded: `DoNotAllowExceptions of the profile ${profile} lets nothing in` } : {}),
  };
}

// --- Where rules are kept ----------------------------------------------------------------------

type RuleStore =
  | { readonly kind: 'policy' | 'restricted' | 'defaults' }
  | { readonly kind: 'local'; readonly set: string };

/** What a key keeps rules for; undefined for one that keeps none. */
function placeOf(key: string): RuleStore | undefined {
  const parts = key.toLowerCase().split('\\');
  if (parts.includes('restrictedservices')) return { kind: 'restricted' };
  if (parts.at(-1) !== 'firewallrules') return undefined;
  if (parts.includes('sharedaccess') && parts.includes('defaults')) return { kind: 'defaults' };
  // What device management sets is kept beside the machine's own rules, and is not its own to change.
  if (parts.at(-2) !== 'firewallpolicy') return { kind: 'policy' };
  return { kind: 'local', set: parts.find((part) => part.includes('controlset')) ?? '' };
}

/** Looks up a setting of the profile: group policy first, then the machine itself. */
function settings(
  values: readonly Value[],
  profile: Profile,
): (name: string, store?: 'policy') => number | undefined {
  const found = new Map<string, number>();
  const keys = new Set<string>();
  for (const { key, name, data } of values) {
    const [store, section] = key.toLowerCase().split('\\').slice(-2);
    if (store !== 'windowsfirewall' && store !== 'firewallpolicy') continue;
    keys.add(`${store} ${section}`);
    const id = `${store} ${section} ${name.toLowerCase()}`;
    // Of several control sets the first counts.
    if (typeof data === 'number' && !found.has(id)) found.set(id, data);
  }
  // The older form has one profile for all networks but that of the domain, where it has not both.
  const isOld = !keys.has('windowsfirewall privateprofile') && !keys.has('windowsfirewall publicprofile');
  const inPolicy = isOld && profile !== 'domain' ? 'standardprofile' : `${profile}profile`;
  const own = profile === 'private' ? 'standardprofile' : `${profile}profile`;
  return (name, store) => {
    const policy = found.get(`windowsfirewall ${inPolicy} ${name.toLowerCase()}`);
    return store ? policy : (policy ?? found.get(`firewallpolicy ${own} ${name.toLowerCase()}`));
  };
}

// --- Rule strings -----------------------------------------------------------------------------

/** Fields that limit a rule, and the columns of the cmdlets for the same. */
const FIELDS: Readonly<Record<string, string>> = {
  app: 'program',
  svc: 'service',
  if: 'interfacealias',
  iftype: 'interfacetype',
  apppkgid: 'package',
  pfn: 'package',
  luown: 'owner',
  luauth: 'localuser',
  ruauth: 'remoteuser',
  rmauth: 'remotemachine',
  security: 'authentication',
  nnm: 'network',
  securityrealmid: 'network',
  platform: 'platform',
  skipver: 'platform',
  ttk: 'trust',
  icmp4: 'icmptype',
  icmp6: 'icmptype',
  lport: 'localport',
  rport: 'remoteport',
  la4: 'localaddress',
  la6: 'localaddress',
  profile: 'profile',
};
/** Fields that change nothing of what a topology knows: edge traversal, how answers are mapped, what it belongs to. */
const IDLE = new Set(['edge', 'defer', 'lsm', 'lom', 'embedctxt', 'pcross', 'authbypassout', 'platform2']);

/** A rule string as a row. A field of which the meaning is not known is in `unknown`. */
function ruleRow(id: string, text: string): PowerShellRule {
  const single = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const remote = { 4: [] as string[], 6: [] as string[] };
  const add = (column: string, value: string) => {
    const list = lists.get(column);
    if (list) list.push(value);
    else lists.set(column, [value]);
  };
  for (const part of text.split('|').slice(1)) {
    const at = part.indexOf('=');
    if (at < 0) {
      if (part.trim() !== '') single.set('unknown', part);
      continue;
    }
    const field = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    // Later versions add words to a field under its name and their number: `LPort2_10`, `Security2_9`, `RA42`.
    const name = field.toLowerCase().replace(/2(?:_\d{1,2})?$/, '');
    if (IDLE.has(name) || IDLE.has(field.toLowerCase())) continue;
    if (name === 'action' || name === 'protocol') single.set(name, value);
    else if (name === 'dir') single.set('direction', value);
    else if (name === 'active') single.set('enabled', value);
    else if (name === 'name' || name === 'desc') single.set(name === 'name' ? 'title' : 'description', value);
    else if (name === 'ra4' || name === 'ra6') remote[name === 'ra4' ? 4 : 6].push(value);
    else {
      const known = ownEntry(FIELDS, name);
      if (known !== undefined) add(known, value);
      else single.set('unknown', part);
    }
  }
  for (const value of remoteWords(remote)) add('remoteaddress', value);
  // A name may be that of a text in a library, which only Windows can look up.
  const title = single.get('title');
  const description = single.get('description');
  if (description?.startsWith('@')) single.delete('description');
  return new Map<string, unknown>([
    ['protocol', 'Any'],
    ['enabled', 'FALSE'],
    ['direction', undefined],
    ['action', undefined],
    ...single,
    ...lists,
    ['name', id],
    ['displayname', title === undefined || title.startsWith('@') ? id : title],
  ]);
}

/** A keyword that is there for one family alone gets its number, as the cmdlets write it: `LocalSubnet4`. */
function remoteWords(remote: Readonly<Record<4 | 6, readonly string[]>>): readonly string[] {
  const has = (list: readonly string[], word: string) =>
    list.some((one) => one.toLowerCase() === word.toLowerCase());
  const words = ([4, 6] as const).flatMap((family) =>
    remote[family].map((word) => {
      const isInBoth = addressesIn(word) !== undefined || has(remote[family === 4 ? 6 : 4], word);
      return isInBoth ? word : `${word}${family}`;
    }),
  );
  return [...new Set(words)];
}

// --- Files ------------------------------------------------------------------------------------

/** The values of a `.reg` file, what it deletes again left out. */
function fileValues(text: string): Iterable<Value> {
  const isAnsi = /^\s*REGEDIT4/i.test(text);
  const found = new Map<string, Value>();
  let key: string | undefined;
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) {
      at++;
      continue;
    }
    const end = lineEnd(text, at);
    if (sign === '[') {
      const name = text
        .slice(at + 1, end)
        .trimEnd()
        .replace(/\]$/, '');
      if (name.startsWith('-')) {
        const gone = name.slice(1).toLowerCase();
        for (const [id, value] of found) {
          const own = value.key.toLowerCase();
          if (own === gone || own.startsWith(`${gone}\\`)) found.delete(id);
        }
        key = undefined;
      } else key = name;
      at = end;
    } else if (key !== undefined && sign === '"') {
      const name = quoted(text, at);
      at = name.end;
      if (text[at] !== '=') continue;
      const id = `${key.toLowerCase()}\n${name.text.toLowerCase()}`;
      if (text[at + 1] === '"') {
        const data = quoted(text, at + 1);
        at = data.end;
        found.set(id, { key, name: name.text, data: data.text });
        continue;
      }
      const { line, end } = logicalLine(text, at + 1);
      at = end;
      const data = decoded(line, isAnsi);
      if (line.trim() === '-') found.delete(id);
      else if (data !== undefined) found.set(id, { key, name: name.text, data });
    } else at = end;
  }
  return found.values();
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The text from a quotation mark to its end, in which `\` quotes; it may go over lines. */
function quoted(text: string, at: number): { readonly text: string; readonly end: number } {
  const parts: string[] = [];
  let from = at + 1;
  let here = from;
  for (; here < text.length && text[here] !== '"'; here++) {
    if (text[here] !== '\\') continue;
    parts.push(text.slice(from, here));
    from = ++here;
  }
  parts.push(text.slice(from, here));
  return { text: parts.join(''), end: here + 1 };
}

/** A line, and those on which it goes on after a `\`. */
function logicalLine(text: string, at: number): { readonly line: string; readonly end: number } {
  const parts: string[] = [];
  let here = at;
  for (;;) {
    const end = lineEnd(text, here);
    const part = text.slice(here, end).trim();
    here = Math.min(end + 1, text.length);
    if (!part.endsWith('\\') || here >= text.length) return { line: [...parts, part].join(''), end: here };
    parts.push(part.slice(0, -1));
  }
}

/** `dword:…`, and texts as bytes (`hex(1)`, `hex(2)`); undefined for what is neither. */
function decoded(line: string, isAnsi: boolean): string | number | undefined {
  const number = /^dword:([0-9a-f]{1,8})$/i.exec(line)?.[1];
  if (number !== undefined) return Number.parseInt(number, 16);
  const hex = /^hex\([12]\):/i.exec(line)?.[0];
  if (hex === undefined) return undefined;
  const bytes = line
    .slice(hex.length)
    .split(',')
    .map((byte) => Number.parseInt(byte, 16) || 0);
  const units = isAnsi
    ? bytes
    : bytes.flatMap((byte, index) => (index % 2 === 0 ? [byte + (bytes[index + 1] ?? 0) * 256] : []));
  const end = units.indexOf(0);
  return (end < 0 ? units : units.slice(0, end)).map((unit) => String.fromCharCode(unit)).join('');
}

/**
 * The values of a Registry.pol as LGPO prints it: blocks of four lines, `Computer` or `User`, the key, the name of the
 * value, and `SZ:…` or `DWORD:…`; comments begin with `;`. Settings for users are not those of the firewall.
 */
function policyValues(text: string): Iterable<Value> {
  const found = new Map<string, Value>();
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith(';'));
  for (let at = 0; at + 3 < lines.length; ) {
    const [scope = '', key = '', name = '', data = ''] = lines.slice(at, at + 4).map((line) => line.trim());
    if (!/^(?:Computer|User(?::.*)?)$/i.test(scope)) {
      at++;
      continue;
    }
    at += 4;
    if (scope.toLowerCase() !== 'computer') continue;
    const id = `${key.toLowerCase()}\n${name.toLowerCase()}`;
    const colon = data.indexOf(':');
    const type = (colon < 0 ? data : data.slice(0, colon)).toUpperCase();
    const value = data.slice(colon + 1);
    if (type === 'SZ' || type === 'EXSZ') found.set(id, { key, name, data: value });
    else if (type === 'DWORD' && /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(value)) {
      found.set(id, { key, name, data: Number(value) });
    } else if (type === 'DELETE') found.delete(id);
    else if (type === 'DELETEALLVALUES') {
      for (const [one, { key: own }] of found) if (own.toLowerCase() === key.toLowerCase()) found.delete(one);
    }
  }
  return found.values();
}
