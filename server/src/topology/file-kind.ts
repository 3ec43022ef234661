// Which files are topologies, by their name or their first line.

const MARKER = '# configmgr-topology';

/** Whether a file's name alone makes it a topology file. */
export function hasTopologyName(file: string): boolean {
  return /\.topology\.ya?ml$/i.test(file);
}

/** Whether a text's first line is the comment that makes any YAML file a topology file. */
export function hasMarker(text: string): boolean {
  return text.startsWith(MARKER) || text.startsWith(`\uFEFF${MARKER}`);
}
