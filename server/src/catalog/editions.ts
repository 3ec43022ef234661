// The four editions, each put together from its port list, the client document and the errata.
import data2007 from '../../../catalog/2007.yaml';
import data2017 from '../../../catalog/2017.yaml';
import data2025 from '../../../catalog/2025-12.yaml';
import clientsData from '../../../catalog/clients.yaml';
import errataData from '../../../catalog/errata.yaml';
import { clientFile, errataFile, type PortFile, portFile } from './shape.ts';
import type { Edition, EditionCatalog } from './types.ts';

const files: Readonly<Record<Edition, () => PortFile>> = {
  '2007': () => portFile(data2007, '2007'),
  '2017-03': () => portFile(data2017, '2017'),
  '2017-09': () => portFile(data2017, '2017'),
  '2025-12': () => portFile(data2025, '2025-12'),
};

const catalogs = new Map<Edition, EditionCatalog>();

/** The whole catalog of an edition; shaped at first use, the same object each time. */
export function catalogOf(edition: Edition): EditionCatalog {
  const known = catalogs.get(edition);
  if (known !== undefined) return known;
  const file = files[edition]();
  const clients = clientFile(clientsData, 'clients');
  const document = file.documents[edition];
  if (document === undefined) throw new Error(`catalog: no document for edition ${edition}`);
  const clientDocument = clients.documents[edition];
  const catalog: EditionCatalog = {
    edition,
    document,
    clientDocument,
    notes: file.notes,
    clientNotes: clientDocument === undefined ? new Map() : clients.notes,
    connections: file.connections(edition),
    deployment: clientDocument === undefined ? [] : clients.deployment(edition),
    clientFeatures: clientDocument === undefined ? [] : clients.clientFeatures,
    windowsServer: file.table('windowsServer', edition),
    clientShares: file.table('clientShares', edition),
    discovery: file.table('discovery', edition),
    loadBalancer: file.table('loadBalancer', edition),
    internetClients: file.internetClients(edition),
    errata: errataFile(errataData).filter(({ editions }) => editions.includes(edition)),
  };
  catalogs.set(edition, catalog);
  return catalog;
}
