// Rules that differ in nothing but the members of a group of the file are one rule for it.
import { distinct, groupBy } from '../../collections.ts';
import { networkText, tidyNetworks } from './address.ts';
import type { MachineGroup } from './groups.ts';
import { type KnownRules, togetherKnown } from './notes.ts';
import { type AddressRule, type ExportRule, portText, ruleId } from './rules.ts';

/**
 * The rules of one list in which those for all members of a group, with the same other end and ports, are one for the
 * group: together it opens what they open.
 */
export function withGroups<Rule extends AddressRule>(
  rules: readonly Rule[],
  groups: readonly MachineGroup[],
): readonly Rule[] {
  if (groups.length === 0) return rules;
  return onSide(onSide(rules, 'from', groups), 'to', groups);
}

function onSide<Rule extends AddressRule>(
  rules: readonly Rule[],
  side: 'from' | 'to',
  groups: readonly MachineGroup[],
): readonly Rule[] {
  const other = side === 'from' ? 'to' : 'from';
  const alike = groupBy(rules, ({ rule, family, ports, ...ends }) => {
    const { name, zone } = rule[other];
    const networks = ends[other];
    return JSON.stringify([
      family,
      rule.phase,
      rule.protocol,
      ports.map(portText),
      [name.toLowerCase(), zone, networks === 'internet' ? networks : networks.map(networkText)],
      rule[side].zone,
    ]);
  });
  const gone = new Set<Rule>();
  const made = new Map<Rule, Rule>();
  for (const list of alike.values()) {
    if (list.length < 2) continue;
    for (const group of groups) {
      const own = list.filter(
        (one) =>
          one[side] !== 'internet' &&
          !gone.has(one) &&
          !made.has(one) &&
          group.members.has(one.rule[side].name.toLowerCase()),
      );
      const names = new Set(own.map(({ rule }) => rule[side].name.toLowerCase()));
      const [first, ...more] = own;
      if (!first || names.size < group.members.size) continue;
      made.set(first, oneFor(group.name, first, own, side));
      for (const one of more) gone.add(one);
    }
  }
  return rules.flatMap((rule) => (gone.has(rule) ? [] : [made.get(rule) ?? rule]));
}

function oneFor<Rule extends AddressRule>(
  name: string,
  first: Rule,
  all: readonly Rule[],
  side: 'from' | 'to',
): Rule {
  const networks = tidyNetworks(
    all.flatMap((one) => (one[side] === 'internet' ? [] : one[side].map(networkText))),
  );
  const list = all.map(({ rule }) => rule);
  const known = list.flatMap((rule): readonly KnownRules[] => (rule.known ? [rule.known] : []));
  const rule: ExportRule = {
    ...first.rule,
    [side]: { name, kind: 'clients', fqdn: undefined, zone: first.rule[side].zone, addresses: networks },
    purpose: distinct(list.flatMap(({ purpose }) => purpose)),
    services: list.flatMap(({ services }) => services),
    documents: distinct(list.flatMap(({ documents }) => documents)),
    known: togetherKnown(known),
  };
  const ends = { from: first.from, to: first.to, [side]: networks };
  return { ...first, ...ends, rule, id: ruleId(rule, first.family, [ends.from, ends.to]) };
}
