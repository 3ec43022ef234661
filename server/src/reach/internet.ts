// Which addresses are not on the internet, and which may be.

import { parseNetwork } from '../topology/address.ts';
import type { Topology } from '../topology/model.ts';
import { type AddressRange, addressRange, joinedRanges, networksOf, rangesWithout } from './addresses.ts';

const rangesOf = (...texts: readonly string[]): readonly AddressRange[] =>
  texts.flatMap((text) => {
    const network = parseNetwork(text);
    return network ? [addressRange(network)] : [];
  });

/** Networks that are for something else than the internet (the registries of RFC 6890; multicast). Joined. */
export const SPECIAL: readonly AddressRange[] = joinedRanges(
  rangesOf(
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '224.0.0.0/3',
    '::/8',
    'fc00::/7',
    'fe80::/10',
    'ff00::/8',
  ),
);

/** Networks that nobody on the internet has: of IPv6 all but 2000::/3, since no others are given out. */
const NEVER_PUBLIC = joinedRanges([...SPECIAL, ...rangesOf('::/3', '4000::/2', '8000::/1')]);

/**
 * What is known not to be on the internet: the networks of all other zones, and what has an address and is not in the
 * zone of the internet. Joined.
 */
export function insideOf({
  zones,
  servers,
  clients,
  availabilityGroups,
  defaults,
}: Topology): readonly AddressRange[] {
  const isOutside = (name: string | undefined) =>
    name !== undefined && zones.get(name.toLowerCase())?.internet === true;
  return joinedRanges(
    [
      ...[...zones.values()].filter(({ internet }) => !internet).map(({ networks }) => networks),
      ...[...servers.values()]
        .filter(({ zone }) => !isOutside((zone ?? defaults.zone)?.value))
        .map(({ addresses }) => addresses),
      ...[...clients.values()]
        .filter((group) => group.zones.length === 0 || !group.zones.every(({ value }) => isOutside(value)))
        .map(({ networks }) => networks),
      ...[...availabilityGroups.values()].map(({ listener }) => listener?.addresses ?? []),
    ].flatMap((written) => networksOf(written).map(addressRange)),
  );
}

/** All addresses of a family that are not among those inside. */
export function outsideOf(inside: readonly AddressRange[], family: 4 | 6): readonly AddressRange[] {
  return joinedRanges(rangesWithout([everything(family)], inside));
}

/** Of the addresses of a family that are not inside, those that somebody on the internet may have. */
export function publicOutside(inside: readonly AddressRange[], family: 4 | 6): readonly AddressRange[] {
  return joinedRanges(rangesWithout(outsideOf(inside, family), NEVER_PUBLIC));
}

/** Of some addresses inside, those that are not private: somebody who is told of the internet alone counts them there. */
export function publicInside(inside: readonly AddressRange[]): readonly AddressRange[] {
  return joinedRanges(rangesWithout(inside, NEVER_PUBLIC));
}

function everything(family: 4 | 6): AddressRange {
  return addressRange({ family, bits: 0n, prefix: 0 });
}
