// The texts of the Connections view's page, in the reader's language.
import * as vscode from 'vscode';
import type { PageWords } from './pages/connections-messages.ts';

/** Every text of the page. What is in braces, the page fills in. */
export function connectionsWords(): PageWords {
  const { t } = vscode.l10n;
  return {
    columns: {
      source: t('Source'),
      destination: t('Destination'),
      protocol: t('Protocol'),
      port: t('Port'),
      direction: t('Direction'),
      purpose: t('Purpose'),
      phase: t('Phase'),
      state: t('State'),
      document: t('Section'),
    },
    states: {
      blocked: t('Blocked'),
      unknown: t('Not known'),
      'no-firewall': t('No firewall'),
      allowed: t('Allowed'),
    },
    because: t('{0}: {1}'),
    phases: { operation: t('operation'), installation: t('installation'), windows: t('Windows') },
    echo: t('echo request'),
    noZone: t('no zone'),
    within: t('within {0}'),
    out: t('out, {0}'),
    into: t('in, {0}'),
    both: t('in and out, {0}'),
    table: t('Connections'),
    filter: t('Filter'),
    follow: t('Follow cursor'),
    followHelp: t('Show the connections of the server or client group under the cursor'),
    machine: t('Server or client group'),
    allMachines: t('All servers'),
    servers: t('Servers'),
    clients: t('Client groups'),
    outside: t('Outside the file'),
    gone: t('{0} (not in the file)'),
    zone: t('Zone'),
    allZones: t('All zones'),
    port: t('Port'),
    portHint: t('Any port'),
    portHelp: t('A port, a range such as 49152-65535, or dynamic'),
    portWrong: t('Not a port (1 to 65535), a range such as 49152-65535, or dynamic'),
    phase: t('Phase'),
    allPhases: t('Any phase'),
    state: t('State'),
    allStates: t('Any state'),
    byRule: t('By firewall rule'),
    clear: t('Clear Filter'),
    count: t('{0} of {1} connections'),
    countOfOne: t('{0} of 1 connection'),
    blocked: t('{0} blocked'),
    loading: t('Reading the connections…'),
    noFile: t('Open a topology file to see its connections.'),
    noEdition: t(
      'The file names no known edition of the port catalog (key configmgr), so its connections are not known.',
    ),
    noConnections: t('Nothing in this file connects to anything.'),
    noMatch: t('No connection matches the filter.'),
  };
}
