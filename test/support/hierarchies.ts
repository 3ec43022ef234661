// Hierarchies for the tests of what is exported for firewalls.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';

/** The example, without its firewalls. */
export const EXAMPLE = readFileSync('examples/hierarchy.topology.yaml', 'utf8').replace(
  /^firewalls:\n(?:[ #].*\n|\n)*/m,
  '',
);

const octet = fc.integer({ min: 1, max: 250 });
/** Small hierarchies in three zones whose machines have one address, two, or one of each family. */
export const hierarchies: fc.Arbitrary<string> = fc
  .record({
    addresses: fc.uniqueArray(octet, { minLength: 4, maxLength: 4 }),
    zones: fc.tuple(...[0, 1, 2, 3].map(() => fc.constantFrom('hq', 'branch', 'dmz'))),
    six: fc.boolean(),
    two: fc.boolean(),
    ssl: fc.boolean(),
  })
  .map(({ addresses, zones, six, two, ssl }) => {
    const nets = { hq: 1, branch: 2, dmz: 3 };
    const at = (index: number) => {
      const zone = zones[index] ?? 'hq';
      const own = [`10.${nets[zone]}.0.${addresses[index]}`];
      if (two && index === 1) own.push(`10.${nets[zone]}.1.${addresses[index]}`);
      if (six) own.push(`"2001:db8:${nets[zone]}::${addresses[index]}"`);
      return `zone: ${zone}, addresses: [${own.join(', ')}]`;
    };
    return `configmgr: 2025-12
defaults: { rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16, "2001:db8:1::/48"] }
  branch: { networks: [10.2.0.0/16, "2001:db8:2::/48"] }
  dmz: { networks: [10.3.0.0/16, "2001:db8:3::/48"] }
sites: { PS1: { type: primary, database: { server: sql01 } } }
servers:
  cm01: { site: PS1, ${at(0)}, roles: { site-server: , sms-provider: } }
  sql01: { ${at(1)}, roles: { sql-server: } }
  mp01: { site: PS1, ${at(2)}, roles: { management-point: , distribution-point: , software-update-point: { ssl: ${ssl} } } }
  dc01: { ${at(3)}, roles: { domain-controller: } }
clients:
  pcs: { site: PS1, zone: branch, networks: [10.2.64.0/18], installation: [client-push] }
`;
  });
