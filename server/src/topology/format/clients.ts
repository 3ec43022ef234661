// Client groups and boundary groups in the format.
import { description, os, proxy, rpcDynamicPorts } from './common.ts';
import {
  boolean,
  list,
  map,
  network,
  port,
  reference,
  type Shape,
  text,
  type Word,
  words,
} from './shapes.ts';

const WINDOWS_FIREWALL_WORDS: readonly Word[] = [
  { name: 'file-and-printer-sharing', doc: 'The predefined group File and Printer Sharing.' },
  { name: 'wmi', doc: 'The predefined group Windows Management Instrumentation (WMI).' },
  { name: 'statview.exe', doc: 'The program that shows status messages, for queries.' },
  { name: 'helpsvc.exe', doc: 'The help service, for Remote Assistance on older systems.' },
  { name: 'remote-assistance', doc: 'The predefined group Remote Assistance.' },
  { name: 'remote-desktop', doc: 'The predefined group Remote Desktop.' },
];
const exceptions: Shape = {
  kind: 'list',
  of: { kind: 'exception', words: WINDOWS_FIREWALL_WORDS },
  single: false,
};

export const clientsShape = map('client group', [
  {
    name: 'site',
    shape: reference('site'),
    doc: 'The code of the site that the clients are assigned to.',
    required: true,
    example: 'PS1',
  },
  {
    name: 'zone',
    usual: true,
    shape: list(reference('zone'), { single: true }),
    doc: 'The network zone of the clients, or a list of zones: the group has clients in each of them. If one is the internet, the clients are there some of the time. A group without a zone is not checked against firewalls.',
    example: 'hq',
  },
  {
    name: 'forest',
    shape: text,
    doc: 'The Active Directory forest of the clients.',
    defaultText: '`defaults.forest`',
    example: 'corp.contoso.com',
  },
  {
    ...rpcDynamicPorts,
    doc: 'The dynamic RPC ports of the clients, lowest to highest, both included. Client push and the console’s tools use a port of this range.',
    defaultText: 'the range of `os`',
  },
  {
    ...os,
    doc: 'The operating system of the clients. It determines their dynamic RPC ports unless these were changed.',
    example: 'windows-11',
  },
  {
    ...proxy,
    doc: 'The web proxy of the clients. Their HTTP and HTTPS connections to the internet and to cloud services go through it.',
  },
  {
    name: 'kind',
    shape: words(
      ['windows', 'Windows computers with the Configuration Manager client.'],
      ['mac', 'Mac computers.'],
      ['mobile-device', 'Mobile devices.'],
    ),
    doc: 'The kind of device in the group.',
    default: 'windows',
    example: 'windows',
  },
  {
    name: 'networks',
    shape: list(network),
    doc: 'The subnets of the group.',
    defaultText: 'the networks of its zone',
    example: '[10.10.20.0/24]',
  },
  {
    name: 'count',
    shape: { kind: 'integer', minimum: 0 },
    doc: 'How many clients the group has.',
    example: '4000',
    unit: 'clients',
  },
  {
    name: 'internetOnly',
    shape: boolean,
    doc: 'The clients are managed only over the internet and cannot reach a domain controller.',
    default: false,
    example: 'true',
  },
  {
    name: 'workgroup',
    shape: boolean,
    doc: 'The clients are workgroup computers, not members of a domain.',
    default: false,
    example: 'true',
  },
  {
    name: 'installation',
    shape: list(
      words(
        ['client-push', 'The site server installs the client over the network.'],
        ['software-update-point', 'WSUS offers the client as an update.'],
        ['group-policy', 'A group policy installs the client.'],
        ['manual', 'Someone runs CCMSetup by hand.'],
        ['logon-script', 'A logon script runs CCMSetup.'],
        ['software-distribution', 'An existing client gets the new one as a package.'],
      ),
    ),
    doc: 'How the client is installed. Each method needs its own ports.',
    example: '[client-push]',
  },
  {
    name: 'source',
    shape: reference('server'),
    doc: 'The server with the share that CCMSetup’s `/source:` names.',
    example: 'files01',
  },
  {
    name: 'features',
    shape: list(
      words(
        ['queries', 'Status message queries from the console.'],
        ['client-push', 'Client push installation.'],
        ['group-policy-installation', 'Installation by group policy.'],
        ['client-requests', 'The clients’ requests to site systems.'],
        ['client-notification', 'Client notification.'],
        ['remote-control', 'Remote control from the console.'],
        ['remote-assistance', 'Remote Assistance and Remote Desktop from the console.'],
        ['wake-up-proxy', 'Wake-up proxy among the clients.'],
        ['event-viewer', 'Windows Event Viewer, Performance Monitor and Diagnostics from the console.'],
        ['windows-pe-peer-cache', 'Peer cache among clients in Windows PE: TCP 8003, UDP 8004.'],
      ),
    ),
    doc: 'The features in use. Each needs its own connections or its own exceptions in the host firewall.',
    example: '[remote-control, wake-up-proxy]',
  },
  {
    name: 'windowsFirewall',
    shape: map('Windows Firewall', [
      {
        name: 'inbound',
        shape: exceptions,
        doc: 'What is allowed in: programs, predefined groups, `tcp/PORT` or `udp/PORT`.',
        example: '[wmi, tcp/2701]',
      },
      {
        name: 'outbound',
        shape: exceptions,
        doc: 'What is allowed out: programs, predefined groups, `tcp/PORT` or `udp/PORT`.',
        example: '[tcp/10123]',
      },
    ]),
    doc: 'The exceptions in Windows Firewall on the clients. Without this key, the host firewall is not checked.',
    example: '{ inbound: [wmi], outbound: [tcp/10123] }',
  },
  {
    name: 'ccmsetup',
    shape: map('CCMSetup properties', [
      {
        name: 'CCMHTTPPORT',
        shape: port,
        doc: 'The HTTP port that CCMSetup gives the client.',
        example: '8080',
        unit: 'TCP port',
      },
      {
        name: 'CCMHTTPSPORT',
        shape: port,
        doc: 'The HTTPS port that CCMSetup gives the client.',
        example: '8443',
        unit: 'TCP port',
      },
    ]),
    doc: 'The ports on CCMSetup’s command line, for clients that cannot read them from Active Directory.',
    example: '{ CCMHTTPPORT: 8080, CCMHTTPSPORT: 8443 }',
  },
  description,
]);

export const boundaryGroupShape = map('boundary group', [
  {
    name: 'members',
    usual: true,
    shape: list(reference('clients', 'zone')),
    doc: 'The client groups in it. A zone includes all client groups in that zone.',
    example: '[branch-pcs]',
  },
  {
    name: 'servers',
    usual: true,
    shape: list(reference('server')),
    doc: 'The site systems that are associated with it. Distribution, management, software update and state migration points count.',
    example: '[dp-branch]',
  },
  {
    name: 'cloudManagementGateway',
    shape: boolean,
    doc: 'The cloud management gateway is associated with it.',
    default: false,
    example: 'true',
  },
  {
    name: 'fallback',
    shape: {
      kind: 'either',
      of: [
        list(reference('boundary-group')),
        {
          kind: 'reference-map',
          key: reference('boundary-group'),
          of: list(
            words(
              ['distribution-point', 'Distribution points.'],
              ['management-point', 'Management points.'],
              ['software-update-point', 'Software update points.'],
            ),
            { single: true },
          ),
        },
      ],
    },
    doc: 'The neighbor boundary groups to which clients fall back: a list, or a map from each neighbor to the roles that fall back to it. State migration points have no fallback.',
    example: '{ hq: [distribution-point] }',
  },
  {
    name: 'site',
    shape: reference('site'),
    doc: 'The assigned site of its clients.',
    example: 'PS1',
  },
  description,
]);
