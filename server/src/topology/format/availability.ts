// Availability groups in the format.
import { PORTS } from '../../catalog/numbers.ts';
import { description } from './common.ts';
import { address, instance, list, map, port, reference, text, words } from './shapes.ts';

export const availabilityGroupShape = map('availability group', [
  {
    name: 'replicas',
    shape: list(
      map('replica', [
        {
          name: 'server',
          shape: reference('server'),
          doc: 'A server of the availability group.',
          required: true,
          example: 'sql01',
        },
        {
          name: 'instance',
          shape: instance,
          doc: 'The SQL Server instance on that server.',
          defaultText: '`MSSQLSERVER`, the default instance',
          example: 'CM',
        },
      ]),
    ),
    doc: 'The servers and instances with a copy of the database.',
    required: true,
    example: '[{ server: sql01 }, { server: sql02 }]',
  },
  {
    name: 'listener',
    shape: map('listener', [
      {
        name: 'name',
        usual: true,
        shape: text,
        doc: 'The name under which the site database is reached. A firewall rule can name the listener like a server, so no server can have the same name.',
        example: 'cm-listener',
      },
      {
        name: 'addresses',
        usual: true,
        shape: list(address, { single: true }),
        doc: 'Its addresses, one in each subnet that a replica is in.',
        example: '[10.10.0.50]',
      },
      {
        name: 'port',
        shape: port,
        doc: 'The TCP port that it listens on.',
        default: PORTS.sqlServer,
        example: '1433',
        unit: 'TCP port',
      },
    ]),
    doc: 'The listener of the group: what connects to the site database connects to it.',
    example: '{ name: cm-listener, addresses: [10.10.0.50], port: 1433 }',
  },
  {
    name: 'endpointPort',
    shape: port,
    doc: 'The TCP port over which the replicas synchronise. If it is given, the firewalls between them are checked for it.',
    example: '5022',
    unit: 'TCP port',
  },
  {
    name: 'loadBalancer',
    shape: words(
      ['azure-internal', 'An internal Azure load balancer.'],
      ['azure-external', 'An external Azure load balancer.'],
    ),
    doc: 'The load balancer in front of the listener, if there is one.',
    example: 'azure-internal',
  },
  {
    name: 'loadBalancerPorts',
    shape: { kind: 'ports', any: false },
    doc: 'The ports with a load-balancing rule. The database needs 1433, 4022, 445 and 135.',
    example: '[1433, 4022, 445, 135]',
    unit: 'TCP ports',
  },
  description,
]);
