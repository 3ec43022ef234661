// How much of real rule bases `cmtopo import` understands: every file below a folder goes through it, and a table says
// by kind of device which share of its allow and deny rules is written as it is, not exact, or not written, and why.
//
//   node scripts/import-survey.mjs FOLDER…
//
// The built product is asked (`npm run build`). What counts:
//
// - A rule is one that somebody wrote: an entry of an access list, a policy, a rule of a template (as often as a loop
//   makes it). What a device does without one (default rules, security levels, the end of a list) does not count, nor
//   what is disabled. `found` is how many the files have by a plain look at their text that shares nothing with the
//   readers; a difference to `rules` is shown by file with CMTOPO_VERBOSE=1.
// - An access list that is on no interface is read as if it were on one of its own.
// - No survey has a topology, so that the device's own zones stand for zones, and two zones for the service tags
//   VirtualNetwork and Internet; what is said at rules for want of networks does not count.
//
// A topology can say a rule where both hold, whatever a reader makes of it:
//
// - All that decides is who sends (addresses, zones), to whom, over which TCP and UDP ports or by an echo request, and
//   until which day. It has no words for source ports, other protocols, programs and users, the application beside a
//   port, names that are looked up, tunnels, hours of the week, and the translation of single ports.
// - The file holds all of it: the action, every object that the rule names, and its values. Lists that a maker keeps
//   and changes (service tags, ports of applications) and parameters without a value are not in the file.
//
// A rule that is not written as it is counts as sayable, and so as not understood, unless the text of its file shows
// one of these reasons: each has a pattern for what import says and one for what must be in the file.
//
// A file that no format knows is counted and passed by; one at which import fails otherwise ends the survey with
// status 1.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TextDecoder } from 'node:util';

const require = createRequire(import.meta.url);
require('../dist/core.js');
require('../dist/on-demand.js');
const core = globalThis.cmtopoCore;
const { readers, sourceOf } = core['imports/index.ts'];
const { importedText } = core['imports/entry.ts'];
const { isImportError } = core['imports/model.ts'];
const { wordMaker } = core['imports/words.ts'];

const LARGEST = 20_000_000;
const ZONES = ['inside', 'outside'];
/** The two service tags of Azure that a topology tells by its zones. */
const TAGS = new Map([
  ['virtualnetwork', ['inside']],
  ['internet', ['outside']],
]);

/** Is said for want of a topology. */
const APART = 'its zones and its addresses must both match';

/**
 * Why a topology has no words for a rule: what import says, what it is in words, and what the file must show.
 * @type {readonly (readonly [RegExp, string, RegExp])[]}
 */
const NO_WORDS = [
  [/limited to (?:a|the) tunnel/, 'tunnels', /set action ipsec/],
  [
    /limited to source ports/,
    'source ports',
    /source-port|portrange[^\n]*\d:\d|(?:eq|range|gt|lt) \S+ .*(?:any|host|\d)|sourcePortRange/i,
  ],
  [
    /limited to the (?:users|user groups)|limited to users|HIP/i,
    'users and their machines',
    /user|hip|group/i,
  ],
  [/limited to (?:the schedule|the time range)|schedule/, 'times that come again', /schedule|time-range/],
  [
    /limited to the applications?|default ports of that|on any port; their documented ports/,
    'applications beside ports',
    /application/,
  ],
  [/URL categor/, 'names and categories of the web', /category/],
  [
    /names of the web|web protocols/,
    'names and categories of the web',
    /ApplicationRule|applicationRule|targetFqdns/,
  ],
  [/internet services/, 'lists of addresses that the maker keeps', /internet-service/],
  [
    /follows the endpoint mapper|dynamic range of/,
    'ports that the device learns from the endpoint mapper',
    /./,
  ],
  [
    /translates .*; written for what is behind it/,
    'translation of single ports',
    /NatRule|natRule|translatedPort/,
  ],
  [
    /of the type|FQDN|is a name, which/i,
    'names that the device looks up, and dynamic lists',
    /fqdn|dynamic|geo|edl/i,
  ],
  [/topology knows TCP, UDP and ICMP/, 'other protocols', /./],
];

/**
 * What the file does not hold: what import says, what it is in words, and what the text of the file shows of it.
 * @type {readonly (readonly [RegExp, string, (text: string, name: string, all: string) => boolean])[]}
 */
const NOT_HERE = [
  [/rule '([^']*)': it has no action/, 'the action of a rule', (text, name) => !hasAction(text, name)],
  [/'([^']*)' is no address of the configuration/, 'an address object', isUndefined],
  [/the service '([^']*)' is not in the configuration/, 'a service object', isUndefined],
  [/'([^']*)' is not in the configuration/, 'an address object', isUndefined],
  [/'([^']*)' is a service tag/, 'a service tag', (text, name) => text.includes(name) && !isAddress(name)],
  [
    /IP group '([^']*)' is empty/,
    'the addresses of an IP group',
    (text) => /\b(?:xx|yy|zz)\.(?:xx|yy|zz)\b/.test(text),
  ],
  [/application security group '([^']*)'/, 'who is in an application security group', () => true],
  [/the application '([^']*)' has no default ports/, 'the ports of an application', isUndefined],
  [
    /does not know the ports of the App-ID '([^']*)'/,
    'the ports of an application',
    (text, name) => !new RegExp(`application ${escaped(name)} default port`).test(text),
  ],
  [/translates to '\[(reference)/, 'a value of the deployment', () => true],
  [/'\[(.*)/, 'a value of the deployment', (text, _, all) => asksDeployment(text, all)],
];

const escaped = (/** @type {string} */ text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const isAddress = (/** @type {string} */ text) => /^[\d.]+(?:\/\d+)?$|^[\da-f:]+(?:\/\d+)?$/i.test(text);

/** @param {string} text @param {string} rule */
function hasAction(text, rule) {
  const name = escaped(rule);
  return new RegExp(`rules "?${name}"? action|name="${name}"[^]{0,2000}?<action>`).test(text);
}

/** Whether nothing in the file makes an object of the name. @param {string} text @param {string} name */
function isUndefined(text, name) {
  const word = escaped(name);
  if (new RegExp(`^\\s*rename "?${word}"? to `, 'm').test(text)) return true;
  return !new RegExp(
    `^\\s*(?:edit|object\\s+\\S+|object-group\\s+\\S+(?:\\s+\\S+)?) "?${word}"?(?:\\s+\\S+)?\\s*$|^set (?!.*rulebase).*\\b(?:address|service|application)(?:-group)? "?${word}"? |<entry name="${word}"`,
    'm',
  ).test(text);
}

/**
 * Whether an expression needs what only a deployment knows: a parameter without a value, a resource, a loop over one.
 * @param {string} text @param {string} all the remark
 */
function asksDeployment(text, all) {
  const seen = new Set();
  let left = [...all.matchAll(/(parameters|variables)\('([^']*)/g)];
  if (/reference\(|copyIndex/i.test(all)) return true;
  while (left.length > 0) {
    const next = [];
    for (const [, kind, name] of left) {
      if (seen.has(`${kind} ${name}`)) continue;
      seen.add(`${kind} ${name}`);
      const found =
        new RegExp(`"${escaped(name ?? '')}"\\s*:\\s*(\\{[^]{0,2000}?\\n\\s*\\}|"[^\n]*)`).exec(text)?.[1] ??
        '';
      if (kind === 'parameters' && !found.includes('"defaultValue"')) return true;
      next.push(...found.matchAll(/(parameters|variables)\('([^']*)/g));
    }
    left = next;
  }
  return false;
}

/** @param {string} path @returns {string[]} */
function filesIn(path) {
  if (statSync(path).isDirectory()) {
    return readdirSync(path)
      .sort()
      .flatMap((name) => (name === '.git' ? [] : filesIn(join(path, name))));
  }
  const { size } = statSync(path);
  return size > 0 && size <= LARGEST ? [path] : [];
}

/** A file as the command line reads it. @param {string} path */
function textOf(path) {
  const bytes = readFileSync(path);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** Why a rule is not written as it is. @param {string} remark @param {string} text of the file */
function reasonOf(remark, text) {
  for (const [pattern, words, proof] of NO_WORDS) {
    if (pattern.test(remark) && proof.test(text)) return /** @type {const} */ (['cannot', words]);
  }
  for (const [pattern, words, proof] of NOT_HERE) {
    const [, name] = pattern.exec(remark) ?? [];
    if (name !== undefined && proof(text, name, remark)) return /** @type {const} */ (['absent', words]);
  }
  return /** @type {const} */ ([
    'rest',
    remark
      .replace(/^.*?: /, '')
      .replace(/'[^']*'|\d+/g, '…')
      .slice(0, 120),
  ]);
}

/** The parts of a file that are files of their own: outputs of tests are several in one. @param {string} text */
const documentsIn = (text) => (text.startsWith('<?xml') ? text.split(/^(?=<\?xml)/m) : [text]);

/**
 * A Cisco ASA whose lists are all on interfaces, and whose entries are marked as an owner's.
 * @param {string} text
 */
function withMarks(text) {
  const bound = new Set([...text.matchAll(/^ *access-group (\S+)/gm)].map(([, name]) => name));
  const lists = new Set(
    [...text.matchAll(/^ *access-list (\S+) +(?:line \d+ +)?extended/gm)].map(([, name]) => name),
  );
  let entry = 0;
  const more = [...lists]
    .filter((name) => !bound.has(name))
    .map(
      (name, index) =>
        `interface Survey${index}\n nameif survey${index}\n security-level 50\n ip address 10.254.${index % 250}.1 255.255.255.0\naccess-group ${name} in interface survey${index}\n`,
    );
  return `${text.replace(
    /^( *)(access-list (\S+) +(?:line \d+ +)?extended)/gm,
    (_, blanks, start, name) =>
      `${blanks}access-list ${name} remark owner: survey-${entry++}\n${blanks}${start}`,
  )}\n${more.join('')}`;
}

/**
 * The rules that a text has, by a plain look at it.
 * @param {string} kind @param {string} text @param {unknown} value of JSON
 */
function foundIn(kind, text, value) {
  if (kind === 'cisco-asa')
    return count(text, /^ *access-list \S+ +(?:line \d+ +)?extended (?!.*\binactive\b)/gm);
  if (kind === 'pan-os') {
    const xml = [...text.matchAll(/<security>\s*<rules>([\s\S]*?)<\/rules>/g)].map(([, rules = '']) => rules);
    if (xml.length > 0)
      return xml.reduce((sum, rules) => sum + count(rules, /<entry\b/g) - count(rules, /<disabled>yes/g), 0);
    const rules = [...text.matchAll(/^set (.*?rulebase security rules (?:"[^"]*"|\S+))(?= )/gm)].map(
      ([, rule]) => rule,
    );
    const off = [...text.matchAll(/^set (.*?rulebase security rules (?:"[^"]*"|\S+)) disabled yes/gm)];
    const gone = count(text, /^delete .*?rulebase security rules (?:"[^"]*"|\S+)$/gm);
    if (rules.length > 0) return new Set(rules).size - off.length - gone;
    const braces = [...text.matchAll(/^( *)security \{\n *rules \{\n([\s\S]*?)^\1\}/gm)];
    return braces.reduce((sum, [, blanks = '', inner = '']) => {
      const own = inner.matchAll(
        new RegExp(`^${blanks} {4}("[^"]*"|\\S+) \\{([^]*?)^${blanks} {4}\\}`, 'gm'),
      );
      return sum + [...own].filter(([, , rule = '']) => !rule.includes('disabled yes')).length;
    }, 0);
  }
  if (kind === 'fortios') {
    let sum = 0;
    for (const [, part = ''] of text.matchAll(/^ *config firewall policy6?\s*$([\s\S]*?)^end\s*$/gm)) {
      const policies = new Set();
      for (const [, verb, name = '', other = ''] of part.matchAll(
        /^\s*(edit|clone|delete) (\S+)(?: to (\S+))?/gm,
      )) {
        if (verb === 'edit') policies.add(name === '0' ? `0 ${policies.size}` : name);
        else if (verb === 'delete') policies.delete(name);
        else if (policies.has(name)) policies.add(other);
      }
      sum += policies.size - count(part, /^\s*set status disable/gm);
    }
    return sum;
  }
  let sum = 0;
  /** @param {unknown} part */
  const visit = (part) => {
    if (typeof part !== 'object' || part === null) return;
    const keys = new Set(Object.keys(part).map((key) => key.toLowerCase()));
    if (
      kind === 'nsg'
        ? keys.has('access') && keys.has('direction')
        : keys.has('ruletype') &&
          RULE_TYPES.test(String(Object.entries(part).find(([key]) => /^ruletype$/i.test(key))?.[1]))
    )
      sum++;
    for (const [key, one] of Object.entries(part)) {
      if (!/^(?:defaultSecurityRules|parameters|outputs)$/i.test(key)) visit(one);
    }
  };
  visit(value);
  return sum;
}
const count = (/** @type {string} */ text, /** @type {RegExp} */ pattern) =>
  [...text.matchAll(pattern)].length;

/** Of Azure Firewall; web application firewalls have others. */
const RULE_TYPES = /^(?:Network|Application|Nat)Rule$|^FirewallPolicy/;

/** What import says of a whole list of rules. */
const LISTS = /^(?:the rules, which are|the rule collections|its \w+rulecollections|what a loop)/;

/** Of network security groups, what is there without being written. */
const DEFAULTS = /^AllowVnetInBound$/;

/**
 * The rules of a firewall that somebody wrote: those that are written, and those of which only a remark is left. A rule
 * of which a part is left out is not exact. A rule of a device may be written in several parts.
 */
function rulesIn({ lists }, kind) {
  const rules = new Map();
  let unnamed = 0;
  for (const { steps } of lists) {
    /** @type {Map<string, { kind: string, text: string }[]>} */
    let open = new Map();
    const end = () => {
      for (const [title, remarks] of open) rules.set(title, { isWritten: false, remarks });
      open = new Map();
    };
    for (const step of steps) {
      if (step.kind === 'rule') {
        const [title, own] = [...open].at(-1) ?? [];
        const mark = kind === 'cisco-asa' ? step.about?.owner : step.name;
        if (kind === 'cisco-asa' && mark === undefined) continue;
        if (kind === 'nsg' && DEFAULTS.test(step.name ?? '') && title === undefined) continue;
        // Remarks on a rule are right before it, and name it where it has a name.
        const isOwn =
          title !== undefined &&
          (kind === 'cisco-asa' || !step.name || title.includes(step.name.slice(0, 40)));
        if (isOwn) open.delete(title);
        end();
        rules.set(kind === 'cisco-asa' ? mark : `${++unnamed}`, {
          isWritten: true,
          remarks: isOwn ? own : [],
        });
        continue;
      }
      const title = /^(?:(?:allow|deny) |chain |rule )[^:]*/.exec(step.text)?.[0];
      if (title === undefined || step.text.includes(APART) || / (?:end of the list|traffic) /.test(title))
        continue;
      if (step.kind === 'note' && !/^(?:allow|deny) /.test(step.text)) continue;
      const list = open.get(title) ?? [];
      open.set(title, list);
      if (step.kind !== 'note') list.push(step);
    }
    end();
  }
  return [...rules.values()];
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: node scripts/import-survey.mjs FOLDER...');
  process.exit(2);
}
const newSum = () => ({ files: 0, found: 0, exact: 0, inexact: 0, gap: 0, cannot: 0, absent: 0, rest: 0 });
/** @type {Map<string, ReturnType<typeof newSum>>} */
const kinds = new Map();
let unknown = 0;
let failed = 0;
/** @type {Map<string, number>} */
const reasons = new Map();
for (const file of folders.flatMap(filesIn)) {
  const counted = new Set();
  let isKnown = false;
  for (const text of documentsIn(textOf(file))) {
    try {
      // A template may have groups and policies, which are read one after the other.
      for (const [kind, reader] of Object.entries(readers)) {
        const plain = sourceOf(text);
        if (!reader.knows(plain)) continue;
        const source = kind === 'cisco-asa' ? sourceOf(withMarks(text)) : plain;
        isKnown = survey(file, kind, reader, source, text, !counted.has(kind)) || isKnown;
        counted.add(kind);
        if (plain.kind === 'text') break;
      }
    } catch (error) {
      if (isImportError(error)) continue;
      failed++;
      console.error(`${file}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  if (!isKnown) unknown++;
}

/** @param {string} title @param {string} why @param {string} words */
function note(title, why, words) {
  const key = `${title}\t${why}\t${words}`;
  reasons.set(key, (reasons.get(key) ?? 0) + 1);
}

/** @returns {boolean} whether it was read */
function survey(file, kind, reader, source, text, isFirst) {
  const words = wordMaker(TAGS, undefined, ZONES, ZONES[0], []);
  const firewalls = reader.read(source, { profile: 'domain', direction: 'inbound', host: false, words });
  importedText(firewalls, { zones: ZONES, inside: undefined, name: undefined, head: [] }, words);
  const sum = kinds.get(reader.title) ?? newSum();
  kinds.set(reader.title, sum);
  if (isFirst) sum.files++;
  const rules = firewalls.flatMap((firewall) => rulesIn(firewall, kind));
  const found = foundIn(kind, text, source.kind === 'json' ? source.value : undefined);
  sum.found += found;
  // A list of which nothing is read has one remark for all of its rules.
  const isOpen = firewalls.some(({ remarks }) =>
    remarks.some((one) => one.kind === 'gap' && LISTS.test(one.text)),
  );
  for (let left = found - rules.length; left > 0; left--) {
    sum.gap++;
    sum[isOpen ? 'absent' : 'rest']++;
    note(reader.title, isOpen ? 'absent' : 'rest', isOpen ? 'how many rules a list has' : 'is not there');
  }
  if (found !== rules.length && process.env.CMTOPO_VERBOSE)
    console.error(`${file}: ${rules.length} rules, ${found} found`);
  for (const { isWritten, remarks } of rules) {
    // Without remarks it is written, or nothing that a topology has is in it.
    if (remarks.length === 0) {
      sum.exact++;
      continue;
    }
    sum[isWritten ? 'inexact' : 'gap']++;
    const all = remarks.map((one) => reasonOf(one.text, text));
    const [why, words] =
      all.find(([one]) => one === 'rest') ?? all.find(([one]) => one === 'absent') ?? all[0];
    sum[why]++;
    note(reader.title, why, words);
    if (process.env.CMTOPO_VERBOSE)
      console.error(`${file}: ${why}: ${words}: ${remarks.map((one) => one.text).join(' | ')}`);
  }
  return true;
}
const share = (/** @type {number} */ part, /** @type {number} */ all) =>
  all === 0 ? '-' : `${((100 * part) / all).toFixed(1)} %`;
const HEADS = {
  cannot: 'not expressible',
  absent: 'not in the file',
  rest: 'not understood',
};
const row = (/** @type {readonly unknown[]} */ cells) => console.log(cells.join('\t'));
row([
  'kind',
  'files',
  'found',
  'rules',
  'exact',
  'not exact',
  'not written',
  ...Object.values(HEADS),
  'expressible',
  'exact of these',
]);
for (const [kind, { files, found, exact, inexact, gap, cannot, absent, rest }] of kinds) {
  const all = exact + inexact + gap;
  const sayable = all - cannot - absent;
  const shares = [exact, inexact, gap].map((part) => share(part, all));
  row([kind, files, found, all, ...shares, cannot, absent, rest, sayable, share(exact, sayable)]);
}
console.log(`${unknown} other files that no format knows`);
console.log('\nrules\tkind\twhy not exact');
for (const [key, number] of [...reasons].sort((a, b) => b[1] - a[1])) {
  const [kind, head, text] = key.split('\t');
  row([number, kind, `${HEADS[head]}: ${text}`]);
}
process.exit(failed > 0 ? 1 : 0);
