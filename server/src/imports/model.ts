// What the readers of real firewalls give: their rules in order, and what a topology cannot say.

import type { RuleNotes } from '../exports/firewall/notes.ts';
import { t } from '../l10n.ts';
import type { PortSet } from '../reach/ports.ts';
import type { Topology } from '../topology/model.ts';
import type { Ends, KnownNames } from './ends.ts';
import type { Objects, PortObject } from './objects.ts';
import type { ImportedTraffic, Services } from './traffic.ts';

export type Action = 'allow' | 'deny';

export interface ImportedRule {
  readonly kind: 'rule';
  readonly action: Action;
  readonly traffic: ImportedTraffic;
  /** Left out where it is empty, as the description. */
  readonly name: string | undefined;
  readonly description?: string | undefined;
  /** Named groups that have part of `traffic.services`; `direct` has what is written beside them. */
  readonly ports?: { readonly groups: readonly PortObject[]; readonly direct: Services } | undefined;
  /** What people wrote of the rule, from its description or its own fields. */
  readonly about?: RuleNotes | undefined;
  /** It is about other traffic than Configuration Manager's, so that nobody needs to be told that it is broad. */
  readonly configmgr?: false;
}

/** Something that is between the rules as a comment. */
export interface Remark {
  /**
   * `gap`: a topology cannot say it, and it is left out. `inexact`: it is written, and means something else.
   * `note`: nothing is lost.
   */
  readonly kind: 'gap' | 'inexact' | 'note';
  readonly text: string;
  /** Of a gap: what the rule that is left out does, so that the comment can say what passes without it. */
  readonly lost?: Action;
}

export type Step = ImportedRule | Remark;

/** Rules of which the first match decides, and what happens to the rest. */
export interface RuleList {
  readonly title: string;
  /** The end at which the protected side is; undefined for rules about traffic in any direction. */
  readonly inside: 'from' | 'to' | undefined;
  readonly steps: readonly Step[];
  readonly otherwise: { readonly action: Action; readonly why: string };
}

/** One entry of `firewalls:`. */
export interface ImportedFirewall {
  /** As the source calls it; it need not be a name that a topology takes. */
  readonly name: string;
  /** What it is, in words: `Azure network security group nsg-hq`. */
  readonly about: string;
  /** Words for what it protects: names that the user may have explained, or zones that it may be named after. */
  readonly protects: readonly string[];
  readonly lists: readonly RuleList[];
  readonly remarks: readonly Remark[];
  /** The zones between which it is, where the source tells: then `protects` is empty. */
  readonly zones?: readonly string[];
  /** Interfaces and zones of the device that stand for nothing in the topology. */
  readonly unmapped?: readonly string[];
  /** The groups that its rules name. */
  readonly objects?: Objects;
}

/** What the user said about the source. */
export interface ImportOptions {
  /** The profile of Windows Firewall that is in force. */
  readonly profile: Profile;
  /** The direction of rules that do not say it themselves; undefined where the user did not say. */
  readonly direction?: RuleDirection | undefined;
  /** Take what a Linux machine receives and sends itself, not what it forwards. */
  readonly host: boolean;
  readonly words: Words;
}

export const PROFILES = ['domain', 'private', 'public'] as const;
export type Profile = (typeof PROFILES)[number];

export const RULE_DIRECTIONS = ['inbound', 'outbound'] as const;
export type RuleDirection = (typeof RULE_DIRECTIONS)[number];

/** What words of the source mean in the topology. */
export interface Words extends KnownNames {
  /** Service tags, interfaces and the like; undefined where nobody said what it stands for. */
  ends(word: string): Ends | undefined;
  /** A keyword for ports. */
  ports(word: string): PortSet | undefined;
  /** What the user said that other words than these stand for. */
  saidOfOthers(words: readonly string[]): readonly string[];
  readonly topology: Topology | undefined;
  /** The zones that the user named; empty where he named none. */
  readonly zones: readonly string[];
}

/** A file as far as it could be read without knowing what it is. */
export type ImportSource =
  | { readonly kind: 'json'; readonly value: unknown }
  | {
      readonly kind: 'text';
      readonly text: string;
      /** The text taken as comma-separated values. */
      readonly rows: () => readonly ReadonlyMap<string, string>[];
    };

/** A format of `cmtopo import`. */
export interface ImportFormat {
  /** What it is, in words. */
  readonly title: string;
  /** What to import, for the table of docs/import.md: English Markdown. */
  readonly about: string;
  /** Whether a source looks like it. */
  readonly knows: (source: ImportSource) => boolean;
  /** Throws {@link ImportError} where it is something else. */
  readonly read: (source: ImportSource, options: ImportOptions) => readonly ImportedFirewall[];
}

/** The input is not what it should be; the message is one line that reads on after the file's name and a colon. */
export interface ImportError extends Error {
  readonly kind: 'import';
  readonly asks: 'direction' | undefined;
}

/**
 * @param reason one line that reads on after the file's name and a colon
 * @param asks what the user has to say, with which it can be read
 */
export function importError(reason: string, asks?: ImportError['asks']): ImportError {
  return Object.assign(new Error(reason), { kind: 'import' as const, asks });
}

/** Two configurations in one file: their rules and objects of one name would become one. */
export function severalConfigurations(): ImportError {
  return importError(t('it contains several configurations; import each from a separate file'));
}

/** Whether what was thrown says that the input is at fault, and not the program. */
export function isImportError(error: unknown): error is ImportError {
  return error instanceof Error && 'kind' in error && error.kind === 'import';
}

/** Counts work, and ends it where it is more than any real file needs: references in a file can multiply. */
export function budget(most: number): (amount: number) => void {
  let left = most;
  return (amount) => {
    left -= amount;
    if (left < 0)
      throw importError(t('its rules and lists refer to one another so often that they become too many'));
  };
}
