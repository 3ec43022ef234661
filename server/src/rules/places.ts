// Questions about the file that several rules ask.

import { nearWords } from '../text/near.ts';
import type { MapNode, Span } from '../text/tree.ts';
import { entries, hasKey, isDamaged } from '../text/values.ts';
import { effectiveOs, rpcRange } from '../topology/effective.ts';
import type { PortRange, Server, Written } from '../topology/model.ts';
import type { RuleContext } from './rule.ts';

/**
 * Whether a key stands in a map, readable or not, own or merged, or misspelt: then nobody can say that it is
 * absent. What is wrong with it is another rule's matter.
 */
export function mayHave({ topology }: RuleContext, map: MapNode | undefined, name: string): boolean {
  if (!map) return false;
  if (hasKey(map, name)) return true;
  // Looking for similar names is dear, and there is seldom an unknown key.
  if (topology.problems.length === 0) return false;
  const unknown = topology.problems.filter(({ code }) => code === 'unknown-key');
  return (
    unknown.length > 0 &&
    entries(map).some((entry) => unknown.some(({ node }) => node === entry.key) && isNearly(entry.name, name))
  );
}

/** Misspelt, half typed, or with its value behind it: `{ ssl true }` and `{ port:1433 }` are keys as a whole. */
function isNearly(written: string, name: string): boolean {
  const word = written.split(/[ :]/, 1)[0] ?? '';
  return nearWords(word, [name]).length > 0 || (word !== '' && name.startsWith(word));
}

/** The operating system of a server; undefined also where its own could not be read. */
export function osOf(server: Server, context: RuleContext): Written<string> | undefined {
  return !server.os && (server.damaged || mayHave(context, server.node, 'os'))
    ? undefined
    : effectiveOs(server, context.topology);
}

/** The dynamic RPC range of a server; undefined also where its own could not be read. */
export function rangeOf(server: Server, context: RuleContext): Written<PortRange> | undefined {
  const isUnread = !server.rpcDynamicPorts && mayHave(context, server.node, 'rpcDynamicPorts');
  return isUnread || (!server.rpcDynamicPorts && server.damaged)
    ? undefined
    : rpcRange(server, context.topology);
}

/** Whether a part of the text could not be read, by the text layer or by the format. */
export function isUncertain({ tree, topology }: RuleContext, span: Span): boolean {
  return (
    isDamaged(tree, span) ||
    topology.problems.some((problem) => problem.span.start >= span.start && problem.span.end <= span.end)
  );
}
