// The links and pictures of a Markdown page, as they have to be in a package: to what is in it, or to the web.
import { posix } from 'node:path';

/** Code, which has no links, or a link or picture with its text and target; `<target>` is an address. */
const PIECES =
  /^(```|~~~)[\s\S]*?^\1|(!?)\[((?:`[^`]*`|!\[[^\]]*\]\([^)]*\)|[^[\]`])*)\]\((<[^<>\n]*>|[^()\s]+)\)|(`+)[^`][\s\S]*?\5/gm;

const OUTSIDE = /^([a-z][a-z\d+.-]*:|#)/i;

/**
 * A page for a package. A link to a file that is packed stays, to any other it becomes one to the published source;
 * where there is none, its text alone is left, and of a picture nothing.
 * @param {string} text
 * @param {object} place
 * @param {string} place.path the page, from the root of the checkout
 * @param {(path: string) => string | undefined} place.packed what a file of the checkout is called in the package;
 *   undefined where it is not in it
 * @param {string | undefined} place.repository the published source
 * @param {string} place.version its tag is `v` and this
 */
export function packedPage(text, { path, packed, repository, version }) {
  const own = packed(path) ?? path;
  const page = (piece) =>
    piece.replaceAll(PIECES, (whole, _fence, bang, inner, target) => {
      if (target === undefined) return whole;
      const shown = inner.includes('![') ? page(inner) : inner;
      if (target.startsWith('<') || OUTSIDE.test(target)) return `${bang}[${shown}](${target})`;
      const [file = '', fragment] = target.split('#');
      const wanted = posix.normalize(posix.join(posix.dirname(path), file));
      const behind = fragment === undefined ? '' : `#${fragment}`;
      const inside = packed(wanted);
      if (inside !== undefined)
        return `${bang}[${shown}](${posix.relative(posix.dirname(own), inside)}${behind})`;
      if (repository === undefined) return bang ? '' : shown;
      const kind = bang ? 'raw' : 'blob';
      return `${bang}[${shown}](${repository}/${kind}/v${version}/${wanted}${behind})`;
    });
  // What a picture leaves behind is no paragraph.
  return page(text).replaceAll(/\n{3,}/g, '\n\n');
}
