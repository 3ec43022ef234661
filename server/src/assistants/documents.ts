// The documents that an answer goes by: its rows have a short mark, and the address of each comes once at the end.

export interface Documents {
  /**
   * A section's mark, from now on explained at the end.
   * @param section its anchor or number
   * @returns `ports#BKMK_PortsMP-SQL`, or `bb632618 section 5` of a page without anchors
   */
  mark(title: string, url: string, section: string): string;
  /** What the marks stand for, in the order in which they first came. */
  lines(): readonly string[];
}

/** The documents of one answer, none at first. */
export function documentsOf(): Documents {
  const known = new Map<string, string>();
  return {
    mark(title, url, section) {
      const [page = url, anchor] = url.split('#');
      const [name = page] = page.slice(page.lastIndexOf('/') + 1).split('(', 1);
      known.set(name, `${title}, ${page}`);
      return anchor === undefined ? `${name} section ${section}` : `${name}#${anchor}`;
    },
    lines: () => [...known].map(([name, text]) => `Document ${name}: ${text}`),
  };
}
