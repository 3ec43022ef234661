// What a port number can be. Without the catalog, so that the extension and its pages, which need no more than this,
// do not carry all of it.

/** The lowest and highest number that a TCP or UDP port can have. */
export const LOWEST_PORT = 1;
export const HIGHEST_PORT = 65535;
