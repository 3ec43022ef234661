// `cmtopo export FILE --format F`: firewall rules for machines and networks.
import { exporters } from '../exports/firewall/index.ts';
import { ADDRESS_KINDS, type AddressKind, exportReport, LEFT_OUT } from '../exports/firewall/rules.ts';
import type { Flow } from '../flows/flow.ts';
import { t } from '../l10n.ts';
import { lookup } from '../topology/effective.ts';
import type { ClientGroup, Firewall, Server, Topology } from '../topology/model.ts';
import { noFirewall, noMachine, parseArguments } from './args.ts';
import { reportGaps } from './gaps.ts';
import { type Io, usageError } from './io.ts';
import { loadTopology, reportErrors } from './load.ts';

const SYSTEM = /^[A-Za-z0-9._-]{1,31}$/;

type LeftOut = keyof typeof LEFT_OUT;

/**
 * Prints the rules that a topology's flows need, for one target. What cannot be a rule becomes a comment
 * of the output, and in a summary on standard error.
 * Throws a usage error for a format, server or firewall that is not there.
 * @returns the exit status: 0, also where something is missing, since `cmtopo check` is what judges a file
 */
export async function exportCommand(args: readonly string[], io: Io): Promise<number> {
  const words = Object.keys(exporters);
  const { values, positionals } = parseArguments(
    'export',
    args,
    {
      format: { type: 'string', words },
      server: { type: 'string' },
      firewall: { type: 'string' },
      vsys: { type: 'string' },
      'deny-rest': { type: 'boolean' },
      endpoints: { type: 'boolean' },
      addresses: { type: 'string', words: [...ADDRESS_KINDS] },
      without: { type: 'string', many: true, words: Object.keys(LEFT_OUT) },
    },
    { fewest: 1, most: 1 },
  );
  const exporter = values.format === undefined ? undefined : exporters[values.format];
  if (exporter === undefined) throw usageError(t('{0} is missing: {1}', '--format', words.join(', ')));
  if (values['deny-rest'] && !exporter.closes) {
    const closing = words.filter((word) => exporters[word]?.closes);
    throw usageError(t('{0} is for {1} alone', '--deny-rest', closing.join(', ')));
  }
  if (values.endpoints && !exporter.names) {
    const naming = words.filter((word) => exporters[word]?.names);
    throw usageError(t('{0} is for {1} alone', '--endpoints', naming.join(', ')));
  }
  if (values.vsys !== undefined) {
    if (!exporter.systems) {
      const several = words.filter((word) => exporters[word]?.systems);
      throw usageError(t('{0} is for {1} alone', '--vsys', several.join(', ')));
    }
    if (!SYSTEM.test(values.vsys))
      throw usageError(
        t('{0} {1}: not the name of a virtual system, such as {2}', '--vsys', values.vsys, 'vsys2'),
      );
  }
  const [path = '-'] = positionals;
  const { file, edition, analysis } = await loadTopology(path, io);
  const { topology } = analysis;
  const server = values.server === undefined ? undefined : machineOf(values.server, topology);
  const firewall = values.firewall === undefined ? undefined : firewallOf(values.firewall, topology);

  const crosses =
    firewall &&
    (({ from, to }: Flow, zones: Flow['zones']) =>
      analysis.reach().crossed(from, to, zones).includes(firewall));
  const filters: ((flow: Flow) => boolean)[] = [];
  if (server) {
    const own = server.id;
    filters.push(({ from, to }) => from.name.toLowerCase() === own || to.name.toLowerCase() === own);
  }
  if (crosses) filters.push((flow) => crosses(flow, flow.zones));
  const without = [...new Set(values.without)] as readonly LeftOut[];
  for (const word of without) filters.push((flow) => !LEFT_OUT[word](flow));
  const flows = analysis.flows().filter((flow) => filters.every((filter) => filter(flow)));
  const report = exportReport(
    topology,
    flows,
    {
      edition,
      file,
      server: server?.name,
      firewall: firewall?.name,
      without,
      system: values.vsys,
      denyRest: values['deny-rest'] ?? false,
    },
    {
      crosses,
      all: analysis.flows(),
      addresses: values.addresses as AddressKind | undefined,
      byName: values.endpoints,
    },
  );
  const { text, gaps, files } = exporter.write(report);
  if (files && io.outFolder) io.outFolder(files);
  else io.out(text);
  const headline = t(
    gaps.length === 1
      ? 'the rules are not complete, {0} thing could not be written:'
      : 'the rules are not complete, {0} things could not be written:',
    gaps.length,
  );
  reportGaps(headline, gaps, io);
  reportErrors(path, analysis, io);
  return 0;
}

/** Client groups count too: their machines have a firewall of their own. */
function machineOf(name: string, { servers, clients }: Topology): Server | ClientGroup {
  const found = lookup(servers, name) ?? lookup(clients, name);
  if (found) return found;
  const known = [...servers.values(), ...clients.values()].map((machine) => machine.name);
  throw usageError(noMachine('--server', name, known));
}

function firewallOf(name: string, { firewalls }: Topology): Firewall {
  const found = lookup(firewalls, name);
  if (found) return found;
  const known = [...firewalls.values()].map((firewall) => firewall.name);
  throw usageError(noFirewall(name, known));
}
