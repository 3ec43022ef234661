// Connections of this machine, to see whether they open: nothing is sent over them.
import { connect as open } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { Tried } from '../probe/judge.ts';
import type { Computer } from '../probe/place.ts';

/** What this machine calls itself, and its addresses. */
export function thisComputer(): Computer {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => address.split('%', 1)[0] ?? '');
  return { name: hostname(), addresses };
}

/** No way to it from here: nothing left this machine. */
const NOT_SENT = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EINVAL',
  'EMFILE',
  'ENFILE',
  'EACCES',
  'EPERM',
  'ENETUNREACH',
]);

/**
 * Opens a TCP connection and closes it at once.
 * @param host an address, or a name to resolve
 * @param limit milliseconds for all of it, the name included
 */
export function tryConnection(host: string, port: number, limit: number): Promise<Tried> {
  return new Promise((resolve) => {
    const socket = open({ host, port });
    let isResolved = false;
    const end = (tried: Tried) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(tried);
    };
    const timer = setTimeout(
      () =>
        end(
          isResolved
            ? { outcome: 'silent' }
            : { outcome: 'untried', detail: 'the name was not resolved in time' },
        ),
      limit,
    );
    socket.on('lookup', () => {
      isResolved = true;
    });
    socket.on('connectionAttempt', () => {
      isResolved = true;
    });
    socket.once('connect', () => end({ outcome: 'open' }));
    socket.on('error', (error: NodeJS.ErrnoException) => end(triedOf(error)));
  });
}

function triedOf(error: NodeJS.ErrnoException): Tried {
  // A name with several addresses fails with one error for each.
  const codes = error instanceof AggregateError ? error.errors.map(codeOf) : [codeOf(error)];
  if (codes.includes('ECONNREFUSED')) return { outcome: 'refused' };
  const [code = 'unknown'] = codes;
  if (codes.every((one) => NOT_SENT.has(one))) return { outcome: 'untried', detail: code };
  return code === 'ETIMEDOUT' ? { outcome: 'silent' } : { outcome: 'silent', detail: code };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
