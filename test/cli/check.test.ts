import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cmtopo,
  folderWith,
  GOOD,
  jsonReport,
  ONE_ERROR,
  ONE_HINT,
  ONE_WARNING,
  removeFolder,
} from './cli.ts';

/** A rule that stops nobody, for some years yet. */
const UNTIL = `configmgr: 2017-09
zones: { a: {}, b: {} }
firewalls: { f: { zones: [a, b], rules: [{ action: deny, from: a, to: b, expires: 2031-05-31 }] } }
`;

describe('cmtopo check', () => {
  let folder = '';
  before(() => {
    folder = folderWith({
      'good.topology.yaml': GOOD,
      'error.topology.yaml': ONE_ERROR,
      'warning.topology.yaml': ONE_WARNING,
      'hint.topology.yaml': ONE_HINT,
    });
  });
  after(() => removeFolder(folder));
  const check = (...args: string[]) => cmtopo(['check', ...args], { cwd: folder });

  describe('exit status', () => {
    it('is 0 for a file without findings', () => {
      assert.deepEqual(check('good.topology.yaml'), { status: 0, out: 'No findings in 1 file.\n', err: '' });
    });

    it('is 1 for an error', () => {
      assert.equal(check('error.topology.yaml').status, 1);
    });

    it('is 0 for warnings and hints, so that a job does not fail over advice', () => {
      assert.equal(check('warning.topology.yaml', 'hint.topology.yaml').status, 0);
    });

    it('counts the days from the one that --today names, and refuses what is none', () => {
      const on = (day: string) =>
        cmtopo(['check', '-', '--max-warnings=0', '--today', day], { cwd: folder, input: UNTIL });
      assert.equal(on('2031-05-31').status, 0);
      const after = on('2031-06-01');
      assert.equal(after.status, 1);
      assert.match(after.out, /was valid until 2031-05-31 .*\(?firewall-expired-rule/s);
      const { status, err } = on('tomorrow');
      assert.equal(status, 2);
      assert.equal(err, 'cmtopo: --today tomorrow: write a date as YYYY-MM-DD\n');
    });

    it('is 1 for more warnings than --max-warnings, and says so', () => {
      assert.equal(check('warning.topology.yaml', '--max-warnings', '1').status, 0);
      const { status, err } = check('warning.topology.yaml', '--max-warnings=0');
      assert.equal(status, 1);
      assert.equal(err, 'cmtopo: 1 warning is more than the 0 that --max-warnings allows\n');
    });

    it('does not count hints among the warnings', () => {
      assert.equal(check('hint.topology.yaml', '--max-warnings', '0').status, 0);
    });

    it('is 2 where one of several files cannot be read, and the others are checked all the same', () => {
      const { status, out, err } = check('missing.topology.yaml', 'error.topology.yaml');
      assert.equal(status, 2);
      assert.match(out, /wsus-port-pair/);
      assert.equal(err, 'cmtopo: missing.topology.yaml: no such file or folder\n');
    });
  });

  const path = (name: string) => join(folder, name);

  describe('what is shown', () => {
    const MISTAKES = 'examples/mistakes.topology.yaml';
    const shown = (...args: string[]) => {
      const { status, out } = cmtopo(['check', MISTAKES, '--format', 'json', ...args]);
      const report = JSON.parse(out);
      const found: { code: string; severity: string }[] = report.files[0].diagnostics;
      return { status, found, summary: report.summary };
    };

    it('only the rules that are named, without another exit status', () => {
      const { status, found, summary } = shown('--rule', 'unknown-key', '--rule', 'unused-definition');
      assert.deepEqual([...new Set(found.map(({ code }) => code))].sort(), [
        'unknown-key',
        'unused-definition',
      ]);
      assert.equal(status, 1);
      assert.equal(summary.errors + summary.warnings + summary.information + summary.hints, found.length);
      const hints = shown('--rule', 'unused-definition');
      assert.equal(hints.status, 1, 'errors are there, shown or not');
    });

    it('only a severity and what is above it', () => {
      const severities = (level: string) =>
        new Set(shown('--severity', level).found.map((one) => one.severity));
      assert.deepEqual(severities('error'), new Set(['error']));
      assert.deepEqual(severities('warning'), new Set(['error', 'warning']));
      assert.equal(shown('--severity', 'hint').found.length, shown().found.length);
    });

    it('only how much is found', () => {
      const { found, summary } = shown('--summary');
      assert.deepEqual(found, []);
      assert.deepEqual(summary, shown().summary);
      const { out, status } = cmtopo(['check', MISTAKES, '--summary']);
      assert.equal(status, 1);
      assert.match(out, /^By rule\n {2}( ?\d+) {2}(error|warning) +[a-z-]+\n/);
      assert.ok(!out.includes('  at '));
    });

    it('says that there is more, and refuses a rule that there is not', () => {
      const { out } = cmtopo(['check', MISTAKES, '--rule', 'unused-definition', '--severity', 'error']);
      assert.match(
        out,
        /^No findings in 1 file\. \d+ other findings are not shown \(--rule, --severity\)\.\n$/,
      );
      const { status, err } = cmtopo(['check', MISTAKES, '--rule', 'unused-definitions']);
      assert.equal(status, 2);
      assert.match(err, /there is no rule unused-definitions; did you mean unused-definition\?/);
    });

    it('a table by rule and by firewall comes last, for a person', () => {
      const text = readFileSync('examples/hierarchy.topology.yaml', 'utf8').replaceAll(
        '4022, 14330]',
        '4022, 14331]',
      );
      const { out } = cmtopo(['check', '-'], { input: text });
      assert.match(out, /\nBy rule\n( {2}.*\n)+\nBy firewall\n {2} *\d+ {2}error +branch-line\n/);
    });

    it('the table by firewall counts each severity on its own', () => {
      const text = readFileSync('examples/hierarchy.topology.yaml', 'utf8')
        .replace('from: sec01, to: sql01, tcp: [4022, 14330]', 'from: sec01, to: sql01, tcp: [22, 4022]')
        .replace('to: sec01, tcp: 445 }', 'to: sec01, tcp: 446 }');
      const { out } = cmtopo(['check', '-', '--summary'], { input: text });
      const [, table = ''] = /\nBy firewall\n((?: {2}.*\n)+)/.exec(out) ?? [];
      const rows = [...table.matchAll(/^ +(\d+) +(\w+) +branch-line$/gm)].map(([, count, severity]) => [
        severity,
        Number(count),
      ]);
      const [, errors] = /(\d+) errors? in|(\d+) errors?, /.exec(out)?.filter(Boolean) ?? [];
      assert.deepEqual(
        rows.map(([severity]) => severity),
        ['error', 'warning'],
      );
      assert.equal(rows[0]?.[1], Number(errors), out);
    });
  });

  describe('-o', () => {
    it('writes what would be printed, and the exit status stays', () => {
      const out = path('report.json');
      const printed = check('error.topology.yaml', '--format', 'json');
      assert.deepEqual(check('error.topology.yaml', '--format', 'json', '-o', out), {
        status: 1,
        out: '',
        err: '',
      });
      assert.equal(readFileSync(out, 'utf8'), printed.out);
      rmSync(out);
      for (const command of ['flows', 'export --format csv', 'diagram'])
        assert.deepEqual(
          cmtopo([...command.split(' '), 'good.topology.yaml', '-o', 'x'], { cwd: path('.') }).out,
          '',
          command,
        );
      assert.match(readFileSync(path('x'), 'utf8'), /^<svg/);
      rmSync(path('x'));
    });

    it('overwrites no file that is read, and says what cannot be written', () => {
      const refused = cmtopo(['flows', 'good.topology.yaml', '-o', './good.topology.yaml'], {
        cwd: path('.'),
      });
      assert.equal(refused.status, 2);
      assert.match(
        refused.err,
        /^cmtopo: -o \.\/good\.topology\.yaml: this command reads the file and would overwrite it$/m,
      );
      const behind = ['init', '--from=good.topology.yaml', '-o', 'good.topology.yaml'];
      assert.match(cmtopo(behind, { cwd: path('.') }).err, /would overwrite it$/m);
      const nowhere = cmtopo(['rules', '-o', 'none/x'], { cwd: path('.') });
      assert.deepEqual(nowhere, { status: 2, out: '', err: 'cmtopo: none/x: no such file or folder\n' });
      assert.equal(cmtopo(['rules', '-o']).status, 2);
    });

    it('keeps the mode of a file, writes through a link, and to a pipe or device as it is', () => {
      writeFileSync(path('kept'), 'old');
      chmodSync(path('kept'), 0o640);
      symlinkSync('kept', path('link'));
      assert.equal(check('good.topology.yaml', '-o', 'link').status, 0);
      assert.ok(lstatSync(path('link')).isSymbolicLink());
      assert.equal(readFileSync(path('kept'), 'utf8'), 'No findings in 1 file.\n');
      assert.equal(statSync(path('kept')).mode & 0o777, 0o640);
      assert.equal(check('good.topology.yaml', '-o', '/dev/null').status, 0);
      assert.ok(!statSync('/dev/null').isFile());
      assert.match(check('good.topology.yaml', '-o', '/dev/full').err, /^cmtopo: \/dev\/full: .*ENOSPC/m);
      for (const name of ['kept', 'link']) rmSync(path(name));
    });
  });

  describe('--format json', () => {
    it('has the shape of the contract, lines and characters from 0', () => {
      const { status, out } = check('error.topology.yaml', '--format', 'json');
      assert.equal(status, 1);
      assert.deepEqual(JSON.parse(out), {
        version: 2,
        files: [
          {
            path: 'error.topology.yaml',
            diagnostics: [
              {
                code: 'wsus-port-pair',
                severity: 'error',
                message: 'software-update-point on cm01: HTTPS port 8532 must be 8531 (HTTP port 8530 + 1)',
                why: 'WSUS is configured with one port and derives the other, so with any other pair clients connect to a port on which nothing listens.',
                source: {
                  document: 'Windows Firewall and port settings for clients in Configuration Manager',
                  section: 'notes',
                  url: 'https://learn.microsoft.com/en-us/intune/configmgr/core/clients/deploy/windows-firewall-and-port-settings-for-clients#notes',
                },
                range: { start: { line: 14, character: 58 }, end: { line: 14, character: 62 } },
                related: [
                  {
                    message: 'HTTP port 8530',
                    range: { start: { line: 14, character: 41 }, end: { line: 14, character: 45 } },
                  },
                ],
                fixes: [
                  {
                    title: 'Set httpsPort to 8531',
                    safe: true,
                    edits: [
                      {
                        range: { start: { line: 14, character: 58 }, end: { line: 14, character: 62 } },
                        newText: '8531',
                      },
                    ],
                  },
                  {
                    title: 'Set httpPort to 8531',
                    safe: false,
                    edits: [
                      {
                        range: { start: { line: 14, character: 41 }, end: { line: 14, character: 45 } },
                        newText: '8531',
                      },
                    ],
                  },
                ],
              },
            ],
          },
        ],
        summary: { errors: 1, warnings: 0, information: 0, hints: 0 },
      });
    });

    it('lists a file without findings too', () => {
      assert.deepEqual(JSON.parse(check('good.topology.yaml', '--format', 'json').out), {
        version: 2,
        files: [{ path: 'good.topology.yaml', diagnostics: [] }],
        summary: { errors: 0, warnings: 0, information: 0, hints: 0 },
      });
    });

    it('counts each severity in the summary', () => {
      assert.deepEqual(jsonReport(check('--format', 'json')).summary, {
        errors: 1,
        warnings: 1,
        information: 0,
        hints: 1,
      });
    });

    it('stays valid JSON where nothing could be read', () => {
      const { status, out } = check('missing.topology.yaml', '--format', 'json');
      assert.equal(status, 2);
      assert.deepEqual(JSON.parse(out).files, []);
    });

    it('gives an inserted key as the plain text that an editor without tab stops shows', () => {
      const text = GOOD.replace('type: primary, ', '');
      const { out } = cmtopo(['check', '-', '--format', 'json'], { input: text });
      assert.match(out, /missing-key/);
      assert.doesNotMatch(out, /\$\{?\d/);
    });

    it('counts characters in UTF-16 units after Korean text and a pictograph', () => {
      const text = ONE_ERROR.replace(
        'software-update-point: {',
        '"software-update-point": { # 한국어 😀\n        ',
      ).replace('httpPort: 8530, ', 'httpPort: 8530, # 😀\n        ');
      const [file] = jsonReport(cmtopo(['check', '-', '--format', 'json'], { input: text })).files;
      const found = file?.diagnostics.find(({ code }) => code === 'wsus-port-pair');
      const lines = text.split('\n');
      const { start, end } = found?.range ?? assert.fail('no finding');
      assert.equal(lines[start.line]?.slice(start.character, end.character), '8532');

      const korean = GOOD.replace('type: primary,', 'type: primary, description: "한국어 😀", typ: 1,');
      const [other] = jsonReport(cmtopo(['check', '-', '--format', 'json'], { input: korean })).files;
      const key = other?.diagnostics.find(({ code }) => code === 'unknown-key')?.range ?? assert.fail('none');
      assert.equal(korean.split('\n')[key.start.line]?.slice(key.start.character, key.end.character), 'typ');
    });

    it('gives the same bytes each time', () => {
      assert.equal(check('--format', 'json').out, check('--format', 'json').out);
    });

    it('does not count a byte-order mark as a character, as editors do not', () => {
      const plain = cmtopo(['check', '-', '--format', 'json'], { input: ONE_ERROR });
      const marked = cmtopo(['check', '-', '--format', 'json'], { input: `\uFEFF${ONE_ERROR}` });
      assert.equal(marked.out, plain.out);
    });
  });

  describe('--format pretty', () => {
    it('shows severity, message, place, rule, the line with carets, related places, why, and fixes', () => {
      assert.equal(
        check('error.topology.yaml').out,
        `error  software-update-point on cm01: HTTPS port 8532 must be 8531 (HTTP port 8530 + 1)
  at error.topology.yaml:15:59 (wsus-port-pair)
    14 |       management-point: { protocol: https }
  > 15 |       software-update-point: { httpPort: 8530, httpsPort: 8532, upstream: microsoft-update } # the scan
       |                                                           ^^^^
    16 |   sql01:
  see line 15:42: HTTP port 8530
    15 |       software-update-point: { httpPort: 8530, httpsPort: 8532, upstream: microsoft-update } # the scan
       |                                          ^^^^
  why WSUS is configured with one port and derives the other, so with any other pair clients connect to a port on which
      nothing listens.
      Windows Firewall and port settings for clients in Configuration Manager, section notes
      The documents disagree: With an HTTP port other than 80, the port list lets HTTPS be any higher port; the English
      client document asks for exactly one higher. Followed: HTTPS is HTTP plus one; HTTP 80 pairs with HTTPS 443. WSUS
      derives the HTTPS port from the HTTP port, as Windows Server's own documentation says, and both documents give
      8530 and 8531 as the example.
  fix Set httpsPort to 8531 (--fix does it)
  fix Set httpPort to 8531

1 error in 1 file. cmtopo check --fix fixes 1 of them.
`,
      );
    });

    it('has no colour in a pipe, with NO_COLOR and with --color never', () => {
      const control = '\x1b[';
      assert.ok(!check('error.topology.yaml').out.includes(control));
      const env = { FORCE_COLOR: '1' };
      assert.ok(cmtopo(['check', 'error.topology.yaml'], { cwd: folder, env }).out.includes(control));
      assert.ok(
        !cmtopo(['check', 'error.topology.yaml'], {
          cwd: folder,
          env: { ...env, NO_COLOR: '1' },
        }).out.includes(control),
      );
      assert.ok(
        !cmtopo(['check', 'error.topology.yaml', '--color', 'never'], { cwd: folder, env }).out.includes(
          control,
        ),
      );
      assert.ok(check('error.topology.yaml', '--color', 'always').out.includes(control));
    });

    it('puts the carets under the place after characters that take two columns', () => {
      const text = GOOD.replace('hq: { networks', 'hq: { description: 한국어, netwoks');
      const lines = cmtopo(['check', '-'], { input: text }).out.split('\n');
      const row = lines.findIndex((line) => line.startsWith('  > '));
      const shown = lines[row] ?? '';
      const carets = lines[row + 1] ?? '';
      const before = shown.slice(0, shown.indexOf('netwoks'));
      // Three Hangul syllables, each one column wider than its one character.
      assert.equal(carets.indexOf('^'), before.length + 3);
      assert.equal(carets.trimEnd().length - carets.indexOf('^'), 'netwoks'.length);
    });

    it('cuts a long line round the place, so that it can be seen', () => {
      const text = ONE_ERROR.replace('httpPort: 8530,', `httpPort: 8530, ${' '.repeat(5000)}`);
      const { out } = cmtopo(['check', '-'], { input: text });
      const lines = out.split('\n');
      const row = lines.findIndex((line) => line.startsWith('  > '));
      assert.match(lines[row] ?? '', /^ {2}> 15 \| ….*8532/);
      assert.equal(lines[row + 1]?.indexOf('^'), lines[row]?.indexOf('8532'));
      assert.ok(lines.every((line) => line.startsWith('error') || line.length <= 121));
    });

    it('does not let a file steer the terminal', () => {
      const text = GOOD.replace('hq: { networks', 'hq: { "\\e[2J\u202E": 1, networks');
      const { out } = cmtopo(['check', '-'], { input: text });
      assert.match(out, /unknown-key/);
      assert.ok(!out.includes('\x1b') && !out.includes('\u202E'));
    });
  });

  describe('--format github', () => {
    it('is one workflow command for each finding', () => {
      assert.equal(
        check('error.topology.yaml', 'hint.topology.yaml', '--format', 'github').out,
        '::error file=error.topology.yaml,line=15,endLine=15,col=59,endColumn=63,title=wsus-port-pair' +
          '::software-update-point on cm01: HTTPS port 8532 must be 8531 (HTTP port 8530 + 1)\n' +
          '::notice file=hint.topology.yaml,line=4,endLine=4,col=3,endColumn=6,title=unused-definition' +
          '::Nothing uses the zone lab; put a machine or a firewall in it, or remove it\n',
      );
    });

    it('escapes percent signs, colons and commas, so that no file can write a command of its own', () => {
      const text = GOOD.replace('zone: hq }', 'zone: "h%q\\n::error::pwned" }');
      const odd = folderWith({ '50%,a:b.topology.yaml': text });
      try {
        const { out } = cmtopo(['check', '--format', 'github'], { cwd: odd });
        assert.match(out, /^::error file=50%25%2Ca%3Ab\.topology\.yaml,line=2,/);
        assert.doesNotMatch(out, /^::error::pwned/m);
        assert.match(out, /h%25q/);
      } finally {
        removeFolder(odd);
      }
    });

    it('names files from the root of the checkout, where a step runs in a folder below', () => {
      const root = folderWith({ 'sub/error.topology.yaml': ONE_ERROR });
      try {
        const { out } = cmtopo(['check', '--format', 'github'], {
          cwd: join(root, 'sub'),
          env: { GITHUB_WORKSPACE: root },
        });
        assert.match(out, /^::error file=sub\/error\.topology\.yaml,/);
      } finally {
        removeFolder(root);
      }
    });

    it('annotates a file that cannot be read', () => {
      assert.equal(
        check('missing.topology.yaml', '--format', 'github').out,
        '::error file=missing.topology.yaml::no such file or folder\n',
      );
    });
  });

  describe('standard input', () => {
    it('is checked for the path -', () => {
      const { status, out } = cmtopo(['check', '-'], { input: ONE_ERROR });
      assert.equal(status, 1);
      assert.match(out, /at <stdin>:15:59 /);
    });

    it('takes the name and the settings of --stdin-filename', () => {
      const root = folderWith({ 'sub/.cmtopo.yaml': 'rules:\n  wsus-port-pair: "off"\n' });
      try {
        const args = ['check', '-', '--format', 'json', '--stdin-filename', 'sub/new.topology.yaml'];
        const outcome = cmtopo(args, { cwd: root, input: ONE_ERROR });
        assert.equal(outcome.status, 0);
        assert.equal(jsonReport(outcome).files[0]?.path, 'sub/new.topology.yaml');
      } finally {
        removeFolder(root);
      }
    });
  });

  describe('settings', () => {
    it('come from the nearest .cmtopo.yaml at or above each file', () => {
      const root = folderWith({
        '.cmtopo.yaml': 'rules:\n  wsus-port-pair: warning\n',
        'a/one.topology.yaml': ONE_ERROR,
        'b/.cmtopo.yaml': 'rules:\n  wsus-port-pair: off\n',
        'b/c/two.topology.yaml': ONE_ERROR,
      });
      try {
        const { files } = jsonReport(cmtopo(['check', '--format', 'json'], { cwd: root }));
        assert.deepEqual(
          files.map(({ path, diagnostics }) => [path, ...diagnostics.map(({ severity }) => severity)]),
          [['a/one.topology.yaml', 'warning'], ['b/c/two.topology.yaml']],
        );
      } finally {
        removeFolder(root);
      }
    });

    it('give the edition to a file that has none', () => {
      const root = folderWith({
        '.cmtopo.yaml': 'edition: 2017-09\n',
        'one.topology.yaml': GOOD.replace('configmgr: 2017-09\n', ''),
      });
      try {
        assert.equal(cmtopo(['check'], { cwd: root }).status, 0);
      } finally {
        removeFolder(root);
      }
    });

    it('with a mistake are reported in the settings file, once', () => {
      const root = folderWith({
        '.cmtopo.yaml': 'rules:\n  wsus-port-pare: off\n',
        'one.topology.yaml': GOOD,
        'two.topology.yaml': GOOD,
      });
      try {
        const outcome = cmtopo(['check', '--format', 'json'], { cwd: root });
        assert.equal(outcome.status, 1);
        const { files } = jsonReport(outcome);
        assert.deepEqual(
          files.map(({ path, diagnostics }) => [path, ...diagnostics.map(({ code }) => code)]),
          [['.cmtopo.yaml', 'unknown-key'], ['one.topology.yaml'], ['two.topology.yaml']],
        );
        assert.deepEqual(files[0]?.diagnostics[0]?.range, {
          start: { line: 1, character: 2 },
          end: { line: 1, character: 16 },
        });
      } finally {
        removeFolder(root);
      }
    });
  });
});
