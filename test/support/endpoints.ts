// The machines of a small world as the product has them.
import assert from 'node:assert/strict';
import type { Endpoint } from '../../server/src/flows/flow.ts';
import { parseText } from '../../server/src/text/parse.ts';
import { readTopology } from '../../server/src/topology/read.ts';
import { addressText, type World } from './packets.ts';

/** Reads a world's text, and gives the end of a flow for each of its machines. */
export function endpointsOf(text: string, { listener }: World) {
  const topology = readTopology(parseText(text));
  assert.deepEqual(topology.problems, [], text);
  const endpoints = new Map<string, Endpoint>();
  for (const server of topology.servers.values()) {
    const zone = server.zone?.value;
    endpoints.set(server.name, {
      name: server.name,
      kind: 'server',
      server,
      zone,
      zones: zone ? [zone] : [],
    });
  }
  for (const clients of topology.clients.values()) {
    const zones = clients.zones.map(({ value }) => value);
    endpoints.set(clients.name, {
      name: clients.name,
      kind: 'clients',
      clients,
      zone: zones.length === 1 ? zones[0] : undefined,
      zones,
    });
  }
  const zone = `z${listener.zone}`;
  const addresses = listener.addresses.map(addressText);
  endpoints.set('l0', { name: 'l0', kind: 'listener', addresses, zone, zones: [zone] });
  return { topology, endpoints };
}
