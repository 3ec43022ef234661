// Zones, sites and servers in the format.
import { PORTS } from '../../catalog/numbers.ts';
import { description, os, proxy, rpcDynamicPorts } from './common.ts';
import { ROLES } from './roles.ts';
import {
  address,
  boolean,
  instance,
  type Key,
  list,
  map,
  network,
  port,
  reference,
  text,
  words,
} from './shapes.ts';

export const zoneShape = map('zone', [
  {
    name: 'networks',
    usual: true,
    shape: list(network),
    doc: 'The networks of the zone, each an address with a prefix length.',
    example: '[10.10.0.0/16]',
  },
  {
    name: 'internet',
    shape: boolean,
    doc: 'This zone is the public internet, where cloud services and internet-based clients are. Only one zone can be.',
    default: false,
    example: 'true',
  },
  {
    name: 'domainControllers',
    shape: list(reference('server')),
    doc: 'The domain controllers that machines in this zone use.',
    defaultText: 'those of the machine’s forest in the zone or, if there are none, all of its forest',
    example: '[dc01, dc02]',
  },
  description,
]);

const clientPort = (name: string, value: number, doc: string): Key => ({
  name,
  shape: list(port, { single: true, minimum: 1, maximum: 2 }),
  doc,
  defaultText: String(value),
  example: `[${value}, ${value === PORTS.http ? 8080 : 8443}]`,
  unit: 'TCP port',
});

const sitePort = (name: string, value: number, what: string): Key => ({
  name,
  shape: {
    kind: 'either',
    of: [
      boolean,
      map(name, [
        {
          name: 'port',
          shape: port,
          doc: `The UDP port of ${what}.`,
          default: value,
          example: String(value),
          unit: 'UDP port',
        },
      ]),
    ],
  },
  doc: '',
});

export const siteShape = map('site', [
  {
    name: 'type',
    shape: words(
      ['central-administration', 'The top of a hierarchy of several primary sites; it has no clients.'],
      ['primary', 'A site with clients.'],
      ['secondary', 'A site below a primary site, for clients behind a slow link.'],
    ),
    doc: 'The type of the site.',
    required: true,
    example: 'primary',
  },
  {
    name: 'parent',
    shape: reference('site'),
    doc: 'The code of the parent site: a central administration site for a primary site, a primary site for a secondary site.',
    requiredIf: { key: 'type', is: 'secondary' },
    requiredText: 'for a secondary site, and for a primary site below a central administration site',
    example: 'CAS',
  },
  {
    name: 'database',
    usual: true,
    shape: map('database', [
      {
        name: 'server',
        usual: true,
        shape: reference('server'),
        doc: 'The server with the site database.',
        example: 'sql01',
        requiredUnless: ['availabilityGroup'],
        requiredText: 'without `availabilityGroup`',
      },
      {
        name: 'instance',
        shape: instance,
        doc: 'The SQL Server instance on that server.',
        defaultText: '`MSSQLSERVER`, the default instance',
        example: 'CM',
      },
      {
        name: 'availabilityGroup',
        shape: reference('availability-group'),
        doc: 'The availability group with the site database, instead of a server.',
        example: 'AG1',
      },
    ]),
    doc: 'Where the site database is: a server and instance, or an availability group.',
    example: '{ server: sql01, instance: CM }',
  },
  {
    name: 'clientPorts',
    shape: map('client ports', [
      clientPort(
        'http',
        PORTS.http,
        'The port on which clients reach site systems over HTTP, or `[default, alternate]`.',
      ),
      clientPort(
        'https',
        PORTS.https,
        'The port on which clients reach site systems over HTTPS, or `[default, alternate]`.',
      ),
      {
        name: 'notification',
        shape: port,
        doc: 'The port of client notification, over which the management point tells clients to download policy at once.',
        default: PORTS.notification,
        example: '10123',
        unit: 'TCP port',
      },
    ]),
    doc: 'The client request ports of a primary site. A secondary site uses those of its primary site.',
    example: '{ http: [80, 8080], https: 443 }',
  },
  {
    name: 'website',
    shape: words(['SMSWEB', 'The custom website of that name.']),
    doc: 'The IIS website that the site systems use: `SMSWEB` for the custom website.',
    defaultText: 'the Default Web Site',
    example: 'SMSWEB',
  },
  {
    ...sitePort('wakeOnLan', PORTS.wakeOnLan, 'Wake On LAN'),
    doc: 'Wake On LAN: the site server wakes sleeping clients with magic packets. `true`, or `{ port }`; UDP 9 unless a port is given.',
    default: false,
    example: '{ port: 9 }',
  },
  {
    ...sitePort('wakeUpProxy', PORTS.wakeUpProxy, 'wake-up proxy'),
    doc: 'Wake-up proxy: clients that are awake answer for sleeping ones of the same subnet. Used by the client groups with the feature `wake-up-proxy`. `true`, or `{ port }`; UDP 25536 unless a port is given.',
    defaultText: 'UDP 25536',
    example: '{ port: 25536 }',
  },
  {
    name: 'publishToActiveDirectory',
    shape: { kind: 'either', of: [boolean, list(text)] },
    doc: 'The site publishes its data to Active Directory, so that clients can find its ports there: `true` for the forest of its site server, or a list of forests.',
    default: true,
    example: '[corp.contoso.com, perimeter.contoso.com]',
  },
  {
    name: 'pptp',
    shape: boolean,
    doc: 'The sites are connected over PPTP.',
    default: false,
    example: 'true',
    editions: ['2007'],
  },
  {
    name: 'contentLibrary',
    shape: reference('server'),
    doc: 'The server with the remote content library of this site, which a site with a site server in passive mode needs.',
    example: 'files01',
  },
  description,
]);

export const serverShape = map('server', [
  {
    name: 'site',
    usual: true,
    shape: reference('site'),
    doc: 'The code of the site that this server’s Configuration Manager roles belong to.',
    requiredText: 'where a role below belongs to a site',
    example: 'PS1',
  },
  {
    name: 'zone',
    usual: true,
    shape: reference('zone'),
    doc: 'The network zone that it is in. A machine without a zone is not checked against firewalls.',
    defaultText: '`defaults.zone`',
    example: 'hq',
  },
  { name: 'fqdn', shape: text, doc: 'The fully qualified domain name.', example: 'cm01.corp.contoso.com' },
  description,
  {
    name: 'addresses',
    usual: true,
    shape: list(address, { single: true }),
    doc: 'Its IPv4 and IPv6 addresses. Through them, firewall rules that name addresses or networks apply to it.',
    example: '[10.10.0.10]',
  },
  {
    name: 'publicAddresses',
    shape: list(address, { single: true }),
    doc: 'The addresses at which machines outside reach it if a device translates addresses (NAT). A firewall rule that names one of these, or one of its own addresses, applies to the machine.',
    example: '[203.0.113.10]',
  },
  { ...os, defaultText: '`defaults.os`' },
  { ...rpcDynamicPorts, defaultText: '`defaults.rpcDynamicPorts`' },
  {
    name: 'forest',
    shape: text,
    doc: 'The Active Directory forest. A machine whose forest differs from its site server’s is in an untrusted forest, unless `trusted: true`.',
    defaultText: '`defaults.forest`',
    example: 'perimeter.contoso.com',
  },
  {
    name: 'trusted',
    shape: boolean,
    doc: 'Its forest has a trust with the site server’s forest.',
    default: false,
    example: 'true',
  },
  {
    ...proxy,
    doc: 'The web proxy of this site system. Its HTTP and HTTPS connections to the internet and to cloud services go through it.',
  },
  {
    name: 'siteServerInitiates',
    shape: boolean,
    doc: 'The setting ‘Require the site server to initiate connections to this site system’: this machine opens no connection to its site server.',
    default: false,
    example: 'true',
  },
  {
    name: 'roles',
    usual: true,
    shape: map('roles', ROLES),
    doc: 'The roles on this server, each with its options. A role with nothing after the colon has the default options.',
    example: '{ management-point: { protocol: https } }',
  },
]);
