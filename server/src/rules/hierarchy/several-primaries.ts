import { t } from '../../l10n.ts';
import { keyCertainty, nameCertainty } from '../certainty.ts';
import type { Report, Rule } from '../rule.ts';
import { listed } from '../words.ts';
import { isCurrentBranch, typeOf } from './hierarchy.ts';

const CAS = `  CAS: { type: central-administration, database: { server: cas01 } }
`;
const CAS_SERVER = `  cas01:
    site: CAS
    roles:
      site-server:
      sms-provider:
      sql-server:
`;
const file = (edition: string, cas: string, casServer: string, parent: string) => `configmgr: ${edition}
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
${cas}  PS1: { type: primary, ${parent}database: { server: cm01 } }
  PS2: { type: primary, ${parent}database: { server: cm02 } }
servers:
${casServer}  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
  cm02:
    site: PS2
    roles:
      site-server:
      sms-provider:
      sql-server:
`;

export const severalPrimaries: Rule = {
  code: 'several-primaries',
  severity: 'error',
  summary: 'The hierarchy has more than one primary site and no central administration site.',
  reason:
    'Primary sites can only be joined by a central administration site, which has to exist before the second one.',
  explanation: `More than one primary site needs a central administration site above them. It has to exist before the second primary site: two standalone primary sites cannot be joined later, only a single one can be expanded.

Often the answer is fewer sites: one primary site with more management and distribution points serves up to 175,000 clients and devices. Two hierarchies that have nothing to do with each other belong in two files. In Configuration Manager 2007 primary sites need no site above them.`,
  source: { document: 'design-a-hierarchy-of-sites', section: 'BKMK_ChooseCAS' },
  moreSources: [
    {
      document: 'design-a-hierarchy-of-sites',
      section: 'central-administration-site-with-one-or-more-child-primary-sites',
    },
    { document: 'size-and-scale-numbers', section: 'bkmk_pri' },
  ],
  bad: [{ title: 'Two primary sites', text: file('2025-12', '', '', '') }],
  good: [
    {
      title: 'Two primary sites below a central administration site',
      text: file('2025-12', CAS, CAS_SERVER, 'parent: CAS, '),
    },
    { title: 'Configuration Manager 2007', text: file('2007', '', '', '') },
  ],
  *check(context): Iterable<Report> {
    const { topology, tree } = context;
    if (!isCurrentBranch(topology.edition)) return;
    const sites = [...topology.sites.values()];
    // A site whose type is not known, or text that was not read, may be the central administration site.
    if (sites.some((site) => site.type?.value === 'central-administration' || !typeOf(site, tree))) return;
    if (nameCertainty(context)('central-administration') === 'unknown') return;
    const primaries = sites.filter(
      (site) =>
        typeOf(site, tree) === 'primary' && keyCertainty(context, site, 'parent', site.parent) === 'absent',
    );
    const [first, second] = primaries;
    if (!first || !second) return;
    yield {
      span: second.key.span,
      message: t(
        '{0} are {1} primary sites without a central administration site: add one and make it their parent, or keep one primary site',
        listed(primaries.map(({ name }) => name)),
        primaries.length,
      ),
      related: primaries
        .filter((site) => site !== second)
        .map((site) => ({ message: t('Primary site {0}', site.name), span: site.key.span })),
    };
  },
};
