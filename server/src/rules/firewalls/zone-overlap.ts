import { t } from '../../l10n.ts';
import { type AddressRange, addressRange } from '../../reach/addresses.ts';
import { parseNetwork } from '../../topology/address.ts';
import type { Written, Zone } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

interface ZoneNetwork {
  readonly zone: Zone;
  readonly network: Written<string>;
  readonly range: AddressRange;
  /** Its position in the file: the later of two is the one to change. */
  readonly order: number;
}

function placesIn({ topology }: RuleContext): readonly ZoneNetwork[] {
  const written = [...topology.zones.values()].flatMap((zone) =>
    zone.networks.map((network) => ({ zone, network })),
  );
  return written.flatMap(({ zone, network }, order) => {
    const parsed = parseNetwork(network.value);
    return parsed ? [{ zone, network, range: addressRange(parsed), order }] : [];
  });
}

/** For each network the first one of another zone that shares addresses with it and is above it in the file. */
function overlaps(places: readonly ZoneNetwork[]): ReadonlyMap<ZoneNetwork, ZoneNetwork> {
  const sorted = [...places].sort(
    (a, b) =>
      a.range.family - b.range.family || (a.range.low < b.range.low ? -1 : a.range.low > b.range.low ? 1 : 0),
  );
  const found = new Map<ZoneNetwork, ZoneNetwork>();
  let open: ZoneNetwork[] = [];
  for (const place of sorted) {
    open = open.filter(({ range }) => range.family === place.range.family && range.high >= place.range.low);
    for (const other of open) {
      if (other.zone === place.zone) continue;
      const [first, later] = other.order < place.order ? [other, place] : [place, other];
      const known = found.get(later);
      if (!known || first.order < known.order) found.set(later, first);
    }
    open.push(place);
  }
  return found;
}

const file = (branch: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [${branch}] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
clients:
  desktops: { site: PS1, zone: branch }
`;

export const zoneOverlap: Rule = {
  code: 'zone-overlap',
  severity: 'warning',
  summary: 'The networks of two zones share addresses.',
  reason: 'An address in two zones is on both sides of the firewall between them.',
  explanation: `No firewall divides a zone, and its networks say which addresses are in it. Where two zones share addresses, a firewall rule for the one matches machines of the other, and an address does not tell which firewalls protect it.

Give each address to one zone: split the larger network, or correct the prefix length.`,
  source: { document: 'format', section: 'zonesname' },
  bad: [{ title: 'One network inside the other', text: file('10.10.128.0/20') }],
  good: [{ title: 'Networks side by side', text: file('10.11.0.0/16, 10.12.0.0/16') }],
  *check(context) {
    const reports = [...overlaps(placesIn(context))]
      .sort(([a], [b]) => a.order - b.order)
      .map(
        ([{ zone, network }, other]): Report => ({
          span: network.span,
          message: t(
            'Network {0} of zone {1} overlaps {2} of zone {3}: give each address to one zone',
            network.value,
            zone.name,
            other.network.value,
            other.zone.name,
          ),
          related: [{ message: t('Zone {0}', other.zone.name), span: other.network.span }],
        }),
      );
    yield* reports;
  },
};
