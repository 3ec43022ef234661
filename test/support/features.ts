// For the tests of features: a text with the cursor in it.
import type { Position } from 'vscode-languageserver-protocol/node';
import { type Analysis, analyse } from '../../server/src/analysis.ts';
import type { Settings } from '../../server/src/rules/rule.ts';

/** The sign for the cursor in a fixture. */
export const CURSOR = '‸';

/** Analyses a fixture with one cursor in it. */
export function fixture(
  text: string,
  settings?: Settings,
): { readonly analysis: Analysis; readonly position: Position; readonly offset: number } {
  const offset = text.indexOf(CURSOR);
  if (offset === -1) throw new Error('the fixture has no cursor');
  const analysis = analyse(text.slice(0, offset) + text.slice(offset + CURSOR.length), settings);
  return { analysis, offset, position: analysis.tree.lines.positionAt(offset) };
}

/** The text of a range. */
export function textOf(
  analysis: Analysis,
  range: { readonly start: Position; readonly end: Position },
): string {
  const { lines } = analysis.tree;
  return analysis.text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end));
}

/** A text with protocol edits applied. */
export function applyLspEdits(
  text: string,
  edits: readonly {
    readonly range: { readonly start: Position; readonly end: Position };
    readonly newText: string;
  }[],
): string {
  const { lines } = analyse(text).tree;
  return edits
    .map(({ range, newText }) => ({
      start: lines.offsetAt(range.start),
      end: lines.offsetAt(range.end),
      newText,
    }))
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

/** A small whole hierarchy without mistakes: its firewall lets through exactly what has to talk. */
export const HIERARCHY = `configmgr: 2017-09
name: Contoso
defaults:
  os: windows-server-2016
  rpcDynamicPorts: 49152-65535
zones:
  hq: { networks: [10.10.0.0/16] }
  dmz: { networks: [192.0.2.0/24] }
sites:
  PS1:
    type: primary
    database: { server: sql01, instance: CM }
    clientPorts: { http: [80, 8080], https: 443, notification: 10123 }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles:
      site-server:
      management-point: { protocol: https }
      software-update-point: { httpPort: 8530, httpsPort: 8531, ssl: true, upstream: microsoft-update }
  sql01:
    zone: hq
    roles:
      sql-server:
        instances:
          CM: { port: 1444 }
  dp-dmz:
    site: PS1
    zone: dmz
    roles:
      distribution-point:
clients:
  desktops:
    site: PS1
    zone: hq
    count: 4000
firewalls:
  edge:
    zones: [hq, dmz]
    rules:
      - { action: allow, from: cm01, to: dp-dmz, tcp: [445, 135, 49152-65535], udp: 135 }
      - { action: allow, from: desktops, to: dp-dmz, tcp: [80, 443, 8080] }
      - { action: allow, from: dp-dmz, to: cm01, tcp: 443 }
`;

/** The hierarchy with the cursor behind the first occurrence of a text. */
export function hierarchyAt(before: string): ReturnType<typeof fixture> {
  const at = HIERARCHY.indexOf(before);
  if (at === -1) throw new Error(`the hierarchy has no ${before}`);
  const offset = at + before.length;
  return fixture(HIERARCHY.slice(0, offset) + CURSOR + HIERARCHY.slice(offset));
}
