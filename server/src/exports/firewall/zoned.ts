// Rules for devices that decide by their zones or interfaces as well as by addresses.

import type { Phase } from '../../catalog/types.ts';
import { distinct, groupBy } from '../../collections.ts';
import { withGroups } from './group-rules.ts';
import {
  type AddressRule,
  addressRules,
  type ExportReport,
  hash,
  type RuleMachine,
  withoutCovered,
} from './rules.ts';

/** A rule with the zones of the device in which traffic begins and ends. */
export interface ZonedRule extends AddressRule {
  readonly fromZones: readonly string[];
  readonly toZones: readonly string[];
  /** What it is called on the device: the same for the same meaning, and the phase where it is not operation. */
  readonly name: string;
}

/** In this order: what only an installation needs can be taken away as a whole. */
const SECTIONS: readonly { readonly phase: Phase; readonly title: string; readonly mark: string }[] = [
  { phase: 'operation', title: 'Operation', mark: '' },
  { phase: 'windows', title: 'Windows itself: DNS, DHCP and Kerberos', mark: 'win-' },
  { phase: 'installation', title: 'Installation only', mark: 'inst-' },
];

/** The rules of one phase. */
export interface ZonedSection {
  readonly phase: Phase;
  readonly title: string;
  readonly rules: readonly ZonedRule[];
}

/** The word before a rule's name that says its phase; empty for operation. */
export function phaseMark(phase: Phase): string {
  return SECTIONS.find((section) => section.phase === phase)?.mark ?? '';
}

/**
 * A device has one list of names for all its zones, and a group with networks of its own has the same rule in each of its
 * zones: they are a part of what a rule means.
 */
function named<Rule extends Omit<ZonedRule, 'name'>>(rule: Rule): Rule & ZonedRule {
  const id = hash(JSON.stringify([rule.id, rule.fromZones, rule.toZones]));
  return { ...rule, id, name: `cmtopo-${phaseMark(rule.rule.phase)}${id}` };
}

/**
 * The rules by phase, and in a phase by their zones, none covered by others between the same zones; and what cannot be a
 * rule: besides what addresses lack, machines that are in no zone and zones
 * whose name the device does not take. What is on the internet is in the zones that the file marks so, where any
 * address is one of the internet.
 * @param isName whether the device takes the name of a zone
 * @param product what the device is called
 */
export function zonedRules(
  report: ExportReport,
  isName: (zone: string) => boolean,
  product: string,
): { readonly sections: readonly ZonedSection[]; readonly gaps: readonly string[] } {
  const found = addressRules(report);
  const gaps = [...found.gaps];
  const zonesOf = (machine: RuleMachine): readonly string[] => {
    const isOutside = machine.zone === undefined && machine.addresses === 'internet';
    const zones = isOutside ? report.outside : machine.zone === undefined ? [] : [machine.zone];
    if (zones.length === 0) {
      gaps.push(
        isOutside
          ? `${machine.name} is on the internet, and no zone of the file is; mark one with internet: true`
          : `${machine.name} is in no zone; set zone of ${machine.name}`,
      );
    }
    const refused = zones.filter((zone) => !isName(zone));
    for (const zone of refused)
      gaps.push(`the zone ${zone} has a name that ${product} does not take; give it another`);
    return refused.length > 0 ? [] : zones;
  };
  const placed = found.rules.flatMap((rule) => {
    const [fromZones, toZones] = [zonesOf(rule.rule.from), zonesOf(rule.rule.to)];
    return fromZones.length === 0 || toZones.length === 0 ? [] : [{ ...rule, fromZones, toZones }];
  });
  // Rules between the same zones are one list: no other rule of the device sees their packets. One for names opens
  // nothing for others.
  const lists = groupBy(placed, ({ fromZones, toZones, rule }) =>
    JSON.stringify([fromZones, toZones, rule.to.names]),
  );
  const rules = [...lists.values()]
    .flatMap((list) => withGroups(withoutCovered(list), report.groups ?? []))
    .map(named);
  return {
    sections: SECTIONS.flatMap(({ phase, title }) => {
      const own = rules.filter(({ rule }) => rule.phase === phase);
      return own.length === 0 ? [] : [{ phase, title, rules: own }];
    }),
    gaps: distinct(gaps),
  };
}
