// `--zones`: a CSV file with the columns zone and network.
import { groupBy } from '../collections.ts';
import { readCsv, withoutTypeLine } from '../imports/csv.ts';
import { t } from '../l10n.ts';
import { addressRange } from '../reach/addresses.ts';
import { networkText, parseNetwork } from '../topology/address.ts';
import type { DraftZone } from './draft.ts';
import { wordOf } from './hosts.ts';
import { type ExportFile, exportError } from './rows.ts';

/** Whether a file is a table of zones and of nothing else. */
export function isZones({ text }: ExportFile): boolean {
  const header = /^[^\r\n]{0,200}/.exec(withoutTypeLine(text))?.[0].toLowerCase() ?? '';
  const columns = header.split(/[,;\t]/).map((name) => name.replaceAll('"', '').trim());
  const known = ['zone', 'network', 'networks', 'description', 'comment'];
  return columns.includes('zone') && columns.length > 1 && columns.every((name) => known.includes(name));
}

/**
 * The zones of a table, in the order of the file. A zone without a network may be there: one called `internet` is the
 * internet. Throws {@link ExportError} for a file without the two columns, and for a network that is none.
 */
export function readZones({ name: file, text }: ExportFile): readonly DraftZone[] {
  const rows = readCsv(text);
  const [first] = rows;
  if (!first?.has('zone') || !(first.has('network') || first.has('networks')))
    throw exportError(
      file,
      t('zones are a CSV file that begins with the line {0}; see {1}', 'zone,network', 'docs/init.md'),
    );
  const zones = new Map<string, { name: string; networks: string[] }>();
  for (const [index, row] of rows.entries()) {
    const written = row.get('zone')?.trim() ?? '';
    if (written === '') continue;
    const key = wordOf(written).toLowerCase();
    const zone = zones.get(key) ?? { name: wordOf(written), networks: [] };
    zones.set(key, zone);
    for (const part of (row.get('network') ?? row.get('networks') ?? '').split(/[;,\s]+/)) {
      if (part === '') continue;
      const network = parseNetwork(part);
      if (!network)
        throw exportError(
          file,
          t("row {0}: '{1}' is not an address or a network such as 10.1.0.0/16", index + 1, part),
        );
      zone.networks.push(networkText({ ...network, bits: addressRange(network).low }));
    }
  }
  return [...zones.values()].map(({ name, networks }) => ({
    name,
    networks: [...new Set(networks)],
    internet: name.toLowerCase() === 'internet' && networks.length === 0,
  }));
}

/** Zones of several tables: of one name with the networks of all. */
export function joinedZones(zones: readonly DraftZone[]): readonly DraftZone[] {
  return [...groupBy(zones, ({ name }) => name.toLowerCase()).values()].map((same) => {
    const [first] = same;
    const networks = [...new Set(same.flatMap((zone) => zone.networks))];
    return { name: first?.name ?? '', networks, internet: networks.length === 0 && first?.internet === true };
  });
}
