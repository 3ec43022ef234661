// How much of a text is looked at at all.

/**
 * Bytes of the largest file that is read, and UTF-16 units of the largest document: any input takes bounded time and
 * memory. Real files have some hundred kilobytes at most.
 */
export const LARGEST_FILE = 10 * 1024 * 1024;
