/** Of several texts, each once, in the order in which they first come. */
export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
