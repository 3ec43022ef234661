// The order of a session: `initialize` first, nothing but `exit` after `shutdown`.
import { takes } from './params.ts';
import { type Connection, ErrorCodes, Message, ResponseError } from './protocol.ts';

/** Stands for a request that may not be answered now; what it is refused with are its parameters. */
const REFUSED = 'cmtopo/refused';

interface RefusedRequest {
  readonly code: number;
  readonly message: string;
}

/**
 * For `createConnection`: requests before `initialize`, after `shutdown` and a second `initialize` go to a handler
 * that refuses them ({@link refuse}), and notifications outside of a session are dropped, as the protocol wants.
 */
export function inOrder(): { handleMessage(message: Message, next: (message: Message) => void): void } {
  let stage: 'before' | 'running' | 'over' = 'before';
  const refusalOf = (method: string, asked: unknown): RefusedRequest | undefined => {
    if (stage === 'over')
      return { code: ErrorCodes.InvalidRequest, message: 'The server has been shut down.' };
    if (stage === 'before' && method !== 'initialize')
      return { code: ErrorCodes.ServerNotInitialized, message: 'The server has not been initialized.' };
    if (stage === 'running' && method === 'initialize')
      return { code: ErrorCodes.InvalidRequest, message: 'The server has been initialized already.' };
    const problem = method === 'initialize' ? takes.initialize(asked, 'params') : undefined;
    return problem === undefined ? undefined : { code: ErrorCodes.InvalidParams, message: `${problem}.` };
  };
  return {
    handleMessage(message, next) {
      if (Message.isRequest(message)) {
        const params = refusalOf(message.method, message.params);
        if (params === undefined && message.method === 'initialize') stage = 'running';
        if (params === undefined && message.method === 'shutdown') stage = 'over';
        next(params === undefined ? message : ({ ...message, method: REFUSED, params } as Message));
        return;
      }
      const isOutside = Message.isNotification(message) && stage !== 'running' && message.method !== 'exit';
      if (!isOutside) next(message);
    },
  };
}

/** Answers what {@link inOrder} lets nobody else answer. */
export function refuse(connection: Connection): void {
  connection.onRequest(REFUSED, ({ code, message }: RefusedRequest) => {
    throw new ResponseError(code, message);
  });
}
