// Addresses as firewalls write them. They are printed from their bits, so that no text of the file gets through.
import { addressText, contains, type Network, parseNetwork } from '../../topology/address.ts';

export { addressText, isHost, networkText } from '../../topology/address.ts';

export type Family = 4 | 6;
export const FAMILIES: readonly Family[] = [4, 6];

/**
 * Texts to networks: what is no address is left out, host bits are cleared, what lies in another network of
 * the list is dropped. IPv4 before IPv6, low before high.
 */
export function tidyNetworks(texts: readonly string[]): readonly Network[] {
  const all = texts.flatMap((text) => {
    const network = parseNetwork(text);
    return network ? [{ ...network, bits: network.bits & mask(network) }] : [];
  });
  all.sort((a, b) => a.family - b.family || compare(a.bits, b.bits) || a.prefix - b.prefix);
  const kept: Network[] = [];
  for (const network of all) {
    const last = kept.at(-1);
    if (last === undefined || !contains(last, network)) kept.push(network);
  }
  return kept;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const lengthOf = (family: Family) => (family === 4 ? 32 : 128);

function mask({ family, prefix }: Network): bigint {
  const length = BigInt(lengthOf(family));
  return ((1n << length) - 1n) ^ ((1n << (length - BigInt(prefix))) - 1n);
}

/** The mask of an IPv4 network as an address: `255.255.0.0`. */
export function maskText(network: Network): string {
  return addressText({ family: 4, bits: mask(network) });
}
