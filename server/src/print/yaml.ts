// Texts of other programs as values of YAML.
import { cut, visible } from './escape.ts';

/** A plain word, address or network as it is, anything else in quotes: what YAML would take for something else too. */
export function yamlScalar(text: string, most: number): string {
  const isPlain =
    /^[A-Za-z][A-Za-z0-9._-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return isPlain || /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/.test(text) ? text : yamlQuoted(text, most);
}

/**
 * A double-quoted text. What is not visible is written so that it is.
 * @param most characters of the text; the rest is cut off
 */
export function yamlQuoted(text: string, most: number): string {
  return JSON.stringify(cut(visible(text), most));
}
