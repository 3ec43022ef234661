// Names and texts of a file are never code in what is exported: each format in front of its own reader.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse as parseHcl } from '@cdktf/hcl2json';
import Ajv from 'ajv';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { rendered } from '../support/markdown.ts';
import { census, grammar, textsOf } from './grammars.ts';
import {
  ATTACKS,
  type Choice,
  databaseFqdn,
  exported as exportedText,
  hostileTexts,
  hostileTopology,
  PLAIN,
  type Texts,
} from './hostile.ts';
import { findNft, nftFaults } from './nft.ts';

const RUNS = { numRuns: 60 };

/** The formats that have a case of their own, and those that the case at hand has looked at. */
const inOwnLanguage = new Set<string>();
const looked = new Set<string>();

function exported(format: string, ...rest: [topology: Parameters<typeof exportedText>[1], choice?: Choice]) {
  looked.add(format);
  return exportedText(format, ...rest);
}

/** A case that reads a format with a reader of its own language; a format without one fails below. */
function reads(format: string, title: string, body: (this: Mocha.Context) => void | Promise<void>): void {
  inOwnLanguage.add(format);
  it(title, async function () {
    looked.clear();
    await body.call(this);
    assert.ok(looked.has(format), `nothing was written as ${format}`);
  });
}

/** The same hierarchy with one attack in every place at once, which differ as names must. */
function everywhere(attack: string): Texts {
  const name = (mark: string) => `${attack}${mark}`;
  return {
    title: attack,
    zones: [attack, name('b')],
    server: name('s'),
    database: name('d'),
    clients: name('c'),
    fqdn: attack,
    description: attack,
    address: attack,
  };
}

/** Checks one format for each attack in turn and for texts that nobody thought of. */
function holds(format: string, check: (text: string, texts: Texts, choice: Choice) => void): void {
  const both = (texts: Texts) => {
    for (const choice of [{}, { server: texts.server }]) {
      check(exported(format, hostileTopology(texts), choice).text, texts, choice);
    }
  };
  for (const attack of ATTACKS) both(everywhere(attack));
  fc.assert(fc.property(hostileTexts, both), RUNS);
}

/** The same, for a reader that answers later. */
async function holdsLater(
  format: string,
  check: (text: string, texts: Texts) => Promise<void>,
): Promise<void> {
  for (const attack of ATTACKS) {
    const texts = everywhere(attack);
    await check(exported(format, hostileTopology(texts)).text, texts);
  }
  await fc.assert(
    fc.asyncProperty(hostileTexts, async (texts) =>
      check(exported(format, hostileTopology(texts)).text, texts),
    ),
    RUNS,
  );
}

/** Control and format characters that steer what a person sees. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('names and texts of a file stay text', () => {
  it('in every format, each with a case in its own language below', () => {
    assert.deepEqual([...inOwnLanguage].sort(), Object.keys(exporters).sort());
  });

  it('in every format, as docs/export.md says of each in both of its tables', () => {
    const page = readFileSync('docs/export.md', 'utf8');
    for (const heading of ['Names and texts of the file', 'How this is verified']) {
      const [, section = ''] = page.split(`### ${heading}\n`);
      const [table = ''] = section.split(/^#/m);
      const named = table
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .flatMap((line) => line.split('|')[1]?.match(/[\w-]+/g) ?? []);
      assert.deepEqual(named.sort(), Object.keys(exporters).sort(), heading);
    }
  });

  it('in every format: nothing hidden gets through, and the same file gives the same bytes', () => {
    for (const format of Object.keys(exporters)) {
      holds(format, (text, texts, choice) => {
        assert.doesNotMatch(text.replaceAll(/\r?\n/g, ''), HIDDEN, format);
        assert.equal(exported(format, hostileTopology(texts), choice).text, text);
      });
    }
  });

  reads('csv', 'in CSV, read by csv-parse: as many cells as columns, and none starts a formula', () => {
    const rowsOf = (text: string): string[][] => parseCsv(text);
    const plain = [{}, { server: PLAIN.server }].map(
      (choice) => rowsOf(exported('csv', hostileTopology(PLAIN), choice).text).length,
    );
    holds('csv', (text, _texts, { server }) => {
      const rows = rowsOf(text);
      assert.equal(rows.length, plain[server === undefined ? 0 : 1]);
      for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
    });
  });

  reads(
    'test-netconnection',
    'in PowerShell that tries connections, read by its grammar: nothing but its own commands, and only ASCII',
    async () => {
      const read = await grammar('powershell');
      // A machine has one variable of its own, its list.
      const countOf = (text: string) => {
        const found = census(read(text));
        return {
          ...found,
          variable: (found.variable ?? 0) - (text.match(/^ {4}\$tests = @\($/gm) ?? []).length,
        };
      };
      const plain: Readonly<Record<string, number>> = countOf(
        exported('test-netconnection', hostileTopology(PLAIN), {}).text,
      );
      holds('test-netconnection', (text) => {
        assert.match(text, /^[\n -~]*$/);
        const root = read(text);
        assert.equal(root.hasError, false, text);
        // Names that are no host names are not tried, so that only the commands around the list can be counted.
        const found: Readonly<Record<string, number>> = countOf(text);
        for (const type of [
          'command',
          'command_name',
          'sub_expression',
          'expandable_string_literal',
          'variable',
        ])
          assert.equal(found[type], plain[type], `${type}\n${text}`);
      });
    },
  );

  reads('endpoints', 'in CSV of endpoints: the columns that are promised, and none starts a formula', () => {
    holds('endpoints', (text) => {
      const [header, ...rows]: string[][] = parseCsv(text);
      assert.deepEqual(header, ['role', 'server', 'name', 'port', 'purpose']);
      assert.ok(rows.length > 0);
      // `*.example.com` is a name that begins with a mark, and no formula.
      for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
    });
  });

  reads(
    'powershell',
    'in PowerShell, read by its grammar: the same commands as with plain names, and only ASCII',
    async () => {
      const read = await grammar('powershell');
      const countsOf = (text: string, words: readonly string[]): Readonly<Record<string, number>> => {
        const { pipeline = 0, ...found } = census(read(text));
        // Each word by which a machine is told is a pipeline, and two names can be one word.
        return { ...found, pipeline: pipeline - words.length };
      };
      const plain = [{}, { server: PLAIN.server }].map((choice) =>
        countsOf(exported('powershell', hostileTopology(PLAIN), choice).text, wordsOf(PLAIN, choice)),
      );
      holds('powershell', (text, texts, choice) => {
        assert.match(text, /^[\n -~]*$/);
        const root = read(text);
        assert.equal(root.hasError, false, text);
        const wanted = plain[choice.server === undefined ? 0 : 1];
        const words = [...text.matchAll(/^ {2}('.*') \{ ('.*'); break \}$/gm)].map(
          ([, word, name]) => `${word} ${name}`,
        );
        assert.deepEqual(words.sort(), wordsOf(texts, choice), text);
        const found = countsOf(text, words);
        for (const type of [
          'command',
          'command_name',
          'sub_expression',
          'expandable_string_literal',
          'variable',
          'pipeline',
        ]) {
          assert.equal(found[type], wanted?.[type], `${type}\n${text}`);
        }
        const strings = textsOf(root, 'verbatim_string_characters').map((literal) =>
          literal.slice(1, -1).replaceAll("''", "'"),
        );
        assert.ok(
          strings.some((string) => string === ascii(texts.server)),
          text,
        );
      });
    },
  );

  reads(
    'netsh',
    'in a batch file: only the commands of this program, with nothing that cmd.exe would act on',
    () => {
      const name = '[A-Za-z0-9 .,:;()/_-]*';
      const lines = [
        /^$/,
        /^@echo off$/,
        new RegExp(`^rem ${name}$`),
        /^setlocal DisableDelayedExpansion$/,
        /^set "machine=%~1"$/,
        /^set "full=(%~1|%machine%)?"$/,
        /^if defined machine goto choose$/,
        /^for \/f %%h in \('hostname'\) do set "machine=%%h"$/,
        /^for \/f "tokens=2,\*" %%a in \('reg query "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters" \/v Domain 2\^>nul'\) do set "full=%machine%\.%%b"$/,
        /^:choose$/,
        /^if not defined machine set "machine=%COMPUTERNAME%"$/,
        new RegExp(`^if /i "%full%"=="${name}" goto m\\d+$`),
        new RegExp(`^set "machine=${name}"$`),
        new RegExp(`^if /i "%machine%"=="${name}" goto m\\d+$`),
        /^echo There are no rules for this machine in this file\. 1>&2$/,
        /^exit \/b [01]$/,
        /^:m\d+$/,
        new RegExp(
          `^netsh advfirewall firewall show rule name="${name}" >nul 2>&1 \\|\\| netsh advfirewall firewall add rule name="${name}" description="${name}" dir=(in|out) action=allow profile=any protocol=(tcp (local|remote)port=[\\d,-]+|udp (local|remote)port=[\\d,-]+|icmpv4:8,any|icmpv6:128,any) remoteip=(any|[0-9a-f.:/,-]+)$`,
        ),
      ];
      holds('netsh', (text) => {
        for (const line of text.split('\r\n')) {
          assert.ok(
            lines.some((form) => form.test(line)),
            JSON.stringify(line),
          );
          assert.ok(line.length < 8192);
        }
      });
    },
  );

  reads(
    'nsg-bicep',
    'in Bicep, read by its grammar: no interpolation, and as many resources and rules as with plain names',
    async () => {
      const read = await grammar('bicep');
      const plain = census(read(exported('nsg-bicep', hostileTopology(PLAIN)).text));
      holds('nsg-bicep', (text, _texts, { server }) => {
        const root = read(text);
        assert.equal(root.hasError, false, text);
        const found = census(root);
        assert.equal(found.interpolation, undefined);
        assert.equal(found.call_expression, 2);
        if (server === undefined) {
          assert.equal(found.resource_declaration, plain.resource_declaration);
          assert.equal(found.object, plain.object);
        }
      });
    },
  );

  reads('nsg-arm', 'in an ARM template: JSON of the wanted shape, in which no text is an expression', () => {
    const valid = new Ajv({ strict: true }).compile(ARM);
    holds('nsg-arm', (text) => {
      const template: unknown = JSON.parse(text);
      assert.ok(valid(template), JSON.stringify(valid.errors));
      for (const string of strings(template)) {
        if (!string.startsWith('[') || string.startsWith('[[')) continue;
        assert.ok(['[resourceGroup().location]', "[parameters('location')]"].includes(string), string);
      }
    });
  });

  reads(
    'terraform',
    "in Terraform, read by HashiCorp's own reader: no interpolation of the file's making",
    async () => {
      await holdsLater('terraform', async (text) => {
        const found = (await parseHcl('main.tf', text)) as { resource?: Record<string, unknown> };
        assert.deepEqual(
          Object.keys(found),
          ['resource', 'terraform', 'variable'].filter((key) => key in found),
        );
        assert.deepEqual(Object.keys(found.resource ?? {}), ['azurerm_network_security_group']);
        for (const string of strings(found)) {
          const open = string.replaceAll(`$\${`, '').replaceAll('%%{', '');
          if ([`\${var.location}`, `\${var.resource_group_name}`, `\${string}`].includes(open)) continue;
          assert.doesNotMatch(open, /[$%]\{/);
        }
      });
    },
  );

  reads(
    'cisco-asa',
    'in ASA configuration: every line is a comment, a group, a member of one, or a permission',
    () => {
      const network = '(any[46]|object-group cmtopo-[A-Za-z0-9._-]{1,57})';
      const lines = [
        /^!( [A-Za-z0-9 .,:;()/_-]*)?$/,
        /^object-group network cmtopo-[A-Za-z0-9._-]{1,57}$/,
        /^object-group service cmtopo-(tcp|udp)-[0-9a-f]{16} (tcp|udp)$/,
        /^ description [A-Za-z0-9 .,:;()/_-]{0,200}$/,
        /^ network-object (host [0-9a-f.:]+|[0-9.]+ [0-9.]+|[0-9a-f:]+\/\d+)$/,
        /^ port-object (eq \d+|range \d+ \d+)$/,
        new RegExp(
          `^access-list cmtopo-[A-Za-z0-9._-]{1,80}-in extended permit (icmp6? ${network} ${network} echo|(tcp|udp) ${network} ${network} object-group cmtopo-(tcp|udp)-[0-9a-f]{16})$`,
        ),
        /^$/,
      ];
      holds('cisco-asa', (text) => {
        for (const line of text.split('\n'))
          assert.ok(
            lines.some((form) => form.test(line)),
            JSON.stringify(line),
          );
      });
    },
  );

  /** Every line has one of the forms, also where only the names of zones are plain, which devices refuse otherwise. */
  const hasForms = (format: string, lineBreak: string, lines: readonly RegExp[]) => {
    const check = (text: string) => {
      for (const line of text.split(lineBreak))
        assert.ok(
          lines.some((form) => form.test(line)),
          JSON.stringify(line),
        );
    };
    holds(format, check);
    const plain = (texts: Texts) => exported(format, hostileTopology({ ...texts, zones: PLAIN.zones })).text;
    for (const attack of ATTACKS) check(plain(everywhere(attack)));
    fc.assert(
      fc.property(hostileTexts, (texts) => check(plain(texts))),
      RUNS,
    );
  };
  const tame = '[A-Za-z0-9 .,:;()/_-]*';

  reads(
    'pan-os',
    'in PAN-OS commands: every line is a comment or a command of one object, with texts between quotation marks',
    () => {
      const own = 'cmtopo-[A-Za-z0-9._-]{1,56}';
      const zone = '(?:[A-Za-z0-9._-]+|"[A-Za-z0-9._ -]+")';
      const set = 'set vsys vsys1';
      hasForms('pan-os', '\n', [
        /^$/,
        new RegExp(`^# ${tame}$`),
        new RegExp(`^${set} tag cmtopo-[a-z]+ comments "${tame}"$`),
        new RegExp(`^${set} address ${own} (?:ip-netmask [0-9a-f.:/]+|description "${tame}")$`),
        new RegExp(
          `^${set} address-group ${own} (?:static (?:${own}|\\[ [A-Za-z0-9._ -]+ \\])|description "${tame}")$`,
        ),
        new RegExp(`^${set} service ${own} protocol (?:tcp|udp) port [\\d,-]+$`),
        new RegExp(
          `^${set} rulebase security rules cmtopo-(?:win-|inst-)?[0-9a-f]{16} (?:(?:from|to) ${zone}|(?:source|destination) (?:any|${own})|application (?:any|ping6?)|service (?:application-default|${own})|action allow|tag cmtopo-[a-z]+|description "${tame}")$`,
        ),
      ]);
    },
  );

  reads(
    'fortios',
    'in FortiOS commands: every line is a comment or a command, with names and texts between quotation marks',
    () => {
      const own = '"cmtopo-[A-Za-z0-9._-]{1,70}"';
      hasForms('fortios', '\n', [
        /^$/,
        new RegExp(`^# ${tame}$`),
        /^config firewall (?:address6?|addrgrp6?|service custom|policy)$/,
        new RegExp(`^ {4}edit (?:\\d+|${own})$`),
        /^ {4}next$/,
        /^end$/,
        new RegExp(
          `^ {8}set (?:subnet [0-9.]+ [0-9.]+|ip6 [0-9a-f:]+/\\d+|member ${own}(?: ${own})*|comments? "${tame}"|protocol (?:TCP/UDP/SCTP|ICMP6?)|icmptype (?:8|128)|(?:tcp|udp)-portrange [\\d -]+|name ${own}|(?:src|dst)intf "[A-Za-z0-9._-]+"|action accept|(?:src|dst)addr6? (?:"all"|${own})|schedule "always"|service ${own})$`,
        ),
      ]);
    },
  );

  reads(
    'windows-gpo',
    'in a registry file: every line is a comment, a key, or a rule string of which no text ends a field',
    () => {
      const field = '(?:[LR]Port(?:2_10)?=[\\d-]+|ICMP[46]=\\d+:\\*|[LR]A[46]=[0-9a-f.:/-]+)';
      hasForms('windows-gpo', '\r\n', [
        /^$/,
        /^Windows Registry Editor Version 5\.00$/,
        new RegExp(`^; ${tame}$`),
        /^\[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules\]$/,
        new RegExp(
          `^"cmtopo-(?:win-|inst-)?(?:in|out)-[0-9a-f]{16}"="v2\\.10\\|Action=Allow\\|Active=TRUE\\|Dir=(?:In|Out)\\|Protocol=\\d+\\|(?:${field}\\|)+Name=${tame}\\|Desc=${tame}\\|EmbedCtxt=ConfigMgr Topology, [a-z]+\\|"$`,
        ),
      ]);
    },
  );

  reads(
    'aerleon',
    'in the YAML of Aerleon: every line is a comment or a part of a definition or term',
    () => {
      const own = 'CMTOPO_[A-Z0-9_-]+_[0-9a-f]{16}';
      hasForms('aerleon', '\n', [
        /^$/,
        /^---$/,
        new RegExp(`^# ${tame}$`),
        /^(?:networks|services|filters):(?: \{\}| \[\])?$/,
        new RegExp(`^ {2}${own}:$`),
        /^ {4}values:$/,
        new RegExp(`^ {6}- \\{ address: "[0-9a-f.:/]+", comment: "${tame}" \\}$`),
        /^ {4}- \{ protocol: (?:tcp|udp), port: "[\d-]+" \}$/,
        /^ {2}- header:$/,
        new RegExp(`^ {6}comment: "${tame}"$`),
        /^ {6}targets:$/,
        /^ {8}(?:paloalto|srx): "from-zone [A-Za-z0-9._-]+ to-zone [A-Za-z0-9._-]+ inet6?"$/,
        /^ {4}terms:$/,
        /^ {6}- name: cmtopo-(?:win-|inst-)?[0-9a-f]{16}$/,
        new RegExp(`^ {8}comment: "${tame}"$`),
        new RegExp(`^ {8}(?:source|destination)-(?:address|port): ${own}$`),
        /^ {8}(?:protocol: (?:tcp|udp|icmp|icmpv6)|icmp-type: echo-request|action: accept)$/,
      ]);
    },
  );

  const nft = findNft();
  const { command } = nft;
  if (command === undefined) it(`in nftables, read by nft (NOT RUN: ${nft.reason})`);
  else {
    it('in nftables, read by nft itself', function () {
      this.timeout('300s');
      holds('nftables', (text) => assert.equal(nftFaults(command, text), '', text));
    });
  }

  reads('nftables', 'in nftables: every line is a comment or one of the wanted statements', () => {
    const address = '(\\{ [0-9a-f.:/, ]+ \\}|[0-9a-f.:/]+)';
    const lines = [
      /^# [A-Za-z0-9 .,:;()/_-]*$/,
      /^(delete )?table inet cmtopo( \{)?$/,
      /^ {2}chain (forward|input|output) \{$/,
      /^ {4}type filter hook (forward|input|output) priority filter; policy (drop|accept);$/,
      /^ {4}ct state established,related accept$/,
      /^ {2}ct helper cmtopo-tftp \{$/,
      /^ {4}type "tftp" protocol udp;$/,
      /^ {4}udp dport 69 ct helper set "cmtopo-tftp"$/,
      new RegExp(
        `^ {4}(ip6? saddr (!= )?${address} )?(ip6? daddr (!= )?${address} )?((tcp|udp) dport (\\{ [\\d, -]+ \\}|[\\d-]+)|icmp type echo-request|icmpv6 type echo-request) accept comment "[A-Za-z0-9 .,:;()/_-]{1,120}"$`,
      ),
      /^ {0,2}\}$/,
      /^$/,
    ];
    holds('nftables', (text) => {
      for (const line of text.split('\n'))
        assert.ok(
          lines.some((form) => form.test(line)),
          JSON.stringify(line),
        );
    });
  });

  reads(
    'markdown',
    'in Markdown, read by markdown-it: whole rows, and no element, link or mention of the file',
    () => {
      holds('markdown', (text) => {
        const { elements, links, bare } = rendered(text);
        const count = (name: string) => elements.filter((element) => element === name).length;
        assert.equal(count('td') + count('th'), 9 * count('tr'));
        const known = ['h1', 'h2', 'p', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'ul', 'li'];
        assert.deepEqual(
          elements.filter((element) => !known.includes(element)),
          [],
        );
        assert.deepEqual(links, []);
        assert.doesNotMatch(bare, /[@#]|:\/\/|www\./i);
      });
    },
  );

  reads(
    'html',
    'in HTML, read by a browser: the same elements as with plain names, and no script runs',
    async function () {
      this.timeout('300s');
      const { launchBrowser } = (await import(
        pathToFileURL(join(process.cwd(), 'scripts', 'vscode', 'browser.mjs')).href
      )) as { launchBrowser(): Promise<import('playwright-core').Browser> };
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage();
        const noise: string[] = [];
        page.on('dialog', (dialog) => {
          noise.push(dialog.message());
          return dialog.dismiss();
        });
        page.on('request', (request) => {
          noise.push(request.url());
        });
        const elements = async (texts: Texts) => {
          await page.setContent(exported('html', hostileTopology(texts)).text);
          return page.evaluate<Record<string, number>>(`(() => {
          const counts = {};
          for (const { localName } of document.querySelectorAll('*')) {
            if (!['h2', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'ul', 'li'].includes(localName)) counts[localName] = (counts[localName] ?? 0) + 1;
          }
          counts.cells = document.querySelectorAll('tbody td').length;
          counts.attributes = [...document.querySelectorAll('body *')].filter((each) => each.attributes.length > 0 && each.localName !== 'th').length;
          return counts;
        })()`);
        };
        const plain = await elements(PLAIN);
        await fc.assert(
          fc.asyncProperty(
            fc.oneof(hostileTexts, fc.constantFrom(...ATTACKS.map(everywhere))),
            async (texts) => assert.deepEqual(await elements(texts), plain),
          ),
          { numRuns: 80, examples: ATTACKS.map((attack) => [everywhere(attack)] as [Texts]) },
        );
        assert.deepEqual(noise, []);
      } finally {
        await browser.close();
      }
    },
  );
});

/** The words by which a script tells each machine: its name, and its full name unless that is a word of another one. */
function wordsOf(texts: Texts, { server }: Choice): readonly string[] {
  const machines = [
    { name: texts.server, fqdn: texts.fqdn },
    { name: texts.database, fqdn: databaseFqdn(texts) },
    { name: texts.clients, fqdn: texts.clients },
  ];
  const chosen = machines.filter(({ name }) => server === undefined || name === server);
  const quoted = (text: string) => `'${ascii(text).replaceAll("'", "''")}'`;
  const words = chosen.flatMap((machine) => {
    const { name, fqdn } = machine;
    const isOfOther = machines.some(
      (other) =>
        other !== machine &&
        [other.name, other.fqdn].some((word) => word.toLowerCase() === fqdn.toLowerCase()),
    );
    return (isOfOther ? [name] : [name, fqdn]).map((word) => `${quoted(word)} ${quoted(name)}`);
  });
  return [...new Set(words)].sort();
}

/** As PowerShell's strings show a text. */
function ascii(text: string): string {
  return text.replace(/[^ -~]|\p{C}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Every string in a JSON value, keys left out. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}

const prefix = { type: 'string', pattern: '^([0-9a-f.:]+(/\\d+)?|Internet)$' };
const ports = { type: 'string', pattern: '^(\\d{1,5}(-\\d{1,5})?|\\*)$' };

/** What a deployment template of network security groups must look like, by the published schemas and limits. */
const ARM = {
  type: 'object',
  required: ['$schema', 'contentVersion', 'resources'],
  additionalProperties: false,
  properties: {
    $schema: { const: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#' },
    contentVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+\\.\\d+$' },
    metadata: { type: 'object' },
    parameters: { type: 'object' },
    resources: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type', 'apiVersion', 'name', 'location', 'properties'],
        additionalProperties: false,
        properties: {
          type: { const: 'Microsoft.Network/networkSecurityGroups' },
          apiVersion: { type: 'string' },
          name: { type: 'string', pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$' },
          comments: { type: 'string' },
          location: { type: 'string' },
          properties: {
            type: 'object',
            required: ['securityRules'],
            additionalProperties: false,
            properties: {
              securityRules: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['name', 'properties'],
                  additionalProperties: false,
                  properties: {
                    name: { type: 'string', pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$' },
                    properties: {
                      type: 'object',
                      required: ['access', 'direction', 'priority', 'protocol', 'sourcePortRange'],
                      additionalProperties: false,
                      properties: {
                        description: { type: 'string', maxLength: 140 },
                        priority: { type: 'integer', minimum: 100, maximum: 4096 },
                        direction: { enum: ['Inbound', 'Outbound'] },
                        access: { const: 'Allow' },
                        protocol: { enum: ['Tcp', 'Udp', 'Icmp'] },
                        sourcePortRange: { const: '*' },
                        sourceAddressPrefix: prefix,
                        sourceAddressPrefixes: { type: 'array', minItems: 2, items: prefix },
                        destinationAddressPrefix: prefix,
                        destinationAddressPrefixes: { type: 'array', minItems: 2, items: prefix },
                        destinationPortRange: ports,
                        destinationPortRanges: { type: 'array', minItems: 2, items: ports },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
