// Characters that nobody sees, in the names of a file: no output of the program passes one on.
import assert from 'node:assert/strict';
import { type Analysis, analyse } from '../../server/src/analysis.ts';
import type { CheckReport } from '../../server/src/cli/checked.ts';
import { checkFormats } from '../../server/src/cli/formats/index.ts';
import { formatPretty } from '../../server/src/cli/formats/pretty.ts';
import { diagramFormats } from '../../server/src/diagram/formats.ts';
import { diagramGraph } from '../../server/src/diagram/graph.ts';
import { diffFlows } from '../../server/src/exports/diff/changes.ts';
import { diffFormats } from '../../server/src/exports/diff/index.ts';
import { explain, machineNamed } from '../../server/src/exports/explain/explanation.ts';
import { explainFormats } from '../../server/src/exports/explain/index.ts';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { exportReport } from '../../server/src/exports/firewall/rules.ts';
import { flowsFormats } from '../../server/src/exports/flows-formats.ts';
import { flowsJson } from '../../server/src/exports/flows-json.ts';
import {
  incomingCalls,
  outgoingCalls,
  prepareCallHierarchy,
} from '../../server/src/features/call-hierarchy.ts';
import { codeActions } from '../../server/src/features/code-actions.ts';
import { codeLenses, resolveCodeLens } from '../../server/src/features/code-lens.ts';
import { completion } from '../../server/src/features/completion.ts';
import { hover } from '../../server/src/features/hover.ts';
import { inlayHints } from '../../server/src/features/inlay-hints.ts';
import { documentSymbols, namedSymbols } from '../../server/src/features/symbols.ts';
import { displayWidth } from '../../server/src/print/width.ts';
import { reportFormats } from '../../server/src/report/formats.ts';
import { reportPage } from '../../server/src/report/report.ts';
import { HIERARCHY } from '../support/features.ts';

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** A mark of direction, a zero-width blank, a filler that takes room, a variation selector, and a bell. */
const INVISIBLE = '\u200e\u202e\u200b\u3164\ufe0f\u0007';

/** The hierarchy, in which whatever can be named has a name with something invisible in it, and mistakes. */
const TEXT = ['Contoso', 'cm01', 'sql01', 'dp-dmz', 'desktops', 'edge', 'hq', 'dmz']
  .reduce(
    (text, name) =>
      text.replaceAll(
        new RegExp(`(?<![\\w"-])${name}(?![\\w-])`, 'g'),
        JSON.stringify(`${name}${INVISIBLE}`),
      ),
    HIERARCHY,
  )
  .replace('httpsPort: 8531', 'httpsPort: 8532')
  .replace('tcp: 443 }', 'tcp: [443, 9999] }')
  .concat(`  # a comment${INVISIBLE.slice(0, -1)}\nzone${INVISIBLE.slice(0, -1)}s: 1\n`);

const FILE = `a${INVISIBLE}.topology.yaml`;
const analysis = analyse(TEXT);
const { topology } = analysis;
const edition = topology.edition ?? '2017-09';
const flows = analysis.flows();

/** Fails where a text has a hidden character, or none of those that are meant to be shown. */
function shows(name: string, text: string): void {
  assert.doesNotMatch(text.replaceAll(/\r?\n/g, ''), HIDDEN, name);
  assert.ok(text.length > 0, name);
}

describe('what nobody sees in a name is shown', () => {
  it('by cmtopo check, in every format', () => {
    const findings = analysis.findings();
    assert.ok(findings.length > 3);
    const file = {
      path: FILE,
      absolute: undefined,
      firewalls: [],
      text: TEXT,
      lines: analysis.tree.lines,
      edition,
      findings,
    };
    const report: CheckReport = {
      files: [file],
      problems: [],
      passedBy: [],
      hidden: 0,
      summaryOnly: false,
      fixed: [{ path: FILE, before: 2, after: 1 }],
    };
    const view = {
      color: false,
      columns: 100,
      status: 1,
      failing: new Set(['error'] as const),
      cwd: '/',
      env: {},
    };
    for (const [format, { write }] of Object.entries(checkFormats)) shows(format, write(report, view));
  });

  it('by cmtopo check where a name differs from another in nothing else', () => {
    const text = `configmgr: 2025-12
sites: { PS1: { type: primary, database: { server: "cm\u200e01" } } }
servers:
  "cm\u200e01": { site: PS1, roles: { site-server: , sms-provider: , sql-server: , distribution-point: } }
  dp02: { site: PS1, roles: { distribution-point: } }
`;
    const findings = analyse(text).findings();
    assert.ok(findings.some(({ message }) => message.includes('cm\\u200e01')));
    for (const { message } of findings) assert.doesNotMatch(message, HIDDEN);
    assert.ok(!prettyOf(text).includes('cm\u200e01'));
  });

  it('by cmtopo flows, in every format, and comes back from JSON as it was', () => {
    const report = { edition, file: FILE, flows };
    for (const [format, { write }] of Object.entries(flowsFormats)) shows(format, write(report, undefined));
    const { flows: read } = JSON.parse(flowsJson(report));
    assert.deepEqual(
      read.map(({ from }: { from: string }) => from),
      flows.map(({ from }) => from.name),
    );
    assert.ok(flows.some(({ from }) => from.name === `cm01${INVISIBLE}`));
  });

  it('by cmtopo export, diff, explain, diagram and report, in every format', () => {
    for (const [format, { write }] of Object.entries(exporters)) {
      const { text, gaps } = write(
        exportReport(topology, flows, { edition, file: FILE, server: undefined, firewall: undefined }),
      );
      shows(format, text);
      assert.ok(['csv', 'endpoints', 'test-netconnection'].includes(format) || gaps.length > 0, format);
    }
    const version = { file: FILE, edition, topology, flows };
    for (const [format, { write }] of Object.entries(diffFormats))
      shows(format, write(diffFlows({ ...version, flows: flows.slice(3) }, version)));
    const machine = (name: string) => {
      const found = machineNamed(name, topology, flows);
      assert.ok(!('unknown' in found), name);
      return found;
    };
    const input = { edition, file: FILE, topology, flows, reach: analysis.reach() };
    const explanation = explain(input, machine(`cm01${INVISIBLE}`), machine(`dp-dmz${INVISIBLE}`));
    const view = { paint: (_: string, text: string) => text, columns: 100 };
    for (const [format, { write }] of Object.entries(explainFormats)) shows(format, write(explanation, view));
    const graph = diagramGraph(analysis, { collapse: 'none' });
    for (const [format, { write }] of Object.entries(diagramFormats)) shows(format, write(graph, undefined));
    const page = reportPage(analysis, { file: FILE, edition, settings: { rules: {} } });
    for (const [format, { write }] of Object.entries(reportFormats)) shows(format, write(page));
  });

  it('by the editor: hovers, outline, calls, lenses, hints, code actions, and what completion shows', () => {
    const { lines } = analysis.tree;
    const uri = 'file:///a.topology.yaml';
    const whole = { start: lines.positionAt(0), end: lines.positionAt(TEXT.length) };
    editorShows('symbols', documentSymbols(analysis));
    editorShows('named symbols', namedSymbols(analysis, uri));
    editorShows('hints', inlayHints(analysis, uri, whole));
    const [lens] = codeLenses(analysis, uri);
    assert.ok(lens);
    editorShows('lenses', resolveCodeLens(analysis, lens, lens.data, 'command'));
    for (let offset = 0; offset < TEXT.length; offset += 3) {
      const position = lines.positionAt(offset);
      for (const markdown of [true, false]) editorShows('hover', hover(analysis, position, markdown));
      editorShows(
        'completion',
        completion(analysis, position, { snippets: true, asIs: true, trigger: undefined }),
      );
      for (const item of prepareCallHierarchy(analysis, uri, position) ?? []) {
        editorShows('calls', [item, incomingCalls(analysis, item), outgoingCalls(analysis, item)]);
      }
    }
    editorShows('code actions', actions(analysis, uri, whole));
  });
});

describe('cmtopo check', () => {
  it('puts the caret under the place, however wide the characters before it are', () => {
    const lines = prettyOf(
      'configmgr: 2025-12\nservers:\n  a: { fqdn: "✅✅한", os: nope, roles: { dns-server: } }\n',
    ).split('\n');
    const at = lines.findIndex((line) => line.includes('^'));
    const [shown = '', carets = ''] = [lines[at - 1], lines[at]];
    assert.equal(carets.indexOf('^'), displayWidth(shown.slice(0, shown.indexOf('nope'))));
    // Two columns for each of the three.
    assert.equal(carets.indexOf('^'), shown.indexOf('nope') + 3);
    assert.equal(carets.trimEnd().length - carets.indexOf('^'), 4);
  });
});

function prettyOf(text: string): string {
  const of = analyse(text);
  const file = { path: 'a.yaml', absolute: undefined, firewalls: [], text, lines: of.tree.lines, edition };
  return formatPretty(
    {
      files: [{ ...file, findings: of.findings() }],
      problems: [],
      passedBy: [],
      hidden: 0,
      summaryOnly: false,
      fixed: [],
    },
    { color: false, columns: 100 },
  );
}

function actions(of: Analysis, uri: string, range: Parameters<typeof codeActions>[1]) {
  return codeActions(of, range, {
    uri,
    version: 1,
    only: undefined,
    automatic: false,
    diagnostics: [],
    settings: { rules: {} },
    documentChanges: true,
    snippets: true,
    createFiles: true,
    settingsFile: undefined,
  });
}

/** Keys whose values go into the file, back to the server, or are typed by a person. */
const RAW = new Set(['newText', 'edit', 'data', 'arguments', 'filterText', 'textEdit']);

function editorShows(name: string, value: unknown, key = ''): void {
  if (typeof value === 'string') assert.doesNotMatch(value.replaceAll('\n', ''), HIDDEN, `${name} ${key}`);
  if (typeof value !== 'object' || value === null) return;
  for (const [inner, one] of Object.entries(value)) if (!RAW.has(inner)) editorShows(name, one, inner);
}
