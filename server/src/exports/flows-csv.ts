// Flows as comma-separated values, one line a flow.
import { csvCell } from '../print/escape.ts';
import { endpointNames, type FlowReport, sourceText } from './flows-report.ts';

const HEADER = [
  'from',
  'to',
  'protocol',
  'ports',
  'service',
  'connection',
  'phase',
  'sources',
  'optional',
  'anyOf',
  'zones',
];

/**
 * CSV by RFC 4180: CRLF after every line, cells quoted where they must be. Several ports or sources of
 * one flow are in one cell, separated by `; `. New columns come at the end: scripts may count them.
 */
export function flowsCsv({ flows, endpoints }: FlowReport): string {
  const lines = flows.map((flow) => [
    flow.from.name,
    flow.to.name,
    flow.protocol,
    flow.ports.join('; '),
    flow.service,
    flow.connection,
    flow.phase,
    flow.sources.map(sourceText).join('; '),
    flow.optional ? 'true' : 'false',
    flow.anyOf ?? '',
    flow.zones?.join('; ') ?? '',
    ...(endpoints ? [endpointNames(endpoints(flow)).join('; ')] : []),
  ]);
  return [endpoints ? [...HEADER, 'endpoints'] : HEADER, ...lines]
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('');
}
