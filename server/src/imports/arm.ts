// Templates of Azure Resource Manager: what their parameters and variables stand for, and what their loops make.
import { armValue } from './arm-expressions.ts';
import type { Remark } from './model.ts';
import { fieldsOf, type JsonFields, plainTextOf, shownValue } from './values.ts';

/** What is behind the parameters and variables of a template; undefined outside of templates. */
export type Scope =
  | {
      readonly parameters: JsonFields;
      readonly variables: JsonFields;
      /** What was worked out of them. */
      readonly known: Map<string, unknown>;
      /** The rounds of the loops around, the innermost last. */
      readonly loops: readonly Round[];
      /** What all templates of a file may still come to: what a value refers to can multiply. */
      readonly left: { made: number; looks: number };
    }
  | undefined;

interface Round {
  /** In lower case. */
  readonly name: string;
  readonly index: number;
}

/** Azure makes so many of a thing at most. */
const MOST_ROUNDS = 800;
/** All loops of a file together. */
const MOST_MADE = 50_000;
/** Values that are looked into, in a file. */
const MOST_LOOKS = 3_000_000;
/** Deployments in deployments are looked into so deep. */
export const MOST_DEPLOYMENTS = 20;
/** Values in values are looked into so deep. */
const MOST_NESTED = 40;

/** The scopes around a template. */
interface Around {
  /** That of which it sees the parameters and variables. */
  readonly outer: Scope;
  /** That in which the parameters which it is given are written. */
  readonly handed?: Scope;
}

/** A deployment says whether its template sees what is around it, or only what it is given. */
function scopeAround(deployment: JsonFields | undefined, scope: Scope): Around {
  const options = fieldsOf(deployment?.get('expressionevaluationoptions'));
  const isInner = plainTextOf(options?.get('scope'))?.toLowerCase() === 'inner';
  return {
    outer: isInner && scope ? { ...scope, parameters: new Map(), variables: new Map() } : scope,
    handed: scope,
  };
}

/**
 * The scope of a template.
 * @param given the parameters that a deployment in another template hands over
 * @param outer the scope of which the template sees the parameters and variables
 * @param handed the scope in which the parameters that it is given are written
 */
function scopeIn(
  template: JsonFields,
  given: JsonFields | undefined,
  outer: Scope,
  handed: Scope = outer,
): Scope {
  const parameters = new Map(outer?.parameters);
  for (const [name, parameter] of fieldsOf(template.get('parameters')) ?? []) {
    const fields = fieldsOf(parameter);
    const said = fieldsOf(given?.get(name));
    if (said?.has('value')) parameters.set(name, evaluated(said.get('value'), handed));
    else if (given?.has(name)) parameters.delete(name);
    else if (fields?.has('defaultvalue')) parameters.set(name, fields.get('defaultvalue'));
  }
  const own = fieldsOf(template.get('variables'));
  const variables = new Map([...(outer?.variables ?? []), ...(own ?? [])]);
  const scope = {
    parameters,
    variables,
    known: new Map<string, unknown>(),
    loops: outer?.loops ?? [],
    left: outer?.left ?? { made: MOST_MADE, looks: MOST_LOOKS },
  };
  for (const { name, count, input } of loopsOf(own?.get('copy'))) {
    const rounds = roundsOf(count, scope);
    if (!rounds) continue;
    variables.set(
      name.toLowerCase(),
      rounds.map((index) => evaluated(input, inRound(scope, name, index))),
    );
  }
  return scope;
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
  if (!scope || typeof value !== 'string' || !value.startsWith('[')) return value;
  if (value.startsWith('[[')) return value.slice(1);
  const found = workedOut(value, scope, 0);
  return found === undefined ? value : found;
}

function workedOut(text: string, scope: NonNullable<Scope>, depth: number): unknown {
  return armValue(
    text,
    (kind, name) => behind(kind, name.toLowerCase(), scope, depth),
    (name) => scope.loops.findLast((one) => name === undefined || one.name === name.toLowerCase())?.index,
  );
}

/** A parameter or variable, worked out once; one that stands for itself stays unknown. */
function behind(
  kind: 'parameters' | 'variables',
  name: string,
  scope: NonNullable<Scope>,
  depth: number,
): unknown {
  const key = `${kind} ${name}`;
  if (scope.known.has(key)) return scope.known.get(key);
  if (depth > MOST_NESTED || !scope[kind].has(name)) return undefined;
  scope.known.set(key, undefined);
  // Neither knows of the loops in which it is named.
  const found = deep(scope[kind].get(name), { ...scope, loops: [] }, depth + 1);
  scope.known.set(key, found);
  return found;
}

/** A value with every expression in it worked out that can be, and every loop in it. What cannot be stays as it is. */
function evaluated(value: unknown, scope: Scope): unknown {
  return scope ? deep(value, scope, 0) : value;
}

function deep(value: unknown, scope: NonNullable<Scope>, depth: number): unknown {
  if (depth > MOST_NESTED || scope.left.looks-- < 0) return value;
  if (typeof value === 'string') {
    if (!value.startsWith('[') || value.startsWith('[[')) return value;
    const found = workedOut(value, scope, depth);
    return found === undefined ? value : found;
  }
  if (Array.isArray(value)) return value.map((one) => deep(one, scope, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const loops = loopsOf('copy' in value ? value.copy : undefined);
  const made = loops.map(({ name, count, input }) => {
    const rounds = roundsOf(count, scope);
    return [name, rounds?.map((index) => deep(input, inRound(scope, name, index), depth + 1))] as const;
  });
  const isWhole = made.length > 0 && made.every(([, list]) => list !== undefined);
  const own = Object.entries(value)
    .filter(([key]) => !(isWhole && key === 'copy'))
    .map(([key, one]) => [key, key === 'copy' ? one : deep(one, scope, depth + 1)] as const);
  return Object.fromEntries(isWhole ? [...own, ...made] : own);
}

interface Loop {
  readonly name: string;
  readonly count: unknown;
  readonly input: unknown;
}

/** The loops that make a variable or property: a list with a name, a count and what is made. */
function loopsOf(value: unknown): readonly Loop[] {
  const loops = (Array.isArray(value) ? value : []).map((one) => {
    const fields = fieldsOf(one);
    const name = plainTextOf(fields?.get('name'));
    return fields && name !== undefined && fields.has('input')
      ? { name, count: fields.get('count'), input: fields.get('input') }
      : undefined;
  });
  // One that cannot be read keeps the others from being taken for all.
  return loops.includes(undefined) ? [] : loops.flatMap((one) => one ?? []);
}

/** The rounds of a loop; undefined where the template does not say how many, or they come to too much. */
function roundsOf(count: unknown, scope: NonNullable<Scope>): readonly number[] | undefined {
  const found = resolved(count, scope);
  const number = typeof found === 'string' && /^\d{1,4}$/.test(found) ? Number(found) : found;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > MOST_ROUNDS)
    return undefined;
  scope.left.made -= number;
  return scope.left.made < 0 ? undefined : Array.from({ length: number }, (_, index) => index);
}

function inRound(scope: NonNullable<Scope>, name: string, index: number): NonNullable<Scope> {
  return { ...scope, loops: [...scope.loops, { name: name.toLowerCase(), index }] };
}

/**
 * The resources of a template with those that a loop makes, each with the scope of its round, and lists that loops make
 * inside of them. A loop of which the template does not say the count stays as `copy` in its place.
 */
function resourcesIn(
  template: JsonFields,
  scope: Scope,
): readonly { readonly resource: unknown; readonly scope: Scope }[] {
  const written = template.get('resources');
  const list: readonly unknown[] = Array.isArray(written) ? written : Object.values(objectOf(written));
  if (!scope) return list.map((resource) => ({ resource, scope }));
  return list.flatMap((resource) => {
    const loop = fieldsOf(fieldsOf(resource)?.get('copy'));
    if (!loop) return [{ resource: withLoops(resource, scope), scope }];
    const name = plainTextOf(loop.get('name')) ?? '';
    const rounds = roundsOf(loop.get('count'), scope);
    if (!rounds) return [{ resource: withLoops(resource, scope), scope }];
    const { copy: _, ...rest } = resource as { readonly copy?: unknown };
    return rounds.map((index) => {
      const round = inRound(scope, name, index);
      return { resource: withLoops(rest, round), scope: round };
    });
  });
}

/** A part inside of another one, with the scope that it is written in. */
interface PartWithin {
  readonly part: unknown;
  readonly scope: Scope;
  /** Of the deployments around it. */
  readonly said: readonly Remark[];
  /** It is a resource of a template, and no longer of what is around that. */
  readonly ofTemplate: boolean;
}

/**
 * What may hold the resources that a reader looks for, in a part that is none of them: those of a template, of a
 * deployment in one, or what is below some keys.
 * @param said of the deployments around it
 * @param keys in lower case, looked at where the part is no template
 */
export function* partsWithin(
  fields: JsonFields,
  scope: Scope,
  said: readonly Remark[],
  keys: readonly string[],
): Iterable<PartWithin> {
  const properties = fieldsOf(fields.get('properties'));
  const template = fieldsOf(properties?.get('template'));
  const isTemplate = fields.has('resources') && (fields.has('$schema') || fields.has('contentversion'));
  if (template) {
    const { outer, handed } = scopeAround(properties, scope);
    const inner = scopeIn(template, fieldsOf(properties?.get('parameters')), outer, handed);
    const loops = fields.has('copy') ? [loopRemark('the deployment')] : [];
    const more = [...said, ...conditionRemarks(fields, scope), ...loops];
    for (const { resource, scope } of resourcesIn(template, inner))
      yield { part: resource, scope, said: more, ofTemplate: true };
  } else if (isTemplate) {
    const inner = scopeIn(fields, undefined, scope);
    for (const { resource, scope } of resourcesIn(fields, inner))
      yield { part: resource, scope, said, ofTemplate: true };
  } else {
    for (const key of keys) {
      const part = fields.get(key);
      if (typeof part !== 'object' || part === null) continue;
      const isNamed = key === 'resources' && !Array.isArray(part);
      yield { part: isNamed ? Object.values(part) : part, scope, said, ofTemplate: false };
    }
  }
}

/**
 * The resource with its loops worked out. What a deployment hands to its own template stays: it has a scope of its own.
 */
function withLoops(resource: unknown, scope: NonNullable<Scope>): unknown {
  const fields = fieldsOf(resource);
  if (!fields || fieldsOf(fields.get('properties'))?.has('template')) return resource;
  return hasLoop(resource, 0) ? deep(resource, scope, 0) : resource;
}

function hasLoop(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > MOST_NESTED) return false;
  if (Array.isArray(value)) return value.some((one) => hasLoop(one, depth + 1));
  return Object.entries(value).some(
    ([key, one]) => (key === 'copy' && Array.isArray(one)) || hasLoop(one, depth + 1),
  );
}

/** On what it depends whether a resource is made, as it reads on after `it`; undefined where it always is. */
export function conditionOf(
  fields: JsonFields,
  scope: Scope,
): { readonly isOff: boolean; readonly text: string } | undefined {
  const written = fields.get('condition');
  if (written === undefined || written === null || !scope) return undefined;
  const found = resolved(written, scope);
  const word = typeof found === 'string' ? found.toLowerCase() : found;
  if (word === true || word === 'true') return undefined;
  const isOff = word === false || word === 'false';
  const why = isOff ? ', which is false by the defaults of the template' : '';
  return { isOff, text: `the template makes it only where ${shownValue(written)}${why}` };
}

/** What to say of a group or a policy that is made only under a condition: without it everything would pass. */
export function conditionRemarks(fields: JsonFields, scope: Scope): Remark[] {
  const condition = conditionOf(fields, scope);
  return condition ? [{ kind: 'inexact', text: `${condition.text}; written as if it did` }] : [];
}

/** What to say of a loop of which the count is not known. */
export function loopRemark(what: string): Remark {
  return {
    kind: 'gap',
    text: `what a loop (copy) makes in ${what}, of which the template does not say how often: deploy it and export ${what}`,
  };
}

/** Whether a value is an expression that depends on more than the template. */
export function isExpression(value: unknown, scope: Scope): boolean {
  return scope !== undefined && typeof value === 'string' && value.startsWith('[');
}

/** A value as text, with what it stands for. */
export function literalText(value: unknown, scope: Scope): string | undefined {
  if (typeof value === 'string' && value.startsWith('[[')) return value.slice(1);
  return plainTextOf(resolved(value, scope));
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
