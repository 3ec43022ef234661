// Flows as comma-separated values, one line a flow.
import { type FlowReport, sourceText } from './flows-report.ts';

const HEADER = ['from', 'to', 'protocol', 'ports', 'service', 'connection', 'phase', 'sources'];

/**
 * CSV by RFC 4180: CRLF after every line, cells quoted where they must be. Several ports or sources of
 * one flow stand in one cell, separated by `; `.
 */
export function flowsCsv({ flows }: FlowReport): string {
  const lines = flows.map((flow) => [
    flow.from.name,
    flow.to.name,
    flow.protocol,
    flow.ports.join('; '),
    flow.service,
    flow.connection,
    flow.phase,
    flow.sources.map(sourceText).join('; '),
  ]);
  return [HEADER, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/**
 * One cell. A spreadsheet takes a cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return
 * for a formula; an apostrophe before it makes it text.
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
