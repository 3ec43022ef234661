import assert from 'node:assert/strict';
import { flowsOf, linesOf } from '../../../test/support/flows.ts';
import type { Edition } from '../catalog/types.ts';

const CURRENT_BRANCH: readonly Edition[] = ['2017-03', '2017-09', '2025-12'];

const SERVERS = `
sites: { PS1: { type: primary, clientPorts: { http: 8080 } } }
servers:
  cm: { site: PS1, roles: { site-server: } }
  mp: { site: PS1, roles: { management-point: } }
  dp: { site: PS1, roles: { distribution-point: { protocol: http } } }
  sup: { site: PS1, roles: { software-update-point: { ssl: true } } }
  fsp: { site: PS1, roles: { fallback-status-point: } }
  share: { roles: { file-server: } }
`;

function lines(connection: string, group: string, edition: Edition, head = ''): readonly string[] {
  return linesOf(
    `configmgr: ${edition}\n${head}${SERVERS}clients:\n  pcs: { site: PS1, ${group} }\n`,
    connection,
  );
}

for (const edition of CURRENT_BRANCH) {
  describe(`client installation, ${edition}`, () => {
    it('every method reports to the fallback status point', () => {
      assert.deepEqual(lines('deployment.all', 'installation: [group-policy]', edition), [
        'pcs > fsp tcp 8080 !',
      ]);
      assert.deepEqual(lines('deployment.all', 'count: 1', edition), []);
    });

    it('client push needs SMB, RPC and (until 2017) an echo request from the site server', () => {
      const echo = edition === '2025-12' ? [] : ['cm > pcs icmp !'];
      assert.deepEqual(lines('deployment.client-push', 'installation: [client-push]', edition), [
        ...echo,
        'cm > pcs tcp 135 !',
        'cm > pcs tcp 445 !',
        'cm > pcs tcp dynamic !',
        'cm > pcs udp 135 !',
        'pcs > mp tcp 443 !',
        'pcs > mp tcp 8080 !',
      ]);
    });

    it('the dynamic RPC ports of clients are their own, else those of their operating system, never the default of servers', () => {
      const head = 'defaults: { rpcDynamicPorts: 50000-50100, os: windows-server-2022 }\n';
      const rpc = (group: string) =>
        lines('deployment.client-push', `installation: [client-push]${group}`, edition, head).filter((line) =>
          /^cm > pcs tcp (?!135 |445 )/.test(line),
        );
      assert.deepEqual(rpc(''), ['cm > pcs tcp dynamic !']);
      assert.deepEqual(rpc(', os: windows-11'), ['cm > pcs tcp 49152-65535 !']);
      assert.deepEqual(rpc(', os: windows-xp'), ['cm > pcs tcp 1024-5000 !']);
      assert.deepEqual(rpc(', os: windows-11, rpcDynamicPorts: 51000-51500'), ['cm > pcs tcp 51000-51500 !']);
    });

    it('a software update point installs over its own ports', () => {
      assert.deepEqual(
        lines(
          'deployment.software-update-point',
          'installation: [software-update-point], source: share',
          edition,
        ),
        ['pcs > share tcp 445 !', 'pcs > sup tcp 8530 !', 'pcs > sup tcp 8531 !'],
      );
    });

    it('group policy uses the management point', () => {
      assert.deepEqual(lines('deployment.group-policy', 'installation: [group-policy]', edition), [
        'pcs > mp tcp 443 !',
        'pcs > mp tcp 8080 !',
      ]);
    });

    for (const method of ['manual', 'logon-script']) {
      it(`${method} runs from the share of the management point, or from the named share alone`, () => {
        assert.deepEqual(lines(`deployment.${method}`, `installation: [${method}]`, edition), [
          'pcs > mp tcp 443 !',
          'pcs > mp tcp 445 !',
          'pcs > mp tcp 8080 !',
        ]);
        assert.deepEqual(lines(`deployment.${method}`, `installation: [${method}], source: share`, edition), [
          'pcs > share tcp 445 !',
        ]);
      });
    }

    it('clients on the internet are installed from what serves them there, and by no machine inside', () => {
      const text = `configmgr: ${edition}
zones: { lan: {}, net: { internet: true } }
sites: { PS1: { type: primary } }
servers:
  cm: { site: PS1, zone: lan, roles: { site-server: } }
  files: { zone: lan, roles: { file-server: } }
  in: { site: PS1, zone: lan, roles: { management-point: { protocol: https } } }
  out: { site: PS1, zone: lan, roles: { management-point: { protocol: https, clients: internet } } }
clients:
  pcs: { site: PS1, zone: net, source: files, installation: [client-push, group-policy, manual, logon-script] }
`;
      const ends = flowsOf(text)
        .filter(({ connection }) => connection.startsWith('deployment.'))
        .map(({ from, to }) => `${from.name} > ${to.name}`);
      assert.deepEqual(new Set(ends), new Set(['pcs > out']));
    });

    it('what is optional installs nothing, and a choice is one of its own', () => {
      const text = `configmgr: ${edition}
sites: { PS1: { type: primary } }
servers:
  cm: { site: PS1, roles: { site-server: } }
  m1: { site: PS1, roles: { management-point: { protocol: https } } }
  m2: { site: PS1, roles: { management-point: { protocol: https } } }
boundaryGroups: { b1: { members: [pcs], servers: [m1] } }
clients:
  pcs: { site: PS1, installation: [manual] }
`;
      const flows = flowsOf(text).filter(({ connection }) => connection === 'deployment.manual');
      assert.deepEqual(new Set(flows.map(({ to }) => to.name)), new Set(['m1']));
      const all = flowsOf(text.replace(/^boundaryGroups.*$/m, '')).filter(
        ({ connection }) => connection === 'deployment.manual',
      );
      assert.deepEqual(new Set(all.map(({ to }) => to.name)), new Set(['m1', 'm2']));
      for (const { anyOf } of all) assert.match(anyOf ?? '', /^management points of pcs, for installation$/);
    });

    it('two methods that share a table each have their own set', () => {
      const group = 'installation: [manual, logon-script], source: share';
      assert.deepEqual(lines('deployment.manual', group, edition), ['pcs > share tcp 445 !']);
      assert.deepEqual(lines('deployment.logon-script', group, edition), ['pcs > share tcp 445 !']);
    });

    it('software distribution uses the distribution point', () => {
      assert.deepEqual(
        lines('deployment.software-distribution', 'installation: [software-distribution]', edition),
        ['pcs > dp tcp 445 !', 'pcs > dp tcp 8080 !'],
      );
    });

    it('the source share is a client share; one that the file does not have gives nothing', () => {
      assert.deepEqual(lines('client-shares', 'source: share', edition), ['pcs > share tcp 445 !']);
      assert.deepEqual(lines('client-shares', 'source: gone', edition), []);
    });
  });

  describe(`site systems for clients on the internet, ${edition}`, () => {
    const text = (group: string) => `configmgr: ${edition}
zones: { lan: {}, net: { internet: true } }
sites: { PS1: { type: primary } }
servers:
  cm: { site: PS1, zone: lan, roles: { site-server: } }
  inside: { site: PS1, zone: net, roles: { management-point: { protocol: https } } }
  both: { site: PS1, zone: lan, roles: { management-point: { protocol: https, clients: both } } }
  outside: { site: PS1, zone: lan, roles: { distribution-point: { protocol: https, clients: internet } } }
clients:
  pcs: { site: PS1${group} }
`;
    const to = (name: string) => [
      `cm > ${name} tcp 135 !`,
      `cm > ${name} tcp 445 !`,
      `cm > ${name} tcp dynamic !`,
      `cm > ${name} udp 135 !`,
    ];

    it('are those with `clients: internet` or `both`, wherever they and the clients are', () => {
      for (const group of ['', ', internetOnly: true']) {
        assert.deepEqual(linesOf(text(group), 'internet-clients'), [
          'both > cm tcp 445 !',
          ...to('both'),
          ...to('outside'),
          'outside > cm tcp 445 !',
        ]);
      }
    });

    it('siteServerInitiates holds there too', () => {
      const found = linesOf(
        text('').replace('outside: {', 'outside: { siteServerInitiates: true,'),
        'internet-clients',
      );
      assert.deepEqual(found, ['both > cm tcp 445 !', ...to('both'), ...to('outside')]);
    });
  });
}

describe('client installation, 2007', () => {
  it('has no client document and so no installation flows', () => {
    assert.deepEqual(lines('deployment.client-push', 'installation: [client-push]', '2007'), []);
    assert.deepEqual(lines('client-shares', 'source: share', '2007'), []);
  });
});
