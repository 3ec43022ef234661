// Networks of boundaries and zones.
import { type AddressRange, addressRange, networksIn, widthOf } from '../reach/addresses.ts';
import { contains, type Network, networkText, parseAddress, parseNetwork } from '../topology/address.ts';
import type { DraftZone } from './draft.ts';
import type { BoundaryFact } from './facts.ts';

/** The networks of a boundary; undefined where they cannot be told. */
export function networksOfBoundary({ type, value }: BoundaryFact): readonly string[] | undefined {
  switch (type) {
    case 'range': {
      const [low, high, ...more] = value.split('-').map((part) => parseAddress(part.trim()));
      if (!low || !high || more.length > 0 || low.family !== high.family || low.bits > high.bits)
        return undefined;
      return fewestNetworks({ family: low.family, low: low.bits, high: high.bits });
    }
    case 'ipv6-prefix': {
      // A prefix without a length is that of one link, /64.
      const text = value.includes('/') ? value : `${value.endsWith(':') ? value : `${value}::`}/64`;
      const network = parseNetwork(text.replace(/:{3,}/, '::'));
      return network?.family === 6 ? [networkText(clean(network))] : undefined;
    }
    case 'subnet': {
      const network = value.includes('/') ? parseNetwork(value) : undefined;
      return network ? [networkText(clean(network))] : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * The fewest networks that hold a range: people write 10.1.0.1-10.1.0.254 for a network, so its first and its last
 * address are counted in where that makes it fewer.
 */
function fewestNetworks(range: AddressRange): readonly string[] {
  const last = (1n << BigInt(widthOf(range.family))) - 1n;
  const lows = range.low > 0n ? [range.low, range.low - 1n] : [range.low];
  const highs = range.high < last ? [range.high, range.high + 1n] : [range.high];
  let best: readonly Network[] | undefined;
  for (const low of lows)
    for (const high of highs) {
      const networks = networksIn({ ...range, low, high });
      if (best === undefined || networks.length < best.length) best = networks;
    }
  return (best ?? []).map(networkText);
}

function clean(network: Network): Network {
  return { ...network, bits: addressRange(network).low };
}

/** The zone whose network holds an address or network; of several the narrowest. */
export function zoneAt(text: string, zones: readonly DraftZone[]): string | undefined {
  const wanted = parseNetwork(text);
  if (!wanted) return undefined;
  let best: { readonly name: string; readonly prefix: number } | undefined;
  for (const { name, networks } of zones)
    for (const network of networks.map(parseNetwork))
      if (network && contains(network, wanted) && (best === undefined || network.prefix > best.prefix))
        best = { name, prefix: network.prefix };
  return best?.name;
}
