// How an editor feature meets the protocol.
import type {
  CancellationToken,
  ServerCapabilities,
  TextDocumentIdentifier,
} from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import type { OpenDocument } from '../workspace.ts';
import type { Check } from './params.ts';
import type { Request } from './protocol.ts';
import { isSettings, type Session } from './session.ts';
import type { Switch } from './switches.ts';

export interface Feature {
  /** What `initialize` says of it; nothing where the client has no use for it. */
  capability(session: Session): Partial<ServerCapabilities>;
  /** Answers its requests from now on. */
  listen(session: Session): void;
}

type Answer<R> = R | undefined | Promise<R | undefined>;

/** What a handler knows beside the parameters of its request. */
export interface RequestContext {
  readonly session: Session;
  readonly document: OpenDocument;
  readonly token: CancellationToken;
}

export interface FeatureOptions<P, R> {
  /** Nothing for a further request of a capability that another names. */
  readonly capability?: Partial<ServerCapabilities> | ((session: Session) => Partial<ServerCapabilities>);
  readonly takes: Check;
  /** The answer where there is nothing to say: no open document, nothing at this place, a fault of ours. */
  readonly empty: R;
  /** For a topology. */
  answer(analysis: Analysis, params: P, asked: RequestContext): Answer<R>;
  /** For a settings file; without it the answer is the empty one. */
  inSettings?(text: string, params: P, asked: RequestContext): Answer<R>;
  /** The setting that switches it off; it then waits until the editor's settings are known. */
  readonly shown?: Switch;
}

/** A feature that answers one request about an open document. */
export function feature<P extends { textDocument: TextDocumentIdentifier }, R>(
  request: Request<P, R>,
  { capability = {}, takes, empty, answer, inSettings, shown }: FeatureOptions<P, R>,
): Feature {
  return {
    capability: (session) => (typeof capability === 'function' ? capability(session) : capability),
    listen(session) {
      session.answer(request, takes, empty, async (params: P, token) => {
        if (shown) {
          await session.ready;
          if (!session.shown[shown]) return undefined;
        }
        const { uri } = params.textDocument;
        const document = session.workspace.document(uri);
        if (document === undefined || document.tooLarge || token.isCancellationRequested) return undefined;
        const asked = { session, document, token };
        if (isSettings(uri)) return inSettings?.(document.text, params, asked);
        const analysis = session.topologyAt(uri);
        return analysis && answer(analysis, params, asked);
      });
    },
  };
}
