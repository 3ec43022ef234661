import { groupBy } from '../../collections.ts';
import { removeKey, setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { ownPair } from '../../text/values.ts';
import { parentOf } from '../../topology/effective.ts';
import type { Site } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { secondaryExample } from './secondary-example.ts';

const KEY = 'website';
const NAME = 'SMSWEB';

const isCustom = (site: Site) => site.website !== undefined;

/** Whether a site's website is known: written and read, or surely not written. */
function isKnown(site: Site, context: RuleContext): boolean {
  return keyCertainty(context, site, KEY, site.website) !== 'unknown';
}

function setFix(sites: readonly Site[], { tree }: RuleContext): Fix {
  return {
    title: t('Set website: {0} at {1}', NAME, listed(sites.map(({ name }) => name))),
    safe: false,
    edits: sites.flatMap((site) => setKey(tree, site, KEY, NAME)),
  };
}

function removeFix(sites: readonly Site[], { tree }: RuleContext): Fix {
  const own = sites.every(({ node }) => ownPair(node, KEY));
  return {
    title: t('Remove website from {0}', listed(sites.map(({ name }) => name))),
    safe: false,
    edits: own ? sites.flatMap(({ node }) => removeKey(tree, node, KEY)) : [],
  };
}

function align(custom: readonly Site[], plain: readonly Site[], context: RuleContext): readonly Fix[] {
  return [setFix(plain, context), removeFix(custom, context)];
}

function* checkPrimary(primary: Site, secondaries: readonly Site[], context: RuleContext): Iterable<Report> {
  if (!isKnown(primary, context)) return;
  const known = secondaries.filter((site) => isKnown(site, context));
  const different = known.filter((site) => isCustom(site) !== isCustom(primary));
  const primaryDiffers = different.length > 1 && different.length === secondaries.length;
  if (primaryDiffers) {
    const names = listed(different.map(({ name }) => name));
    yield {
      span: primary.website?.span ?? primary.key.span,
      message: isCustom(primary)
        ? t(
            'Primary site {0} uses the custom website {1}, its secondary sites {2} do not: set website: {1} there, and create it in IIS on their site systems',
            primary.name,
            NAME,
            names,
          )
        : t(
            'Secondary sites {0} use the custom website {1}, their primary site {2} does not: set website: {1} there too',
            names,
            NAME,
            primary.name,
          ),
      related: different.map((site) => ({
        message: t('Secondary site {0}', site.name),
        span: site.key.span,
      })),
      fixes: isCustom(primary) ? align([primary], different, context) : align(different, [primary], context),
    };
    return;
  }
  for (const site of different) {
    const fixes = isCustom(site) ? align([site], [primary], context) : align([primary], [site], context);
    yield {
      span: site.website?.span ?? site.key.span,
      message: isCustom(site)
        ? t(
            'Secondary site {0} uses the custom website {1}, its primary site {2} the Default Web Site: a secondary site has what its primary has',
            site.name,
            NAME,
            primary.name,
          )
        : t(
            'Secondary site {0} lacks website: {1}, which its primary site {2} has: set it here, and create the website in IIS on its site systems',
            site.name,
            NAME,
            primary.name,
          ),
      related: [
        { message: t('Primary site {0}', primary.name), span: primary.website?.span ?? primary.key.span },
      ],
      // The secondary sites that agree would disagree with a primary that is changed.
      fixes:
        different.length === known.length
          ? fixes
          : fixes.filter((_, index) => index === (isCustom(site) ? 1 : 0)),
    };
  }
}

const WEBSITE = `    website: ${NAME}\n`;

export const customWebsite: Rule = {
  code: 'custom-website',
  severity: 'error',
  summary: 'A primary site and its secondary sites do not use the same website.',
  reason:
    'The custom website of a primary site also applies to its secondary sites, and clients cannot reach those without it.',
  explanation: `A primary site that uses the custom website \`SMSWEB\` also requires it at its secondary sites: their site systems look for a website of that name too, and clients cannot reach them until somebody has created it in IIS. A secondary site cannot use it on its own.

Write \`website: SMSWEB\` at all of them or at none. The request ports go the same way; a secondary site that writes its own is reported by [secondary-client-ports](secondary-client-ports.md).`,
  source: { document: 'websites-for-site-system-servers', section: 'BKMK_What2Know' },
  bad: [
    {
      title: 'The secondary site has been forgotten',
      text: secondaryExample({ primary: WEBSITE, secondary: '' }),
    },
    { title: 'Only the secondary site has it', text: secondaryExample({ secondary: WEBSITE }) },
  ],
  good: [{ title: 'Both', text: secondaryExample({ primary: WEBSITE, secondary: WEBSITE }) }],
  *check(context) {
    const { topology } = context;
    const below = groupBy(topology.sites.values(), (site) => {
      const parent = site.type?.value === 'secondary' ? parentOf(site, topology) : undefined;
      return parent?.type?.value === 'primary' ? parent : undefined;
    });
    for (const [primary, secondaries] of below) yield* checkPrimary(primary, secondaries, context);
  },
};
