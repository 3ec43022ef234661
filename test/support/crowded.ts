// A topology that takes its time.

/** A hierarchy whose machines all talk to one another: so many groups by so many distribution points. */
export function crowded(count: number): string {
  const lines = [
    'configmgr: 2403',
    'sites:',
    '  PS1: { type: primary, database: { server: sql01 } }',
    'servers:',
    '  sql01: { roles: { sql-server: { instances: { MSSQLSERVER: { port: 1433 } } } } }',
    '  cm01: { site: PS1, roles: { site-server: , management-point: } }',
  ];
  for (let index = 0; index < count; index++)
    lines.push(`  dp${index}: { site: PS1, roles: { distribution-point: } }`);
  lines.push('clients:');
  for (let index = 0; index < count; index++) lines.push(`  pcs${index}: { site: PS1 }`);
  return lines.join('\n');
}
