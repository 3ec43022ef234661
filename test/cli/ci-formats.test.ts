// What `cmtopo check` writes for the services that run it: each form read back as the service reads it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { SaxesParser } from 'saxes';
import { cmtopo, folderWith, GOOD, ONE_ERROR, ONE_HINT, ONE_WARNING, removeFolder } from './cli.ts';

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

/** XML as a tree; throws for what is no XML. */
function xml(text: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' };
  const path = [root];
  const top = () => path[path.length - 1] ?? root;
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const node: Node = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
    top().children.push(node);
    path.push(node);
  });
  parser.on('closetag', () => void path.pop());
  parser.on('text', (piece) => {
    top().text += piece;
  });
  parser.write(text).close();
  return root.children[0] ?? root;
}

/** A line of a log as the agent of Azure Pipelines takes it apart. */
function command(line: string) {
  const [, name = '', properties = '', message = ''] = /^##vso\[([\w.]+) ?([^\]]*)\](.*)$/.exec(line) ?? [];
  const plain = (text: string) =>
    text
      .replaceAll('%3B', ';')
      .replaceAll('%5D', ']')
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%AZP25', '%');
  const pairs = properties.split(';').filter((pair) => pair !== '');
  const values = pairs.map((pair) => [
    pair.slice(0, pair.indexOf('=')),
    plain(pair.slice(pair.indexOf('=') + 1)),
  ]);
  return { name, ...Object.fromEntries(values), message: plain(message) };
}

/** What GitLab documents of its Code Quality report. */
const CODE_QUALITY = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    additionalProperties: false,
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        additionalProperties: false,
        properties: {
          path: { type: 'string', pattern: '^(?!\\./|/)' },
          lines: {
            type: 'object',
            required: ['begin'],
            additionalProperties: false,
            properties: { begin: { type: 'integer', minimum: 1 }, end: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
};

interface Issue {
  readonly check_name: string;
  readonly description: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

describe('cmtopo check for a service that runs it', () => {
  const HOSTILE = 'a;]%&<##vso[x.topology.yaml';
  let folder = '';
  before(() => {
    folder = folderWith({
      'sub/error.topology.yaml': ONE_ERROR,
      'sub/good.topology.yaml': GOOD,
      'sub/hint.topology.yaml': ONE_HINT,
      'sub/nul.topology.yaml': new Uint8Array([0xff]),
      'sub/warning.topology.yaml': ONE_WARNING,
      [`odd/${HOSTILE}`]: GOOD.replace('zone: hq }', 'zone: "h]]>\\n##vso[task.complete]&<%" }'),
      'odd/unreadable ##vso[task.complete].topology.yaml': new Uint8Array([0xff]),
    });
  });
  after(() => removeFolder(folder));

  const check = (format: string, sub: string, args: readonly string[] = [], env = {}) =>
    cmtopo(['check', '--format', format, ...args], { cwd: join(folder, sub), env });

  it('--format gitlab is a Code Quality report with the paths of the repository', () => {
    const { status, out } = check('gitlab', 'sub', [], { CI_PROJECT_DIR: folder });
    assert.equal(status, 2);
    const report: unknown = JSON.parse(out);
    const valid = new Ajv().compile(CODE_QUALITY);
    assert.ok(valid(report), JSON.stringify(valid.errors));
    const rows = (report as readonly Issue[]).map(({ check_name, severity, location }) => [
      check_name,
      severity,
      `${location.path}:${location.lines.begin}`,
    ]);
    assert.deepEqual(rows, [
      ['wsus-port-pair', 'major', 'sub/error.topology.yaml:15'],
      ['unused-definition', 'info', 'sub/hint.topology.yaml:4'],
      ['rpc-range-small', 'minor', 'sub/warning.topology.yaml:2'],
      ['unreadable', 'blocker', 'sub/nul.topology.yaml:1'],
    ]);
  });

  it('--format gitlab knows a finding again that moved, and two apart that say the same', () => {
    const twice = folderWith({ 'a.topology.yaml': ONE_HINT });
    try {
      const issues = () =>
        JSON.parse(cmtopo(['check', '--format', 'gitlab'], { cwd: twice }).out) as readonly Issue[];
      const [before] = issues();
      writeFileSync(join(twice, 'a.topology.yaml'), `\n# moved\n${ONE_HINT}`);
      const [after] = issues();
      assert.equal(after?.fingerprint, before?.fingerprint);
      assert.notEqual(after?.location.lines.begin, before?.location.lines.begin);
    } finally {
      removeFolder(twice);
    }
    const mistakes = JSON.parse(
      cmtopo(['check', '--format', 'gitlab', 'examples/mistakes.topology.yaml']).out,
    ) as readonly Issue[];
    assert.equal(new Set(mistakes.map(({ fingerprint }) => fingerprint)).size, mistakes.length);
  });

  it('--format azure is a logging command a finding; a file writes none of its own', () => {
    const { out } = check('azure', 'sub', [], { BUILD_SOURCESDIRECTORY: folder });
    const lines = out.trimEnd().split('\n').map(command);
    assert.deepEqual(
      lines.map(({ name, type, sourcepath, linenumber, columnnumber, code }: Record<string, string>) =>
        [name, type, sourcepath, linenumber, columnnumber, code].join(' '),
      ),
      [
        'task.logissue error sub/error.topology.yaml 15 59 wsus-port-pair',
        'task.debug     ',
        'task.logissue warning sub/warning.topology.yaml 2 55 rpc-range-small',
        'task.logissue error sub/nul.topology.yaml   ',
      ],
    );
    assert.equal(
      lines[0]?.message,
      'software-update-point on cm01: HTTPS port 8532 must be 8531 (HTTP port 8530 + 1)',
    );
    const odd = check('azure', 'odd');
    for (const line of odd.out.trimEnd().split('\n'))
      assert.match(line, /^##vso\[task\.(logissue|debug)[ \]]/);
    assert.equal(command(odd.out.split('\n')[0] ?? '').sourcepath, HOSTILE);
    assert.match(odd.err, /unreadable/);
    assert.ok(!odd.err.includes('##'), odd.err);
  });

  it('--format junit has a test for each finding, which fails where the exit status counts it', () => {
    const suites = (args: readonly string[]) => {
      const root = xml(check('junit', 'sub', args).out);
      const rows = root.children.map(({ attributes, children }) => [
        attributes.name,
        ...['tests', 'failures', 'errors'].map((name) => Number(attributes[name])),
        ...children.flatMap((test) => [test.attributes.name, ...test.children.map(({ name }) => name)]),
      ]);
      return { rows, total: { ...root.attributes } };
    };
    const { rows, total } = suites([]);
    assert.deepEqual(rows, [
      ['error.topology.yaml', 1, 1, 0, 'wsus-port-pair (line 15)', 'failure'],
      ['good.topology.yaml', 1, 0, 0, 'no findings'],
      ['hint.topology.yaml', 1, 0, 0, 'unused-definition (line 4)', 'system-out'],
      ['warning.topology.yaml', 1, 0, 0, 'rpc-range-small (line 2)', 'system-out'],
      ['nul.topology.yaml', 1, 0, 1, 'readable', 'error'],
    ]);
    assert.deepEqual(total, { name: 'cmtopo check', tests: '5', failures: '1', errors: '1' });
    const strict = suites(['--max-warnings', '0']).rows.find(([name]) => name === 'warning.topology.yaml');
    assert.deepEqual(strict, ['warning.topology.yaml', 1, 1, 0, 'rpc-range-small (line 2)', 'failure']);
  });

  it('--format junit shows names with signs of XML as they are', () => {
    const root = xml(check('junit', 'odd').out);
    assert.equal(root.children[0]?.attributes.name, HOSTILE);
    const [failure] = root.children[0]?.children[0]?.children ?? [];
    assert.match(failure?.text ?? '', /h]]>\\u000a##vso\[task\.complete\]&<%/);
  });
});
