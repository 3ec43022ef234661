// What a rule of any firewall matches, as far as a topology can tell traffic apart.
import { ALL_PORTS, covers, intersection, isEmpty, NO_PORTS, type PortSet } from '../reach/ports.ts';
import { ANYONE, both, type Ends, everyone, isAnyone, isNobody, type KnownNames } from './ends.ts';

export interface Services {
  readonly tcp: PortSet;
  readonly udp: PortSet;
  /** Echo requests. */
  readonly icmp: boolean;
  /** Every other protocol. A topology has none, but only a rule with it is one for all traffic. */
  readonly other: boolean;
}

export interface ImportedTraffic {
  readonly from: Ends;
  readonly to: Ends;
  readonly services: Services;
}

export const ALL_SERVICES: Services = { tcp: ALL_PORTS, udp: ALL_PORTS, icmp: true, other: true };
export const NO_SERVICES: Services = { tcp: NO_PORTS, udp: NO_PORTS, icmp: false, other: false };
export const ALL_TRAFFIC: ImportedTraffic = { from: ANYONE, to: ANYONE, services: ALL_SERVICES };

/** All traffic of one family. */
export function familyTraffic(family: 4 | 6): ImportedTraffic {
  return { from: everyone(family), to: everyone(family), services: ALL_SERVICES };
}

/** What both match; undefined where it depends on addresses of a name that are not known. */
export function bothTraffic(
  a: ImportedTraffic,
  b: ImportedTraffic,
  known: KnownNames,
): ImportedTraffic | undefined {
  const from = both(a.from, b.from, known);
  const to = both(a.to, b.to, known);
  return from && to && { from, to, services: bothServices(a.services, b.services) };
}

function bothServices(a: Services, b: Services): Services {
  return {
    tcp: intersection(a.tcp, b.tcp),
    udp: intersection(a.udp, b.udp),
    icmp: a.icmp && b.icmp,
    other: a.other && b.other,
  };
}

/** Whether no traffic at all matches. */
export function isNothing({ from, to, services }: ImportedTraffic): boolean {
  const nobody = isNobody(from) || isNobody(to);
  return nobody || familiesApart(from, to) || (!isSpoken(services) && !services.other);
}

/** Whether there is something in it that a topology knows: TCP, UDP or echo requests. */
export function isSpoken({ tcp, udp, icmp }: Services): boolean {
  return !isEmpty(tcp) || !isEmpty(udp) || icmp;
}

/** Whether a rule about it is one for all traffic. */
export function isEverything({ tcp, udp, icmp, other }: Services): boolean {
  return covers(tcp, ALL_PORTS) && covers(udp, ALL_PORTS) && icmp && other;
}

/** Whether nothing gets to what comes after a rule about it. */
export function isAllTraffic({ from, to, services }: ImportedTraffic): boolean {
  return isAnyone(from) && isAnyone(to) && isEverything(services);
}

/** Whether one has only IPv4 addresses, the other only IPv6. */
function familiesApart(a: Ends, b: Ends): boolean {
  if (a.names.length > 0 || b.names.length > 0) return false;
  return !a.ranges.some(({ family }) => b.ranges.some((other) => other.family === family));
}
