// The whole file: its top level and its sections.
import {
  CURRENT_BRANCH as CURRENT_BRANCH_WORD,
  EDITION_TABLE,
  NEWEST_EDITION,
} from '../../catalog/editions.ts';
import { availabilityGroupShape } from './availability.ts';
import { boundaryGroupShape, clientsShape } from './clients.ts';
import { description, os, rpcDynamicPorts } from './common.ts';
import { addressGroupShape, firewallShape, policyShape, portGroupShape } from './firewalls.ts';
import { serverShape, siteShape, zoneShape } from './machines.ts';
import { list, type MapShape, map, named, reference, text, type Word } from './shapes.ts';

/** The words of `configmgr`. */
export const CONFIGMGR_WORDS: readonly Word[] = [
  ...EDITION_TABLE.map(({ id, title }) => ({ name: id, doc: title })),
  { name: CURRENT_BRANCH_WORD, doc: `The newest edition, now ${NEWEST_EDITION}.` },
];

/** The sections of the file whose entries carry a name, by the kind of thing they hold. */
export const SECTIONS = {
  zone: 'zones',
  site: 'sites',
  server: 'servers',
  clients: 'clients',
  'boundary-group': 'boundaryGroups',
  'availability-group': 'availabilityGroups',
  firewall: 'firewalls',
  'address-group': 'addressGroups',
  'port-group': 'portGroups',
} as const;

/** Top-level keys that begin so are the author's own: a home for anchors, at which no rule looks. */
export const OWN_KEY = 'x-';

/** The root of the description: the file itself. */
export const FORMAT: MapShape = map('file', [
  {
    name: 'configmgr',
    shape: { kind: 'edition', words: CONFIGMGR_WORDS },
    doc: 'The edition of the port catalog that the hierarchy is checked against, or the version of Configuration Manager as its console shows it, such as `2403`.',
    required: true,
    requiredText: 'unless the settings file `.cmtopo.yaml` gives `edition`',
    example: 'current-branch',
  },
  { name: 'name', shape: text, doc: 'The name of the hierarchy.', example: 'Contoso' },
  description,
  {
    name: 'defaults',
    shape: map('defaults', [
      os,
      rpcDynamicPorts,
      {
        name: 'zone',
        shape: reference('zone'),
        doc: 'The zone of every server that does not name one.',
        example: 'hq',
      },
      {
        name: 'forest',
        shape: text,
        doc: 'The Active Directory forest of every server and client group that does not name one.',
        example: 'corp.contoso.com',
      },
    ]),
    doc: 'Settings that apply to every server without its own.',
    example: '{ os: windows-server-2022, rpcDynamicPorts: 49152-65535 }',
  },
  {
    name: 'zones',
    shape: named('zone', zoneShape),
    doc: 'The network zones by name. Firewalls connect zones; traffic within a zone does not pass them.',
  },
  { name: 'sites', shape: named('site', siteShape), doc: 'The sites by site code: three letters or digits.' },
  {
    name: 'servers',
    shape: named('server', serverShape),
    doc: 'The servers by name, with the roles on them.',
  },
  { name: 'clients', shape: named('clients', clientsShape), doc: 'The client groups by name.' },
  {
    name: 'boundaryGroups',
    shape: named('boundary-group', boundaryGroupShape),
    doc: 'The boundary groups by name: which clients use which site systems. Without boundary groups, a client group uses the site systems in its own zone or, if there are none, those of its site.',
  },
  {
    name: 'availabilityGroups',
    shape: named('availability-group', availabilityGroupShape),
    doc: 'The SQL Server availability groups by name.',
  },
  {
    name: 'firewalls',
    shape: named('firewall', firewallShape),
    doc: 'The firewalls by name: between zones, or on the machines themselves.',
  },
  {
    name: 'addressGroups',
    shape: named('address-group', addressGroupShape),
    doc: 'Named lists of addresses, networks, zones, servers, client groups and other address groups, for `from` and `to` of firewall rules and policies.',
  },
  {
    name: 'portGroups',
    shape: named('port-group', portGroupShape),
    doc: 'Named sets of ports, for `ports` of firewall rules.',
  },
  {
    name: 'policies',
    shape: list(policyShape),
    doc: 'Traffic that must never pass, whatever the firewall rules say.',
  },
]);
