// Which type of site can hold which role, as the planning documents of current branch give it.
import type { SiteType } from './model.ts';

/** Where a role may be, and the section that says so. */
export interface Placement {
  readonly sites: readonly SiteType[];
  /** A document of `rules/documents.ts` and the section in it. */
  readonly document: string;
  readonly section: string;
}

const ROLES_PAGE = 'plan-for-site-system-servers-and-site-system-roles';

const WITH_CLIENTS: readonly SiteType[] = ['primary', 'secondary'];
const ABOVE_SECONDARY: readonly SiteType[] = ['central-administration', 'primary'];
const PRIMARY: readonly SiteType[] = ['primary'];

const on = (sites: readonly SiteType[], section: string, document = ROLES_PAGE): Placement => ({
  sites,
  document,
  section,
});

/**
 * The roles that not every type of site can hold. A role that is not here is held by all, or the documents do
 * not say; the roles of which a hierarchy has one at its top site are in `TOP_SITE_ROLES`.
 */
const PLACEMENTS: Readonly<Record<string, Placement>> = {
  'sms-provider': on(ABOVE_SECONDARY, 'BKMK_PlanSMSProv', 'plan-for-the-sms-provider'),
  'management-point': on(WITH_CLIENTS, 'management-point'),
  'distribution-point': on(WITH_CLIENTS, 'distribution-point'),
  'fallback-status-point': on(PRIMARY, 'fallback-status-point'),
  'state-migration-point': on(WITH_CLIENTS, 'state-migration-point'),
  'reporting-services-point': on(ABOVE_SECONDARY, 'reporting-services-point'),
  'application-catalog-website-point': on(PRIMARY, 'application-catalog-website-point'),
  'application-catalog-web-service-point': on(PRIMARY, 'application-catalog-web-service-point'),
  'certificate-registration-point': on(ABOVE_SECONDARY, 'certificate-registration-point'),
  'enrollment-point': on(PRIMARY, 'enrollment-point'),
  'enrollment-proxy-point': on(PRIMARY, 'enrollment-proxy-point'),
  'cloud-management-gateway-connection-point': on(
    PRIMARY,
    'cloud-management-gateway-connection-point',
    'size-and-scale-numbers',
  ),
};

/** A site server in passive mode, which a secondary site does not have. */
const PASSIVE_SITE_SERVER = on(ABOVE_SECONDARY, 'limitations', 'site-server-high-availability');

/** Clients are assigned to primary sites and served by these and their secondary sites. */
export const CLIENT_SITES = on(WITH_CLIENTS, 'BKMK_ChooseCAS', 'design-a-hierarchy-of-sites');

/** The roles of which a hierarchy has one instance, at its top site. */
export const TOP_SITE_ROLES: ReadonlySet<string> = new Set([
  'asset-intelligence-synchronization-point',
  'endpoint-protection-point',
  'service-connection-point',
]);

/**
 * The types of site that can hold a role in current branch; undefined where all can or the documents do not say.
 * @param passive for a site server: it is the one in passive mode
 */
export function placementOf(role: string, passive: boolean): Placement | undefined {
  if (role === 'site-server') return passive ? PASSIVE_SITE_SERVER : undefined;
  return Object.hasOwn(PLACEMENTS, role) ? PLACEMENTS[role] : undefined;
}
