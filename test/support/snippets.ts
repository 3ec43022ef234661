// The snippets of the completion, for the tests that go through them stop by stop.
import { CURSOR, HIERARCHY } from './features.ts';

const below = (section: string) =>
  HIERARCHY.includes(`\n${section}:\n`)
    ? HIERARCHY.replace(`\n${section}:\n`, `\n${section}:\n  ${CURSOR}\n`)
    : `${HIERARCHY}${section}:\n  ${CURSOR}\n`;

/** Every snippet of the completion: its label, where it is taken, and what is typed at its stops; `undefined` leaves what is there. */
export const SNIPPETS: readonly [string, string, readonly (string | undefined)[]][] = [
  ['New topology', CURSOR, [undefined, 'Adatum', 'dc', '10.1.0.0/16', 'AD1', 'db01', 'mem01', 'laptops']],
  ['New primary site', `configmgr: current-branch\nsites:\n  ${CURSOR}\n`, ['AD1', 'db01']],
  [
    'New primary site',
    `configmgr: current-branch\nsites:\n  CAS:\n    type: central-administration\n  ${CURSOR}\n`,
    ['AD1', undefined, 'db01'],
  ],
  ['New secondary site', below('sites'), ['AD2', 'PS1', 'db01']],
  ['New central administration site', `configmgr: current-branch\nsites:\n  ${CURSOR}\n`, ['CAS', 'db01']],
  ['New zone', below('zones'), ['dc', '10.77.0.0/16']],
  ['New server', below('servers'), ['mem01', 'PS1', 'hq', '10.10.0.77', 'file-server:']],
  ['New client group', below('clients'), ['laptops', 'PS1', 'hq']],
  ['New boundary group', below('boundaryGroups'), ['branch', 'hq', 'cm01']],
  ['New availability group', below('availabilityGroups'), ['ag', 'sql01']],
  ['New firewall', below('firewalls'), ['core', 'hq', 'dmz', undefined, 'cm01', 'sql01', '1433']],
  ['New address group', below('addressGroups'), ['mps', 'cm01']],
  ['New port group', below('portGroups'), ['web', '443']],
  [
    'New instance',
    HIERARCHY.replace('          CM: {', `          ${CURSOR}\n          CM: {`),
    ['TWO', '50007'],
  ],
  [
    'New firewall rule',
    HIERARCHY.replace('    rules:\n', `    rules:\n      - ${CURSOR}\n`),
    [undefined, 'sql01', 'dp-dmz', '443'],
  ],
];
