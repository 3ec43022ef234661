import { groupBy } from '../../collections.ts';
import { t } from '../../l10n.ts';
import { describe } from '../../text/reasons.ts';
import type { Damage } from '../../text/tree.ts';
import { isDamaged } from '../../text/values.ts';
import type { Fix, Rule } from '../rule.ts';

export const yamlSyntax: Rule = {
  code: 'yaml-syntax',
  severity: 'error',
  summary: 'The text is not YAML at this place.',
  reason: 'What cannot be read is not checked, so a mistake inside it stays unseen.',
  explanation: `A bracket or quote that is not closed, a tab in the indentation, a colon that is missing, an alias without its anchor, a no-break space that was pasted: the text cannot be read here. The damaged place is left out and the rest of the file is checked as if it were not there; rules stay silent about what may have been in it.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'A quote that is not closed',
      text: `configmgr: 2017-09
name: "Contoso
description: Head office
`,
    },
    {
      title: 'The full-width colon of a Korean or Chinese keyboard',
      text: 'configmgr: 2017-09\nname\uff1a Contoso\ndescription: Head office\n',
    },
    {
      title: 'An alias without an anchor',
      text: `configmgr: 2017-09
name: *company
`,
    },
  ],
  good: [
    {
      title: 'An anchor and its alias',
      text: 'configmgr: 2017-09\nname: &company Contoso\ndescription: *company\n',
    },
  ],
  *check({ tree }) {
    const once = groupBy(tree.damage, (damage) => damage.mend?.kind ?? damage);
    for (const all of once.values()) {
      const [first] = all;
      if (first === undefined) continue;
      const { at, reason, mend } = first;
      const others = all.slice(1);
      yield {
        span: at,
        message:
          others.length === 0
            ? reason
            : others.length === 1
              ? t('{0} One more line has it too.', reason)
              : t('{0} {1} more lines have it too.', reason, others.length),
        related: others.map((other) => ({ message: other.reason, span: other.at })),
        ...(mend && { fixes: [mending(mend.kind, all)] }),
      };
    }
    for (const alias of tree.unknownAliases) {
      if (isDamaged(tree, alias.span)) continue;
      // Of `*name:` the colon is part of the name; whoever writes it means a key.
      yield {
        span: alias.span,
        message: alias.name.endsWith(':')
          ? describe.aliasKey(alias.name.slice(0, -1))
          : t(
              "There is no anchor '&{0}' before this alias; set the anchor at the value that it should repeat",
              alias.name,
            ),
      };
    }
  },
};

/** What was meant is what the tree was made from: to write it changes nothing but the finding. */
function mending(kind: NonNullable<Damage['mend']>['kind'], all: readonly Damage[]): Fix {
  const titles = {
    space: t('Write plain spaces'),
    colon: t("Write a plain ':'"),
    alias: t("Put a space before the ':'"),
    column: t('Indent it deeper'),
  };
  const edits = all.flatMap(({ mend }) => mend?.edits ?? []);
  return {
    title: titles[kind],
    safe: true,
    edits: edits.map(({ start, end, insert }) => ({ span: { start, end }, newText: insert })),
  };
}
