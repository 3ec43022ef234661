// Names of roles, parties and services in three languages.

import namesData from '../../../catalog/names.yaml';
import type { Language } from '../languages.ts';
import { type Names, namesFile } from './shape.ts';

let names: ReturnType<typeof namesFile> | undefined;

function namesOf(): ReturnType<typeof namesFile> {
  names ??= namesFile(namesData);
  return names;
}

/**
 * What the documents call a role or party, such as `management-point` or `internet`; with a second part a
 * narrower kind (`distribution-point.pxe`). An unknown word is returned as it is.
 */
export function roleName(role: string, language: Language = 'en'): string {
  return namesOf().roles.get(role)?.names[language] ?? role;
}

/** Whether the documents have a name for a role, party or narrower kind. */
export function hasRoleName(role: string): boolean {
  return namesOf().roles.has(role);
}

/** What the documents call the service of a row in another language; an unknown one stays in English. */
export function serviceName(service: string, language: Language = 'en'): string {
  if (language === 'en') return service;
  return namesOf().services.get(service.toLowerCase())?.names[language] ?? service;
}

/** Every role and party that has a name, with its names and other English spellings. */
export function roleNames(): ReadonlyMap<string, Names> {
  return namesOf().roles;
}

/** Every service that has a name, by its English name in lower case. */
export function serviceNames(): ReadonlyMap<string, Names> {
  return namesOf().services;
}

/**
 * A name that stays the same where documents only spell a service differently: `https` for both `HTTPS` and
 * `Secure Hypertext Transfer Protocol (HTTPS)`. Lower-cased; for comparing, not for showing.
 */
export function serviceKey(service: string): string {
  const name = service.toLowerCase();
  return (namesOf().services.get(name)?.short ?? name).toLowerCase();
}
