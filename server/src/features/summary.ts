// What a file is, in a few numbers.
import type { Analysis } from '../analysis.ts';
import type { Edition } from '../catalog/types.ts';

export interface Summary {
  /** Undefined where the file names none that is known. */
  readonly edition: Edition | undefined;
  readonly sites: number;
  readonly servers: number;
  readonly clientGroups: number;
}

/** Counts what a file defines. */
export function summary({ topology }: Analysis): Summary {
  const { edition, sites, servers, clients } = topology;
  return { edition, sites: sites.size, servers: servers.size, clientGroups: clients.size };
}
