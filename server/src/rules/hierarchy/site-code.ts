import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import type { Site, Topology } from '../../topology/model.ts';
import { referenceMeans, siteCodeProblem } from '../../topology/site-code.ts';
import type { Report, Rule } from '../rule.ts';

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
  explanation: `Setup takes a site code of exactly three letters or digits. \`AUX\`, \`CON\`, \`NUL\` and \`PRN\` are device names of Windows, and \`SMS\` is the product's own: folders and shares with the site code in their names could not be created.

A site code cannot be changed later, so check it before setup runs.`,
  source: { document: 'format', section: 'sitescode' },
  bad: [
    { title: 'Four characters', text: file('PS10') },
    { title: 'A reserved name', text: file('SMS') },
    {
      title: 'A character too many, where another place has the code right',
      text: file('PS10').replace('site: PS10', 'site: PS1'),
    },
  ],
  good: [{ title: 'Three letters and digits', text: file('PS1') }],
  *check({ topology }): Iterable<Report> {
    // A name that no thing of the file may have is reported as such.
    const invalid = new Set(
      topology.problems.filter(({ code }) => code === 'invalid-name').map(({ span }) => span.start),
    );
    for (const site of topology.sites.values()) {
      const { name, key, damaged, type } = site;
      const problem = siteCodeProblem(name);
      if (!problem || damaged || !type || invalid.has(key.span.start)) continue;
      yield {
        span: key.span,
        message: t('{0}: use three letters or digits, such as PS1', problem),
        related: topology.references
          .filter((reference) => referenceMeans(reference, site))
          .map((reference) => ({ message: t('{0} is named here', reference.name), span: reference.span })),
        fixes: meantCodes(site, topology).map((code) => ({
          title: t("Change to '{0}'", code),
          safe: false,
          edits: renameEdits(site, code, topology),
        })),
      };
    }
  },
};

/** The codes that other places use and that are likely what this one was meant to be. */
function meantCodes(site: Site, { references }: Topology): readonly string[] {
  const meant = references.filter((reference) => referenceMeans(reference, site));
  return [...new Map(meant.map(({ name }) => [name.toLowerCase(), name])).values()];
}

/** The edits that give a site another code, at its definition and wherever it is named. */
function renameEdits(site: Site, code: string, { references }: Topology): readonly TextEdit[] {
  const spans = [
    site.key.span,
    ...references.filter(({ target }) => target === site).map(({ span }) => span),
  ];
  const places = new Map(spans.map((span) => [span.start, span]));
  return [...places.values()].map((span) => ({ span, newText: code }));
}
