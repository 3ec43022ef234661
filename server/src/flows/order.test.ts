import assert from 'node:assert/strict';
import { flowLine } from '../../../test/support/flows.ts';
import { type Endpoint, type Flow, zonesHeld } from './flow.ts';
import { inOrder } from './order.ts';

const endpoint = (name: string, kind: Endpoint['kind'] = 'server'): Endpoint => ({
  name,
  kind,
  zone: undefined,
});

/** Puts flows between two machines into an order, given as `PROTOCOL PORTS CONNECTION`. */
function sorted(...rows: readonly string[]): readonly Flow[] {
  const [from, to] = [endpoint('a'), endpoint('b')];
  const found = rows.map((row): Flow => {
    const [protocol = 'tcp', ports = '', connection = 'x', anchor = 'X'] = row.split(' ');
    return {
      from,
      to,
      protocol: protocol === 'udp' || protocol === 'icmp' ? protocol : 'tcp',
      ports: ports === '-' ? [] : ports.split(','),
      service: 'S',
      connection,
      phase: 'operation',
      sources: [{ edition: '2017-09', document: 'ports', anchor }],
    };
  });
  return inOrder(found).flows;
}

describe('the order of flows', () => {
  it('goes by port numbers, not by their digits, with unknown ports last', () => {
    const ports = sorted(
      'tcp 1433',
      'tcp dynamic',
      'tcp 135',
      'tcp 49152-65535',
      'tcp 80,8080',
      'tcp 80',
    ).map((flow) => flow.ports.join());
    assert.deepEqual(ports, ['80', '80,8080', '135', '1433', '49152-65535', 'dynamic']);
  });

  it('puts fewer ports before more, and what is needed before what is optional', () => {
    assert.deepEqual(
      sorted('tcp 80,443 a', 'tcp 80 a', 'tcp 80,90 a', 'tcp 80,443,8080 a').map(({ ports }) => ports.join()),
      ['80', '80,90', '80,443', '80,443,8080'],
    );
    const [a, b] = [endpoint('a'), endpoint('b')];
    const [plain = assert.fail()] = sorted('tcp 80 x S1');
    const found = ([true, undefined, true] as const).map((optional) => ({
      ...plain,
      from: a,
      to: b,
      optional,
    }));
    assert.deepEqual(
      inOrder(found).flows.map(({ optional }) => optional),
      [undefined, true],
    );
  });

  it('puts protocols first and connections last', () => {
    const found = sorted('udp 9 a', 'tcp 9 b', 'tcp 9 a', 'icmp - z').map(
      (flow) => `${flow.protocol} ${flow.connection}`,
    );
    assert.deepEqual(found, ['icmp z', 'tcp a', 'tcp b', 'udp a']);
  });

  it('compares names by code units, the same in every language', () => {
    const to = endpoint('z');
    const found = ['b', 'ä', 'B', 'a-1', 'a1'].flatMap((name) =>
      sorted('tcp 1').map((flow) => ({ ...flow, from: endpoint(name), to })),
    );
    assert.deepEqual(
      inOrder(found).flows.map(({ from }) => from.name),
      ['B', 'a-1', 'a1', 'b', 'ä'],
    );
  });
});

describe('the same flow from several sections', () => {
  it('occurs once and names each section once', () => {
    const found = sorted('tcp 80 a S1', 'tcp 80 a S2', 'tcp 80 a S1', 'tcp 80 b S3');
    assert.deepEqual(found.map(flowLine), ['a > b tcp 80', 'a > b tcp 80']);
    assert.deepEqual(
      found.map(({ sources }) => sources.map(({ anchor }) => anchor)),
      [['S1', 'S2'], ['S3']],
    );
  });

  it('names sections of two documents that have one anchor both', () => {
    const [a, b] = [endpoint('a'), endpoint('b')];
    const [plain = assert.fail()] = sorted('tcp 80 x S1');
    const found = ['ports', 'clients', 'ports'].flatMap((document) =>
      (['2017-09', '2025-12'] as const).map(
        (edition): Flow => ({ ...plain, from: a, to: b, sources: [{ edition, document, anchor: 'S1' }] }),
      ),
    );
    const [flow = assert.fail(), ...more] = inOrder(found).flows;
    assert.deepEqual(more, []);
    assert.deepEqual(
      flow.sources.map(({ edition, document }) => `${edition} ${document}`),
      ['2017-09 ports', '2025-12 ports', '2017-09 clients', '2025-12 clients'],
    );
  });
});

describe('the zones in which a flow holds', () => {
  const group: Endpoint = { name: 'pcs', kind: 'clients', zone: 'a', zones: ['a', 'b'] };

  it('are those of the endpoint that it names, and all where it names only zones of the other end', () => {
    assert.deepEqual(zonesHeld(group, undefined), ['a', 'b']);
    assert.deepEqual(zonesHeld(group, ['B']), ['b']);
    assert.deepEqual(zonesHeld(group, ['elsewhere']), ['a', 'b']);
  });
});

describe('the same flow from several zones', () => {
  const zonesOf = (...zones: readonly (readonly string[] | undefined)[]) => {
    const [a, b] = [endpoint('a', 'clients'), endpoint('b')];
    const [plain = assert.fail()] = sorted('tcp 80 x S1');
    const found = zones.map((one) => ({ ...plain, from: a, to: b, zones: one }));
    const [flow = assert.fail(), ...more] = inOrder(found).flows;
    assert.deepEqual(more, []);
    return flow.zones;
  };

  it('holds in each of them, once', () => {
    assert.deepEqual(zonesOf(['hq'], ['lab', 'hq']), ['hq', 'lab']);
    assert.deepEqual(zonesOf(['hq'], ['hq']), ['hq']);
  });

  it('holds in all of them where it does from one section', () => {
    assert.equal(zonesOf(['hq'], undefined), undefined);
    assert.equal(zonesOf(undefined, ['hq']), undefined);
    assert.equal(zonesOf(undefined, undefined), undefined);
  });
});
