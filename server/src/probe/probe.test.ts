import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import type { Flow } from '../flows/flow.ts';
import { attemptsOf } from './attempts.ts';
import { expectations, judge, type Tried } from './judge.ts';
import { machinesOf } from './place.ts';
import { longest, runAttempts } from './run.ts';

const TEXT = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16] }, internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: sql01 } } }
servers:
  cm01: { site: PS1, zone: hq, fqdn: cm01.corp.contoso.com, addresses: [10.1.0.1, "fd00::1"], roles: { site-server: , sms-provider: , service-connection-point: } }
  mp01: { site: PS1, zone: hq, addresses: 10.1.0.2, publicAddresses: 192.0.2.5, roles: { management-point: { protocol: https, clients: both }, distribution-point: { protocol: https, clients: both } } }
  mp02: { site: PS1, zone: hq, addresses: 10.1.0.4, roles: { management-point: { protocol: https } } }
  sql01: { zone: hq, fqdn: sql01.corp.contoso.com, roles: { sql-server: { instances: { MSSQLSERVER: { port: 1433 } } } } }
clients:
  pcs: { site: PS1, zone: hq, networks: [10.1.5.0/24], installation: [client-push] }
  laptops: { site: PS1, zone: internet }
`;
const ANALYSIS = analyse(TEXT);
const { topology } = ANALYSIS;
const from = (name: string) => ANALYSIS.flows().filter((flow) => flow.from.name === name);

describe('what a probe tries', () => {
  it('is each machine and port once, whatever it is for', () => {
    for (const name of ['cm01', 'mp01', 'pcs']) {
      const { attempts } = attemptsOf(from(name), topology);
      const keys = attempts.map(({ to, port }) => `${to.name} ${port}`);
      assert.ok(keys.length > 0);
      assert.equal(new Set(keys).size, keys.length);
    }
  });

  it('leaves no flow out: what is not tried is named', () => {
    for (const name of ['cm01', 'mp01', 'sql01', 'pcs', 'laptops']) {
      const flows = from(name);
      const { attempts, unproven } = attemptsOf(flows, topology);
      const told = (flow: Flow) =>
        attempts.some((one) => one.flows.includes(flow)) ||
        unproven.some(
          ({ to, protocol, service }) =>
            to === flow.to && protocol === flow.protocol && service === flow.service,
        );
      assert.deepEqual(
        flows.filter((flow) => !told(flow)),
        [],
      );
    }
  });

  it('goes to all addresses of a machine, to its full name where it has none, and from the internet to its outer ones', () => {
    const targets = (name: string, to: string) =>
      attemptsOf(from(name), topology).attempts.find((one) => one.to.name === to)?.targets;
    assert.deepEqual(targets('mp01', 'cm01'), ['10.1.0.1', 'fd00::1']);
    assert.deepEqual(targets('cm01', 'sql01'), ['sql01.corp.contoso.com']);
    assert.deepEqual(targets('laptops', 'mp01'), ['192.0.2.5']);
    assert.deepEqual(targets('pcs', 'mp01'), ['10.1.0.2']);
  });

  it('never is a group of machines, a name on the internet, UDP or a range', () => {
    const { attempts, unproven } = attemptsOf(ANALYSIS.flows(), topology);
    assert.ok(attempts.every(({ to }) => to.kind !== 'cloud' && to.kind !== 'clients'));
    assert.ok(unproven.some(({ to }) => to.kind === 'cloud'));
    assert.ok(unproven.some(({ to }) => to.kind === 'clients'));
    assert.ok(unproven.some(({ ports }) => ports.includes('49152-65535')));
  });
});

describe('what an outcome says', () => {
  const judged = (outcome: (to: string) => Tried['outcome'], name = 'pcs') => {
    const expected = expectations(attemptsOf(from(name), topology), ANALYSIS.reach(), topology);
    return judge(expected, ({ to }) => ({ outcome: outcome(to.name) }));
  };

  it('is a failure of a choice only where no alternative opens', () => {
    const choice = judged(() => 'silent').filter(({ anyOf }) =>
      anyOf.some((one) => one.includes('management')),
    );
    assert.ok(choice.some(({ isFailure }) => isFailure));
    const one = judged((to) => (to === 'mp02' ? 'open' : 'silent'));
    const managing = one.filter(
      ({ attempt, anyOf }) =>
        attempt.to.name === 'mp01' && anyOf.some((name) => name.includes('management')) && anyOf.length === 1,
    );
    for (const { attempt, isFailure, judgement } of managing.filter(
      ({ attempt }) => attempt.port === 443 && attempt.flows.length === 1,
    ))
      assert.deepEqual([attempt.to.name, isFailure, judgement], ['mp01', false, 'not-open']);
  });

  it('is a failure of something that is needed of its own', () => {
    const all = judged(() => 'silent', 'mp01').filter(
      ({ attempt }) => attempt.to.name === 'sql01' && attempt.port === 1433,
    );
    assert.deepEqual(
      all.map(({ isFailure, judgement }) => [isFailure, judgement]),
      [[true, 'not-open']],
    );
  });

  it('is nothing where the connection was refused or not tried', () => {
    for (const outcome of ['refused', 'untried'] as const)
      assert.ok(
        judged(() => outcome).every(({ judgement, isFailure }) => judgement === 'unproven' && !isFailure),
      );
  });
});

describe('which machine a computer is', () => {
  const names = (name: string, ...addresses: readonly string[]) =>
    machinesOf({ name, addresses }, topology).machines.map((machine) => machine.name);

  it('is told by its name, short or full, before its addresses', () => {
    assert.deepEqual(names('CM01', '10.1.0.2'), ['cm01']);
    assert.deepEqual(names('cm01.corp.contoso.com'), ['cm01']);
    assert.deepEqual(names('mp01.corp.contoso.com'), ['mp01']);
    assert.deepEqual(names('cm01.other.example'), [], 'a machine of another domain');
  });

  it('is told by an address, of a server exactly and of a client group by its network', () => {
    assert.deepEqual(names('x', '127.0.0.1', '10.1.0.2'), ['mp01']);
    assert.deepEqual(names('x', 'fd00:0::1'), ['cm01']);
    assert.deepEqual(names('x', '10.1.5.20'), ['pcs']);
    assert.deepEqual(names('x', '127.0.0.1', '::1', '10.9.0.1'), []);
  });
});

describe('the pace of a probe', () => {
  const { attempts } = attemptsOf(ANALYSIS.flows(), topology);

  /** A world without time: sleeping moves its clock. */
  const world = (answer: (host: string) => Tried['outcome'], milliseconds = 3000) => {
    let clock = 0;
    let [running, most] = [0, 0];
    const starts: number[] = [];
    const wakers: { readonly at: number; readonly wake: () => void }[] = [];
    const sleep = (time: number) =>
      new Promise<void>((wake) => {
        wakers.push({ at: clock + time, wake });
        // All that runs has run once the queue of promises is empty: then the next one wakes.
        setImmediate(() => {
          const [next] = wakers.sort((a, b) => a.at - b.at).splice(0, 1);
          if (next) {
            clock = Math.max(clock, next.at);
            next.wake();
          }
        });
      });
    return {
      starts,
      most: () => most,
      now: () => clock,
      sleep,
      connect: async (host: string) => {
        starts.push(clock);
        running++;
        most = Math.max(most, running);
        await sleep(milliseconds);
        running--;
        return { outcome: answer(host) };
      },
    };
  };

  it('holds how many are open at once, and how many are begun in a second, and ends in the time that it told', async () => {
    assert.ok(attempts.length > 15, String(attempts.length));
    for (const pace of [
      { atOnce: 4, rate: 1000 },
      { atOnce: 100, rate: 10 },
    ]) {
      const own = world(() => 'silent');
      const results = await runAttempts(attempts, pace, own);
      assert.equal(results.size, attempts.length);
      assert.ok(own.most() <= pace.atOnce, `${own.most()} at once`);
      for (const [index, start] of own.starts.entries()) {
        const later = own.starts[index + pace.rate];
        if (later !== undefined) assert.ok(later - start >= 999, `${pace.rate} within ${later - start} ms`);
      }
      assert.ok(own.now() / 1000 <= longest(attempts, pace, 3), `${own.now()} ms`);
    }
  });

  it('tries the next address only where one did not open, and the best outcome counts', async () => {
    const cm01 = attempts.filter(({ to }) => to.name === 'cm01').slice(0, 1);
    const second = world((host) => (host === 'fd00::1' ? 'open' : 'silent'));
    assert.deepEqual(
      [...(await runAttempts(cm01, { atOnce: 1, rate: 100 }, second)).values()],
      [{ outcome: 'open' }],
    );
    assert.equal(second.starts.length, 2);
    const first = world(() => 'open');
    await runAttempts(cm01, { atOnce: 1, rate: 100 }, first);
    assert.equal(first.starts.length, 1);
    const refused = world((host) => (host === 'fd00::1' ? 'untried' : 'refused'));
    assert.deepEqual(
      [...(await runAttempts(cm01, { atOnce: 1, rate: 100 }, refused)).values()],
      [{ outcome: 'refused' }],
    );
  });
});
