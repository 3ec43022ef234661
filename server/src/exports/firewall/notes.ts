// What people wrote of the rules that a firewall has: exported rules for the same traffic carry it on.
import { distinct } from '../../collections.ts';
import type { Flow } from '../../flows/flow.ts';
import { cut } from '../../print/escape.ts';
import { reach } from '../../reach/reach.ts';
import type { FirewallRule, Topology } from '../../topology/model.ts';

/** For people: the change request, who answers for the rule, and dates as YYYY-MM-DD. */
export interface RuleNotes {
  readonly ticket?: string;
  readonly owner?: string;
  readonly reviewed?: string;
  readonly expires?: string;
}

const KEYS = ['ticket', 'owner', 'reviewed', 'expires'] as const;

/** The fields as one text for a description: `ticket: CHG1; owner: Jo`. Empty where there is none. */
export function notesText(notes: RuleNotes): string {
  return KEYS.flatMap((key) => {
    const value = notes[key]?.replace(/[;\s]+/g, ' ').trim();
    return value ? [`${key}: ${value}`] : [];
  }).join('; ');
}

/** What the rules say that let some traffic through today. */
export interface KnownRules {
  readonly description: string | undefined;
  readonly notes: RuleNotes;
}

/**
 * For flows: what is written of the rules that let them through. Of several rules tickets, owners and descriptions are
 * all named, and of dates the first counts.
 * @param firewall the only one whose rules count; without it every one on the way
 */
export function knownRules(
  topology: Topology,
  firewall: string | undefined,
): (flows: readonly Flow[]) => KnownRules | undefined {
  const all = [...topology.firewalls.values()].flatMap(({ rules }) => rules);
  if (!all.some(isDescribed)) return () => undefined;
  const judge = reach(topology);
  return (flows) => {
    const found = new Set<FirewallRule>();
    for (const flow of flows) {
      const verdict = judge.verdict(flow);
      if (verdict.kind === 'unchecked') continue;
      for (const { firewall: own, rule } of verdict.by)
        if (firewall === undefined || own.name === firewall) found.add(rule);
    }
    const rules = [...found].filter(isDescribed);
    if (rules.length === 0) return undefined;
    const texts = (key: 'ticket' | 'owner' | 'description') =>
      distinct(rules.flatMap((rule) => rule[key]?.value ?? []));
    const first = (key: 'reviewed' | 'expires') => rules.flatMap((rule) => rule[key]?.value ?? []).sort()[0];
    const notes = {
      ticket: texts('ticket').join(', '),
      owner: texts('owner').join(', '),
      reviewed: first('reviewed') ?? '',
      expires: first('expires') ?? '',
    };
    return { description: texts('description').join('; ') || undefined, notes };
  };
}

/** What several rules say, as one. */
export function togetherKnown(all: readonly KnownRules[]): KnownRules | undefined {
  const [first, ...more] = all;
  if (!first || more.length === 0) return first;
  const joined = (texts: readonly (string | undefined)[], by: string) =>
    distinct(texts.flatMap((one) => (one ? one.split(by) : []))).join(by);
  const notes = all.map((one) => one.notes);
  const earliest = (key: 'reviewed' | 'expires') => notes.flatMap((one) => one[key] || []).sort()[0] ?? '';
  return {
    description:
      joined(
        all.map(({ description }) => description),
        '; ',
      ) || undefined,
    notes: {
      ticket: joined(
        notes.map(({ ticket }) => ticket),
        ', ',
      ),
      owner: joined(
        notes.map(({ owner }) => owner),
        ', ',
      ),
      reviewed: earliest('reviewed'),
      expires: earliest('expires'),
    },
  };
}

function isDescribed({ ticket, owner, reviewed, expires, description }: FirewallRule): boolean {
  return [ticket, owner, reviewed, expires, description].some((one) => one !== undefined);
}

/** A description is cut to no less than this for the notes behind it. */
const LEAST = 20;

/**
 * A description of at most so many characters: what a rule is for, and at its end what people wrote of it. What it is
 * for is cut first.
 * @param shown how a text is written at the target; it may be longer then
 */
export function describedText(
  what: string,
  known: KnownRules | undefined,
  most: number,
  shown: (text: string) => string = (text) => text,
): string {
  if (!known) return cut(shown(what), most);
  const { description, notes } = known;
  const text = notesText(notes);
  const tail = text === '' ? '' : shown(`; ${text}`);
  const room = most - tail.length;
  if (room < LEAST) return cut(shown(what) + tail, most);
  // An imported rule has what an export wrote of it.
  const more = description === undefined || description === what ? '' : shown(`; ${description}`);
  return room - more.length < LEAST
    ? `${cut(shown(what) + more, room)}${tail}`
    : `${cut(shown(what), room - more.length)}${more}${tail}`;
}
