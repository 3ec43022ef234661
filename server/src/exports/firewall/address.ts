// Addresses as firewalls write them. They are printed from their bits, so that no text of the file gets through.
import { contains, type Network, parseNetwork } from '../../topology/address.ts';

export type Family = 4 | 6;
export const FAMILIES: readonly Family[] = [4, 6];

/**
 * Texts to networks: what is no address is left out, host bits are cleared, what lies in another network of
 * the list is dropped. IPv4 before IPv6, low before high.
 */
export function networksOf(texts: readonly string[]): readonly Network[] {
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

/** Whether it is one address and no network. */
export function isHost({ family, prefix }: Network): boolean {
  return prefix === lengthOf(family);
}

/** `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`; IPv6 by RFC 5952. */
export function networkText(network: Network): string {
  const address = addressText(network);
  return isHost(network) ? address : `${address}/${network.prefix}`;
}

/** Without the prefix length. */
export function addressText({ family, bits }: Network): string {
  return family === 4 ? ipv4(bits) : ipv6(bits);
}

/** The mask of an IPv4 network as an address: `255.255.0.0`. */
export function maskText(network: Network): string {
  return ipv4(mask(network));
}

function ipv4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join('.');
}

function ipv6(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((bits >> BigInt(112 - 16 * index)) & 0xffffn),
  );
  // The longest run of two zero groups or more, the first of several, becomes `::`.
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
    if (end > start) start = end;
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.length < 2) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}
