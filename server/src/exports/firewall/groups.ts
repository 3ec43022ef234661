// The groups of the file that exported rules can name.
import type { Flow } from '../../flows/flow.ts';
import { ruleEnd } from '../../reach/ends.ts';
import type { PortRange, Topology } from '../../topology/model.ts';

/** A group of servers and client groups. */
export interface MachineGroup {
  readonly name: string;
  /** The names of its members in lower case. */
  readonly members: ReadonlySet<string>;
}

/** The address groups that hold machines and nothing else, those with the most members first. */
export function machineGroups(topology: Topology): readonly MachineGroup[] {
  const groups = [...topology.addressGroups.values()].flatMap(({ name }): readonly MachineGroup[] => {
    const end = ruleEnd(name, topology);
    if (end?.kind !== 'address-group') return [];
    const members = end.members.map((member) =>
      member.kind === 'server' ? member.server.id : member.kind === 'clients' ? member.clients.id : undefined,
    );
    return members.length < 2 || members.includes(undefined)
      ? []
      : [{ name, members: new Set(members.flatMap((id) => id ?? [])) }];
  });
  return groups.sort((a, b) => b.members.size - a.members.size || (a.name < b.name ? -1 : 1));
}

/** For ports of a protocol: the port group of the file that has these and no others of that protocol. */
export function portGroupNames(
  topology: Topology,
): (protocol: Flow['protocol'], ports: readonly PortRange[]) => string | undefined {
  const names = new Map<string, string>();
  const key = (protocol: Flow['protocol'], ports: readonly PortRange[]) =>
    `${protocol} ${ports
      .map(({ low, high }) => `${low}-${high}`)
      .sort()
      .join()}`;
  for (const { name, tcp, udp } of topology.portGroups.values()) {
    for (const [protocol, ports] of [
      ['tcp', tcp],
      ['udp', udp],
    ] as const) {
      if (ports === undefined || ports === 'any' || ports.length === 0) continue;
      const own = key(
        protocol,
        ports.map(({ value }) => value),
      );
      if (!names.has(own)) names.set(own, name);
    }
  }
  return (protocol, ports) => names.get(key(protocol, ports));
}
