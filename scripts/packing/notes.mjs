// What a release says of itself: its part of the change log, and the checksums of its files.
import { createHash } from 'node:crypto';

/**
 * The part of a change log in the form of Keep a Changelog that is about a version, without its heading; undefined
 * where there is none.
 * @param {string} changelog
 * @param {string} version
 */
export function notesOf(changelog, version) {
  const part = changelog.split(/^(?=## \[)/m).find((one) => one.startsWith(`## [${version}] - `));
  return part?.replace(/^.*\n+/, '').trimEnd();
}

/**
 * One line for each file, as sha256sum writes and reads them.
 * @param {readonly { name: string, content: Uint8Array }[]} files
 */
export function checksums(files) {
  return [...files]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`)
    .join('');
}
