// What the description of the topology file is made of: keys, words and shapes of values.
import type { Edition } from '../../catalog/editions.ts';
import type { OptionValue, ReferenceKind } from '../model.ts';

/** An allowed word of a key with what it means, in one line. */
export interface Word {
  readonly name: string;
  readonly doc: string;
  /** The catalog editions that know it; all where absent. */
  readonly editions?: readonly Edition[];
}

/** A key of a map: its name, what may be behind it, and what to tell an administrator. */
export interface Key {
  readonly name: string;
  readonly shape: Shape;
  /** One to three sentences in Markdown. */
  readonly doc: string;
  /** In force where the key is absent. */
  readonly default?: OptionValue;
  /** For a person, where the default is no plain value: `the zone's networks`. */
  readonly defaultText?: string;
  readonly required?: boolean;
  /** Required where another key of the same map has this word. */
  readonly requiredIf?: { readonly key: string; readonly is: string };
  /** Required where none of these keys of the same map is there. */
  readonly requiredUnless?: readonly string[];
  /** Keys of the same map that say the same in another way: only one of them counts. */
  readonly excludes?: readonly string[];
  /** For a person, where the key is required only sometimes. */
  readonly requiredText?: string;
  /** Most entries have it: an editor that writes a whole new entry leaves a place for it, as for the required keys. */
  readonly usual?: boolean;
  /** A value as someone would write it after the colon. */
  readonly example?: string;
  /** `TCP port`, `UDP port`, `clients`, … */
  readonly unit?: string;
  /** The catalog editions that know it; all where absent. */
  readonly editions?: readonly Edition[];
}

/** A map with known keys. Nothing after its colon means: with the defaults. */
export interface MapShape {
  readonly kind: 'map';
  /** What one such map is called in messages: `server`, `options of management-point`. */
  readonly what: string;
  readonly keys: readonly Key[];
}

/** What kind of thing a named map holds. */
export type NamedKind = SectionKind | 'listener';

/** The kinds that are in a map from their names; a listener's name is one of its keys. */
export type SectionKind = ReferenceKind | 'firewall';

/** A map from names that the file's author chooses to one shape: a map, or a list of names and addresses. */
export interface NamedShape {
  readonly kind: 'named';
  readonly names: SectionKind;
  readonly of: MapShape | ListShape;
}

/** A map whose keys name something in the file, each with what is said of it. */
export interface ReferenceMapShape {
  readonly kind: 'reference-map';
  readonly key: ReferenceShape;
  readonly of: Shape;
}

/** A list; where `single` is true, one value without a list is allowed too. */
export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly single: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A name of something else in the file. */
export interface ReferenceShape {
  readonly kind: 'reference';
  readonly to: readonly ReferenceKind[];
  /** Words that are beside the names: `any`, `microsoft-update`. */
  readonly words?: readonly Word[];
  /** An address or network may be here as well. */
  readonly networks?: boolean;
  /** For `instance`: the key of the same map that names its server. */
  readonly serverKey?: string;
  /** A name that the file does not have is none of its machines, not a mistake. */
  readonly outside?: boolean;
}

export type Shape =
  | { readonly kind: 'text' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum?: number }
  /** An integer 1..65535. */
  | { readonly kind: 'port' }
  /** `49152-65535`. */
  | { readonly kind: 'range' }
  /** A port, a range, or a list of them; with `any`, that word too. */
  | { readonly kind: 'ports'; readonly any: boolean }
  | { readonly kind: 'address' }
  /** An address with a prefix length; a plain address counts as /32 or /128. */
  | { readonly kind: 'network' }
  /** `2026-12-31`. */
  | { readonly kind: 'date' }
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  /** A word of `words`, or a version of Configuration Manager. */
  | { readonly kind: 'edition'; readonly words: readonly Word[] }
  /** A word, or `tcp/PORT` or `udp/PORT`. */
  | { readonly kind: 'exception'; readonly words: readonly Word[] }
  | ReferenceShape
  | ListShape
  /** The first alternative that fits what is written. */
  | { readonly kind: 'either'; readonly of: readonly Shape[] }
  | MapShape
  | NamedShape
  | ReferenceMapShape;

/** A role: its place in a `roles` map, and what sort of role it is. */
export interface RoleInfo extends Key {
  readonly shape: MapShape;
  /** A Configuration Manager role, which serves a site; false for infrastructure such as SQL Server. */
  readonly belongsToSite: boolean;
}

export const text: Shape = { kind: 'text' };
export const boolean: Shape = { kind: 'boolean' };
export const port: Shape = { kind: 'port' };
export const range: Shape = { kind: 'range' };
export const address: Shape = { kind: 'address' };
export const network: Shape = { kind: 'network' };

export const list = (
  of: Shape,
  options: { single?: boolean; minimum?: number; maximum?: number } = {},
): ListShape => ({
  kind: 'list',
  of,
  single: options.single ?? false,
  ...(options.minimum === undefined ? {} : { minimum: options.minimum }),
  ...(options.maximum === undefined ? {} : { maximum: options.maximum }),
});
export const words = (...pairs: readonly (readonly [string, string])[]): Shape => ({
  kind: 'words',
  words: pairs.map(([name, doc]) => ({ name, doc })),
});
export const reference = (...to: ReferenceKind[]): ReferenceShape => ({ kind: 'reference', to });
export const instance: ReferenceShape = { kind: 'reference', to: ['instance'], serverKey: 'server' };
export const map = (what: string, keys: readonly Key[]): MapShape => ({ kind: 'map', what, keys });
export const named = (names: SectionKind, of: MapShape | ListShape): NamedShape => ({
  kind: 'named',
  names,
  of,
});
