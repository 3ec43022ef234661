// How much of real rule bases `cmtopo import` understands: every file below a folder goes through it, and a table says
// by kind of device which share of its allow and deny rules is written as it is, not exact, or not written. The last
// two are told apart by why: what a topology has no words for (programs, users, source ports), what the file refers to
// and does not hold (an object, a service tag, a parameter of the deployment), which --map can say, and what is left,
// which a reader does not understand. A table of reasons follows.
//
//   node scripts/import-survey.mjs FOLDER…
//
// The built product is asked (`npm run build`). No survey has a topology, so that the device's own zones stand for
// zones, and two zones for the service tags VirtualNetwork and Internet; what is said at rules for want of networks does
// not count. A file that no format knows is counted and
// passed by; one at which import fails otherwise ends the survey with status 1.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TextDecoder } from 'node:util';

createRequire(import.meta.url)('../dist/core.js');
const core = globalThis.cmtopoCore;
const { readerOf, sourceOf } = core['imports/index.ts'];
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

/** What a topology has no words for. */
const NO_WORDS = [
  [/limited to (?:a|the) tunnel/, 'tunnels'],
  [/limited to source ports/, 'source ports'],
  [/limited to the (?:users|user groups)|limited to users|HIP/i, 'users and their machines'],
  [/limited to (?:the schedule|the time range)|schedule/, 'times that come again'],
  [
    /limited to the applications?|default ports of that|on any port; their documented ports/,
    'applications beside ports',
  ],
  [/URL categor|names of the web|web protocols/, 'names and categories of the web'],
  [/internet services/, 'lists of addresses that the maker keeps'],
  [
    /limited to (?:services\b|program|service '|app package|interface|the user|the remote|the local user)/,
    'programs, services and users of Windows',
  ],
  [/authenticated|encrypt|IPsec/i, 'authenticated connections'],
  [/follows the endpoint mapper|dynamic range of/, 'ports that the device learns from the endpoint mapper'],
  [/translates? .* (?:single|port)|translates single ports|behind it/, 'translation of single ports'],
  [/of the type|FQDN|fqdn|is a name, which/i, 'names that the device looks up, and dynamic lists'],
  [/topology knows TCP, UDP and ICMP|protocol/, 'other protocols'],
  [/address that is not the machine's|for ICMP/i, 'other ICMP'],
];

/** What the file does not hold. */
const NOT_HERE = [
  [/has no action/, 'the action of a rule'],
  [/is no address of the configuration/, 'an address object'],
  [/the service .* is not in the configuration/, 'a service object'],
  [/IP group .* is empty/, 'the addresses of an IP group'],
  [/is a service tag/, 'a service tag'],
  [/application security group/, 'who is in an application security group'],
  [/IP group .* is not in the file/, 'an IP group'],
  [
    /has no default ports|does not know the ports of the App-ID|application .* is not/,
    'the ports of an application',
  ],
  [/'\[.*\]?'/, 'a value of the deployment'],
  [/say (?:which|what|who|its)|--map/, 'what --map says'],
];

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

/** @param {string} text @param {readonly (readonly [RegExp, string])[]} table */
const wordFor = (text, table) => table.find(([pattern]) => pattern.test(text))?.[1];

/** Why a rule is not written as it is. @param {string} text */
function reasonOf(text) {
  const words = wordFor(text, NO_WORDS);
  if (words !== undefined) return /** @type {const} */ (['cannot', words]);
  const thing = wordFor(text, NOT_HERE);
  if (thing !== undefined) return /** @type {const} */ (['absent', thing]);
  return /** @type {const} */ ([
    'rest',
    text
      .replace(/^.*?: /, '')
      .replace(/'[^']*'|\d+/g, '…')
      .slice(0, 120),
  ]);
}

/**
 * The rules of a firewall: those that are written, and those of which only a remark is left. A rule of which a part is
 * left out is not exact.
 */
function rulesIn({ lists }) {
  const rules = [];
  for (const { steps } of lists) {
    /** @type {Map<string, { kind: string, text: string }[]>} */
    let open = new Map();
    const end = () => {
      for (const remarks of open.values()) rules.push({ isWritten: false, remarks });
      open = new Map();
    };
    for (const step of steps) {
      if (step.kind === 'rule') {
        const [title, own] = [...open].at(-1) ?? [];
        // Remarks on a rule are right before it, and name it where it has a name.
        const isOwn = title !== undefined && (!step.name || title.includes(step.name.slice(0, 40)));
        if (isOwn) open.delete(title);
        end();
        rules.push({ isWritten: true, remarks: isOwn ? own : [] });
        continue;
      }
      const title = /^(?:(?:allow|deny) |chain |rule )[^:]*/.exec(step.text)?.[0];
      if (title === undefined || step.text.includes(APART)) continue;
      if (step.kind === 'note' && !/^(?:allow|deny) /.test(step.text)) continue;
      const list = open.get(title) ?? [];
      open.set(title, list);
      if (step.kind !== 'note') list.push(step);
    }
    end();
  }
  return rules;
}

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: node scripts/import-survey.mjs FOLDER...');
  process.exit(2);
}
const newSum = () => ({ files: 0, exact: 0, inexact: 0, gap: 0, cannot: 0, absent: 0, rest: 0 });
/** @type {Map<string, ReturnType<typeof newSum>>} */
const kinds = new Map();
let unknown = 0;
let failed = 0;
/** @type {Map<string, number>} */
const reasons = new Map();
for (const file of folders.flatMap(filesIn)) {
  try {
    const source = sourceOf(textOf(file));
    const reader = readerOf(source);
    if (!reader) {
      unknown++;
      continue;
    }
    const words = wordMaker(TAGS, undefined, ZONES, ZONES[0], []);
    const firewalls = reader.read(source, { profile: 'domain', direction: 'inbound', host: false, words });
    importedText(firewalls, { zones: ZONES, inside: undefined, name: undefined, head: [] }, words);
    const sum = kinds.get(reader.title) ?? newSum();
    kinds.set(reader.title, sum);
    sum.files++;
    for (const { isWritten, remarks } of firewalls.flatMap(rulesIn)) {
      // Without remarks it is written, or nothing that a topology has is in it.
      if (remarks.length === 0) {
        sum.exact++;
        continue;
      }
      sum[isWritten ? 'inexact' : 'gap']++;
      const all = remarks.map(({ text }) => reasonOf(text));
      const [kind, text] =
        all.find(([one]) => one === 'rest') ?? all.find(([one]) => one === 'absent') ?? all[0];
      sum[kind]++;
      const key = `${reader.title}\t${kind}\t${text}`;
      reasons.set(key, (reasons.get(key) ?? 0) + 1);
      if (kind === 'rest' && process.env.CMTOPO_VERBOSE)
        console.error(`${file}: ${remarks.map((one) => one.text).join(' | ')}`);
    }
  } catch (error) {
    if (isImportError(error)) unknown++;
    else {
      failed++;
      console.error(`${file}: ${error instanceof Error ? error.stack : error}`);
    }
  }
}
const share = (/** @type {number} */ part, /** @type {number} */ all) =>
  all === 0 ? '-' : `${((100 * part) / all).toFixed(1)} %`;
const HEADS = {
  cannot: 'a topology has no words for it',
  absent: 'the file does not hold it',
  rest: 'not understood',
};
console.log(
  ['kind', 'files', 'rules', 'exact', 'not exact', 'not written', ...Object.values(HEADS)].join('\t'),
);
for (const [kind, { files, exact, inexact, gap, cannot, absent, rest }] of kinds) {
  const all = exact + inexact + gap;
  console.log(
    [kind, files, all, ...[exact, inexact, gap, cannot, absent, rest].map((part) => share(part, all))].join(
      '\t',
    ),
  );
}
console.log(`${unknown} other files that no format knows`);
console.log('\nrules\tkind\twhy not exact');
for (const [key, count] of [...reasons].sort((a, b) => b[1] - a[1])) {
  const [kind, head, text] = key.split('\t');
  console.log([count, kind, `${HEADS[head]}: ${text}`].join('\t'));
}
process.exit(failed > 0 ? 1 : 0);
