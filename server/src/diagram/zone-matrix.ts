// Which zones talk to which, as a table: of many zones a picture is a tangle.
import type { Analysis } from '../analysis.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { missedAmong } from '../reach/choices.ts';
import { legsOf } from '../reach/way.ts';

/** Of one zone to another. `blocked` where something needed does not get through, `none` where nothing has to. */
type ZoneTraffic = 'allowed' | 'blocked' | 'none';

export interface ZoneMatrix {
  /** In the order of the file. */
  readonly zones: readonly string[];
  /** By source, then by target; what stays within a zone is null. */
  readonly cells: readonly (readonly (ZoneCell | null)[])[];
}

interface ZoneCell {
  readonly traffic: ZoneTraffic;
  /** For a reader: how many connections, and how many of them are missed. */
  readonly text: string;
}

/** So many zones a picture shows well. */
const MOST_PICTURED = 12;
/** A table of more would be no easier to read than the picture. */
const MOST_TABLED = 80;

/** What goes between the zones of a file; undefined where there are too few for a table to help. */
export function zoneMatrix(analysis: Analysis): ZoneMatrix | undefined {
  const { topology } = analysis;
  const ids = [...topology.zones.keys()];
  if (ids.length <= MOST_PICTURED || ids.length > MOST_TABLED) return undefined;
  const reach = analysis.reach();
  const isMissed = missedAmong(analysis.flows(), reach);
  const counts = new Map<string, { all: number; missed: number }>();
  for (const flow of analysis.flows())
    for (const leg of legsOf(flow, reach)) {
      const [from, to] = [leg.from.zone, leg.to.zone];
      if (from === undefined || to === undefined || from === to) continue;
      const pair = `${from}\n${to}`;
      const count = counts.get(pair) ?? { all: 0, missed: 0 };
      const group = [leg.from, leg.to].find((end, side) => end !== [flow.from, flow.to][side]);
      count.all++;
      if (isMissed(flow, group?.zone)) count.missed++;
      counts.set(pair, count);
    }
  const name = (id: string) => visible(topology.zones.get(id)?.name ?? id);
  return {
    zones: ids.map(name),
    cells: ids.map((from) =>
      ids.map((to) => {
        if (from === to) return null;
        const { all, missed } = counts.get(`${from}\n${to}`) ?? { all: 0, missed: 0 };
        const traffic = all === 0 ? 'none' : missed > 0 ? 'blocked' : 'allowed';
        const way = `${name(from)} → ${name(to)}`;
        return {
          traffic,
          text:
            traffic === 'none'
              ? t('{0}: no connections', way)
              : traffic === 'blocked'
                ? t('{0}: {1} of {2} connections are needed and blocked', way, missed, all)
                : t('{0}: {1} connections, none of them missed', way, all),
        };
      }),
    ),
  };
}
