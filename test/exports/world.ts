// Random hierarchies in which every machine has an address, and the addresses that rules about them could tell apart.
import assert from 'node:assert/strict';
import { addressText, contains, parseAddress, parseNetwork } from '../../server/src/topology/address.ts';
import type { RawTopology } from '../flows/reference.ts';

export interface World {
  readonly text: string;
  /** Networks and addresses that are not on the internet. */
  readonly inside: readonly string[];
  /** One of each kind that a rule could tell apart. */
  readonly addresses: readonly string[];
}

/** Gives every machine addresses in its zone, of which some are shared, and some groups a part of their zone. */
export function world(raw: RawTopology): World {
  const plain = JSON.parse(JSON.stringify(raw));
  plain.defaults = { ...plain.defaults, rpcDynamicPorts: '49152-65535' };
  const zones = Object.keys(plain.zones);
  const inside = zones.flatMap((name) =>
    plain.zones[name].internet ? [] : (plain.zones[name].networks ?? []),
  );
  const addresses = new Set(['198.51.100.7', '203.0.113.200', '2001:db8::7', '11.0.0.0', '9.255.255.255']);
  for (const [index, name] of zones.entries())
    if (!plain.zones[name].internet)
      for (const one of [`10.${index}.0.200`, `10.${index}.77.1`, `fd00:${index}::99`]) addresses.add(one);
  for (const [index, name] of Object.keys(plain.servers).entries()) {
    const server = plain.servers[name];
    const zone = server.zone ?? plain.defaults.zone;
    const isOutside = plain.zones[zone]?.internet === true;
    const at = isOutside ? '203.0.113' : `10.${Math.max(zones.indexOf(zone), 0)}.0`;
    server.addresses = [`${at}.${(index % 6) + 1}`];
    if (index % 2 === 0 && !isOutside)
      server.addresses.push(`fd00:${Math.max(zones.indexOf(zone), 0)}::${index + 1}`);
    for (const one of server.addresses) addresses.add(one);
    if (!isOutside) inside.push(...server.addresses);
  }
  for (const [index, group] of Object.values<{ zone?: string | string[]; networks?: string[] }>(
    plain.clients,
  ).entries()) {
    const zone = [group.zone ?? []].flat();
    const place = zones.indexOf(zone[0] ?? '');
    if (index % 2 === 0 && zone.length === 1 && place >= 0 && !plain.zones[zone[0] ?? ''].internet)
      group.networks = [`10.${place}.0.0/24`];
    if (!(zone.length > 0 && zone.every((name) => plain.zones[name]?.internet)))
      inside.push(...(group.networks ?? []));
  }
  for (const { listener } of Object.values<{ listener?: { addresses: string[] } }>(plain.availabilityGroups))
    for (const one of listener?.addresses ?? []) {
      addresses.add(one);
      inside.push(one);
    }
  const shown = [...addresses].map((one) => addressText(parseAddress(one) ?? assert.fail(one)));
  return { text: JSON.stringify(plain), inside, addresses: [...new Set(shown)] };
}

export const isIn = (networks: readonly string[], address: string) =>
  networks.some((text) =>
    contains(parseNetwork(text) ?? assert.fail(text), parseAddress(address) ?? assert.fail(address)),
  );
