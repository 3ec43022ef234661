// A realistic hierarchy of any length, the same bytes for the same number of lines.

/**
 * Makes a topology file without findings.
 * @param lines how many lines it has at least; the last server is always whole
 */
export function generateTopology(lines: number): string {
  const out: string[] = [
    '# A generated hierarchy: one central administration site, primaries, branches.',
    'configmgr: 2025-12',
    `name: Generated ${lines}`,
    '',
    'defaults:',
    '  os: windows-server-2022',
    '  rpcDynamicPorts: 49152-65535',
    '',
  ];
  // A primary site takes about 290 lines; every branch below it has a zone, a secondary site and clients.
  // A central administration site takes 25 primary sites at most.
  const primaries = Math.max(1, Math.min(20, Math.round(lines / 300)));
  const branches = 4;
  const zones: string[] = ['zones:', '  hq: { networks: [10.0.0.0/16] }'];
  const sites: string[] = [
    'sites:',
    '  CAS:',
    '    type: central-administration',
    '    database: { server: sql-cas }',
  ];
  const servers: string[] = [
    'servers:',
    ...server('cm-cas', { site: 'CAS', zone: 'hq', address: '10.0.0.10' }),
  ];
  servers.push('      site-server:', '      sms-provider:', '      service-connection-point:');
  servers.push('      software-update-point: { ssl: true, upstream: microsoft-update }');
  servers.push(...server('sql-cas', { zone: 'hq', address: '10.0.0.11' }), ...sqlServer('MSSQLSERVER', 1433));
  servers.push(...server('dc-hq', { zone: 'hq', address: '10.0.0.12' }));
  servers.push('      domain-controller: { globalCatalog: true }');
  const clients: string[] = ['clients:'];
  for (let primary = 0; primary < primaries; primary++) {
    const site = code('P', primary);
    const zone = `region-${primary}`;
    const net = `10.${1 + (primary % 200)}`;
    zones.push(`  ${zone}: { networks: [${net}.0.0/17] }`);
    sites.push(
      `  ${site}:`,
      '    type: primary',
      '    parent: CAS',
      `    database: { server: sql-${site}, instance: CM }`,
      '    clientPorts: { http: 80, https: 443, notification: 10123 }',
    );
    servers.push(...server(`cm-${site}`, { site, zone, address: `${net}.0.10` }));
    servers.push('      site-server:', '      sms-provider:', '      console:');
    servers.push(...server(`sql-${site}`, { zone, address: `${net}.0.11` }), ...sqlServer('CM', 14330));
    servers.push(...server(`dc-${site}`, { zone, address: `${net}.0.12` }));
    servers.push('      domain-controller: { globalCatalog: true }');
    for (let number = 1; number <= 6; number++) {
      servers.push(...server(`mp-${site}-${number}`, { site, zone, address: `${net}.1.${number}` }));
      servers.push('      management-point: { protocol: https }');
      servers.push(
        '      distribution-point:',
        '        protocol: both',
        '        pxe: false # no boot images here',
      );
      if (number === 1) {
        servers.push('      software-update-point:', '        httpPort: 8530', '        httpsPort: 8531');
        servers.push('        ssl: true');
        servers.push('      fallback-status-point:', '      state-migration-point:');
        servers.push('      reporting-services-point:');
      }
    }
    clients.push(
      `  desktops-${site}:`,
      `    site: ${site}`,
      `    zone: ${zone}`,
      '    count: 4000',
      '    os: windows-11',
      '    installation: [client-push]',
      '    features: [remote-control]',
    );
    for (let branch = 0; branch < branches; branch++) {
      const secondary = code('S', primary * branches + branch);
      const place = `branch-${primary}-${branch}`;
      const subnet = `${net}.${128 + branch * 8}`;
      zones.push(`  ${place}:`, `    networks: [${subnet}.0/21]`, `    description: Branch office ${branch}`);
      sites.push(
        `  ${secondary}:`,
        '    type: secondary',
        `    parent: ${site}`,
        `    database: { server: cm-${secondary}, instance: SQLEXPRESS }`,
      );
      servers.push(...server(`cm-${secondary}`, { site: secondary, zone: place, address: `${subnet}.10` }));
      servers.push(
        '      site-server:',
        '      management-point:',
        '      distribution-point: { pxe: true }',
      );
      servers.push(...sqlServer('SQLEXPRESS', 14331, 'express'));
      clients.push(
        `  desktops-${secondary}:`,
        `    site: ${secondary}`,
        `    zone: ${place}`,
        `    count: ${100 + branch}`,
        '    installation: [group-policy]',
      );
    }
  }
  const rest = [zones, [''], sites, [''], clients, ['']].flat();
  // What is still missing is filled with file servers, as a real file fills with machines.
  let number = 0;
  while (out.length + rest.length + servers.length < lines) {
    number++;
    servers.push(
      ...server(`files-${number}`, {
        zone: 'hq',
        address: `10.0.${1 + (number >> 7)}.${1 + (number & 127)}`,
      }),
    );
    servers.push('      file-server:');
  }
  return `${[...out, ...zones, '', ...sites, '', ...servers, '', ...clients].join('\n')}\n`;
}

function server(name: string, at: { site?: string; zone: string; address: string }): string[] {
  return [
    `  ${name}:`,
    ...(at.site === undefined ? [] : [`    site: ${at.site}`]),
    `    zone: ${at.zone}`,
    `    fqdn: ${name.toLowerCase()}.corp.contoso.com`,
    `    addresses: [${at.address}]`,
    '    roles:',
  ];
}

function sqlServer(instance: string, port: number, edition = 'enterprise'): string[] {
  return [
    '      sql-server:',
    '        instances:',
    `          ${instance}:`,
    `            port: ${port}`,
    '            serviceBrokerPort: 4022',
    `            edition: ${edition}`,
  ];
}

/** A site code: a letter and two characters of base 36. */
function code(letter: string, number: number): string {
  return `${letter}${number.toString(36).padStart(2, '0').toUpperCase()}`;
}
