// Who serves the clients of a file, for the rules that ask: worked out once for each topology.
import { isSameList } from '../../collections.ts';
import { hierarchyOf as hierarchyIn } from '../../flows/hierarchy.ts';
import type { GroupInZone } from '../../flows/parties.ts';
import type { Service, ServingRole } from '../../flows/serving.ts';
import { roleOption } from '../../topology/effective.ts';
import type { Role, Topology } from '../../topology/model.ts';

export { hierarchyIn };

/** The Windows client groups of a file, each in each of its zones. */
export function windowsPlaces(topology: Topology): readonly GroupInZone[] {
  return hierarchyIn(topology).parties.places('windows');
}

/**
 * A function that works out its answer for a client group in one of its zones once, for as long as the same site systems
 * serve it in some roles.
 * @param work it looks at who serves these clients in these roles, and at nothing else
 */
export function memoOfPlace<Answer>(
  roles: readonly ServingRole[],
  work: (place: GroupInZone, topology: Topology) => Answer,
): (place: GroupInZone, topology: Topology) => Answer {
  // A place is the same object for as long as the group, the zones, the sites and the boundary groups are.
  const known = new WeakMap<
    GroupInZone,
    { readonly services: readonly (readonly Service[])[]; readonly answer: Answer }
  >();
  return (place, topology) => {
    const { serving } = hierarchyIn(topology);
    const services = roles.map((role) => serving.services(place, role));
    const before = known.get(place);
    if (before && isSameList(before.services, services)) return before.answer;
    const answer = work(place, topology);
    known.set(place, { services, answer });
    return answer;
  };
}

/** Whether a role is set up for clients on the internet. */
export function isForInternetClients(role: Role): boolean {
  const clients = roleOption(role, 'clients');
  return clients === 'internet' || clients === 'both';
}
