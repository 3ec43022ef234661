// Finding a place of the format.
import type { Edition } from '../../catalog/editions.ts';
import { FORMAT } from './file.ts';
import { type Key, type MapShape, type NamedKind, port, range, type Shape } from './shapes.ts';

/** One step from a map or list into it: a key's name or an item's number. */
export type PathStep = string | number;

/** What the format says about a place. */
export interface FormatPlace {
  readonly shape: Shape;
  /** The key whose value is here; undefined at the root, for list items and for chosen names. */
  readonly key?: Key;
  /** The thing that a chosen name stands for, where the last step is one. */
  readonly names?: NamedKind;
}

/** The key of a map by name. */
export function keyOf(shape: MapShape, name: string): Key | undefined {
  return shape.keys.find((key) => key.name === name);
}

/** The one of a shape's alternatives that a map, or that a list, fits; the shape itself where it is no choice. */
export function alternative(shape: Shape, wanted: 'map' | 'list'): Shape | undefined {
  if (shape.kind === 'either') return shape.of.map((one) => alternative(one, wanted)).find((one) => one);
  if (wanted === 'map')
    return shape.kind === 'map' || shape.kind === 'named' || shape.kind === 'reference-map'
      ? shape
      : undefined;
  if (shape.kind === 'ports')
    return { kind: 'list', of: { kind: 'either', of: [port, range] }, single: true };
  return shape.kind === 'list' ? shape : undefined;
}

/**
 * What the format says about the value at a path from the root.
 * @param path key names and item numbers, such as `['servers', 'cm01', 'roles']`
 * @returns undefined where the path leaves the format
 */
export function shapeAt(path: readonly PathStep[]): FormatPlace | undefined {
  let place: FormatPlace = { shape: FORMAT };
  for (const step of path) {
    if (typeof step === 'number') {
      const within = alternative(place.shape, 'list');
      if (within?.kind !== 'list') return undefined;
      place = { shape: within.of };
      continue;
    }
    const within = alternative(place.shape, 'map');
    if (within?.kind === 'named') {
      place = { shape: within.of, names: within.names };
    } else if (within?.kind === 'reference-map') {
      place = { shape: within.of };
    } else if (within?.kind === 'map') {
      const key = keyOf(within, step);
      if (key === undefined) return undefined;
      place = { shape: key.shape, key };
    } else {
      return undefined;
    }
  }
  return place;
}

/** Whether a word, key or role belongs to an edition; everything does where no edition is known. */
export function inEdition(
  thing: { readonly editions?: readonly Edition[] },
  edition: Edition | undefined,
): boolean {
  return edition === undefined || thing.editions === undefined || thing.editions.includes(edition);
}
