// The change request as comma-separated values: one line a change, ready for a ticket.

import { csvCell } from '../../print/escape.ts';
import { type Change, type Diff, type FlowVersion, now } from './changes.ts';
import type { Passing } from './passing.ts';

const HEADER = [
  'change',
  'source zone',
  'source',
  'source address',
  'destination zone',
  'destination',
  'destination address',
  'protocol',
  'port',
  'old port',
  'old source zone',
  'old source address',
  'old destination zone',
  'old destination address',
  'open',
  'close',
  'firewall',
  'purpose',
  'phase',
  'document',
  'optional',
  'anyOf',
];

/**
 * CSV by RFC 4180. Several values of a cell are separated by `; `; the old columns are empty for what was added. What
 * changed firewalls newly stop or let through comes last, without addresses.
 */
export function diffCsv({ changes, passing }: Diff): string {
  return [HEADER, ...changes.map(row), ...passing.all.map(passingRow)]
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('');
}

function row(change: Change): readonly string[] {
  const { old, new: fresh } = change;
  const list = (values: readonly string[] | undefined) => (values ?? []).join('; ');
  const place = (side: FlowVersion | undefined) => ({
    fromZone: side?.fromZone ?? '',
    fromAddress: list(side?.fromAddress) || 'missing',
    toZone: side?.toZone ?? '',
    toAddress: list(side?.toAddress) || 'missing',
  });
  const [here, before] = [place(now(change)), place(old)];
  const moved = (key: keyof typeof here) => (old && here[key] !== before[key] ? before[key] : '');
  const ports = (side: FlowVersion | undefined) =>
    side === undefined ? '' : change.protocol === 'icmp' ? 'echo request' : list(side.ports);
  return [
    change.change,
    here.fromZone,
    change.from,
    here.fromAddress,
    here.toZone,
    change.to,
    here.toAddress,
    change.protocol,
    ports(fresh),
    ports(old),
    moved('fromZone'),
    moved('fromAddress'),
    moved('toZone'),
    moved('toAddress'),
    list(change.open),
    list(change.close),
    list(change.firewalls),
    change.service,
    change.phase,
    list(now(change)?.documents),
    change.optional ? 'true' : 'false',
    change.anyOf ?? '',
  ];
}

/** What has to be opened again, or closed; nothing for what is mended. */
function passingRow(passing: Passing): readonly string[] {
  const {
    effect,
    from,
    to,
    fromZone = '',
    toZone = '',
    protocol,
    ports,
    firewalls,
    service,
    phase = '',
  } = passing;
  const list = ports.join('; ');
  return [
    effect,
    fromZone,
    from,
    '',
    toZone,
    to,
    '',
    protocol,
    list,
    ...['', '', '', '', ''],
    effect === 'breaks' ? list : '',
    effect === 'opens' ? list : '',
    firewalls.join('; '),
    service ?? 'nobody',
    phase,
    ...['', '', ''],
  ];
}
