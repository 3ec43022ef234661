// Who serves a client group, role by role, and why: for its hover.
import { roleName } from '../catalog/index.ts';
import { groupBy } from '../collections.ts';
import { SERVING_ROLES, type Service, type ServingReason } from '../flows/serving.ts';
import { language, t } from '../l10n.ts';
import { hierarchyIn, windowsPlaces } from '../rules/clients/serving-clients.ts';
import { capital } from '../rules/words.ts';
import type { ClientGroup, Topology } from '../topology/model.ts';

/** Site systems to name for one reason before the rest is only counted. */
const SHOWN = 4;

/**
 * The site systems that the clients of a group use: a role, in a group in several zones with the zone, and the
 * servers with the reason. Empty for a group that is not of Windows clients, or at no known site.
 */
export function servingFacts(topology: Topology, group: ClientGroup): readonly (readonly [string, string])[] {
  const { serving } = hierarchyIn(topology);
  return windowsPlaces(topology)
    .filter(({ clients }) => clients === group)
    .flatMap((place) => {
      const named = (name: string) =>
        place.several && place.zone ? t('{0}, in zone {1}', capital(name), place.zone.name) : capital(name);
      const roles = SERVING_ROLES.flatMap((role) => {
        const services = serving.services(place, role);
        if (services.length === 0) return [];
        return [[named(roleName(role, language())), servicesText(services)] as const];
      });
      return serving.usesGateway(place)
        ? [...roles, [named(t('cloud management gateway')), t('yes')] as const]
        : roles;
    });
}

function servicesText(services: readonly Service[]): string {
  const needed = services.filter(({ optional }) => !optional);
  const optional = services.filter((service) => service.optional);
  const all = byReason(needed);
  return [
    // Beside a secondary site's management point those of the primary are a choice of their own.
    ...(new Set(needed.map(({ anyOf }) => anyOf)).size === 1 && needed.length > 1
      ? [t('one of {0} is enough: {1}', needed.length, all)]
      : all === ''
        ? []
        : [all]),
    ...(optional.length > 0 ? [t('optional: {0}', byReason(optional))] : []),
  ].join('; ');
}

function byReason(services: readonly Service[]): string {
  return [...groupBy(services, ({ why }) => reasonText(why))]
    .map(([reason, own]) => {
      const names = own.map(({ to }) => to.endpoint.name);
      const shown = names.slice(0, SHOWN).join(', ');
      const list = names.length > SHOWN ? t('{0} and {1} more', shown, names.length - SHOWN) : shown;
      return t('{0} ({1})', list, reason);
    })
    .join(', ');
}

function reasonText(why: ServingReason): string {
  switch (why.kind) {
    case 'boundary-group':
      return t('boundary group {0}', why.group.name);
    case 'neighbor':
      return t('neighbor boundary group {0}', why.group.name);
    case 'secondary-site':
      return t('secondary site {0}', why.site.name);
    case 'same-zone':
      return t('same zone');
    case 'default-boundary-group':
      return t('default boundary group of {0}', why.site.name);
    case 'assigned-site':
      return t('site {0}', why.site.name);
    case 'internet':
      return t('for clients on the internet');
  }
}
