// What every printer of flows is given, and the texts they share.
import { catalogOf, editionText } from '../catalog/index.ts';
import type { Edition } from '../catalog/types.ts';
import type { FlowEndpoint } from '../flows/endpoints.ts';
import type { Flow, Source } from '../flows/flow.ts';
import { counted } from '../text/count.ts';

/** The flows of one topology file, already filtered and in the order of `computeFlows`. */
export interface FlowReport {
  readonly edition: Edition;
  /** What the file, else the settings file, says: an edition or a version. Where nothing is said, the edition. */
  readonly configmgr?: string | undefined;
  /** The file as the user named it. */
  readonly file: string;
  readonly flows: readonly Flow[];
  /** The names behind a flow; without it no names are shown. */
  readonly endpoints?: (flow: Flow) => readonly FlowEndpoint[];
}

/** `port catalog 2025-12`; where the file names a version, `2403, port list 2025-12`. */
export function portListText({ edition, configmgr }: Pick<FlowReport, 'edition' | 'configmgr'>): string {
  const text = editionText(edition, configmgr);
  return text === edition ? `port catalog ${edition}` : text;
}

/** `1433`, `80, 8080`; `echo request` for ICMP, which has no ports. */
export function portsText(flow: Flow): string {
  return flow.protocol === 'icmp' ? 'echo request' : flow.ports.join(', ');
}

/** `2017-09 BKMK_PortsMP-SQL`; of a supplement its document too: `2017-09 internet-endpoints bkmk_sum`. */
export function sourceText({ edition, document, anchor }: Source): string {
  const { supplements } = catalogOf(edition);
  const isSupplement = supplements.some((one) => one.document === document && one.anchor === anchor);
  return isSupplement ? `${edition} ${document} ${anchor}` : `${edition} ${anchor}`;
}

/** `optional`; `one of distribution points of pcs1`; nothing for what is needed of its own. */
export function needText({ optional, anyOf }: Pick<Flow, 'anyOf'> & { readonly optional?: boolean }): string {
  if (anyOf !== undefined) return `one of ${anyOf}`;
  return optional ? 'optional' : '';
}

/** `download.microsoft.com` once, whatever it is for and on however many ports. */
export function endpointNames(endpoints: readonly FlowEndpoint[]): readonly string[] {
  return [...new Set(endpoints.map(({ name }) => name))];
}

/** `12 flows`, `1 flow`. */
export function countText(flows: readonly Flow[]): string {
  return counted(flows.length, 'flow');
}
