// The topology format and the port catalog describe the same product: where both name a role, an option's default
// or an edition, they must say the same.
import assert from 'node:assert/strict';
import {
  catalogOf,
  DYNAMIC_RANGES,
  EDITIONS,
  type Edition,
  type PortRow,
  rangeText,
} from '../server/src/catalog/index.ts';
import {
  DEFAULT_SERVICE_BROKER_PORT,
  DEFAULT_SQL_PORT,
  defaultRpcRange,
} from '../server/src/topology/effective.ts';
import { inEdition, ROLES, roleDefault, roleInfo, shapeAt } from '../server/src/topology/format.ts';

/** Parties of the catalog that are no roles of the format. */
const PARTIES = [
  'azure',
  'client',
  'cloud-distribution-point',
  'cloud-management-gateway',
  'exchange-online',
  'internet',
  'mac',
  'microsoft',
  'microsoft-intune',
  'mobile-device',
];

function rows(edition: Edition): readonly (PortRow & { readonly role: string })[] {
  return catalogOf(edition).connections.flatMap(({ to, ports }) =>
    ports.map((row) => ({ ...row, role: to })),
  );
}

describe('the format and the catalog', () => {
  it('know each role of the catalog in its editions', () => {
    for (const edition of EDITIONS) {
      for (const { from, to } of catalogOf(edition).connections) {
        for (const role of [from, to]) {
          if (PARTIES.includes(role)) continue;
          const info = roleInfo(role);
          assert.ok(info, role);
          assert.ok(inEdition(info, edition), `${role} in ${edition}`);
        }
      }
    }
  });

  it('offer a role in the editions whose list knows it, and in no other', () => {
    for (const role of ROLES.filter(({ belongsToSite }) => belongsToSite)) {
      for (const edition of EDITIONS) {
        const { connections } = catalogOf(edition);
        const known = connections.some(({ from, to }) => from === role.name || to === role.name);
        assert.equal(inEdition(role, edition), known, `${role.name} in ${edition}`);
      }
    }
  });

  it('give a role the default ports of the documents', () => {
    for (const edition of EDITIONS) {
      for (const { setting, role, udp, tcp, choice, alternate } of rows(edition)) {
        // Older lists have 443 and 80 from the gateway's connection point to WSUS, 'by its configuration'.
        if (role === 'software-update-point' && !alternate) continue;
        if (setting !== 'httpPort' && setting !== 'httpsPort' && setting !== 'multicastPorts') continue;
        const value = roleDefault(role, setting);
        // 2007's reporting point has no port option: the documented port holds.
        if (value === undefined) continue;
        const text =
          typeof value === 'object' && 'low' in value ? `${value.low}-${value.high}` : String(value);
        assert.ok([...udp, ...tcp].includes(text), `${role} ${setting} ${text}`);
        assert.equal(choice, tcp.length > 1, role);
      }
    }
  });

  it('give a site the default client ports of the documents', () => {
    for (const edition of EDITIONS) {
      for (const { setting, udp, tcp } of rows(edition)) {
        if (setting === undefined || !/^(clientPorts|wakeOnLan|wakeUpProxy)\./.test(setting)) continue;
        const place = shapeAt(['sites', 'PS1', ...setting.split('.')]);
        const value = place?.key?.default ?? place?.key?.defaultText;
        assert.deepEqual([...udp, ...tcp], [String(value)], `${edition} ${setting}`);
      }
    }
  });

  it('give SQL Server the default ports of the documents', () => {
    for (const edition of EDITIONS) {
      for (const { setting, tcp } of rows(edition)) {
        if (setting === 'instances.port') assert.deepEqual(tcp, [String(DEFAULT_SQL_PORT)]);
        if (setting === 'instances.serviceBrokerPort')
          assert.deepEqual(tcp, [String(DEFAULT_SERVICE_BROKER_PORT)]);
      }
    }
  });

  it('give an operating system the dynamic range of the documents', () => {
    const text = (os: string) => {
      const range = defaultRpcRange(os);
      return range && `${range.low}-${range.high}`;
    };
    assert.equal(text('windows-server-2003'), rangeText(DYNAMIC_RANGES.older));
    assert.equal(text('windows-server-2022'), rangeText(DYNAMIC_RANGES.newer));
  });
});
