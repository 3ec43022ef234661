// What follows from one server, kept from one version of a file to the next.
import type { Server, Topology } from '../topology/model.ts';
import { FRAME } from '../topology/things.ts';
import { isWhole } from './certainty.ts';
import type { RuleContext } from './rule.ts';

/** Everything that a server may be judged by beside other machines: the same objects while an edit leaves them. */
interface Frame {
  readonly parts: readonly unknown[];
}

const frames = new WeakMap<Topology['sites'], Frame>();

/** One object for all versions of a file in which nothing but machines is different; none where something cannot be read. */
function frameOf(context: RuleContext): Frame | undefined {
  if (!isWhole(context)) return undefined;
  const { topology } = context;
  const parts = [topology.edition, topology.defaults, ...FRAME.map((section) => topology[section])];
  const known = frames.get(topology.sites);
  if (known?.parts.every((part, index) => part === parts[index])) return known;
  const frame = { parts };
  frames.set(topology.sites, frame);
  return frame;
}

/**
 * A function that works out its answer for a server once, for as long as neither that nor anything but machines changes.
 * @param work it looks at no other machine, at no settings, and at no words of a language
 */
export function memoOfServer<Answer>(
  work: (server: Server, context: RuleContext) => Answer,
): (context: RuleContext) => (server: Server) => Answer {
  const known = new WeakMap<Server, { readonly frame: Frame; readonly answer: Answer }>();
  return (context) => {
    const frame = frameOf(context);
    return (server) => {
      const before = frame && known.get(server);
      if (before && before.frame === frame) return before.answer;
      const answer = work(server, context);
      if (frame) known.set(server, { frame, answer });
      return answer;
    };
  };
}
