// Compares every row of the catalog with the documents that it was read from, in both directions: what a document
// has must be in the catalog, in the same place, and the catalog must have nothing else. The documents are beside
// the checkout, not in it. Where one prints something else on purpose, an erratum's `misprints` says so.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, type Language } from '../languages.ts';
import {
  type Connection,
  catalogOf,
  EDITION_TABLE,
  EDITIONS,
  type Edition,
  type Misprint,
  type PortRow,
  partiesOfConnection,
  roleName,
  roleNames,
  type SourceDocument,
  serviceName,
  serviceNames,
} from './index.ts';

const FOLDER = join(process.cwd(), '..', 'shared', 'sources');

interface Source {
  readonly file: string;
  readonly editions: readonly Edition[];
  readonly language: Language;
}

const PORT_LISTS: readonly Source[] = [
  { file: 'ports.en.2017-03-20.md', editions: ['2017-03'], language: 'en' },
  { file: 'ports.zh-TW.2017-03-20.md', editions: ['2017-03'], language: 'zh-TW' },
  { file: 'ports.en.2017-09-19.md', editions: ['2017-09'], language: 'en' },
  { file: 'ports.ko.2017-09-19.md', editions: ['2017-09'], language: 'ko' },
  { file: 'ports.en.2018-09-11.md', editions: ['2018-09'], language: 'en' },
  { file: 'ports.en.2019-11-18.md', editions: ['2019-11'], language: 'en' },
  { file: 'ports.en.2020-06.md', editions: ['2020-06'], language: 'en' },
  { file: 'ports.en.2025-12-08.md', editions: ['2025-12'], language: 'en' },
];

/** The editions whose table names a document of that date or title. */
const usedBy = (kind: 'clients' | 'requestPorts', has: (document: SourceDocument) => boolean) =>
  EDITION_TABLE.filter(({ documents }) => documents[kind] !== undefined && has(documents[kind])).map(
    ({ id }) => id,
  );
/** The text of 2016 and the newest bear one date; the product's name tells them apart. */
const clients2016 = usedBy('clients', ({ title }) => title.includes('System Center'));
const clientsNewest = usedBy('clients', ({ title }) => !title.includes('System Center'));
const requestPorts2017 = usedBy('requestPorts', ({ date }) => date === '2017-04-23');
const requestPorts2021 = usedBy('requestPorts', ({ date }) => date === '2021-04-05');

const CLIENT_DOCUMENTS: readonly Source[] = [
  { file: 'windows-firewall.en.2016-10-06.md', editions: clients2016, language: 'en' },
  { file: 'windows-firewall.ko.2016-10-06.md', editions: clients2016, language: 'ko' },
  { file: 'windows-firewall.en.newest.md', editions: clientsNewest, language: 'en' },
];

const REQUEST_PORT_DOCUMENTS: readonly Source[] = [
  { file: 'client-ports.en.2017-04-23.md', editions: requestPorts2017, language: 'en' },
  { file: 'client-ports.ko.2017-04-23.md', editions: requestPorts2017, language: 'ko' },
  { file: 'client-ports.en.newest.md', editions: requestPorts2021, language: 'en' },
];

const LIST_2007 = 'ports-2007.en.txt';

// ---- Reading the documents

interface Cell {
  readonly ports: readonly string[];
  readonly choice: boolean;
  readonly notes: readonly number[];
}

interface DocumentRow {
  readonly description: string;
  readonly udp: Cell;
  readonly tcp: Cell;
  /** Which of the section's tables, from 0. */
  readonly table: number;
}

interface Section {
  readonly anchor: string;
  readonly level: number;
  readonly heading: string;
  readonly text: string;
  readonly rows: readonly DocumentRow[];
}

function read(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8').replaceAll('\r\n', '\n');
}

function plain(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('`', '')
    .replace(/<!--.*?-->/g, '')
    .trim();
}

function noteNumbers(text: string): readonly number[] {
  return [...text.matchAll(/(?:\b[Nn]ote|참고|註) (\d)/g)].map((match) => Number(match[1]));
}

function cellOf(text: string): Cell {
  const ports = (/^[^(<]*/.exec(plain(text))?.[0] ?? '').trim();
  const notes = noteNumbers(text);
  if (ports === '' || ports === '--') return { ports: [], choice: false, notes };
  const choice = / or | 또는 | 或 |\//.test(ports);
  const list = ports.split(choice ? / or | 또는 | 或 |\// : / and | 및 | 和 /);
  return {
    ports: list.map((port) => (/^(DYNAMIC|동적)$/.test(port.trim()) ? 'dynamic' : port.trim())),
    choice,
    notes,
  };
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(/\s/g, '-');
}

function sectionsOf(markdown: string): readonly Section[] {
  const sections: { anchor: string; level: number; heading: string; text: string; rows: DocumentRow[] }[] =
    [];
  let table = -1;
  for (const line of markdown.split('\n')) {
    const head = /^(#{1,4})\s+(?:<a name="([^"]*)">\s*<\/a>)?\s*(.*?)\s*$/.exec(line);
    if (head) {
      const [, marks = '', anchor, heading = ''] = head;
      table = -1;
      // Tables for one version or another are parts of their section.
      if (/^Version \d{4}/.test(heading)) continue;
      sections.push({
        anchor: anchor ?? slug(plain(heading)),
        level: marks.length,
        heading: plain(heading),
        text: '',
        rows: [],
      });
      continue;
    }
    const section = sections.at(-1);
    if (section === undefined) continue;
    const cells = /^\|([^|]*)\|([^|]*)\|([^|]*)\|\s*$/.exec(line.replace(/<!--.*?-->/g, ''));
    if (!cells) {
      section.text += `${line}\n`;
      continue;
    }
    const [, description = '', udp = '', tcp = ''] = cells;
    if (udp.trim() === 'UDP') table++;
    else if (!/^\s*-+\s*$/.test(description)) {
      section.rows.push({ description: plain(description), udp: cellOf(udp), tcp: cellOf(tcp), table });
    }
  }
  return sections;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly direction: Connection['direction'];
}

function arrowOf(heading: string): Arrow | undefined {
  const match = /^(.*?)\s*(<\s*)?--\s*>\s*(.*)$/.exec(heading);
  if (!match) return undefined;
  const [, from = '', both, to = ''] = match;
  return { from: from.trim(), to: to.trim(), direction: both === undefined ? 'one-way' : 'two-way' };
}

/** The numbered sections of the 2007 list. */
function sections2007(text: string): readonly Section[] {
  const sections: { anchor: string; level: number; heading: string; text: string; rows: DocumentRow[] }[] =
    [];
  for (const line of text.split('\n')) {
    const head = /^(\d+)\. (.*)$/.exec(line);
    if (head) {
      const [, anchor = '', heading = ''] = head;
      sections.push({ anchor, level: 3, heading: plain(heading), text: '', rows: [] });
      continue;
    }
    const section = sections.at(-1);
    if (section === undefined) continue;
    const cells = /^(.*?) \| (.*?) \| (.*?) \|\s*$/.exec(line);
    if (!cells) {
      section.text += `${line}\n`;
      continue;
    }
    const [, description = '', udp = '', tcp = ''] = cells;
    if (description !== 'Description') {
      section.rows.push({ description, udp: cellOf(udp), tcp: cellOf(tcp), table: 0 });
    }
  }
  return sections;
}

// ---- Comparing

/** A row in the form in which both sides are compared. */
interface Comparable {
  readonly service: string;
  readonly udp: readonly string[];
  readonly tcp: readonly string[];
  readonly choice: boolean;
  readonly notes: readonly number[];
  readonly installation: boolean;
}

function ofDocument(row: DocumentRow): Comparable {
  return {
    service: row.description,
    udp: row.udp.ports,
    tcp: row.tcp.ports,
    choice: row.udp.choice || row.tcp.choice,
    notes: [...new Set([...row.udp.notes, ...row.tcp.notes])],
    installation: row.table > 0,
  };
}

function ofCatalog(row: PortRow, { language, file }: Source, anchor = ''): Comparable {
  const misprint = misprintsIn(file, anchor).find(({ service }) => service === row.service);
  if (misprint) usedMisprints.add(`${file} ${anchor} ${misprint.printed}`);
  return {
    service: misprint?.printed ?? serviceName(row.service, language),
    udp: row.udp,
    tcp: row.tcp,
    choice: row.choice,
    notes: row.notes,
    installation: row.phase === 'installation',
  };
}

const usedMisprints = new Set<string>();

function misprintsIn(file: string, anchor: string): readonly Misprint[] {
  return EDITIONS.flatMap((edition) => catalogOf(edition).errata)
    .flatMap(({ misprints }) => misprints)
    .filter((place) => place.document === file && place.anchor === anchor);
}

/** What a document may call a party: its names in that language, and a misprint that an erratum knows. */
function namesOf(role: string, source: Source, anchor: string): readonly string[] {
  const names = roleNames().get(role);
  const misprints = misprintsIn(source.file, anchor).filter(({ party }) => party === role);
  for (const { document, printed } of misprints) usedMisprints.add(`${document} ${anchor} ${printed}`);
  const printed = misprints.map((misprint) => misprint.printed);
  if (printed.length > 0) return printed;
  const own = names === undefined ? [role] : [names.names[source.language]];
  return source.language === 'en' ? [...own, ...(names?.also ?? [])] : own;
}

function checkParty(
  printed: string,
  role: string,
  narrow: string | undefined,
  source: Source,
  anchor: string,
) {
  const name = printed
    .replace(/, both standard and pull$/, '')
    .replace(/^Primary /, '')
    .toLowerCase();
  const known = narrow !== undefined && roleNames().has(narrow) ? narrow : role;
  const names = namesOf(known, source, anchor).map((one) => one.toLowerCase());
  assert.ok(names.includes(name), `${anchor}: '${printed}' is not a name of ${known} (${names.join(', ')})`);
}

function checkConnections(sections: readonly Section[], source: Source, edition: Edition, asks: RegExp) {
  const { connections } = catalogOf(edition);
  assert.deepEqual(
    connections.map(({ anchor }) => anchor),
    sections.map(({ anchor }) => anchor),
  );
  for (const [index, section] of sections.entries()) {
    const connection = connections[index];
    const arrow = arrowOf(section.heading) ?? arrowOf(section.heading.replace(' to ', ' --> '));
    assert.ok(connection && arrow, section.anchor);
    const { from, to, variant, direction, icmp, notes, ports, anchor } = connection;
    assert.equal(direction, arrow.direction, anchor);
    checkParty(arrow.from, variant === 'pull' ? 'pull-distribution-point' : from, undefined, source, anchor);
    checkParty(arrow.to, to, variant === undefined ? undefined : `${to}.${variant}`, source, anchor);
    assert.deepEqual(
      ports.map((row) => ofCatalog(row, source, anchor)),
      section.rows.map(ofDocument),
      anchor,
    );
    const ofSection = section.text.split('\n').filter((line) => /^\s*(?:\(|<sup>)/.test(line));
    assert.deepEqual(notes, ofSection.flatMap(noteNumbers), `${anchor}: notes of the section`);
    assert.equal(icmp, /ICMP/.test(section.text), `${anchor}: ICMP`);
    for (const [number, row] of ports.entries()) {
      const printed = section.rows[number];
      const cells = [printed?.udp, printed?.tcp].flatMap((cell) => cell?.notes ?? []);
      const alternate = cells.some((note) => asks.test(String(note)));
      assert.equal(row.alternate, alternate, `${anchor}: ${row.service}`);
      if (edition === '2007')
        assert.equal(row.when === 'primary-site', /^Primary /.test(section.heading), anchor);
    }
  }
}

function sectionBy(sections: readonly Section[], anchor: string | undefined): Section {
  const found = sections.find((section) => section.anchor === anchor);
  assert.ok(found, `no section ${anchor}`);
  return found;
}

function bullets(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => /^\s*- /.test(line))
    .map((line) => plain(line.replace(/^\s*-\s+/, '')));
}

const ranged = (text: string) => text.replace(/(\d+)\s*:\s*(\d+)/, '$1-$2');

describe('the catalog and the documents it was read from', () => {
  if (!existsSync(FOLDER)) {
    it('every row as in the documents (their folder ../shared/sources is not here)');
    return;
  }

  it('2007: every section, row, direction and note is as printed', () => {
    const source: Source = { file: LIST_2007, editions: ['2007'], language: 'en' };
    const sections = sections2007(read(LIST_2007));
    assert.equal(sections.length, 37);
    checkConnections(sections, source, '2007', /^[24]$/);
  });

  it('every edition of current branch has its list and its two other documents', () => {
    for (const { id } of EDITION_TABLE.filter((edition) => edition.id !== '2007')) {
      for (const documents of [PORT_LISTS, CLIENT_DOCUMENTS, REQUEST_PORT_DOCUMENTS])
        assert.ok(
          documents.some(({ editions, language }) => language === 'en' && editions.includes(id)),
          id,
        );
    }
  });

  for (const source of PORT_LISTS) {
    const [edition = '2025-12'] = source.editions;

    it(`${source.file}: every section, row, direction, note and name is as printed`, () => {
      const sections = sectionsOf(read(source.file)).filter(({ heading, level, rows }) => {
        return level === 3 && arrowOf(heading) !== undefined && rows.length > 0;
      });
      checkConnections(sections, source, edition, /^[23]$/);
    });

    it(`${source.file}: the tables beside the connections are as printed`, () => {
      const sections = sectionsOf(read(source.file));
      const catalog = catalogOf(edition);
      const withTables = sections.filter(
        ({ heading, rows }) => rows.length > 0 && arrowOf(heading) === undefined,
      );
      const tables = [catalog.clientShares, catalog.windowsServer];
      assert.deepEqual(
        tables.map((table) => table?.anchor),
        withTables.map(({ anchor }) => anchor),
      );
      for (const table of tables) {
        assert.deepEqual(
          table?.ports.map((row) => ofCatalog(row, source)),
          sectionBy(sections, table?.anchor).rows.map(ofDocument),
        );
      }
    });

    it(`${source.file}: the ports of discovery and publishing are as printed`, () => {
      const { discovery } = catalogOf(edition);
      const lines = bullets(sectionBy(sectionsOf(read(source.file)), discovery?.anchor).text).map((line) => {
        const [, service = '', port = ''] = /^(.*?)\s*[:：]\s*(.*)$/.exec(line) ?? [];
        return { service, tcp: [/\d/.test(port) ? ranged(port) : 'dynamic'], udp: [] };
      });
      assert.deepEqual(
        discovery?.ports.map(({ service, tcp, udp }) => ({
          service: serviceName(service, source.language),
          tcp,
          udp,
        })),
        lines,
      );
    });

    it(`${source.file}: the ports of a load balancer are as printed`, () => {
      const { loadBalancer } = catalogOf(edition);
      const { text } = sectionBy(sectionsOf(read(source.file)), loadBalancer?.anchor);
      const lines = bullets(text).flatMap((line) => {
        const match = /^(.*?)\s*[:：]\s*TCP (\d+)$/.exec(line);
        return match ? [{ service: match[1] ?? '', tcp: [match[2] ?? ''] }] : [];
      });
      // The Chinese text words 'SQL over TCP' in another way here than in the tables.
      const name = (service: string) =>
        source.language === 'zh-TW' && /SQL.*TCP|TCP.*SQL/.test(service) ? 'SQL' : service;
      assert.deepEqual(
        loadBalancer?.ports.map(({ service, tcp }) => ({
          service: name(serviceName(service, source.language)),
          tcp,
        })),
        lines.map(({ service, tcp }) => ({ service: name(service), tcp })),
      );
    });

    it(`${source.file}: the ports to install site systems for internet clients are as printed`, () => {
      const { internetClients } = catalogOf(edition);
      const { text } = sectionBy(sectionsOf(read(source.file)), internetClients?.anchor);
      const lines = bullets(text).map((line) => {
        const arrow = arrowOf(line);
        const port = /\d+/.exec(arrow?.to ?? '')?.[0] ?? 'dynamic';
        return {
          direction: arrow?.direction,
          udp: /UDP/.test(line) ? [port] : [],
          tcp: /TCP/.test(line) ? [port] : [],
          everyRole: !(arrow?.to ?? '').startsWith(roleName('distribution-point', source.language)),
        };
      });
      assert.deepEqual(
        internetClients?.tables.flatMap(({ roles, ports }) =>
          ports.map(({ direction, udp, tcp }) => ({ direction, udp, tcp, everyRole: roles.length > 1 })),
        ),
        lines,
      );
    });
  }

  /** What the client documents call the ends of a row, where it is not the role's name. */
  const PHRASES: Readonly<Record<string, Readonly<Partial<Record<Language, string>>>>> = {
    client: { en: 'client', ko: '클라이언트' },
    'source-server': { en: 'source server', ko: '원본 서버' },
    'setup-share': { en: 'network share', ko: '네트워크 공유' },
  };

  for (const source of CLIENT_DOCUMENTS) {
    for (const edition of source.editions) {
      it(`${source.file}, ${edition}: the ports of each client installation method are as printed`, () => {
        const sections = sectionsOf(read(source.file)).filter(({ rows }) => rows.length > 0);
        const { deployment } = catalogOf(edition);
        assert.deepEqual(
          deployment.map(({ anchor }) => anchor),
          sections.map(({ anchor }) => anchor),
        );
        for (const [index, { text, rows, anchor }] of sections.entries()) {
          const table = deployment[index];
          assert.ok(table);
          assert.equal(table.icmp, /ICMP/.test(text), `${anchor}: ICMP`);
          assert.equal(table.ports.length, rows.length, anchor);
          for (const [number, printed] of rows.entries()) {
            const row: PortRow | undefined = table.ports[number];
            assert.ok(row);
            const { description } = printed;
            const { service, ...facts } = ofCatalog(row, source);
            const { service: _, ...expected } = { ...ofDocument(printed), installation: true };
            assert.deepEqual(facts, expected, `${anchor}: ${description}`);
            if (source.language === 'en') assert.ok(description.startsWith(service), `${anchor}: ${service}`);
            else assert.ok(description.includes(service.replace(/\(.*/, '')), `${anchor}: ${service}`);
            for (const role of [row.from ?? '', row.to ?? '']) {
              const phrase =
                PHRASES[role]?.[source.language] ?? roleName(role, source.language).toLowerCase();
              assert.ok(description.toLowerCase().includes(phrase), `${anchor}: ${role} in '${description}'`);
            }
            const share = /\*\*\/source:/.test(description);
            const without = /do not specify|지정하지 않은/.test(description);
            const when = without ? 'no-smb-source' : share ? 'smb-source' : undefined;
            assert.equal(row.when, when, `${anchor}: ${description}`);
            assert.equal(row.alternate, printed.tcp.notes.length > 0, `${anchor}: ${description}`);
          }
        }
      });

      it(`${source.file}, ${edition}: the exceptions of the Windows Firewall are as printed`, () => {
        const sections = sectionsOf(read(source.file));
        const first = sections.findIndex(
          ({ anchor }) => anchor === 'programs-and-ports-that-configuration-manager-requires',
        );
        const after = sections.findIndex(({ level }, index) => index > first && level < 3);
        const own = sections.slice(first + 1, after);
        const { clientFeatures } = catalogOf(edition);
        assert.equal(clientFeatures.length, 9);
        assert.deepEqual(
          clientFeatures.map(({ anchor }) => anchor),
          own.map(({ anchor }) => anchor),
        );
        for (const [index, { text, anchor }] of own.entries()) {
          const feature = clientFeatures[index];
          assert.ok(feature);
          const expected = exceptionsOf(text);
          assert.deepEqual([...feature.inbound].sort(), expected.inbound.sort(), `${anchor}: inbound`);
          assert.deepEqual([...feature.outbound].sort(), expected.outbound.sort(), `${anchor}: outbound`);
          assert.equal(feature.icmp, /ICMP/.test(text), `${anchor}: ICMP`);
        }
      });
    }
  }

  for (const source of REQUEST_PORT_DOCUMENTS) {
    it(`${source.file}: the default request ports of clients are as printed`, () => {
      const text = read(source.file);
      const defaults = [...text.matchAll(/\*\*(\d+)\*\*/g)].map((match) => match[1]).slice(0, 2);
      for (const edition of source.editions) {
        const rows =
          catalogOf(edition).connections.find(({ id }) => id === 'client.management-point')?.ports ?? [];
        const ports = rows.filter(({ scheme }) => scheme !== undefined).flatMap(({ tcp }) => tcp);
        assert.deepEqual(ports, defaults);
      }
    });
  }

  it('a translated name is marked `ours` where no document prints it, and nowhere else', () => {
    const documents = [...PORT_LISTS, ...CLIENT_DOCUMENTS, ...REQUEST_PORT_DOCUMENTS];
    for (const language of LANGUAGES.filter((one) => one !== 'en')) {
      const text = documents
        .filter((source) => source.language === language)
        .map(({ file }) => plain(read(file)).toLowerCase())
        .join('\n');
      const wrong = [...roleNames(), ...serviceNames()].filter(([, { names, ours }]) => {
        return text.includes(names[language].toLowerCase()) === ours.includes(language);
      });
      assert.deepEqual(
        wrong.map(([key, { names }]) => `${key}: ${names[language]}`),
        [],
      );
    }
  });

  it('every English name and service is printed by some document', () => {
    const text = [...PORT_LISTS, ...CLIENT_DOCUMENTS]
      .filter(({ language }) => language === 'en')
      .map(({ file }) => plain(read(file)))
      .concat(read(LIST_2007))
      .join('\n')
      .toLowerCase();
    for (const edition of EDITIONS) {
      for (const { ports } of catalogOf(edition).connections) {
        for (const { service } of ports) assert.ok(text.includes(service.toLowerCase()), service);
      }
    }
    for (const edition of EDITIONS) {
      for (const connection of catalogOf(edition).connections) {
        const { from, to } = partiesOfConnection(connection);
        for (const name of [from, to]) {
          const names = [...roleNames().values()].find((one) => one.names.en === name);
          const spellings = [name, ...(names?.also ?? [])].map((one) => one.toLowerCase());
          assert.ok(
            spellings.some((one) => text.includes(one)),
            name,
          );
        }
      }
    }
  });

  it('a supplement names a document and section that exist, and ports that these or a list give', () => {
    /** A row of some list on the same ports, for supplements that say only that two machines talk as others do. */
    const listed = new Set(
      EDITIONS.flatMap((edition) => catalogOf(edition).connections)
        .flatMap(({ ports }) => ports)
        .map(({ service, udp, tcp }) => `${service} ${udp} ${tcp}`),
    );
    for (const edition of EDITIONS) {
      const { documents, supplements, document: list } = catalogOf(edition);
      if (edition === '2007') assert.deepEqual(supplements, []);
      for (const { id, document, anchor, ports } of supplements) {
        const file =
          document === list.id
            ? PORT_LISTS.find(({ editions, language }) => language === 'en' && editions.includes(edition))
                ?.file
            : join('planning', `${document}.md`);
        const text = read(file ?? '');
        const { title, date } = documents.get(document) ?? {};
        if (document !== list.id) {
          assert.ok(text.split('\n').includes(`# ${title}`), `${document}: ${title}`);
          const [month, day, year] = (/^ms\.date: (\S+)/m.exec(text)?.[1] ?? '').split('/');
          assert.equal(`${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`, date, document);
        }
        const sections = sectionsOf(text).map((section) => section.anchor);
        assert.ok(sections.includes(anchor), `${id}: ${document}#${anchor}`);
        for (const { service, udp, tcp } of ports) {
          if (tcp.includes('configured')) continue;
          const inText = tcp.every((port) => new RegExp(`\\b${port}\\b`).test(text));
          assert.ok(listed.has(`${service} ${udp} ${tcp}`) || inText, `${edition} ${id}: ${service} ${tcp}`);
        }
      }
    }
  });

  it('every name on the internet that a document prints is an endpoint of its section, and no other is', () => {
    const [newest = '2025-12'] = EDITIONS.toReversed();
    const all = EDITIONS.flatMap((edition) => catalogOf(edition).endpoints);
    assert.deepEqual(catalogOf('2007').endpoints, []);
    for (const document of new Set(all.map((endpoint) => endpoint.document))) {
      const printed = new Set<string>();
      let anchor = '';
      const text = read(join('planning', `${document}.md`));
      for (const line of text.slice(text.indexOf('\n# ')).split('\n')) {
        const head = /^#{1,4}\s+(?:<a name="([^"]*)">\s*<\/a>)?\s*(.*?)\s*$/.exec(line);
        if (head) anchor = head[1] ?? slug(plain(head[2] ?? ''));
        // What a code span holds, without the example and the names of the site's own servers.
        const code = line
          .replace(/For example, .*$|<!--.*?-->/g, '')
          .matchAll(/`((?:https?:\/\/)?[*<a-z][^` ]*\.[^` ]*)`/g);
        const isTip = line.startsWith('>');
        for (const [, name = ''] of isTip ? [] : code) printed.add(`${anchor} ${name}`);
      }
      const listed = new Set(
        all.filter((one) => one.document === document).map((one) => `${one.section} ${one.printed}`),
      );
      assert.ok(printed.size > 40, `${document}: ${printed.size} names`);
      assert.deepEqual([...listed].toSorted(), [...printed].toSorted());
    }
    // The connections that they name are those of the lists.
    for (const { connections, parties, printed } of all) {
      assert.ok(connections.length + parties.length > 0, printed);
      for (const id of connections)
        assert.ok(
          EDITIONS.some((edition) =>
            [...catalogOf(edition).connections, ...catalogOf(edition).supplements].some(
              (one) => one.id === id,
            ),
          ),
          id,
        );
    }
    const graph = (edition: Edition) =>
      catalogOf(edition).endpoints.flatMap(({ name }) => (name.startsWith('graph.') ? [name] : []));
    assert.deepEqual(graph('2017-09'), ['graph.windows.net']);
    assert.deepEqual(graph(newest), ['graph.microsoft.com']);
  });

  it('a misprint of an erratum is in its document', () => {
    const misprints = EDITIONS.flatMap((edition) => catalogOf(edition).errata).flatMap(
      (entry) => entry.misprints,
    );
    for (const { document, anchor, printed } of misprints) {
      const section = sectionBy(sectionsOf(read(document)), anchor);
      const texts = [section.heading, ...section.rows.map(({ description }) => description)];
      assert.ok(
        texts.some((text) => text.includes(printed)),
        `${document} ${anchor}`,
      );
      assert.ok(usedMisprints.has(`${document} ${anchor} ${printed}`), `${document} ${anchor}`);
    }
  });
});

/** Programs and groups by what the English and Korean client documents call them. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/statview\.exe/i, 'statview.exe'],
  [/helpsvc\.exe/i, 'helpsvc.exe'],
  [/\*\*(?:File and Printer Sharing|파일 및 프린터 공유)\*\*/, 'file-and-printer-sharing'],
  [/\*\*(?:Windows Management Instrumentation \(WMI\)|WMI\(Windows Management Instrumentation\))\*\*/, 'wmi'],
  [/\*\*(?:Remote Assistance|원격 지원)\*\*/, 'remote-assistance'],
  [/\*\*(?:Remote Desktop|원격 데스크톱)\*\*/, 'remote-desktop'],
];

/** The exceptions that a section on a feature asks for; inbound where it names no direction. */
function exceptionsOf(text: string): { inbound: string[]; outbound: string[] } {
  const inbound = new Set<string>();
  const outbound = new Set<string>();
  for (const line of text.split('\n')) {
    const out = /(?:Outbound|아웃바운드)/.test(line);
    const both = /(?:Outbound and inbound|아웃바운드 및 인바운드)/.test(line);
    const add = (entry: string) => {
      if (out) outbound.add(entry);
      if (!out || both) inbound.add(entry);
    };
    for (const [pattern, program] of PROGRAMS) if (pattern.test(line)) add(program);
    for (const match of line.matchAll(/\b(TCP|UDP)(?: Port| 포트)?\s*\*\*(\d+)\*\*/g)) {
      add(`${match[1]?.toLowerCase()}/${match[2]}`);
    }
  }
  return { inbound: [...inbound], outbound: [...outbound] };
}
