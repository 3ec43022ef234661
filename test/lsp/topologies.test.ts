import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import * as own from '../../server/src/lsp/requests.ts';
import { HIERARCHY } from '../support/features.ts';
import type { Client } from './client.ts';
import { eachWithSession, type Session } from './session.ts';

const sent = (name: string, text: string): own.SentFile => ({
  name,
  content: Buffer.from(text).toString('base64'),
});

const ASA = `hostname edge-fw
interface Ethernet1
 nameif hq
interface Ethernet2
 nameif elsewhere
access-list IN extended permit tcp any host 10.10.0.10 eq 443
access-list IN extended permit tcp any any time-range WEEKEND
access-group IN in interface elsewhere
`;

describe('what the tree of topologies and its commands ask for', function () {
  this.timeout(60_000);
  let session: Session;
  let client: Client;
  eachWithSession((made) => {
    session = made;
  });

  /** Opens a file of the folder. */
  async function opened(text: string): Promise<string> {
    client = await session.connect({ folders: [session.folder] });
    client.open(session.uri, text);
    return session.uri;
  }
  const ask = <R>(method: string, params: object): Promise<R> =>
    client.connection.sendRequest<R>(method, params);
  const problem = (answer: object): string => ('problem' in answer ? String(answer.problem) : '');
  const markdown = (answer: own.PageResult): string => {
    assert.ok('markdown' in answer, problem(answer));
    return answer.markdown;
  };

  it('are the topology files of the folders, and what each holds, open or not', async () => {
    const other = join(session.folder, 'b.topology.yaml');
    writeFileSync(other, 'sites: { ABC: { type: primary } }\n');
    const uri = await opened(HIERARCHY);
    const found = await ask<own.TopologiesResult>(own.TOPOLOGIES, {});
    assert.deepEqual(
      found.map(({ name }) => name),
      ['a.topology.yaml', 'b.topology.yaml'],
    );
    const mine = await ask<own.OverviewResult>(own.OVERVIEW, { textDocument: { uri } });
    assert.deepEqual([mine?.edition, mine?.errors, mine?.blocked], ['2017-09', 0, 0]);
    const closed = await ask<own.OverviewResult>(own.OVERVIEW, { textDocument: { uri: found[1]?.uri } });
    assert.equal(closed?.nodes[0]?.children[0]?.label, 'ABC');
    for (const none of ['file:///none/x.topology.yaml', 'untitled:x', pathToFileURL(__filename).href])
      assert.equal(await ask(own.OVERVIEW, { textDocument: { uri: none } }), null, none);
  });

  it('are explanations between what the file has', async () => {
    const uri = await opened(HIERARCHY);
    const textDocument = { uri };
    const ends = await ask<own.ExplainEndsResult>(own.EXPLAIN_ENDS, { textDocument });
    const words = ends.map(({ word }) => word);
    assert.ok(
      ['cm01', 'sql01', 'hq', 'PS1', 'sql-server'].every((word) => words.includes(word)),
      words.join(),
    );
    for (const { word } of ends) {
      const page = markdown(
        await ask<own.PageResult>(own.EXPLAIN, { textDocument, from: word, to: 'sql01' }),
      );
      assert.match(page, /^# /);
    }
    assert.match(
      markdown(await ask<own.PageResult>(own.EXPLAIN, { textDocument, from: 'cm01', to: 'sql01' })),
      /1433|50001/,
    );
    assert.match(
      problem(await ask<object>(own.EXPLAIN, { textDocument, from: 'cm0', to: 'sql01' })),
      /^a\.topology\.yaml: .*cm0.*cm01.*\.$/,
    );
  });

  it('are comparisons of two files, of two port lists, and of a file with the newest list', async () => {
    const uri = await opened(HIERARCHY);
    const before = { uri, name: 'old', text: HIERARCHY };
    const after = { uri, name: 'new', text: HIERARCHY.replaceAll('sql01', 'sql02') };
    assert.match(
      markdown(await ask<own.PageResult>(own.COMPARE, { before, after })),
      /from `old` to `new`.*`sql02`/s,
    );
    assert.match(
      problem(await ask<object>(own.COMPARE, { before, after: { ...after, text: '' } })),
      /^new names no/,
    );
    assert.match(
      markdown(await ask<own.PageResult>(own.COMPARE_EDITIONS, { before: '2017-09', after: '2025-12' })),
      /2017-09.*2025-12/s,
    );
    assert.match(
      problem(await ask<object>(own.COMPARE_EDITIONS, { before: 'x', after: '2025-12' })),
      /^x is no/,
    );
    const newest = await ask<own.PageResult>(own.NEWEST_CHANGES, {
      textDocument: { uri },
      edition: '2017-09',
    });
    assert.match(markdown(newest), /2017-09.*2025-12/s);
  });

  it('are differences to exports of the site', async () => {
    const uri = await opened(HIERARCHY);
    const rows = [
      {
        NetworkOSPath: '\\\\new01.corp.contoso.com',
        RoleName: 'SMS Distribution Point',
        SiteCode: 'PS1',
        Type: 2,
      },
    ];
    const files = [sent('roles.json', JSON.stringify(rows))];
    const page = markdown(await ask<own.PageResult>(own.DRIFT, { textDocument: { uri }, files }));
    assert.match(page, /`new01`.*only at the site/);
    const odd = sent('roles.json', JSON.stringify([...rows, { ...rows[0], RoleName: 'SMS Of Tomorrow' }]));
    const told = markdown(await ask<own.PageResult>(own.DRIFT, { textDocument: { uri }, files: [odd] }));
    assert.match(told, /## What of the exports could not be compared\n\n- .*SMS Of Tomorrow/);
    assert.doesNotMatch(page, /could not be compared/);
    const wrong = await ask<object>(own.DRIFT, { textDocument: { uri }, files: [sent('x.json', '[{')] });
    assert.match(problem(wrong), /^x\.json: /);
  });

  it('are firewalls as edits, once it is said what an interface stands for', async () => {
    const uri = await opened(HIERARCHY);
    const textDocument = { uri };
    const file = sent('edge.txt', ASA);
    const first = await ask<own.ImportFirewallResult>(own.IMPORT_FIREWALL, { textDocument, file, map: [] });
    assert.ok('kind' in first && first.kind === 'choose', problem(first));
    assert.deepEqual([first.title, first.firewalls, first.isDevice], ['Cisco ASA', ['edge-fw'], true]);
    assert.deepEqual(first.unmapped, ['elsewhere']);
    assert.ok(first.zones.includes('hq') && first.machines.some(({ name }) => name === 'sql01'));
    const zones = first.zones.slice(0, 2);
    const map = [{ word: 'elsewhere', zone: zones.find((zone) => zone !== 'hq') ?? '' }];
    const second = await ask<own.ImportFirewallResult>(own.IMPORT_FIREWALL, {
      textDocument,
      file,
      place: { zones },
      map,
    });
    assert.ok('kind' in second && second.kind === 'edits', problem(second));
    assert.deepEqual(second.names, ['edge-fw']);
    assert.ok(
      second.gaps.some((gap) => gap.includes('WEEKEND')),
      second.gaps.join('\n'),
    );
    const document = TextDocument.create(uri, 'yaml', 1, HIERARCHY);
    assert.match(TextDocument.applyEdits(document, [...second.edits]), /\n {2}edge-fw:\n.*to: .*tcp: 443/s);
    const replaced = await ask<own.ImportFirewallResult>(own.IMPORT_FIREWALL, {
      textDocument,
      file,
      place: { replace: first.own[0]?.name },
      map,
    });
    assert.ok('kind' in replaced && replaced.kind === 'edits', problem(replaced));
    assert.deepEqual(replaced.names, [first.own[0]?.name]);
  });

  it('ask in which direction the rules of a list are that does not say it', async () => {
    const uri = await opened(HIERARCHY);
    const columns = ['Name', 'Group', 'Profile', 'Enabled', 'Action', 'Override', 'Program', 'Local Address'];
    const more = ['Remote Address', 'Protocol', 'Local Port', 'Remote Port'];
    const rule = ['Web', '', 'All', 'Yes', 'Allow', 'No', 'Any', 'Any', 'Any', 'TCP', '443', 'Any'];
    const file = sent('list.txt', `${[...columns, ...more].join('\t')}\r\n${rule.join('\t')}\r\n`);
    const at = (more: object) =>
      ask<own.ImportFirewallResult>(own.IMPORT_FIREWALL, { textDocument: { uri }, file, map: [], ...more });
    assert.deepEqual(await at({}), { kind: 'direction' });
    const choices = await at({ direction: 'inbound' });
    assert.ok('kind' in choices && choices.kind === 'choose', problem(choices));
    assert.equal(choices.isDevice, false);
    const written = await at({ direction: 'inbound', place: { hosts: ['sql01'] } });
    assert.ok('kind' in written && written.kind === 'edits', problem(written));
    assert.match(written.edits.map(({ newText }) => newText).join(''), /hosts: \[sql01\].*tcp: 443/s);
  });

  it('say what is no firewall', async () => {
    const uri = await opened(HIERARCHY);
    const textDocument = { uri };
    const at = async (file: own.SentFile, place?: object) =>
      problem(await ask<object>(own.IMPORT_FIREWALL, { textDocument, file, place, map: [] }));
    assert.match(await at(sent('x.txt', 'hello')), /^x\.txt cannot be imported: Cisco ASA/);
    assert.match(await at(sent('x.txt', '')), /^x\.txt: it is empty/);
    assert.match(await at(sent('x.txt', ASA), { replace: 'nobody' }), /no firewall nobody/);
  });
});
