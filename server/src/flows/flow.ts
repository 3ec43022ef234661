// A flow: one machine that has to reach another, over one protocol.
import type { Connection, Phase, Source } from '../catalog/types.ts';
import type { ClientGroup, Role, Server } from '../topology/model.ts';

/** A machine (or group of machines) of the file, or a party outside it such as `internet`. */
export interface Endpoint {
  /** The server's or client group's name as written; `internet`, `azure`, … for what is outside the file. */
  readonly name: string;
  readonly kind: 'server' | 'clients' | 'cloud' | 'listener' | 'proxy';
  readonly server?: Server;
  readonly clients?: ClientGroup;
  /** The zone's name, lower-cased; undefined where the machine has none, or several. */
  readonly zone: string | undefined;
  /** The names of its zones, lower-cased: of a client group any number, of others none or one. */
  readonly zones?: readonly string[];
  /** Of a listener or a proxy that is no server of the file. */
  readonly addresses?: readonly string[];
}

export type { Source } from '../catalog/types.ts';

export interface Flow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /**
   * `"1433"`, `"49152-65535"`, or `"dynamic"` where the file does not say which: an RPC range that is
   * unset (see `dynamicRpc`), or a named SQL Server instance without a port. Empty for ICMP.
   */
  readonly ports: readonly string[];
  /** The source row asks for the dynamic RPC ports of `to`, whether or not the file sets their range. */
  readonly dynamicRpc?: true;
  readonly service: string;
  /** The catalog connection's id, or `deployment.METHOD`, `client-shares`, `internet-clients`. */
  readonly connection: string;
  readonly phase: Phase;
  /** The documents name another way that works without it. */
  readonly optional?: true;
  /** What happens without it, where it is optional. */
  readonly without?: string;
  /** The choice that it belongs to: one alternative that is reached is enough. */
  readonly anyOf?: string;
  /** Of a client group in several zones, those for which it holds, as written. */
  readonly zones?: readonly string[];
  readonly sources: readonly Source[];
  /** The catalog entry, where the flow comes from a connection section. */
  readonly entry?: Connection;
  /** The roles that make the two talk, where they are roles. */
  readonly fromRole?: Role;
  readonly toRole?: Role;
}

/** The zones that an endpoint is in, in lower case. */
export function zonesOf({ zone, zones }: Endpoint): readonly string[] {
  return zones ?? (zone === undefined ? [] : [zone]);
}

/**
 * The zones of an endpoint in which a flow holds, in lower case: those that the flow names, or all where it names none
 * of them, because zones that are those of the other end say nothing about this one.
 * @param zones as the flow has them
 */
export function zonesHeld(endpoint: Endpoint, zones: Flow['zones']): readonly string[] {
  const all = zonesOf(endpoint);
  if (zones === undefined || all.length < 2) return all;
  const wanted = zones.map((zone) => zone.toLowerCase());
  const named = all.filter((zone) => wanted.includes(zone));
  return named.length > 0 ? named : all;
}
