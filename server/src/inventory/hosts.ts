// The names of machines: exports write one machine as `SQL01`, `sql01.corp.contoso.com` and `\\SQL01.corp.contoso.com`.
import { groupBy } from '../collections.ts';
import { word } from '../print/escape.ts';
import { looksLikeAddress } from '../topology/address.ts';

const MOST_NAME = 63;

export interface Hosts {
  /** The machine of a name: its full name in lower case where that is known. */
  of(name: string): string;
  /** The name of the machine in a topology. */
  nameOf(host: string): string;
}

/**
 * @param spelled all names that exports have
 * @param taken names that a server cannot have, in lower case
 */
export function hostsOf(spelled: Iterable<string>, taken: ReadonlySet<string>): Hosts {
  const all = [...new Set([...spelled].map((name) => name.toLowerCase()))].toSorted();
  const full = groupBy(all.filter(isFull), labelOf);
  const of = (name: string): string => {
    const lower = name.toLowerCase();
    const [only, ...others] = full.get(lower) ?? [];
    return only !== undefined && others.length === 0 ? only : lower;
  };
  const machines = [...new Set(all.map(of))];
  const short = groupBy(machines, labelOf);
  const names = new Map<string, string>();
  const used = new Set(taken);
  for (const host of machines) {
    const isAlone = (short.get(labelOf(host)) ?? []).length === 1 && !used.has(wordOf(labelOf(host)));
    const base = isAlone ? wordOf(labelOf(host)) : wordOf(host.replaceAll('.', '-'));
    let name = base;
    for (let number = 2; used.has(name); number++) name = `${base.slice(0, MOST_NAME - 5)}-${number}`;
    used.add(name);
    names.set(host, name);
  }
  return { of, nameOf: (host) => names.get(of(host)) ?? wordOf(labelOf(of(host))) };
}

/** Whether it is a name with its domain. */
export function isFull(name: string): boolean {
  return name.includes('.') && !looksLikeAddress(name);
}

function labelOf(host: string): string {
  return looksLikeAddress(host) ? host : (host.split('.')[0] ?? host);
}

/** A text as a name of a topology: `-` for characters that are not allowed. */
export function wordOf(text: string): string {
  return word(text, MOST_NAME);
}

/** A name that nothing has yet, in whatever case, which is taken from now on. */
export function freeName(wanted: string, taken: Set<string>): string {
  const base = wordOf(wanted);
  let name = base;
  for (let number = 2; taken.has(name.toLowerCase()); number++)
    name = `${base.slice(0, MOST_NAME - 5)}-${number}`;
  taken.add(name.toLowerCase());
  return name;
}
