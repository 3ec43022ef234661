// The catalog of an edition, put together from its port list, the client document, the supplements and the errata.
import list2007 from '../../../catalog/2007.yaml';
import clientsData from '../../../catalog/clients.yaml';
import currentBranch from '../../../catalog/current-branch.yaml';
import endpointData from '../../../catalog/endpoints.yaml';
import errataData from '../../../catalog/errata.yaml';
import supplementsData from '../../../catalog/supplements.yaml';
import { type Edition, editionInfo } from './editions.ts';
import { clientFile, endpointFile, errataFile, portFile, supplementFile } from './shape.ts';
import type { EditionCatalog } from './types.ts';

const catalogs = new Map<Edition, EditionCatalog>();

/** The whole catalog of an edition; shaped at first use, the same object each time. */
export function catalogOf(edition: Edition): EditionCatalog {
  const known = catalogs.get(edition);
  if (known !== undefined) return known;
  const { ports, clients, requestPorts } = editionInfo(edition).documents;
  const file =
    edition === '2007'
      ? portFile(list2007, '2007', edition)
      : portFile(currentBranch, 'current-branch', edition);
  const ofClients = clients && clientFile(clientsData, 'clients', edition);
  const { documents, supplements } = supplementFile(supplementsData, edition);
  const named = [ports, clients, requestPorts, ...documents].filter((document) => document !== undefined);
  const catalog: EditionCatalog = {
    edition,
    document: ports,
    clientDocument: clients,
    requestPortDocument: requestPorts,
    documents: new Map(named.map((document) => [document.id, document])),
    notes: file.notes,
    clientNotes: ofClients?.notes ?? new Map(),
    connections: file.connections,
    supplements,
    // The page is about current branch.
    endpoints: edition === '2007' ? [] : endpointFile(endpointData, edition),
    deployment: ofClients?.deployment ?? [],
    clientFeatures: ofClients?.clientFeatures ?? [],
    windowsServer: file.table('windowsServer'),
    clientShares: file.table('clientShares'),
    discovery: file.table('discovery'),
    loadBalancer: file.table('loadBalancer'),
    internetClients: file.internetClients,
    errata: errataFile(errataData).filter(({ editions }) => editions.includes(edition)),
  };
  catalogs.set(edition, catalog);
  return catalog;
}
