// How a checked file is called by a service that takes paths from the root of a checkout.
import { relative, resolve, sep } from 'node:path';

/** Where the command runs, and where the service has the checkout, as its own variable says it. */
export interface Checkout {
  readonly cwd: string;
  readonly workspace: string | undefined;
}

/**
 * The path of a file from the root of the checkout; as it is shown where it is not below, and of standard input.
 * @param path as it is shown: from the folder in which the command runs
 */
export function pathIn({ cwd, workspace }: Checkout, path: string): string {
  if (!workspace || path === '<stdin>') return path;
  const inside = relative(workspace, resolve(cwd, path)).replaceAll(sep, '/');
  return inside.startsWith('..') ? path : inside;
}
