import { t } from '../../l10n.ts';
import { nearWords } from '../../text/near.ts';
import type { Reference } from '../../topology/model.ts';
import type { Report, Rule } from '../rule.ts';
import { siteCodeProblem } from './hierarchy.ts';

const file = (code: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  ${code}: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: ${code}
    roles:
      site-server:
      sms-provider:
      sql-server:
`;

export const siteCode: Rule = {
  code: 'site-code',
  severity: 'error',
  summary: 'A site code is not three letters or digits, or a name that Windows or the product keeps.',
  reason: 'Setup refuses such a site code.',
  explanation: `Setup takes a site code of exactly three letters or digits. \`AUX\`, \`CON\`, \`NUL\` and \`PRN\` are device names of Windows, and \`SMS\` is the product's own: folders and shares with the site code in their names could not be made.

A site code stays for the life of the site, so it is worth a look before setup runs.`,
  source: { document: 'format', section: 'sitescode' },
  bad: [
    { title: 'Four characters', text: file('PS10') },
    { title: 'A reserved name', text: file('SMS') },
  ],
  good: [{ title: 'Three letters and digits', text: file('PS1') }],
  *check({ topology }): Iterable<Report> {
    // A name that no thing of the file may have is reported as such.
    const invalid = new Set(
      topology.problems.filter(({ code }) => code === 'invalid-name').map(({ span }) => span.start),
    );
    // A misspelt code is reported where its right form is used.
    let used: readonly Reference[] | undefined;
    for (const { name, key, damaged, type } of topology.sites.values()) {
      const problem = siteCodeProblem(name);
      if (!problem || damaged || !type || invalid.has(key.span.start)) continue;
      used ??= topology.references.filter(({ target, to }) => !target && to.includes('site'));
      if (used.some((reference) => nearWords(name, [reference.name], 1).length > 0)) continue;
      yield {
        span: key.span,
        message: t("Site code '{0}' {1}: use three letters or digits, such as PS1", name, problem),
      };
    }
  },
};
