import assert from 'node:assert/strict';
import { CURSOR, fixture, HIERARCHY, hierarchyAt, textOf } from '../../../test/support/features.ts';
import { setLocale } from '../l10n.ts';
import { completion } from './completion.ts';

function offers(text: string, options: Partial<Parameters<typeof completion>[2]> = {}) {
  const { analysis, position } = fixture(text);
  return completion(analysis, position, { snippets: true, asIs: true, trigger: undefined, ...options });
}

const labels = (text: string) => offers(text).map(({ label }) => label);

/** The text after one of the offers is taken, tab stops as they are. */
function take(text: string, label: string, options: Partial<Parameters<typeof completion>[2]> = {}): string {
  const { analysis } = fixture(text);
  const item = offers(text, options).find((offer) => offer.label === label);
  assert.ok(item?.textEdit && 'range' in item.textEdit, `${label} is not offered`);
  const edits = [item.textEdit, ...(item.additionalTextEdits ?? [])];
  const { lines } = analysis.tree;
  return edits
    .map(({ range, newText }) => ({
      start: lines.offsetAt(range.start),
      end: lines.offsetAt(range.end),
      newText,
    }))
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (result, edit) => result.slice(0, edit.start) + edit.newText + result.slice(edit.end),
      analysis.text,
    );
}

describe('completion', () => {
  it('offers the keys of a server at its indentation, without those it has', () => {
    const found = labels(
      HIERARCHY.replace('    zone: hq\n    addresses', `    zone: hq\n    ${CURSOR}\n    addresses`),
    );
    assert.ok(found.includes('fqdn') && found.includes('rpcDynamicPorts'));
    assert.ok(!found.includes('site') && !found.includes('zone') && !found.includes('roles'));
  });

  it('offers the keys of a server on a half-typed line', () => {
    const text = HIERARCHY.replace(
      '    zone: hq\n    addresses',
      `    zone: hq\n    fq${CURSOR}\n    addresses`,
    );
    const item = offers(text).find(({ label }) => label === 'fqdn');
    assert.ok(item?.textEdit && 'range' in item.textEdit);
    assert.equal(textOf(fixture(text).analysis, item.textEdit.range), 'fq');
    assert.ok(take(text, 'fqdn').includes('    fqdn: $1\n    addresses'));
  });

  it('offers servers that fit a key first: site systems for a boundary group, domain controllers for a zone', () => {
    const text = `configmgr: 2025-12
zones: { hq: { domainControllers: [FIRST] } }
sites: { PS1: { type: primary, contentLibrary: SECOND } }
servers:
  a-sql: { roles: { sql-server: } }
  b-dp: { site: PS1, roles: { distribution-point: } }
  c-dc: { roles: { domain-controller: } }
  d-files: { roles: { file-server: } }
boundaryGroups: { all: { members: [hq], servers: [THIRD] } }
`;
    const first = (mark: string) =>
      offers(text.replace(mark, CURSOR).replaceAll(/FIRST|SECOND|THIRD/g, '')).toSorted((a, b) =>
        (a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1,
      )[0]?.label;
    assert.deepEqual([first('FIRST'), first('SECOND'), first('THIRD')], ['c-dc', 'd-files', 'b-dp']);
  });

  it('offers the sections at the start of a line', () => {
    assert.deepEqual(
      ['configmgr', 'zones', 'sites', 'servers', 'clients'].filter((key) => !labels(CURSOR).includes(key)),
      [],
    );
    const first = (text: string) =>
      offers(text).toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))[0]?.label;
    assert.equal(first(CURSOR), 'New topology', 'a whole file stands first');
    assert.equal(first(`${CURSOR}\nname: Contoso\n`), 'configmgr', 'the required key stands first');
  });

  it('offers a whole file where there are only comments yet, and nowhere else', () => {
    const offered = (text: string) => labels(text).includes('New topology');
    for (const text of ['‸', 'topo‸', '\uFEFF‸', '# a note\n\n‸\n# another\n', '# configmgr-topology\r\n‸'])
      assert.ok(offered(text), text);
    const elsewhere = [
      'configmgr: 2025-12\n‸',
      '‸\nname: Contoso\n',
      'na‸: Contoso\n',
      '{ ‸ }',
      '- ‸',
      '  ‸',
      'configmgr: ‸',
      `${HIERARCHY}‸`,
      `‸${HIERARCHY}`,
      HIERARCHY.replace('servers:\n', 'servers:\n  ‸\n'),
      HIERARCHY.replace('    roles:\n', '    roles:\n      ‸\n'),
    ];
    for (const text of elsewhere) assert.ok(!offered(text), text);
  });

  it('writes a whole file from its first line on, with the first line that is there already', () => {
    const whole = take('topo‸', 'New topology');
    assert.match(whole, /^# configmgr-topology\nconfigmgr: \$\{1\|current-branch,.*\n {2}rpcDynamicPorts: /s);
    assert.equal(take('# configmgr-topology\r\n‸', 'New topology'), whole.replaceAll('\n', '\r\n'));
    assert.ok(!offers('‸', { snippets: false }).some(({ label }) => label === 'New topology'));
  });

  it('offers roles that the server does not have yet, ready without options', () => {
    const text = HIERARCHY.replace('      site-server:\n', `      site-server:\n      ${CURSOR}\n`);
    const found = labels(text);
    assert.ok(found.includes('distribution-point'));
    assert.ok(!found.includes('management-point') && !found.includes('site-server'));
    assert.ok(take(text, 'distribution-point').includes('      distribution-point:\n'));
  });

  it('marks roles that the edition does not have', () => {
    const text = HIERARCHY.replace('      site-server:\n', `      site-server:\n      ${CURSOR}\n`);
    const role = offers(text).find(({ label }) => label === 'pxe-service-point');
    assert.deepEqual(role?.tags, [1]);
  });

  it('offers the options of a role in flow style', () => {
    const text = HIERARCHY.replace('{ protocol: https }', `{ ${CURSOR} }`);
    assert.deepEqual(labels(text), ['protocol', 'clients', 'cloudManagementGateway', 'databaseReplica']);
    assert.match(
      take(text, 'protocol'),
      /management-point: \{ protocol: \$\{1\|http,https,both,enhanced-http\|\} \}/,
    );
  });

  it('leaves out options that are behind the cursor in the same braces', () => {
    const text = HIERARCHY.replace('{ httpPort: 8530,', `{ ${CURSOR}, httpPort: 8530,`);
    assert.deepEqual(labels(text), ['clients', 'cloudManagementGateway', 'database']);
  });

  it('offers the options of a role in an unclosed brace', () => {
    const text = HIERARCHY.replace('{ protocol: https }', `{ pro${CURSOR}`);
    assert.deepEqual(labels(text), ['protocol', 'clients', 'cloudManagementGateway', 'databaseReplica']);
  });

  it('offers every section of the format, and the parts of the new ones', () => {
    const found = labels(`${CURSOR}\nconfigmgr: 2025-12\n`);
    for (const section of ['boundaryGroups', 'addressGroups', 'portGroups', 'policies'])
      assert.ok(found.includes(section), section);
    const at = (text: string) => labels(HIERARCHY + text);
    assert.deepEqual(at(`boundaryGroups:\n  B: { members: [${CURSOR}] }\n`), ['hq', 'dmz', 'desktops']);
    assert.deepEqual(at(`boundaryGroups:\n  A:\n  B: { fallback: { A: [${CURSOR}] } }\n`), [
      'distribution-point',
      'management-point',
      'software-update-point',
    ]);
    assert.ok(at(`addressGroups:\n  a: [cm01]\n  b: [${CURSOR}]\n`).includes('a'));
  });

  it('finds a role by the word that people use for it', () => {
    const { analysis, position } = fixture(
      HIERARCHY.replace('site-server:', `site-server:\n      ${CURSOR}`),
    );
    const items = completion(analysis, position, { snippets: true, asIs: true, trigger: undefined });
    for (const [word, role] of [
      ['dp', 'distribution-point'],
      ['mp', 'management-point'],
      ['sup', 'software-update-point'],
      ['smp', 'state-migration-point'],
      ['fsp', 'fallback-status-point'],
      ['scp', 'service-connection-point'],
    ] as const) {
      const found = items.find(({ label }) => label === role);
      if (found === undefined) assert.ok(HIERARCHY.includes(`${role}:`), role);
      else
        assert.ok(
          // VS Code scores what begins a text highest.
          found.filterText?.split(` ${role}`)[0]?.split(' ').includes(word),
          role,
        );
    }
  });

  it('offers the words of a key', () => {
    assert.deepEqual(labels(HIERARCHY.replace('protocol: https', `protocol: ${CURSOR}`)), [
      'http',
      'https',
      'both',
      'enhanced-http',
    ]);
    assert.deepEqual(labels(`sites:\n  PS1:\n    type: ${CURSOR}\n`), [
      'primary',
      'secondary',
      'central-administration',
    ]);
  });

  it('offers words in the order in which they are needed: the newest and the most common first', () => {
    assert.deepEqual(labels(`configmgr: ${CURSOR}\n`).slice(0, 2), ['current-branch', '2025-12']);
    assert.equal(labels(`configmgr: ${CURSOR}\n`).at(-1), '2007');
    const os = (section: string) => labels(`configmgr: 2025-12\n${section}:\n  a:\n    os: ${CURSOR}\n`);
    assert.deepEqual(os('servers').slice(0, 2), ['windows-server-2025', 'windows-server-2022']);
    assert.deepEqual(os('clients').slice(0, 2), ['windows-11', 'windows-10']);
    assert.deepEqual([...os('servers')].sort(), [...os('clients')].sort());
    assert.match(
      offers(`sites:\n  PS1:\n    ${CURSOR}\n`).find(({ label }) => label === 'type')?.textEdit?.newText ??
        '',
      /\|primary,secondary,central-administration\|/,
    );
  });

  it('offers names of the right kind', () => {
    assert.deepEqual(
      labels(HIERARCHY.replace('    zone: hq\n    addresses', `    zone: ${CURSOR}\n    addresses`)),
      ['hq', 'dmz'],
    );
    assert.deepEqual(labels(HIERARCHY.replace('instance: CM', `instance: ${CURSOR}`)), ['CM']);
    const elsewhere = HIERARCHY.replace('server: sql01, instance: CM', `server: other, instance: ${CURSOR}`);
    assert.deepEqual(labels(elsewhere), ['MSSQLSERVER']);
    const ends = labels(HIERARCHY.replace('to: dp-dmz', `to: ${CURSOR}`));
    assert.deepEqual(
      ['hq', 'cm01', 'desktops', 'any'].filter((name) => !ends.includes(name)),
      [],
    );
  });

  it('puts the servers that fit first', () => {
    const first = offers(HIERARCHY.replace('server: sql01', `server: ${CURSOR}`)).toSorted((a, b) =>
      (a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1,
    )[0];
    assert.equal(first?.label, 'sql01');
  });

  it('begins list items with a dash in block style', () => {
    const text = `clients:\n  desktops:\n    features:\n      - queries\n      ${CURSOR}\n`;
    assert.ok(take(text, 'remote-control').includes('      - queries\n      - remote-control'));
    assert.ok(!labels(text.replace(`      ${CURSOR}`, `      - ${CURSOR}`)).includes('queries'));
  });

  it('offers the keys of a firewall rule behind its dash and on the lines below', () => {
    const start = 'firewalls:\n  edge:\n    rules:\n';
    assert.ok(labels(`${start}      - ${CURSOR}\n`).includes('action'));
    const below = labels(`${start}      - action: allow\n        ${CURSOR}\n`);
    assert.ok(below.includes('from') && !below.includes('action'));
  });

  it('begins nested maps on a new line with the right indentation', () => {
    const text = 'sites:\n  PS1:\n    type: primary\n    data‸\n';
    assert.ok(take(text, 'database').includes('    database:\n      $1'));
    assert.ok(
      take(text, 'database', { asIs: false }).includes('    database:\n  $1'),
      'an editor that adds the indentation gets the rest',
    );
  });

  it('moves the keys of a map behind its colon to a new line and leaves no blank', () => {
    const text = `servers:\n  cm01:\n    roles: ${CURSOR}\n`;
    assert.ok(take(text, 'site-server').startsWith('servers:\n  cm01:\n    roles:\n      site-server:'));
  });

  it('offers names that the file uses and does not define', () => {
    const text = HIERARCHY.replace('    zone: hq\n    addresses', '    zone: lab\n    addresses').replace(
      'zones:\n',
      `zones:\n  ${CURSOR}\n`,
    );
    assert.equal(labels(text)[0], 'lab');
  });

  it('offers no snippets to an editor that cannot expand them', () => {
    const item = offers('sites:\n  PS1:\n    data‸\n', { snippets: false }).find(
      ({ label }) => label === 'database',
    );
    assert.ok(item?.textEdit && !item.textEdit.newText.includes('$'));
    assert.equal(item.insertTextFormat, undefined);
  });

  it('offers the same in quotes as without them, and closes them', () => {
    const zone = (value: string) =>
      HIERARCHY.replace('    zone: hq\n    addr', `    zone: ${value}\n    addr`);
    for (const mark of ['"', "'"])
      for (const typed of [
        `${mark}${CURSOR}${mark}`,
        `${mark}d${CURSOR}${mark}`,
        `${mark}h${CURSOR}q${mark}`,
        `${mark}${CURSOR}`,
        `${mark}d${CURSOR}`,
        `${mark}d${CURSOR} # note`,
      ]) {
        const note = typed.includes('#') ? ' # note' : '';
        assert.deepEqual(labels(zone(typed)), ['hq', 'dmz'], typed);
        assert.ok(take(zone(typed), 'dmz').includes(`    zone: ${mark}dmz${mark}${note}\n    addr`), typed);
        assert.equal(offers(zone(typed))[1]?.filterText, `${mark}dmz`, 'what was typed begins with the mark');
      }
    const protocol = (value: string) => HIERARCHY.replace('{ protocol: https }', `{ ${value} }`);
    for (const value of ['protocol: "‸"', 'protocol: "h‸', 'protocol: "‸ht, clients: "both"'])
      assert.match(take(protocol(value), 'http'), /\{ protocol: "http"[ ,]/, value);
    const items = (item: string) => `clients:\n  a:\n    features:\n      - queries\n      - ${item}\n`;
    assert.match(take(items("'rem‸"), 'remote-control'), /- 'remote-control'\n/);
    assert.match(take('zones:\n  a:\nfirewalls:\n  f: { zones: ["‸"] }\n', 'a'), /zones: \["a"\]/);
  });

  it('writes keys, ports and booleans that were begun with a quote without it', () => {
    const key = (typed: string) => HIERARCHY.replace('    addresses', `    ${typed}\n    addresses`);
    for (const typed of ['"fq‸"', "'fq‸", '"‸"'])
      assert.ok(take(key(typed), 'fqdn').includes('\n    fqdn: $1\n    addresses'), typed);
    const option = (value: string) => HIERARCHY.replace('httpsPort: 8531, ssl: true', value);
    assert.ok(take(option('httpsPort: "‸", ssl: true'), '8531').includes('httpsPort: 8531, ssl: true'));
    assert.ok(take(option("httpsPort: 8531, ssl: '‸"), 'true').includes('httpsPort: 8531, ssl: true, up'));
  });

  it('offers nothing behind a quoted text, in a free text and in an apostrophe', () => {
    for (const value of ['"hq"‸', "'hq' ‸", '"h‸ x"'])
      assert.deepEqual(labels(HIERARCHY.replace('zone: hq', `zone: ${value}`)), [], value);
    assert.deepEqual(labels(HIERARCHY.replace('name: Contoso', 'name: "Con‸"')), []);
    assert.deepEqual(labels(HIERARCHY.replace('name: Contoso', "name: Con't ‸")), []);
  });

  it('offers the anchors that fit behind a `*`, the nearest first', () => {
    const head = 'configmgr: 2017-09\nx-a: &base { os: other }\nx-b: &nets [10.0.0.0/8]\nx-c: &zone hq\n';
    const at = (rest: string) => labels(`${head}${rest}\nx-d: &later { os: other }\n`);
    assert.deepEqual(at('servers:\n  cm01: *‸'), ['*base']);
    assert.deepEqual(at('servers:\n  cm01:\n    <<: *b‸'), ['*base']);
    assert.deepEqual(at('servers:\n  cm01: { <<: [*‸] }'), ['*base']);
    assert.deepEqual(at('servers:\n  cm01:\n    zone: *‸'), ['*zone']);
    assert.deepEqual(at('zones:\n  hq: { networks: *‸ }'), ['*nets']);
    assert.deepEqual(at('x-e: [*‸]'), ['*zone', '*nets', '*base']);
    assert.ok(take(`${head}servers:\n  cm01: *b‸\n`, '*base').endsWith('  cm01: *base\n'));
    assert.deepEqual(labels('servers:\n  a: &own\n    <<: *‸\n'), [], 'what holds the place itself');
  });

  it('offers the next role below one that needs no options, beside these', () => {
    const text = 'servers:\n  cm01:\n    roles:\n      management-point:\n        ‸\n';
    const found = offers(text).toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
    assert.equal(found[0]?.label, 'protocol');
    assert.ok(!found.some(({ label }) => label === 'management-point'));
    assert.equal(
      take(text, 'distribution-point'),
      'servers:\n  cm01:\n    roles:\n      management-point:\n      distribution-point:\n',
    );
    const none = text.replace('management-point', 'file-server').replace('‸', 'dis‸');
    assert.match(take(none, 'distribution-point'), /\n {6}file-server:\n {6}distribution-point:\n$/);
    const more = text.replace('‸', 'protocol: https\n        ‸');
    assert.ok(!labels(more).includes('distribution-point'), 'not below its options');
  });

  it('writes a first site as a primary with its database, and a secondary only where one can be above', () => {
    assert.equal(
      take('sit‸\nconfigmgr: 2025-12\n', 'sites'),
      `sites:\n  \${1:PS1}:\n    type: primary\n    database: { server: $2 }\nconfigmgr: 2025-12\n`,
    );
    const sites = (others: string) => labels(`configmgr: 2025-12\nsites:\n${others}  ‸\n`);
    assert.ok(!sites('').includes('New secondary site'));
    assert.ok(sites('  PS1:\n    type: primary\n').includes('New secondary site'));
  });

  it('offers no rule codes in a quoted text that only looks like a comment', () => {
    for (const quote of ['"', "'"]) {
      const text = `configmgr: 2017-09\nname: ${quote}see # cmtopo-disable-line ${CURSOR}${quote}\n`;
      assert.ok(!labels(text).includes('wsus-port-pair'), text);
    }
  });

  it('offers rule codes in a comment that silences rules', () => {
    const text = `# cmtopo-disable-next-line wsus-port-pair, sql-${CURSOR}\nzones:\n`;
    const found = labels(text);
    assert.ok(found.includes('sql-static-port') && !found.includes('wsus-port-pair'));
  });

  it('says nothing in other comments, in texts and on a blank of the indentation', () => {
    assert.deepEqual(labels(`zones: # the ${CURSOR}\n`), []);
    assert.deepEqual(labels(`name: Con${CURSOR}\n`), []);
    assert.deepEqual(labels(`zones:\n  hq:\n    description: |\n      note: ${CURSOR}\n`), []);
    assert.deepEqual(offers(`servers:\n  cm01:\n   ${CURSOR}`, { trigger: ' ' }), []);
  });

  it('knows its place below an entry whose bracket was never closed', () => {
    const text = `zones:\n  hq: { networks: [10.0.0.0/8]\n  dmz:\n    ${CURSOR}\n`;
    assert.ok(labels(text).includes('networks'));
  });

  it('keeps the colon of a key that has one', () => {
    assert.ok(take('sites:\n  PS1:\n    ty‸: primary\n', 'type').includes('    type: primary'));
  });

  it('uses the line breaks of the file', () => {
    assert.ok(take('sites:\r\n  PS1:\r\n    data‸\r\n', 'database').includes('    database:\r\n      $1'));
  });

  it('answers at every place of a whole file without a fault', function () {
    this.timeout(60_000);
    for (let offset = 0; offset <= HIERARCHY.length; offset++) {
      const text = HIERARCHY.slice(0, offset) + CURSOR + HIERARCHY.slice(offset);
      for (const item of offers(text))
        assert.ok(item.textEdit && 'range' in item.textEdit && item.label !== '');
      offers(`${HIERARCHY.slice(0, offset)}${CURSOR}`);
    }
  });

  it('says in the language of the reader that a number is an example', () => {
    setLocale('ko');
    try {
      const [first] = offers('defaults:\n  rpcDynamicPorts: ‸\n');
      assert.deepEqual([first?.label, first?.detail], ['49152-65535', '예']);
    } finally {
      setLocale('en');
    }
  });

  it('names the documentation of every key that it offers', () => {
    const { analysis, position } = hierarchyAt('    site: PS1\n');
    for (const item of completion(analysis, position, { snippets: true, asIs: true, trigger: undefined })) {
      if (item.kind === 10) assert.ok(item.documentation, item.label);
    }
  });
});
