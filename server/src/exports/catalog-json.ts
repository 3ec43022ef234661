// The port catalog and the comparison of two editions as JSON.

import type { Comparison, Connection, EditionCatalog, PortRow, PortTable } from '../catalog/index.ts';
import { jsonForm } from '../print/json.ts';

/** `phase` is given only where a connection's row counts during installation alone. */
function row({ service, udp, tcp, choice, alternate, phase }: PortRow, marked: boolean) {
  return {
    service,
    udp,
    tcp,
    choice,
    alternate,
    ...(marked && phase === 'installation' && { phase }),
  };
}

function connectionOf({ id, from, to, direction, anchor, icmp, ports }: Connection) {
  return { id, from, to, direction, anchor, icmp, ports: ports.map((entry) => row(entry, true)) };
}

/** A supplement says which document asks for it; its anchor is a section of that. */
function supplementOf(supplement: Connection) {
  const { id, from, to, direction, anchor, icmp, ports } = connectionOf(supplement);
  return { id, from, to, direction, document: supplement.document, anchor, icmp, ports };
}

function table(source: PortTable | undefined) {
  if (source === undefined) return null;
  return { anchor: source.anchor, ports: source.ports.map((entry) => row(entry, false)) };
}

/** The catalog of an edition; a table that the edition does not have is `null`, a list of tables `[]`. */
export function catalogJson(catalog: EditionCatalog): string {
  const {
    edition,
    connections,
    supplements,
    endpoints,
    deployment,
    clientFeatures,
    windowsServer,
    clientShares,
    errata,
  } = catalog;
  const data = {
    edition,
    connections: connections.map(connectionOf),
    deployment: deployment.map(({ method, anchor, icmp, ports }) => ({
      method,
      anchor,
      icmp,
      ports: ports.map((entry) => row(entry, false)),
    })),
    clientFeatures: clientFeatures.map(({ feature, inbound, outbound }) => ({ feature, inbound, outbound })),
    windowsServer: table(windowsServer),
    clientShares: table(clientShares),
    supplements: supplements.map(supplementOf),
    errata: errata.map(({ id, about, sources, disagreement, followed, why }) => ({
      id,
      about,
      sources,
      disagreement,
      followed,
      why,
    })),
    endpoints: endpoints.map(({ name, port, cloud, purpose, connections, parties, document, section }) => ({
      name,
      port: port ?? null,
      cloud,
      purpose,
      connections,
      parties,
      document,
      section,
    })),
  };
  return jsonForm(data);
}

/** What changes between two editions: whole connections added and removed, rows changed within the others. */
export function comparisonJson({ from, to, added, removed, changed, tables }: Comparison): string {
  const side = (entry: PortRow | undefined) => (entry === undefined ? null : row(entry, true));
  const rows = (changes: Comparison['tables'][number]['rows']) =>
    changes.map(({ change, before, after }) => ({ change, before: side(before), after: side(after) }));
  const data = {
    from,
    to,
    added: added.map(connectionOf),
    removed: removed.map(connectionOf),
    changed: changed.map(({ id, before, after, rows: changes }) => ({
      id,
      direction: { before: before.direction, after: after.direction },
      icmp: { before: before.icmp, after: after.icmp },
      ports: rows(changes),
    })),
    tables: tables.map(({ table: name, change, icmp, rows: changes }) => ({
      table: name,
      change,
      icmp,
      ports: rows(changes),
    })),
  };
  return jsonForm(data);
}
