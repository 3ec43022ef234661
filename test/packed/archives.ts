// What is in the archives of the packages.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync, inflateRawSync } from 'node:zlib';

/** The files of a zip archive without ZIP64 extensions, read by its central directory. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    const file = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = archive.subarray(start, start + size);
    if (!file.endsWith('/')) files.set(file, method === 0 ? content : inflateRawSync(content));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

/** The files of a tar archive as npm writes it, gzipped, with their modes. */
export function untar(archive: Buffer): Map<string, { readonly content: Buffer; readonly mode: number }> {
  const tar = gunzipSync(archive);
  const files = new Map<string, { content: Buffer; mode: number }>();
  const textAt = (from: number, length: number) =>
    tar.toString('utf8', from, from + length).replace(/\0[\s\S]*$/, '');
  for (let at = 0; tar[at]; ) {
    const size = Number.parseInt(textAt(at + 124, 12), 8);
    const path = [textAt(at + 345, 155), textAt(at, 100)].filter((part) => part !== '').join('/');
    if (textAt(at + 156, 1) === '0')
      files.set(path, {
        content: tar.subarray(at + 512, at + 512 + size),
        mode: Number.parseInt(textAt(at + 100, 8), 8),
      });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/**
 * Packs once more, from what is built, in another time zone and with another mask of files.
 * @param file the module of scripts/packing/ that packs
 * @param call what is called of it
 * @param path the package
 * @returns its bytes
 */
export function packAgain(file: string, call: string, path: string): Buffer {
  const script = `import('./scripts/packing/${file}').then((packing) => packing.${call})`;
  const previous = process.umask(0o077);
  try {
    const { status, stderr } = spawnSync(process.execPath, ['-e', script, 'packing'], {
      env: { ...process.env, TZ: 'Asia/Seoul' },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  } finally {
    process.umask(previous);
  }
  return readFileSync(path);
}
