// Keys that several maps of the format have.
import { type Key, map, port, range, text, type Word } from './shapes.ts';

export const description: Key = {
  name: 'description',
  shape: text,
  doc: 'A note for the reader. It has no effect on any check.',
  example: 'Second floor, rack 4',
};

type OsFamily = 'before-vista' | 'vista-and-later';

const OPERATING_SYSTEMS: readonly (Word & { readonly family?: OsFamily })[] = [
  {
    name: 'windows-server-2003',
    doc: 'Windows Server 2003. Dynamic RPC ports 1024-5000.',
    family: 'before-vista',
  },
  {
    name: 'windows-server-2003-r2',
    doc: 'Windows Server 2003 R2. Dynamic RPC ports 1024-5000.',
    family: 'before-vista',
  },
  {
    name: 'windows-server-2008',
    doc: 'Windows Server 2008. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2008-r2',
    doc: 'Windows Server 2008 R2. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2012',
    doc: 'Windows Server 2012. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2012-r2',
    doc: 'Windows Server 2012 R2. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2016',
    doc: 'Windows Server 2016. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2019',
    doc: 'Windows Server 2019. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2022',
    doc: 'Windows Server 2022. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2025',
    doc: 'Windows Server 2025. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  { name: 'windows-xp', doc: 'Windows XP. Dynamic RPC ports 1024-5000.', family: 'before-vista' },
  { name: 'windows-vista', doc: 'Windows Vista. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-7', doc: 'Windows 7. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-8', doc: 'Windows 8. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-8.1', doc: 'Windows 8.1. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-10', doc: 'Windows 10. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-11', doc: 'Windows 11. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'other', doc: 'Another system. Its dynamic RPC ports are not known.' },
];

// Asked of every server, several times.
const FAMILIES = new Map(OPERATING_SYSTEMS.map(({ name, family }) => [name, family]));

/**
 * Whether a system's dynamic RPC ports begin at 1024 or at 49152.
 * @param os a word of `os`; undefined for `other` and for words the format does not have
 */
export function osFamily(os: string): OsFamily | undefined {
  return FAMILIES.get(os);
}

export const os: Key = {
  name: 'os',
  shape: { kind: 'words', words: OPERATING_SYSTEMS.map(({ name, doc }) => ({ name, doc })) },
  doc: 'The operating system. It determines the dynamic RPC ports of the machine unless they were changed: 49152-65535, or 1024-5000 before Windows Vista and Windows Server 2008.',
  example: 'windows-server-2022',
};

export const rpcDynamicPorts: Key = {
  name: 'rpcDynamicPorts',
  shape: range,
  doc: 'The dynamic RPC ports, lowest to highest, both included. A connection that asks the endpoint mapper on port 135 continues on a port of this range, so a firewall has to let the whole range through.',
  example: '49152-65535',
  unit: 'TCP ports',
};

export const proxy: Key = {
  name: 'proxy',
  shape: map('proxy', [
    {
      name: 'server',
      usual: true,
      shape: { kind: 'reference', to: ['server'], outside: true },
      doc: 'The proxy: a server of the file, or a name or address outside it.',
      required: true,
      example: 'proxy.contoso.com',
    },
    {
      name: 'port',
      usual: true,
      shape: port,
      doc: 'The TCP port of the proxy.',
      required: true,
      example: '8080',
      unit: 'TCP port',
    },
  ]),
  doc: '',
  example: '{ server: proxy.contoso.com, port: 8080 }',
};
