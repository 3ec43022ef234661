// The one door to js-yaml's parser.
import { type Event, parseEvents, YAMLException } from 'js-yaml';

/** Where and why the parser stopped. */
export interface ParserStop {
  readonly events?: undefined;
  /** Offset in the parsed text. */
  readonly at: number;
  /** In js-yaml's words. */
  readonly reason: string;
}

/** The events of a text, or the first thing wrong with it. Never throws. */
export function tryEvents(text: string): { readonly events: Event[] } | ParserStop {
  try {
    return { events: parseEvents(text, {}) };
  } catch (error) {
    if (error instanceof YAMLException) return { at: error.mark?.position ?? 0, reason: error.reason };
    // Such as a stack that ran out: the text is at fault, not its reader.
    return { at: 0, reason: error instanceof Error ? error.message : 'not readable' };
  }
}
