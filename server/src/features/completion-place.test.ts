// What completion knows about its place, and that nothing it offers makes a file less readable.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { CompletionItem } from 'vscode-languageserver-protocol';
import { applyLspEdits, CURSOR, fixture, HIERARCHY } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { setLocale } from '../l10n.ts';
import { completion } from './completion.ts';

type Options = Partial<Parameters<typeof completion>[2]>;

function offers(text: string, options: Options = {}): CompletionItem[] {
  const { analysis, position } = fixture(text);
  return completion(analysis, position, {
    snippets: true,
    asIs: true,
    trigger: undefined,
    ...options,
  }).toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
}

const labels = (text: string, options?: Options) => offers(text, options).map(({ label }) => label);

/** The text with an offer taken; tab stops hold their first choice or default. */
function accept(text: string, item: CompletionItem): string {
  const { analysis } = fixture(text);
  assert.ok(item.textEdit && 'range' in item.textEdit);
  return expand(applyLspEdits(analysis.text, [item.textEdit, ...(item.additionalTextEdits ?? [])]));
}

function expand(snippet: string): string {
  return snippet
    .replace(/\$\{\d+\|([^,|]*)(?:,[^|]*)?\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replace(/\$\d+/g, '');
}

function take(text: string, label: string, options?: Options): string {
  const item = offers(text, options).find((offer) => offer.label === label);
  assert.ok(item, `${label} is not offered: ${labels(text, options).join(', ')}`);
  return accept(text, item);
}

/** A hierarchy of three sites with a server of each, and the cursor at the role of one. */
const roleAt = (site: string, edition = '2017-09', roles = '') => `configmgr: ${edition}
sites:
  CAS: { type: central-administration }
  PS1: { type: primary, parent: CAS }
  S01: { type: secondary, parent: PS1 }
servers:
  top: { site: CAS, roles: { site-server: , service-connection-point: } }
  other: { site: PS1, roles: { site-server: } }
  here:
    site: ${site}
    roles:
      ${CURSOR}
${roles}`;

describe('completion of roles', () => {
  it('offers those that the type of the site can hold', () => {
    const at = (site: string) => new Set(labels(roleAt(site)));
    assert.ok(at('PS1').has('management-point') && at('S01').has('management-point'));
    assert.ok(!at('CAS').has('management-point') && !at('CAS').has('distribution-point'));
    assert.ok(at('PS1').has('fallback-status-point') && !at('S01').has('fallback-status-point'));
    assert.ok(at('CAS').has('reporting-services-point') && !at('S01').has('sms-provider'));
    assert.ok(at('CAS').has('sql-server') && at('S01').has('wsus-server'));
  });

  it('offers all of them where the site is not known yet', () => {
    assert.ok(
      labels(roleAt('')).includes('management-point') && labels(roleAt('XXX')).includes('sms-provider'),
    );
  });

  it('leaves out the one of the top site where it is there or below', () => {
    assert.ok(!labels(roleAt('CAS')).includes('service-connection-point'));
    assert.ok(labels(roleAt('CAS')).includes('endpoint-protection-point'));
    assert.ok(!labels(roleAt('PS1')).includes('endpoint-protection-point'));
  });

  it('makes a second site server a passive one', () => {
    assert.match(take(roleAt('PS1'), 'site-server'), /\n {6}site-server: \{ passive: true \}\n/);
    assert.match(take(roleAt('S01'), 'site-server'), /\n {6}site-server:\n/);
    const second = roleAt('S01').replace('site: CAS, roles', 'site: S01, roles');
    assert.ok(!labels(second).includes('site-server'), 'a secondary site has no passive one');
  });

  it('strikes out retired roles at the end and leaves out those of a later time', () => {
    const found = offers(roleAt('PS1', '2025-12'));
    const retired = found.filter(({ tags }) => tags?.includes(1)).map(({ label }) => label);
    assert.deepEqual(
      retired,
      found.slice(-retired.length).map(({ label }) => label),
    );
    assert.ok(retired.includes('application-catalog-website-point') && retired.includes('reporting-point'));
    const before = offers(roleAt('PS1', '2017-09'));
    assert.ok(!before.some(({ label }) => label === 'data-warehouse-service-point'));
    assert.ok(!before.some(({ label, tags }) => label === 'application-catalog-website-point' && tags));
    for (const { documentation } of found) assert.ok(documentation);
  });

  it('offers only what the rules about roles accept', () => {
    const rules = [
      'role-placement',
      'role-not-in-edition',
      'role-once-per-hierarchy',
      'site-server-duplicate',
    ];
    for (const edition of ['2007', '2017-03', '2017-09', '2025-12']) {
      for (const site of ['CAS', 'PS1', 'S01']) {
        const text = roleAt(site, edition).replace(', service-connection-point:', '');
        for (const item of offers(text)) {
          if (item.tags) continue;
          const found = analyse(accept(text, item)).findings();
          const bad = found.filter(({ code }) => rules.includes(code));
          assert.deepEqual(
            bad.map(({ message }) => message),
            [],
            `${item.label} at ${site} in ${edition}`,
          );
        }
      }
    }
  });
});

describe('completion of ports', () => {
  const server = (roles: string) =>
    `configmgr: 2017-09\nservers:\n  a:\n    rpcDynamicPorts: 1500-2000\n    roles:\n${roles}\n`;

  it('offers the partner of a WSUS port that is written', () => {
    const at = (options: string) => labels(server(`      software-update-point: { ${options} }`));
    assert.deepEqual(at(`httpPort: 8540, httpsPort: ${CURSOR}`), ['8541']);
    assert.deepEqual(at(`httpPort: 80, httpsPort: ${CURSOR}`), ['443']);
    assert.deepEqual(at(`httpPort: ${CURSOR}, httpsPort: 443`), ['80']);
    assert.deepEqual(at(`httpPort: ${CURSOR}, httpsPort: 8531`), ['8530']);
  });

  it('offers the pairs of the custom and the default website, without those that something has', () => {
    const alone = server(`      software-update-point: { httpPort: ${CURSOR} }`);
    assert.deepEqual(labels(alone), ['8530', '80']);
    const sql = '      sql-server: { instances: { CM: { port: 8531 } } }\n';
    assert.deepEqual(labels(server(`${sql}      software-update-point: { httpPort: ${CURSOR} }`)), [
      '80',
      '8532',
    ]);
    assert.deepEqual(labels(server(`${sql}      software-update-point: { httpsPort: ${CURSOR} }`)), [
      '443',
      '8533',
    ]);
  });

  it('offers a SQL Server port that nothing on the server has', () => {
    const sql = (instances: string) => labels(server(`      sql-server:\n        instances:\n${instances}`));
    assert.deepEqual(sql(`          MSSQLSERVER: { port: ${CURSOR} }`), ['1433']);
    // 1434 is the browser's, 1500-2000 the dynamic range.
    assert.deepEqual(sql(`          MSSQLSERVER:\n          CM: { port: ${CURSOR} }`), ['1435']);
    assert.deepEqual(sql(`          A: { port: 1499 }\n          CM: { port: ${CURSOR} }`), ['2001']);
    assert.deepEqual(sql(`          CM: { serviceBrokerPort: ${CURSOR} }`), ['4022']);
    assert.deepEqual(
      sql(`          A: { serviceBrokerPort: 4022 }\n          CM: { serviceBrokerPort: ${CURSOR} }`),
      ['4023'],
    );
    const [first] = offers(
      server(`      sql-server: { instances: { A: { port: 1433 }, MSSQLSERVER: { port: ${CURSOR} } } }`),
    );
    assert.equal(first?.label, '1435');
    assert.equal(first?.detail, 'free on a');
  });

  it('writes the port right away with an instance that the file speaks of', () => {
    const text = `configmgr: 2017-09\nsites:\n  PS1: { type: primary, database: { server: a, instance: CM } }\nservers:\n  a:\n    roles:\n      sql-server:\n        instances:\n          MSSQLSERVER:\n          ${CURSOR}\n`;
    assert.match(take(text, 'CM'), /\n {10}CM:\n {12}port: 1435\n/);
    assert.match(take(text, 'CM', { snippets: false }), /\n {10}CM:\n/);
  });
});

describe('completion of names', () => {
  const at = (before: string, after: string) => HIERARCHY.replace(before, after);

  it('tells where a name belongs', () => {
    const detail = (text: string, label: string) => offers(text).find((item) => item.label === label)?.detail;
    const ends = at('from: cm01', `from: ${CURSOR}`);
    assert.match(detail(ends, 'cm01') ?? '', /^server · PS1 · hq · site-server/);
    assert.equal(detail(ends, 'desktops'), 'client group · PS1 · hq');
    assert.equal(detail(ends, 'dmz'), 'zone · 192.0.2.0/24');
    assert.equal(detail(at('instance: CM', `instance: ${CURSOR}`), 'CM'), 'instance on sql01 · port 1444');
    assert.equal(
      detail(
        at('    site: PS1\n    zone: hq\n    count', `    site: ${CURSOR}\n    zone: hq\n    count`),
        'PS1',
      ),
      'primary site',
    );
  });

  it('offers the sites that can be a parent', () => {
    const parent = (type: string) =>
      labels(`configmgr: 2017-09
sites:
  CAS: { type: central-administration }
  PS1: { type: primary }
  S01: { type: secondary, parent: PS1 }
  NEW: { type: ${type}, parent: ${CURSOR} }
`);
    assert.deepEqual(parent('secondary'), ['PS1']);
    assert.deepEqual(parent('primary'), ['CAS']);
    assert.deepEqual(parent('central-administration'), []);
  });

  it('offers a parent only where a site can have one', () => {
    const keys = (sites: string) => labels(`configmgr: 2025-12\nsites:\n  PS1:\n    ${CURSOR}\n${sites}`);
    assert.ok(!keys('').includes('parent'));
    assert.ok(keys('    type: secondary\n').includes('parent'));
    assert.ok(!keys('    type: primary\n  PS2: { type: primary }\n').includes('parent'));
    assert.ok(keys('    type: primary\n  CAS: { type: central-administration }\n').includes('parent'));
  });

  it('assigns no clients to a central administration site', () => {
    const text = `configmgr: 2017-09\nsites:\n  CAS: { type: central-administration }\n  PS1: { type: primary }\nclients:\n  a: { site: ${CURSOR} }\n`;
    assert.deepEqual(labels(text), ['PS1']);
    assert.deepEqual(labels(text.replace('clients:', 'servers:')), ['CAS', 'PS1']);
  });

  it('offers no server as its own source', () => {
    const text = `servers:\n  dp1: { roles: { distribution-point: } }\n  dp2: { roles: { distribution-point: { pullFrom: [${CURSOR}] } } }\n  sql: { roles: { sql-server: } }\n`;
    assert.deepEqual(labels(text), ['dp1', 'sql']);
  });

  it('puts zones, servers and clients alike at the ends of a firewall rule', () => {
    assert.deepEqual(labels(at('to: dp-dmz', `to: ${CURSOR}`)).slice(0, 4), ['hq', 'dmz', 'cm01', 'sql01']);
  });
});

describe('completion of keys', () => {
  it('puts required ones first, as the words beside them demand', () => {
    const first = (site: string) => labels(`sites:\n  S01:\n${site}    ${CURSOR}\n`)[0];
    assert.equal(first(''), 'type');
    assert.equal(first('    type: secondary\n'), 'parent');
    assert.equal(labels(`sites:\n  PS1: { database: { ${CURSOR} } }\n`)[0], 'server');
    assert.deepEqual(labels(`firewalls:\n  f:\n    rules:\n      - { ${CURSOR} }\n`).slice(0, 3), [
      'action',
      'from',
      'to',
    ]);
  });

  it('knows the keys that follow in the same item of a list', () => {
    const text = `firewalls:\n  f:\n    rules:\n      - ac${CURSOR}\n        from: any\n        to: any\n`;
    assert.ok(labels(text).includes('action') && !labels(text).includes('from'));
  });
});

describe('completion of whole entries', () => {
  it('writes a site, a server, a client group and a firewall with places for what they usually have', () => {
    const text = (section: string) =>
      `configmgr: 2017-09\nzones:\n  hq:\n  dmz:\nsites:\n  PS1: { type: primary }\n${section}:\n  ${CURSOR}\n`;
    assert.match(
      take(text('servers'), 'New server'),
      /\nservers:\n {2}name:\n {4}site: PS1\n {4}zone: hq\n {4}addresses: \[\]\n {4}roles:\n {6}\n/,
    );
    assert.match(
      take(text('clients'), 'New client group'),
      /\nclients:\n {2}name:\n {4}site: PS1\n {4}zone: hq\n/,
    );
    assert.match(
      take(text('firewalls'), 'New firewall'),
      /\nfirewalls:\n {2}name:\n {4}zones: \[hq, dmz\]\n {4}rules:\n {6}- \{ action: allow, from: hq, to: hq, tcp: \S+.* \}\n/,
    );
  });

  it('writes each type of site with what it needs', () => {
    const sites = (others = '') => `configmgr: 2017-09\nsites:\n${others}  ${CURSOR}\nservers:\n  sql01:\n`;
    const cas = '  CAS: { type: central-administration }\n';
    const primary = '  PS1: { type: primary, parent: CAS }\n';
    const database = '    database: { server: sql01 }\n';
    assert.ok(take(sites(), 'New primary site').includes(`\n  PS1:\n    type: primary\n${database}`));
    assert.ok(
      take(sites(cas), 'New primary site').includes(
        `  PS1:\n    type: primary\n    parent: CAS\n${database}`,
      ),
    );
    assert.ok(
      take(sites(cas + primary), 'New secondary site').includes(
        `  S01:\n    type: secondary\n    parent: PS1\n${database}`,
      ),
    );
    assert.ok(
      take(sites(), 'New central administration site').includes(
        `\n  CAS:\n    type: central-administration\n${database}`,
      ),
    );
  });

  it('writes a firewall rule as an item of block and flow lists, and as one of a line of its own', () => {
    const rule = /\{ action: allow, from: any, to: any, tcp: .*\}/;
    const start = `firewalls:\n  f:\n    rules:`;
    assert.match(
      take(`${start}\n      - ${CURSOR}\n`, 'New firewall rule'),
      new RegExp(`\\n {6}- ${rule.source}`),
    );
    assert.match(
      take(`${start}\n      ${CURSOR}\n`, 'New firewall rule'),
      new RegExp(`\\n {6}- ${rule.source}`),
    );
    assert.match(
      take(`${start}\n      -${CURSOR}\n`, 'New firewall rule'),
      new RegExp(`\\n {6}- ${rule.source}`),
    );
    assert.match(take(`${start} [${CURSOR}]\n`, 'New firewall rule'), new RegExp(`\\[${rule.source}\\]`));
  });

  it('numbers tab stops in the order in which a person fills them in', () => {
    const [item] = offers(`servers:\n  ${CURSOR}\n`).filter(({ label }) => label === 'New server');
    assert.ok(item?.textEdit);
    const stops = [...item.textEdit.newText.matchAll(/\$\{?(\d+)/g)].map(([, number]) => Number(number));
    assert.deepEqual(stops, [1, 2, 3, 4, 5]);
  });

  it('stays out of the list of an editor without tab stops', () => {
    for (const text of [`servers:\n  ${CURSOR}\n`, `firewalls:\n  f:\n    rules:\n      - ${CURSOR}\n`])
      assert.deepEqual(
        labels(text, { snippets: false }).filter((label) => label.startsWith('New ')),
        [],
      );
  });

  it('is found by its English name in every language', () => {
    const found = (text: string, label: string) => offers(text).find((item) => item.label === label);
    assert.equal(found(`servers:\n  ${CURSOR}\n`, 'New server')?.filterText, undefined);
    setLocale('ko');
    try {
      assert.equal(found(`servers:\n  ${CURSOR}\n`, '새 서버')?.filterText, '새 서버 New server');
      assert.equal(found(CURSOR, '새 토폴로지')?.filterText, '새 토폴로지 New topology');
    } finally {
      setLocale('en');
    }
  });

  it('keeps the indentation of lists that are at their key', () => {
    const text = `firewalls:\n  f:\n    rules:\n    - action: allow\n      ${CURSOR}\n`;
    assert.match(take(text, 'to'), /\n {6}to: /);
    assert.match(
      take(`firewalls:\n  f:\n    rules:\n    - ${CURSOR}\n`, 'action'),
      /\n {4}- action: allow\n/,
    );
  });
});

const FILES = ['examples', 'test/hierarchies'].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.topology.yaml'))
    .map((file) => readFileSync(join(folder, file), 'utf8')),
);

describe('completion beside other text', () => {
  it('puts the blank behind a colon, a comma and a dash that lack it', () => {
    assert.match(take(`servers:\n  a:\n    trusted:${CURSOR}\n`, 'true'), /\n {4}trusted: true\n/);
    assert.match(take(`servers:\n  a: { trusted: true,${CURSOR} }\n`, 'forest'), /true, forest: {1,2}\}/);
    assert.match(take(`clients:\n  a:\n    features:\n      -${CURSOR}\n`, 'queries'), /\n {6}- queries\n/);
  });

  it('puts a comma before an entry that follows in the same brackets', () => {
    const rule = (before: string) =>
      `firewalls:\n  f:\n    rules:\n      - { ${before}${CURSOR} from: any, to: any }\n`;
    assert.match(take(rule(''), 'action'), /\{ action: allow, from: any, to: any \}/);
    assert.match(take(rule('act'), 'action'), /\{ action: allow, from: any, to: any \}/);
  });

  it('joins a value that is below its key', () => {
    const text = `servers:\n  a:\n    roles: ${CURSOR}\n        # all\n        site-server:\n`;
    assert.match(take(text, 'console'), /\n {4}roles:\n {8}console:\n/);
    assert.deepEqual(labels(`firewalls:\n  f:\n    rules: ${CURSOR}\n    - { action: allow }\n`), []);
  });

  it('says nothing where there is a value already', () => {
    assert.deepEqual(labels(`servers:\n  a:\n    zone: ${CURSOR} hq\n`), []);
    assert.deepEqual(labels(`${CURSOR}# a comment\n`), []);
    const crooked = labels(`servers:\n  a:\n${' '}${CURSOR}\n  b:\n`);
    assert.deepEqual(crooked, [], 'a line that does not fit its neighbours');
  });
});

describe('completion above deeper lines, which would be the value of what is chosen', () => {
  const between = `configmgr: 2025-12
servers:
  a:
    roles:
      dhcp-server:
${CURSOR}
  # Branches
  b:
    roles:
      dns-server:
`;

  it('offers keys that can have them as their value, and writes nothing else behind these', () => {
    const found = labels(between);
    assert.ok(found.includes('zones') && found.includes('defaults') && found.includes('portGroups'));
    assert.ok(!found.includes('policies') && !found.includes('name'));
    assert.match(take(between, 'portGroups'), /dhcp-server:\nportGroups:\n {2}# Branches\n {2}b:\n/);
    const list = 'configmgr: 2025-12\n‸\n  - { from: any, to: any }\n'.replace('‸', CURSOR);
    assert.deepEqual(labels(list), ['policies']);
    assert.match(take(list, 'policies'), /\npolicies:\n {2}- \{ from/);
  });

  it('begins a new entry with them', () => {
    const text = `configmgr: 2025-12\nservers:\n  a:\n  ${CURSOR}\n    site: PS1\n`;
    const [first] = offers(text);
    assert.match(accept(text, first as CompletionItem), /servers:\n {2}a:\n {2}[\w-]+:\n {4}site: PS1\n$/);
  });
});

describe('completion anywhere in the example files', function () {
  this.timeout(240_000);

  /** Nothing offered at a place makes the text less readable than it is. */
  const harmless = (place: fc.Arbitrary<readonly [string, number]>, numRuns: number) =>
    fc.assert(
      fc.property(place, fc.boolean(), ([whole, at], snippets) => {
        const text = whole.slice(0, at) + CURSOR + whole.slice(at);
        const before = analyse(whole).tree.damage.length;
        const found = offers(text, { snippets });
        // Offers of one place are alike: some of them are tried.
        for (const item of found.filter((_, index) => index % Math.ceil(found.length / 6) === 0)) {
          const after = accept(text, item);
          const { damage } = analyse(after).tree;
          const line = whole.slice(0, at).split('\n').length;
          assert.ok(
            damage.length <= before,
            `${item.label} in line ${line}:\n${after
              .split('\n')
              .slice(line - 2, line + 3)
              .join('\n')}\n${damage[0]?.reason}`,
          );
        }
      }),
      { numRuns },
    );

  const anyPlace = fc
    .constantFrom(...FILES)
    .chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length)));

  it('offers nothing that makes the file less readable', () => {
    harmless(anyPlace, 150);
  });

  it('offers nothing that makes a file less readable that ends at the cursor', () => {
    harmless(
      anyPlace.map(([text, at]) => [text.slice(0, at), at]),
      100,
    );
  });

  it('offers nothing that makes a file less readable whose line is half typed', () => {
    // The rest of the line is still to be written.
    const halfTyped = anyPlace.map(([text, at]): readonly [string, number] => {
      const end = text.slice(at).search(/\r?\n|$/);
      return [text.slice(0, at) + text.slice(at + end), at];
    });
    // Between a key and the lines that belong to it, any other key would take them over.
    const between = ([text, at]: readonly [string, number]) => {
      const indent = (line: string) => line.length - line.trimStart().length;
      const here = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
      const next = text
        .slice(at)
        .split('\n')
        .slice(1)
        .find((line) => /^\s*[^#\s]/.test(line));
      return next !== undefined && indent(next) > indent(here);
    };
    harmless(
      halfTyped.filter((place) => !between(place)),
      100,
    );
  });
});
