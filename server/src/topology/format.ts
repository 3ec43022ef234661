// The one description of the topology file: every key, its type, its words, its default
// and what it is for. Reading, completion, hover, the JSON schema and the reference page
// are all made from it.
export { osFamily } from './format/common.ts';
export { CONFIGMGR_WORDS, FORMAT, OWN_KEY, SECTIONS } from './format/file.ts';
export { alternative, inEdition, keyOf, type PathStep, shapeAt } from './format/lookup.ts';
export { ROLES, roleDefault, roleInfo } from './format/roles.ts';
export type {
  Key,
  ListShape,
  MapShape,
  NamedKind,
  NamedShape,
  ReferenceMapShape,
  ReferenceShape,
  RoleInfo,
  SectionKind,
  Shape,
  Word,
} from './format/shapes.ts';
