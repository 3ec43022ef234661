// Templates of Azure Resource Manager: what their parameters and variables stand for.
import { armValue } from './arm-expressions.ts';
import { type Fields, fieldsOf, textOf } from './values.ts';

/** What is behind the parameters and variables of a template; undefined outside of templates. */
export type Scope = { readonly parameters: Fields; readonly variables: Fields } | undefined;

/**
 * The scope of a template.
 * @param given the parameters that a deployment in another template hands over
 * @param outer the scope of that other template
 */
export function scopeIn(template: Fields, given: Fields | undefined, outer: Scope): Scope {
  const parameters = new Map(outer?.parameters);
  for (const [name, parameter] of fieldsOf(template.get('parameters')) ?? []) {
    const fields = fieldsOf(parameter);
    const handed = fieldsOf(given?.get(name));
    if (handed?.has('value')) parameters.set(name, resolved(handed.get('value'), outer));
    else if (fields?.has('defaultvalue')) parameters.set(name, fields.get('defaultvalue'));
  }
  const variables = new Map([...(outer?.variables ?? []), ...(fieldsOf(template.get('variables')) ?? [])]);
  return { parameters, variables };
}

/** The value where it is an object or list, else an empty object. */
export function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/**
 * A value of a template with parameters, variables and the texts made of them replaced by what they stand for, and
 * `[[` by `[`. Any other expression stays what it is.
 */
export function resolved(value: unknown, scope: Scope): unknown {
  let found = value;
  for (let step = 0; step < 10; step++) {
    if (!scope || typeof found !== 'string' || !found.startsWith('[')) return found;
    if (found.startsWith('[[')) return found.slice(1);
    const value = armValue(found, (kind, name) => scope[kind].get(name.toLowerCase()));
    if (value === undefined) return found;
    found = value;
  }
  return found;
}

/** Whether a value is an expression that depends on more than the template. */
export function isExpression(value: unknown, scope: Scope): boolean {
  return scope !== undefined && typeof value === 'string' && value.startsWith('[');
}

/** A value as text, with what it stands for. */
export function literalText(value: unknown, scope: Scope): string | undefined {
  if (typeof value === 'string' && value.startsWith('[[')) return value.slice(1);
  return textOf(resolved(value, scope));
}

/**
 * The name at the end of a resource's identity: `/subscriptions/…/ipGroups/NAME`, or `[resourceId('…', 'NAME')]`.
 * Undefined where it depends on more than the template.
 */
export function idName(value: unknown, scope: Scope): string | undefined {
  const text = literalText(value, scope);
  if (text === undefined || text === '') return undefined;
  if (!text.startsWith('[')) return text.slice(text.lastIndexOf('/') + 1);
  const call = /^\[resourceId\((.*)\)\]$/is.exec(text)?.[1];
  if (call === undefined) return undefined;
  const last = call.slice(call.lastIndexOf(',') + 1).trim();
  const name = literalText(`[${last.startsWith("'") ? `concat(${last})` : last}]`, scope);
  return name === undefined || name.startsWith('[') ? undefined : name;
}
