import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import { zoneMatrix } from './zone-matrix.ts';

/** A hierarchy of so many zones, whose firewall lets the branch \`z1\` to the site server and no other. */
const zones = (count: number) => {
  const names = Array.from({ length: count }, (_, index) => `z${index}`);
  return `configmgr: 2403
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
${names.map((name, index) => `  ${name}: { networks: [10.${index}.0.0/16] }\n`).join('')}sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: z0, addresses: 10.0.0.1, roles: { site-server: , sms-provider: , sql-server: , management-point: } }
clients:
  a: { site: PS1, zone: z1 }
  b: { site: PS1, zone: z2 }
firewalls:
  edge:
    zones: [${names.join(', ')}]
    rules:
      - { action: allow, from: z1, to: z0 }
      - { action: allow, from: z0, to: z1 }
`;
};

describe('the table of zones', () => {
  it('says of each zone to each other whether something is needed, and whether it gets through', () => {
    const matrix = zoneMatrix(analyse(zones(14)));
    assert.ok(matrix);
    assert.deepEqual(matrix.zones.slice(0, 3), ['z0', 'z1', 'z2']);
    const at = (from: number, to: number) => matrix.cells[from]?.[to]?.traffic;
    assert.equal(at(1, 0), 'allowed');
    assert.equal(at(2, 0), 'blocked');
    assert.equal(at(2, 1), 'none');
    assert.equal(at(3, 0), 'none');
    assert.equal(matrix.cells[0]?.[0], null, 'what stays within a zone');
    assert.deepEqual(JSON.parse(JSON.stringify(matrix)), matrix, 'nothing is lost on its way to the page');
    assert.match(
      matrix.cells[2]?.[0]?.text ?? '',
      /^z2 → z0: \d+ of \d+ connections are needed and blocked$/,
    );
    assert.match(matrix.cells[1]?.[0]?.text ?? '', /^z1 → z0: \d+ connections, none of them missed$/);
    assert.equal(matrix.cells.length, 14);
    assert.ok(matrix.cells.every((row) => row.length === 14));
  });

  it('is left out where a picture shows the zones well, and where nobody could read it', () => {
    assert.equal(zoneMatrix(analyse(zones(12))), undefined);
    assert.ok(zoneMatrix(analyse(zones(13))));
    assert.equal(zoneMatrix(analyse(zones(81))), undefined);
  });
});
