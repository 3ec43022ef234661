// Imported firewalls in front of the reach engine.
import assert from 'node:assert/strict';
import type { Endpoint } from '../../server/src/flows/flow.ts';
import { type ImportText, importedText } from '../../server/src/imports/entry.ts';
import { readerOf, readers, sourceOf } from '../../server/src/imports/index.ts';
import type { Profile, RuleDirection } from '../../server/src/imports/model.ts';
import { wordMaker } from '../../server/src/imports/words.ts';
import { portSet } from '../../server/src/reach/ports.ts';
import { type Reach, reach } from '../../server/src/reach/reach.ts';
import type { Protocol } from '../../server/src/reach/rule-ports.ts';
import { parseText } from '../../server/src/text/parse.ts';
import { lookup } from '../../server/src/topology/effective.ts';
import type { Topology } from '../../server/src/topology/model.ts';
import { readTopology } from '../../server/src/topology/read.ts';

export interface Choices {
  readonly zones: readonly string[];
  readonly inside?: string;
  /** Names of a topology for words of the source. */
  readonly map?: Readonly<Record<string, readonly string[]>>;
  readonly topology?: Topology;
  readonly profile?: Profile;
  readonly direction?: RuleDirection;
  readonly host?: boolean;
  /** The machines that the entry is on; without them it is between zones. */
  readonly hosts?: readonly string[];
  readonly format?: string;
}

/** What `cmtopo import` makes of a text. */
export function imported(text: string, choices: Choices): ImportText {
  const { zones, inside, topology, profile = 'domain', direction, hosts = [], format } = choices;
  const { host = hosts.length > 0 } = choices;
  const said = Object.entries(choices.map ?? {}).map(([word, names]) => [word.toLowerCase(), names] as const);
  const words = wordMaker(new Map(said), topology, zones, inside ?? zones[0] ?? '');
  const source = sourceOf(text);
  const reader = format === undefined ? readerOf(source) : readers[format];
  assert.ok(reader, 'no reader');
  const firewalls = reader.read(source, { profile, direction, host, words });
  return importedText(firewalls, { zones, inside, name: undefined, hosts, head: ['Imported.'] }, words);
}

export function topologyOf(text: string): Topology {
  return readTopology(parseText(text));
}

/** A topology with no firewalls, and what was imported. */
export function withImported(base: string, { text }: ImportText): Topology {
  const topology = topologyOf(`${base}${text}`);
  assert.deepEqual(
    topology.problems.map(({ code, message }) => `${code}: ${message}`),
    [],
    text,
  );
  assert.deepEqual(topology.tree.damage, [], text);
  return topology;
}

/** A machine as an end of traffic. */
export function endpoint(name: string, topology: Topology): Endpoint {
  const server = lookup(topology.servers, name) ?? assert.fail(`no server ${name}`);
  const zone = server.zone?.value ?? topology.defaults.zone?.value;
  return { kind: 'server', name: server.name, server, zone: zone?.toLowerCase() };
}

/** Whether traffic over one port gets through. */
export function isAllowed(
  judge: Reach,
  from: Endpoint,
  to: Endpoint,
  protocol: Protocol,
  port: number,
): boolean {
  const verdict = judge.judge({ from, to, protocol, ports: portSet([{ low: port, high: port }]) });
  assert.notEqual(verdict.kind, 'unchecked');
  return verdict.kind === 'allowed';
}

export { reach };
