// Why a rule says what it says: its reason, where that is written, and where the documents disagree.
import { errataAbout } from '../catalog/index.ts';
import type { Edition, Erratum } from '../catalog/types.ts';
import { t, translated } from '../l10n.ts';
import { documents } from './documents.ts';
import type { Rule, RuleSource } from './rule.ts';

/** A section of a document that a rule follows. */
export interface WhySource {
  /** The document's title and the section, such as `The topology file, section values`. */
  readonly text: string;
  /** With the section's anchor where the document has anchors; of the format's page, relative to a rule's page. */
  readonly url: string | undefined;
  /** The document's title alone, and the section's anchor or number. */
  readonly document: string;
  readonly section: string;
}

export interface RuleWhy {
  /** One sentence. */
  readonly reason: string;
  /** Those that speak of the edition, the rule's own first; at least one. */
  readonly sources: readonly WhySource[];
  readonly errata: readonly Erratum[];
}

/** Why a rule speaks in a file of this edition; in one of no known edition, with all its sources and no errata. */
export function whyOf(rule: Rule, edition: Edition | undefined): RuleWhy {
  const all = [rule.source, ...(rule.moreSources ?? [])];
  const fitting = all.filter(
    ({ editions }) => editions === undefined || edition === undefined || editions.includes(edition),
  );
  return {
    reason: translated(rule.reason),
    sources: (fitting.length > 0 ? fitting : [rule.source]).map(whySource),
    errata: edition === undefined ? [] : errataAbout(edition, rule.code),
  };
}

/** Why a rule of the format speaks in a settings file. */
export function whyInSettings(rule: Rule): RuleWhy {
  const source = whySource({ document: 'format', section: 'settings-file' });
  return { reason: translated(rule.reason), sources: [source], errata: [] };
}

function whySource({ document, section }: RuleSource): WhySource {
  const known = documents[document];
  if (known === undefined)
    return { text: t('{0}, section {1}', document, section), url: undefined, document, section };
  return {
    text: t('{0}, section {1}', known.title, section),
    url: known.anchors ? `${known.url}#${section}` : known.url,
    document: known.title,
    section,
  };
}

/** What two documents say, which one is followed and why, in plain sentences. */
export function erratumText({ disagreement, followed, why }: Erratum): string {
  return t('{0} Followed: {1} {2}', translated(disagreement), translated(followed), translated(why));
}
