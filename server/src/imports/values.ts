// Looks into values of which nobody knows the shape.
import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/numbers.ts';
import { cut, visible } from '../print/escape.ts';
import { type AddressRange, addressRange } from '../reach/addresses.ts';
import { ALL_PORTS, type PortSet, parsePorts, portSet } from '../reach/ports.ts';
import { parseAddress, parseNetwork } from '../topology/address.ts';

/** A JSON object; its keys are compared without regard to case. */
export type JsonFields = ReadonlyMap<string, unknown>;

/** The fields of an object; undefined for anything else. Of keys that differ only in case, the first counts. */
export function fieldsOf(value: unknown): JsonFields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Map<string, unknown>();
  for (const [key, field] of Object.entries(value)) {
    const name = key.toLowerCase();
    if (!fields.has(name)) fields.set(name, field);
  }
  return fields;
}

/** A list; what PowerShell 5.1 makes of one (`{ "value": [...], "Count": 2 }`) too. Undefined for anything else. */
export function plainListOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const fields = fieldsOf(value);
  const inner = fields?.get('value');
  return Array.isArray(inner) && fields?.has('count') ? inner : undefined;
}

/** A string, or a number or boolean as one; undefined for anything else. */
export function plainTextOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A value for a message: short, on one line, nothing hidden. */
export function shownValue(value: unknown): string {
  const text = plainTextOf(value);
  if (text !== undefined) return `'${cut(visible(text), 60)}'`;
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** The source's word for an option such as `--map WORD=NAME`; the placeholder where a shell might not take it as it is. */
export function optionWord(text: string, placeholder: string): string {
  return /^[\w.-]{1,80}$/.test(text) ? text : placeholder;
}

const MASK_BITS = new Map(
  Array.from({ length: 33 }, (_, prefix) => [(1n << 32n) - (1n << BigInt(32 - prefix)), prefix]),
);

/** An address, a network (`10.0.0.0/8`, `10.0.0.0/255.0.0.0`) or a range (`10.0.0.1-10.0.0.9`). */
export function addressesIn(text: string): AddressRange | undefined {
  const trimmed = text.trim();
  const network = parseNetwork(trimmed);
  if (network) return addressRange(network);
  const slash = trimmed.indexOf('/');
  if (slash > 0) {
    const address = parseAddress(trimmed.slice(0, slash));
    const mask = parseAddress(trimmed.slice(slash + 1));
    const prefix = mask?.family === 4 ? MASK_BITS.get(mask.bits) : undefined;
    return address?.family === 4 && prefix !== undefined ? addressRange({ ...address, prefix }) : undefined;
  }
  const dash = trimmed.indexOf('-');
  if (dash < 0) return undefined;
  const low = parseAddress(trimmed.slice(0, dash).trim());
  const high = parseAddress(trimmed.slice(dash + 1).trim());
  if (!low || !high || low.family !== high.family || low.bits > high.bits) return undefined;
  return { family: low.family, low: low.bits, high: high.bits };
}

/** A mask stands for at most so many networks. */
const MOST_MASKED = 256;

/**
 * The addresses of IPv4 that have the bits of one where the mask has ones, also where these are not the first ones
 * (`10.0.0.5` with `255.255.0.255`). Undefined where it is no address, or they would be too many networks.
 */
export function maskedRanges(text: string, maskText: string): readonly AddressRange[] | undefined {
  const [address, mask] = [parseAddress(text), parseAddress(maskText)];
  if (address?.family !== 4 || mask?.family !== 4) return undefined;
  let bit = 0n;
  while (bit < 32n && !((mask.bits >> bit) & 1n)) bit++;
  const size = 1n << bit;
  let lows = [address.bits & mask.bits];
  for (; bit < 32n; bit++) {
    if ((mask.bits >> bit) & 1n) continue;
    if (lows.length * 2 > MOST_MASKED) return undefined;
    lows = lows.flatMap((low) => [low, low | (1n << bit)]);
  }
  return lows.map((low) => ({ family: 4, low, high: low + size - 1n }));
}

/** A port or range of ports, `0` left out: no connection has it. Undefined for anything else. */
export function portsIn(text: string): PortSet | undefined {
  const range = parsePorts(
    text
      .split('-')
      .map((part) => part.trim())
      .join('-'),
  );
  if (!range || range.high > HIGHEST_PORT || range.low > range.high) return undefined;
  return portSet([{ low: Math.max(range.low, LOWEST_PORT), high: range.high }]);
}

/** Whether it has every port that there is. */
export function isAllPorts(set: PortSet): boolean {
  return set.length === 1 && set[0]?.low === ALL_PORTS[0]?.low && set[0]?.high === ALL_PORTS[0]?.high;
}
