// Who serves the clients of a file, for the rules that ask: worked out once for each topology.
import { hierarchyOf as hierarchyIn } from '../../flows/hierarchy.ts';
import type { GroupInZone } from '../../flows/parties.ts';
import { roleOption } from '../../topology/effective.ts';
import type { Role, Topology } from '../../topology/model.ts';

export { hierarchyIn };

/** The Windows client groups of a file, each in each of its zones. */
export function windowsPlaces(topology: Topology): readonly GroupInZone[] {
  return hierarchyIn(topology).parties.places('windows');
}

/** Whether a role is set up for clients on the internet. */
export function isForInternetClients(role: Role): boolean {
  const clients = roleOption(role, 'clients');
  return clients === 'internet' || clients === 'both';
}
