// A hierarchy with firewalls at any scale, the same text for the same arguments.
import { analyse } from '../../server/src/analysis.ts';
import { formatPorts, NO_PORTS, type PortSet, portSet, union } from '../../server/src/reach/ports.ts';
import { portsOfFlow } from '../../server/src/reach/rule-ports.ts';
import { isTftp, replyPortsOf } from '../../server/src/rules/clients/tftp-reply-ports.ts';
import { endName } from '../../server/src/rules/firewalls/firewall-fixes.ts';

/** What is in the file at scale 1; all of it grows with the scale. */
export const SIZE = { primaries: 25, servers: 2_000, groups: 100, zones: 40, rules: 5_000 } as const;

/**
 * `allowed`: the firewalls let through what is needed, and no more. `blocked`: nine rules of ten are of no use.
 * `mistakes`: one rule of twenty is wrong, and so are the ports of some software update points.
 */
export type Variant = 'allowed' | 'blocked' | 'mistakes';

const SERVERS_OF_PRIMARY = 79;
const GROUPS_OF_PRIMARY = 4;
/** Distribution points of a primary site that are in the zone of its hierarchy's head office. */
const AT_HEAD_OFFICE = 12;
/** Distribution points of a secondary site; every second primary site has one below it. */
const AT_BRANCH = 25;

/**
 * Makes a topology file.
 * @param scale 1 is `SIZE`; a fraction has fewer primary sites, more than one has several hierarchies, since a
 *   central administration site takes 25 primary sites at most
 */
export function generateHierarchy(scale: number, variant: Variant = 'allowed'): string {
  const file = network(scale, variant);
  const wanted = Math.round(SIZE.rules * scale);
  const firewalls = file.firewalls.map(({ name, zones }) => ({ name, zones, rules: [] as string[] }));
  const byName = new Map(firewalls.map((firewall) => [firewall.name, firewall]));
  for (const [index, { firewall, ...need }] of fitted(needs(text(file, firewalls)), wanted).entries()) {
    byName.get(firewall)?.rules.push(...rulesFor(need, index, variant));
  }
  return text(file, firewalls);
}

interface Network {
  readonly zones: readonly string[];
  readonly sites: readonly string[];
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  readonly firewalls: readonly { readonly name: string; readonly zones: readonly string[] }[];
}

function text(
  { zones, sites, servers, clients }: Network,
  firewalls: readonly {
    readonly name: string;
    readonly zones: readonly string[];
    readonly rules: readonly string[];
  }[],
): string {
  const walls = firewalls.flatMap(({ name, zones, rules }) => [
    `  ${name}:`,
    `    zones: [${zones.join(', ')}]`,
    rules.length === 0 ? '    rules: []' : '    rules:',
    ...rules.map((rule) => `      - ${rule}`),
  ]);
  return `${[
    '# A generated company: central administration sites, primary sites, branch offices and the firewalls between.',
    'configmgr: 2025-12',
    'defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }',
    'zones:',
    ...zones,
    'sites:',
    ...sites,
    'servers:',
    ...servers,
    'clients:',
    ...clients,
    'firewalls:',
    ...walls,
  ].join('\n')}\n`;
}

/** Everything but the rules of the firewalls. */
function network(scale: number, variant: Variant): Network {
  const zones: string[] = ['  internet: { internet: true }'];
  const sites: string[] = [];
  const servers: string[] = [];
  const clients: string[] = [];
  const firewalls: { name: string; zones: string[] }[] = [];
  let primaries = Math.max(1, Math.round(SIZE.primaries * scale));
  let networks = 0;
  let codes = 0;
  const nextCode = () => (36 ** 2 + codes++).toString(36).padStart(3, '0').toUpperCase();

  /** A zone with a network of its own: machines have its first addresses, client groups what follows. */
  const addZone = (name: string) => {
    const number = networks++;
    const [high, low] = [number >> 2, (number & 3) << 6];
    let machines = 0;
    let groups = 0;
    zones.push(`  ${name}: { networks: [10.${high}.${low}.0/18] }`);
    return {
      name,
      server(server: string, site: string | undefined, ...roles: readonly string[]) {
        const at = ++machines;
        servers.push(
          `  ${server}:`,
          ...(site === undefined ? [] : [`    site: ${site}`]),
          `    zone: ${name}`,
          `    fqdn: ${server}.corp.contoso.com`,
          `    addresses: [10.${high}.${low + (at >> 8)}.${at & 255}]`,
          '    roles:',
          ...roles.map((role) => `      ${role}`),
        );
      },
      group(group: string, site: string, ...more: readonly string[]) {
        const at = low + 32 + 4 * groups++;
        clients.push(
          `  ${group}:`,
          `    site: ${site}`,
          `    zone: ${name}`,
          `    networks: [10.${high}.${at}.0/22]`,
          '    count: 900',
          ...more.map((line) => `    ${line}`),
        );
      },
    };
  };
  const sql = (port: number, edition: string) =>
    `sql-server: { instances: { CM: { port: ${port}, serviceBrokerPort: 4022, edition: ${edition} } } }`;
  const site = (code: string, type: string, server: string, parent?: string) =>
    sites.push(
      `  ${code}:`,
      `    type: ${type}`,
      ...(parent === undefined ? [] : [`    parent: ${parent}`]),
      `    database: { server: ${server}, instance: CM }`,
    );

  for (let hierarchy = 0; primaries > 0; hierarchy++) {
    const hq = addZone(`hq-${hierarchy}`);
    const perimeter = addZone(`perimeter-${hierarchy}`);
    const core = { name: `core-${hierarchy}`, zones: [hq.name, perimeter.name] };
    firewalls.push({ name: `edge-${hierarchy}`, zones: [perimeter.name, 'internet'] }, core);
    const top = nextCode();
    site(top, 'central-administration', `sql-${top}`);
    hq.server(`cm-${top}`, top, 'site-server:', 'sms-provider:', 'service-connection-point:');
    hq.server(`sql-${top}`, undefined, sql(14330, 'enterprise'));
    hq.server(`sup-${top}`, top, 'software-update-point: { ssl: true, upstream: microsoft-update }');
    for (let number = 1; number <= 10; number++) {
      hq.server(`dc-${top}-${number}`, undefined, 'domain-controller: { globalCatalog: true }');
    }
    perimeter.server(`dc-perimeter-${hierarchy}`, undefined, 'domain-controller: { globalCatalog: true }');
    for (let number = 1; number <= 11; number++) {
      perimeter.server(`files-${hierarchy}-${number}`, undefined, 'file-server:');
    }
    const here = Math.min(primaries, SIZE.primaries);
    primaries -= here;
    for (let primary = 0; primary < here; primary++) {
      const number = hierarchy * SIZE.primaries + primary;
      const code = nextCode();
      const region = addZone(`region-${number}`);
      core.zones.push(region.name);
      site(code, 'primary', `sql-${code}`, top);
      const hasBranch = primary % 2 === 0 && primary < 24;
      let points = SERVERS_OF_PRIMARY - 11;
      region.server(`cm-${code}`, code, 'site-server:', 'sms-provider:');
      region.server(`sql-${code}`, undefined, sql(14330, 'enterprise'));
      region.server(`dc-${code}`, undefined, 'domain-controller: { globalCatalog: true }');
      for (let each = 1; each <= 4; each++) {
        region.server(`mp-${code}-${each}`, code, 'management-point: { protocol: https }');
      }
      const wrongPair = variant === 'mistakes' && primary % 5 === 0;
      region.server(
        `sup-${code}-1`,
        code,
        `software-update-point: { ssl: true, httpPort: 8530, httpsPort: ${wrongPair ? 8532 : 8531} }`,
      );
      region.server(`sup-${code}-2`, code, 'software-update-point: { ssl: true }');
      region.server(`rsp-${code}`, code, 'reporting-services-point:', 'state-migration-point:');
      region.server(`console-${code}`, code, 'console:');
      for (let group = 1; group <= (hasBranch ? 2 : GROUPS_OF_PRIMARY); group++) {
        region.group(
          `desktops-${code}-${group}`,
          code,
          'os: windows-11',
          'installation: [client-push]',
          'features: [client-notification, remote-control]',
        );
      }
      if (hasBranch) {
        const secondary = nextCode();
        const branch = addZone(`branch-${number}`);
        firewalls.push({ name: `branch-${number}`, zones: [region.name, branch.name] });
        site(secondary, 'secondary', `cm-${secondary}`, code);
        branch.server(
          `cm-${secondary}`,
          secondary,
          'site-server:',
          'management-point:',
          'distribution-point: { pxe: true }',
          sql(14331, 'express'),
        );
        branch.server(`dc-${secondary}`, undefined, 'domain-controller: { globalCatalog: true }');
        points -= 2 + AT_BRANCH;
        for (let each = 1; each <= AT_BRANCH; each++) {
          branch.server(`dp-${secondary}-${each}`, secondary, 'distribution-point: { protocol: https }');
        }
        for (let group = 3; group <= GROUPS_OF_PRIMARY; group++) {
          branch.group(`desktops-${code}-${group}`, code, 'installation: [group-policy]');
        }
      }
      for (let each = 1; each <= points; each++) {
        const zone = each <= AT_HEAD_OFFICE ? hq : region;
        zone.server(`dp-${code}-${each}`, code, 'distribution-point: { protocol: https }');
      }
    }
  }
  return { zones, sites, servers, clients, firewalls };
}

/** What one firewall has to let through from one place to others. */
interface Need {
  readonly firewall: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly tcp: PortSet;
  readonly udp: PortSet;
  readonly icmp: boolean;
}

/** What the firewalls of a file have to let through, one need for each two machines and firewall. */
function needs(file: string): readonly Need[] {
  const analysis = analyse(file);
  const found = new Map<string, Need>();
  for (const flow of analysis.flows()) {
    const asked = portsOfFlow(flow);
    const ports = isTftp(flow) ? union(asked, portSet([replyPortsOf(flow, analysis.topology)])) : asked;
    for (const { name } of analysis.reach().between(flow.from, flow.to) ?? []) {
      const [from, to] = [endName(flow.from), endName(flow.to)];
      const key = `${name}\n${from}\n${to}`;
      const before = found.get(key) ?? {
        firewall: name,
        from,
        to: [to],
        tcp: NO_PORTS,
        udp: NO_PORTS,
        icmp: false,
      };
      found.set(key, {
        ...before,
        ...(flow.protocol === 'icmp'
          ? { icmp: true }
          : { [flow.protocol]: union(before[flow.protocol], ports) }),
      });
    }
  }
  return [...found.values()];
}

/** Joins needs that differ in their targets alone, or divides them, until there are so many. */
function fitted(needs: readonly Need[], wanted: number): readonly Need[] {
  let list = needs;
  for (let before = 0; list.length > wanted && list.length !== before; ) {
    before = list.length;
    let surplus = list.length - wanted;
    const open = new Map<string, Need>();
    const joined = new Map<Need, Need>();
    const gone = new Set<Need>();
    for (const need of list) {
      if (surplus === 0) break;
      const key = [need.firewall, need.from, formatPorts(need.tcp), formatPorts(need.udp), need.icmp].join(
        '\n',
      );
      const other = open.get(key);
      if (!other) {
        open.set(key, need);
        continue;
      }
      open.delete(key);
      joined.set(other, { ...other, to: [...other.to, ...need.to] });
      gone.add(need);
      surplus--;
    }
    list = list.filter((need) => !gone.has(need)).map((need) => joined.get(need) ?? need);
  }
  for (let before = 0; list.length < wanted && list.length !== before; ) {
    before = list.length;
    let lacking = wanted - list.length;
    list = list.flatMap((need) => {
      const [first, ...more] = need.tcp;
      if (lacking === 0 || !first) return [need];
      if (more.length === 0 && need.udp.length === 0) {
        if (first.low === first.high) return [need];
        lacking--;
        const middle = Math.floor((first.low + first.high) / 2);
        return [
          { ...need, tcp: [{ low: first.low, high: middle }] },
          { ...need, tcp: [{ low: middle + 1, high: first.high }], icmp: false },
        ];
      }
      lacking--;
      return [
        { ...need, tcp: [first], udp: NO_PORTS, icmp: false },
        { ...need, tcp: more },
      ];
    });
  }
  return list;
}

function rulesFor(need: Omit<Need, 'firewall'>, index: number, variant: Variant): readonly string[] {
  const right = ruleText(need);
  const reversed = `{ action: allow, from: ${listText(need.to)}, to: ${need.from}, tcp: [49152-65535], udp: any }`;
  const otherPort = ruleText({ ...need, tcp: [{ low: 9100, high: 9100 }], udp: NO_PORTS });
  const aside = ruleText({ ...need, to: [`10.255.${(index >> 8) & 255}.${index & 255}`] });
  if (variant === 'blocked')
    return [[right, reversed, otherPort, aside][index % 10 === 0 ? 0 : 1 + (index % 3)] ?? right];
  if (variant === 'mistakes' && index % 20 === 0) {
    const wrong: readonly (readonly string[])[] = [
      [reversed],
      [otherPort],
      [aside],
      [ruleText({ ...need, tcp: need.tcp.filter(({ low, high }) => low === high), udp: NO_PORTS })],
      [right, right],
      [right.replace('allow', 'deny'), right],
    ];
    return wrong[(index / 20) % wrong.length] ?? [right];
  }
  return [right];
}

function ruleText({ from, to, tcp, udp, icmp }: Omit<Need, 'firewall'>): string {
  return `{ ${[
    'action: allow',
    `from: ${from}`,
    `to: ${listText(to)}`,
    ...(tcp.length > 0 ? [`tcp: [${formatPorts(tcp)}]`] : []),
    ...(udp.length > 0 ? [`udp: [${formatPorts(udp)}]`] : []),
    ...(icmp ? ['icmp: true'] : []),
  ].join(', ')} }`;
}

function listText(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : `[${words.join(', ')}]`;
}
