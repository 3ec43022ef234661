// A call that another thread answers: what it is given, what it gives back, and that calls wait for each other.
import { analyse } from '../analysis.ts';
import type { Settings } from '../rules/rule.ts';
import { isToolError, type ToolWorld, toolError } from './tool.ts';

/** Seconds that a call may take where nobody says otherwise: the largest hierarchies that are known take one or two. */
export const CALL_SECONDS = 30;

export type ToolOutcome =
  | { readonly text: string }
  /** What the assistant can mend. */
  | { readonly problem: string };

/** The outcome of a call; anything but a {@link ToolError} is thrown on. */
export function outcomeOf(answer: () => string): ToolOutcome {
  try {
    return { text: answer() };
  } catch (error) {
    if (isToolError(error)) return { problem: error.message };
    throw error;
  }
}

/** The topology of a call, looked up before it: plain values, which can be handed to another thread. */
export type GivenTopology =
  | { readonly file: string; readonly text: string; readonly settings: Settings }
  /** Why there is none. */
  | { readonly problem: string };

/** A world of one topology. */
export function givenWorld(given: GivenTopology): ToolWorld {
  return {
    topology() {
      if ('problem' in given) throw toolError(given.problem);
      const { file, text, settings } = given;
      return { file, analysis: analyse(text, settings), settings };
    },
  };
}

/** Has works done one after the other, so that several calls at once need no more room than one. */
export function inTurn(): <R>(work: () => Promise<R>) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}
