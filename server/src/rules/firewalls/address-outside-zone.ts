import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { addressesOutsideZone } from '../../reach/address-outside-zone.ts';
import { networksOf } from '../../reach/addresses.ts';
import { contains } from '../../topology/address.ts';
import { effectiveZone } from '../../topology/effective.ts';
import type { Server } from '../../topology/model.ts';
import { isRead } from '../certainty.ts';
import { fromServers } from '../remembered.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';

const outsideZone = fromServers((server, { topology }) =>
  addressesOutsideZone(server, topology).length > 0 ? [server] : [],
);

function* checkServer(server: Server, context: RuleContext): Iterable<Report> {
  const { topology, tree } = context;
  const zone = effectiveZone(server, topology);
  const outside = addressesOutsideZone(server, topology);
  const [first] = outside;
  if (!zone || !first || server.damaged || !isRead(context, zone)) return;
  const all = networksOf(server.addresses);
  const others = [...topology.zones.values()].filter((other) => {
    const networks = networksOf(other.networks);
    return other !== zone && all.every((address) => networks.some((network) => contains(network, address)));
  });
  const other = others.length === 1 ? others[0] : undefined;
  const addresses = listed(outside.map(({ value }) => value));
  const networks = listed(zone.networks.map(({ value }) => value));
  yield {
    span: first.span,
    message: other
      ? t(
          outside.length === 1
            ? '{0} of {1} is in no network of its zone {2} ({3}), but in zone {4}: correct the address, the zone or its networks'
            : '{0} of {1} are in no network of its zone {2} ({3}), but in zone {4}: correct the address, the zone or its networks',
          addresses,
          server.name,
          zone.name,
          networks,
          other.name,
        )
      : t(
          outside.length === 1
            ? '{0} of {1} is in no network of its zone {2} ({3}): correct the address, the zone or its networks'
            : '{0} of {1} are in no network of its zone {2} ({3}): correct the address, the zone or its networks',
          addresses,
          server.name,
          zone.name,
          networks,
        ),
    related: [{ message: t('Zone {0}', zone.name), span: zone.key.span }],
    fixes: other
      ? [
          {
            title: t('Set zone to {0}', other.name),
            safe: false,
            edits: setKey(tree, server, 'zone', other.name),
          },
        ]
      : [],
  };
}

const file = (address: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [${address}] # static
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
clients:
  desktops: { site: PS1, zone: branch }
`;

export const addressOutsideZone: Rule = {
  code: 'address-outside-zone',
  severity: 'warning',
  summary: 'A server has an address that is in none of the networks of its zone.',
  reason: 'Zone and address say two different things about which firewalls protect the server.',
  explanation: `The zone of a server decides which firewalls are between it and others, and its addresses decide which rules match it. Where the address is in none of the zone's networks, one of the two is wrong, and so is what follows from it: until that is settled, the server's traffic is not checked against firewalls.

Correct the address or the zone, or add the network to the zone. A zone without networks of the address's family (IPv4 or IPv6) takes every address.`,
  source: { document: 'format', section: 'serversname' },
  bad: [
    { title: 'A mistyped address', text: file('10.110.0.10') },
    { title: 'An address of another zone', text: file('10.20.0.10') },
  ],
  good: [{ title: 'An address of the zone', text: file('10.10.0.10') }],
  *check(context) {
    for (const server of outsideZone(context)) yield* checkServer(server, context);
  },
};
