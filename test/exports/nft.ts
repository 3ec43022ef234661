// nft, where this machine has it and lets us use it: `nft -c` asks the kernel, so it needs root or a namespace.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export interface Nft {
  /** The program and its first arguments; undefined where it cannot be run. */
  readonly command: readonly string[] | undefined;
  readonly reason: string;
}

/** Finds nft, and on Debian as root installs it where it is missing. */
export function findNft(): Nft {
  let program = installed();
  if (program === undefined && debianAsRoot()) {
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'nftables'], {
      stdio: 'ignore',
      timeout: 120_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    program = installed();
  }
  if (program === undefined) return { command: undefined, reason: 'nft is not installed' };
  for (const command of [[program], ['unshare', '-rn', program]]) {
    const [first = '', ...rest] = command;
    const probe = spawnSync(first, [...rest, '-c', '-f', '-'], { input: 'table inet probe { }\n' });
    if (probe.status === 0) return { command, reason: '' };
  }
  return { command: undefined, reason: 'nft may not be used here' };
}

/** What nft says of a ruleset without loading it; empty where it takes it. */
export function nftFaults(command: readonly string[], ruleset: string): string {
  const [first = '', ...rest] = command;
  const { status, stderr } = spawnSync(first, [...rest, '-c', '-f', '-'], {
    input: ruleset,
    encoding: 'utf8',
  });
  return status === 0 ? '' : stderr || `status ${status}`;
}

/** A ruleset as nft lists it in JSON, loaded in a network namespace of its own; undefined where there can be none. */
export function nftJson(ruleset: string): string | undefined {
  const program = installed();
  if (program === undefined) return undefined;
  const script = `${program} -f - && ${program} -j list ruleset`;
  const { status, stdout } = spawnSync('unshare', ['-rn', 'sh', '-c', script], {
    input: ruleset,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? stdout : undefined;
}

function installed(): string | undefined {
  return ['/usr/sbin/nft', '/sbin/nft', '/usr/bin/nft', '/usr/local/sbin/nft'].find((path) =>
    existsSync(path),
  );
}

function debianAsRoot(): boolean {
  try {
    return process.getuid?.() === 0 && /debian/i.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
