// What a file is, in a few numbers.
import type { Analysis } from '../analysis.ts';
import { type Edition, editionText } from '../catalog/editions.ts';

export interface Summary {
  /** Undefined where the file names none that is known. */
  readonly edition: Edition | undefined;
  /** `2403, port list 2025-12` where the file names a version, else the edition. */
  readonly editionText: string | undefined;
  readonly sites: number;
  readonly servers: number;
  readonly clientGroups: number;
}

/** Counts what a file defines. */
export function summary({ topology }: Analysis): Summary {
  const { edition, configmgrWritten, sites, servers, clients } = topology;
  const text = edition && editionText(edition, configmgrWritten);
  return { edition, editionText: text, sites: sites.size, servers: servers.size, clientGroups: clients.size };
}
