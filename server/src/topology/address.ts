// IPv4 and IPv6 addresses and networks, without any runtime's network module.

export interface Network {
  readonly family: 4 | 6;
  /** The address as a number of 32 or 128 bits. */
  readonly bits: bigint;
  /** 0..32 or 0..128; the full length for a plain address. */
  readonly prefix: number;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,2})$/;
const IPV6_PART = /^[0-9a-f]{1,4}$/i;

function parseIpv4(text: string): bigint | undefined {
  const parts = IPV4.exec(text);
  if (parts === null) return undefined;
  let bits = 0;
  for (let at = 1; at <= 4; at++) {
    const part = parts[at] ?? '';
    const number = Number(part);
    if (number > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    bits = bits * 256 + number;
  }
  return BigInt(bits);
}

/** Groups of an IPv6 text half; the last may be a dotted IPv4 address where `last` is set. */
function ipv6Groups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const dotted = parseIpv4(part);
      if (dotted === undefined) return undefined;
      groups.push(Number(dotted >> 16n), Number(dotted & 0xffffn));
    } else if (IPV6_PART.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function parseIpv6(text: string): bigint | undefined {
  if (text.length > 45) return undefined;
  const gap = text.indexOf('::');
  let groups: number[];
  if (gap < 0) {
    const all = ipv6Groups(text, true);
    if (all?.length !== 8) return undefined;
    groups = all;
  } else {
    const head = ipv6Groups(text.slice(0, gap), false);
    const tail = ipv6Groups(text.slice(gap + 2), true);
    if (!head || !tail || head.length + tail.length > 7) return undefined;
    groups = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  }
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** An IPv4 or IPv6 address; undefined for anything else, prefix lengths and zone ids too. */
export function parseAddress(text: string): Network | undefined {
  const four = parseIpv4(text);
  if (four !== undefined) return { family: 4, bits: four, prefix: 32 };
  const six = text.includes(':') ? parseIpv6(text) : undefined;
  return six === undefined ? undefined : { family: 6, bits: six, prefix: 128 };
}

/**
 * An address with a prefix length, or a plain address as /32 or /128. Host bits are kept as written:
 * `10.0.0.5/24` is the network 10.0.0.0/24 for `contains`.
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return parseAddress(text);
  const address = parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (!address || !WHOLE_NUMBER.test(length) || Number(length) > address.prefix) return undefined;
  return { ...address, prefix: Number(length) };
}

/** Whether a network holds the whole of another network or address. */
export function contains(network: Network, other: Network): boolean {
  if (network.family !== other.family || other.prefix < network.prefix) return false;
  const host = BigInt((network.family === 4 ? 32 : 128) - network.prefix);
  return network.bits >> host === other.bits >> host;
}

/** Whether a text is meant as an address or network rather than as a name, valid or not. */
export function looksLikeAddress(text: string): boolean {
  return text.includes(':') || text.includes('/') || /^\d+(?:\.\d+)+$/.test(text);
}

/** Whether it is one address and no network. */
export function isHost({ family, prefix }: Network): boolean {
  return prefix === (family === 4 ? 32 : 128);
}

/** `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`; IPv6 by RFC 5952. */
export function networkText(network: Network): string {
  const address = addressText(network);
  return isHost(network) ? address : `${address}/${network.prefix}`;
}

/** Without the prefix length. */
export function addressText({ family, bits }: Pick<Network, 'family' | 'bits'>): string {
  return family === 4 ? ipv4(bits) : ipv6(bits);
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
