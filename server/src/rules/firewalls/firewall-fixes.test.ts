// What every fix of the rules about firewalls promises, on networks with any zones, rules, ends, ports and order.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { showFindings } from '../../../../test/support/rules.ts';
import { withComments, withCrlf } from '../../../../test/support/variants.ts';
import { type Analysis, analyse } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';
import { difference, formatPorts, isEmpty, NO_PORTS, type PortSet, union } from '../../reach/ports.ts';
import { ECHO } from '../../reach/rule-ports.ts';
import type { Finding } from '../rule.ts';

/** Files for each property; more to look for rare faults. */
const RUNS = Number(process.env.CMTOPO_FIX_RUNS ?? 80);

/** The rules whose fixes add, remove or narrow a rule of a firewall. */
const CODES: ReadonlySet<string> = new Set([
  'firewall-blocked',
  'firewall-rpc-incomplete',
  'firewall-unused-rule',
  'firewall-shadowed-rule',
  'firewall-broad-rule',
  'wsus-http-blocked',
  'client-push-blocked',
  'wake-up-proxy-icmp',
]);

// --- Networks --------------------------------------------------------------------------------

const ZONES = ['hq', 'data', 'branch', 'dmz'];
const numberOf = (zone: string) => ZONES.indexOf(zone) + 1;
const SERVERS = ['cm01', 'sql01', 'mp01', 'sup01', 'dp01', 'files01'];
const ENDS = [
  'any',
  ...ZONES,
  ...SERVERS,
  'desktops',
  'laptops',
  '10.0.0.0/8',
  ...ZONES.flatMap((_, index) => [
    `10.${index + 1}.0.0/16`,
    `10.${index + 1}.64.0/18`,
    `10.${index + 1}.64.0/20`,
    `10.${index + 1}.0.0/24`,
    `10.${index + 1}.0.1`,
  ]),
];
const PORTS = [
  '80',
  '443',
  '135',
  '445',
  '1433',
  '4022',
  '8530',
  '8531',
  '8005',
  '10123',
  '2701',
  '3389',
  '69',
];
const RANGES = ['1-1024', '49152-65535', '50000-50255', '1-65535', '8530-8531', '400-500', '67-69'];

const zone = fc.constantFrom(...ZONES);
const some = <T>(of: readonly T[], minLength: number, maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...of), { minLength, maxLength });
const listed = (items: readonly string[]) => (items.length === 1 ? items[0] : `[${items.join(', ')}]`);
/** One way of several to write a list of one. */
const ends = fc
  .oneof({ weight: 5, arbitrary: some(ENDS, 1, 3) }, { weight: 1, arbitrary: fc.constant(['any']) })
  .map(listed);
const ports = fc.oneof(
  { weight: 6, arbitrary: some([...PORTS, ...RANGES], 1, 4).map(listed) },
  { weight: 1, arbitrary: fc.constant('any') },
);
const rule = fc
  .record({
    action: fc.constantFrom('allow', 'allow', 'allow', 'deny'),
    from: ends,
    to: ends,
    tcp: fc.option(ports, { freq: 4, nil: undefined }),
    udp: fc.option(ports, { freq: 1, nil: undefined }),
    icmp: fc.option(fc.boolean(), { freq: 1, nil: undefined }),
    block: fc.boolean(),
  })
  .map(({ block, ...keys }) => {
    const pairs = Object.entries(keys).filter(([, value]) => value !== undefined);
    return block
      ? `      - ${pairs.map(([key, value]) => `${key}: ${value}`).join('\n        ')}`
      : `      - { ${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
  });

const network = fc
  .record({
    places: fc.tuple(zone, zone, zone, zone, zone, zone),
    clients: fc.tuple(zone, zone),
    addresses: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    own: fc.tuple(fc.boolean(), fc.boolean()),
    push: fc.boolean(),
    wake: fc.constantFrom(undefined, undefined, ...ZONES),
    ssl: fc.constantFrom(true, true, false),
    pxe: fc.boolean(),
    narrowRpc: fc.boolean(),
    firewalls: fc.array(fc.record({ zones: some(ZONES, 2, 4), rules: fc.array(rule, { maxLength: 8 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ places, clients, addresses, own, push, wake, ssl, pxe, narrowRpc, firewalls }) => {
    const roles = [
      'site-server: , sms-provider: ',
      'sql-server: ',
      'management-point: { protocol: https }',
      `software-update-point: { ssl: ${ssl}, upstream: microsoft-update }`,
      `distribution-point: { protocol: https, pxe: ${pxe} }`,
      'file-server: ',
    ];
    const servers = SERVERS.map((name, index) => {
      const at = places[index] ?? 'hq';
      const address = addresses[index] ? `, addresses: [10.${numberOf(at)}.0.${index + 1}]` : '';
      const site = index === 1 || index === 5 ? '' : ', site: PS1';
      return `  ${name}: { zone: ${at}${site}${address}, roles: { ${roles[index]} } }`;
    });
    const groups = ['desktops', 'laptops'].map((name, index) => {
      const at = clients[index] ?? 'branch';
      const networks = own[index] ? `, networks: [10.${numberOf(at)}.${64 + index * 16}.0/20]` : '';
      if (index === 1 && wake !== undefined && wake !== at)
        return `  ${name}: { site: PS1, zone: ${at}, networks: [10.${numberOf(at)}.80.0/20, 10.${numberOf(wake)}.80.0/20], features: [wake-up-proxy] }`;
      const installation = push && index === 0 ? ', installation: [client-push]' : '';
      return `  ${name}: { site: PS1, zone: ${at}${networks}${installation} }`;
    });
    const walls = firewalls.map(
      ({ zones, rules }, index) =>
        `  wall${index}:\n    zones: [${zones.join(', ')}]\n    rules:${rules.length === 0 ? ' []' : `\n${rules.join('\n')}`}`,
    );
    return `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: ${narrowRpc ? '50000-50255' : '49152-65535'} }
zones:
${ZONES.map((name) => `  ${name}: { networks: [10.${numberOf(name)}.0.0/16] }`).join('\n')}
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
${servers.join('\n')}
clients:
${groups.join('\n')}
firewalls:
${walls.join('\n')}
`;
  });

/** In any layout, and with some of its findings mended, so that most rules are of use, and ports lost again. */
const file = fc
  .tuple(
    network,
    fc.nat({ max: 40 }),
    fc.boolean(),
    fc.boolean(),
    fc.array(fc.nat({ max: 997 }), { minLength: 5, maxLength: 20 }),
  )
  .map(([text, rounds, commented, crlf, numbers]) => {
    let result = text;
    for (let round = 0; round < rounds; round++) {
      const fixes = findingsOf(result)
        .filter(({ code }) => code.endsWith('-blocked'))
        .flatMap((one) => one.fixes ?? []);
      const fix = fixes[(numbers[round % numbers.length] ?? 0) % fixes.length];
      if (!fix) break;
      result = applyEdits(result, fix.edits);
    }
    // A port that somebody forgot.
    let lists = 0;
    result = result.replace(/tcp: \[(\d[^\]]*), (\d[^\]]*)\]/g, (list, first: string, last: string) => {
      const choice = (numbers[lists++ % numbers.length] ?? 0) % 5;
      return choice === 0
        ? `tcp: ${last.includes(',') ? `[${last}]` : last}`
        : choice === 1
          ? `tcp: [${first}]`
          : list;
    });
    let next = 0;
    if (commented) result = withComments(result, () => numbers[next++ % numbers.length] ?? 0);
    return crlf ? withCrlf(result) : result;
  });

// --- What is promised ------------------------------------------------------------------------

const findingsOf = (text: string) => analyse(text).findings();

/** The codes that say of traffic that it is stopped: which of them does depends on what else gets through. */
const STOPPED = /^firewall-blocked|^firewall-rpc-incomplete$|^client-push-blocked$|^wsus-http-blocked$/;

/** What firewalls stop of each connection, by its ends, what it is for and the firewall. */
function stopsOf({ flows, reach }: Analysis): ReadonlyMap<string, PortSet> {
  const found = new Map<string, PortSet>();
  for (const flow of flows()) {
    const verdict = reach().verdict(flow);
    if (verdict.kind !== 'blocked') continue;
    const ports = flow.protocol === 'icmp' ? ECHO : undefined;
    for (const { firewall, missing } of verdict.blocks) {
      const key = [flow.from.name, flow.to.name, flow.connection, flow.protocol, firewall.name].join(' ');
      found.set(key, union(found.get(key) ?? NO_PORTS, ports ?? missing));
    }
  }
  return found;
}

/** What is stopped now and was not. */
function newlyStopped(before: Analysis, after: Analysis): readonly string[] {
  const then = stopsOf(before);
  return [...stopsOf(after)].flatMap(([key, ports]) => {
    const more = difference(ports, then.get(key) ?? NO_PORTS);
    return isEmpty(more) ? [] : [`${key}: ${formatPorts(more)}`];
  });
}

/** The rules without a use, by what they say. */
function unusedIn({ text, findings }: Analysis): readonly string[] {
  return findings()
    .filter(({ code }) => code === 'firewall-unused-rule')
    .map(({ span }) => text.slice(span.start, span.end));
}

/** The rules of a file from the first that a later version has and this one has not. */
function belowNew(before: Analysis, after: Analysis): ReadonlySet<string> {
  const textsOf = ({ text, topology }: Analysis) =>
    [...topology.firewalls.values()].map(({ rules }) =>
      rules.map(({ span }) => text.slice(span.start, span.end)),
    );
  const then = textsOf(before);
  return new Set(
    textsOf(after).flatMap((rules, index) => {
      const first = rules.findIndex((rule) => !then[index]?.includes(rule));
      return first < 0 ? [] : rules.slice(first + 1);
    }),
  );
}

function counts(findings: readonly Finding[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { code } of findings) result.set(code, (result.get(code) ?? 0) + 1);
  return result;
}

describe('the fixes of rules about firewalls, on generated networks', function () {
  this.timeout(300_000);

  /** Two zones with one firewall between, and what is in them. */
  const between = (data: string, rules: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  data: { networks: [10.2.0.0/16] }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01: { zone: hq, site: PS1, roles: { site-server: , sms-provider: , management-point: { protocol: https } } }
  sql01: { zone: data, addresses: [10.2.0.2], roles: { sql-server: } }
clients:
  desktops: { site: PS1, zone: data${data} }
firewalls:
  wall:
    zones: [hq, data]
    rules:
${rules}`;

  /** The file after the first fix of the first finding that says something. */
  function mended(text: string, code: string, part = ''): Analysis {
    const finding = findingsOf(text).find((one) => one.code === code && one.message.includes(part));
    return analyse(applyEdits(text, finding?.fixes?.[0]?.edits ?? assert.fail(`no fix of ${code}`)));
  }
  const codesOf = ({ findings }: Analysis) => findings().map(({ code }) => code);

  it('may let a part of other stopped traffic through, which is then told as what is left of it', () => {
    const text = between(', installation: [client-push]', '      []\n');
    assert.ok(codesOf(analyse(text)).includes('firewall-blocked-installation'));
    const after = mended(text, 'client-push-blocked');
    assert.ok(!codesOf(after).includes('firewall-blocked-installation'), after.text);
    assert.ok(codesOf(after).includes('firewall-rpc-incomplete'), after.text);
    assert.deepEqual(newlyStopped(analyse(text), after), []);
  });

  it('leave a rule below that is for others too, which then is told to be without a use', () => {
    const rules = [
      '{ action: deny, from: 10.2.64.0/18, to: any }',
      '{ action: allow, from: data, to: cm01, tcp: 443 }',
    ];
    const text = between('', rules.map((one) => `      - ${one}\n`).join(''));
    assert.deepEqual(unusedIn(analyse(text)), []);
    const after = mended(text, 'firewall-blocked', 'desktops');
    assert.deepEqual(unusedIn(after), rules.slice(1), after.text);
  });

  it('each take their finding away and bring no other', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(file, (text) => {
        const before = analyse(text);
        const then = counts(before.findings());
        for (const finding of before.findings()) {
          if (!CODES.has(finding.code)) continue;
          for (const fix of finding.fixes ?? []) {
            // Another method of installation changes what is needed, and so what is of use.
            if (fix.title.startsWith('Install the client')) continue;
            seen.set(finding.code, (seen.get(finding.code) ?? 0) + 1);
            const after = analyse(applyEdits(text, fix.edits));
            const now = counts(after.findings());
            const what = `${finding.code}: ${finding.message}\n${fix.title}\n--- before\n${text}\n${showFindings(before)}\n--- after\n${after.text}\n${showFindings(after)}`;
            assert.ok((now.get(finding.code) ?? 0) < (then.get(finding.code) ?? 0), `stays: ${what}`);
            // What was stopped before may be told by another code, now that a part of it gets through.
            assert.deepEqual(newlyStopped(before, after), [], `stops: ${what}`);
            // What a rule was for may pass a new one above it. It is there for others too, so that it stays.
            const isAdded = fix.edits.some(({ newText }) => newText.includes('action: allow'));
            const known = [...unusedIn(before), ...(isAdded ? belowNew(before, after) : [])];
            const unused = unusedIn(after).filter((rule) => !known.includes(rule));
            assert.deepEqual(unused, [], `brings an unused rule: ${what}`);
            // A zone that only this rule named is named nowhere now, and that is said.
            for (const [code, count] of now)
              if (code !== 'unused-definition' && code !== 'firewall-unused-rule' && !STOPPED.test(code))
                assert.ok(count <= (then.get(code) ?? 0), `brings ${code}: ${what}`);
            if (finding.code === 'firewall-broad-rule') {
              const comments = ({ tree }: typeof after) => tree.comments.map((one) => one.text);
              assert.deepEqual(comments(after), comments(before), what);
            }
          }
        }
      }),
      { numRuns: RUNS },
    );
    // HTTPS open and HTTP not is rare by chance.
    for (const code of CODES)
      if (code !== 'wsus-http-blocked')
        assert.ok(seen.has(code), `no generated network had a fix of ${code}`);
  });
});
