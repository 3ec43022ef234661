// For tests of flows: a topology's flows as short lines.

import { computeFlows } from '../../server/src/flows/compute.ts';
import type { Flow } from '../../server/src/flows/flow.ts';
import { parseText } from '../../server/src/text/parse.ts';
import { readTopology } from '../../server/src/topology/read.ts';

/** The flows of a topology text. */
export function flowsOf(text: string): readonly Flow[] {
  return computeFlows(readTopology(parseText(text)));
}

/** `cm01 > sql01 tcp 1433`; `!` at the end for the phase `installation`. */
export function flowLine({ from, to, protocol, ports, phase }: Flow): string {
  const port = ports.length > 0 ? ` ${ports.join(',')}` : '';
  return `${from.name} > ${to.name} ${protocol}${port}${phase === 'installation' ? ' !' : ''}`;
}

/** The lines of one connection, in the order of the flows. */
export function linesOf(text: string, connection: string): readonly string[] {
  return flowsOf(text)
    .filter((flow) => flow.connection === connection)
    .map(flowLine);
}
