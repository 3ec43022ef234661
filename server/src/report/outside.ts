// What leaves the file for the internet and Azure, and what only an installation needs.
import { t } from '../l10n.ts';
import { connectionTable, type Leg } from './connections.ts';
import { installationPorts, installationRules } from './firewalls.ts';
import { type Block, type Section, table, text } from './page.ts';
import type { Subject } from './subject.ts';

/** What has to be let out to services that are no machines of the file. */
export function outsideSection(legs: readonly Leg[]): Section {
  const own = legs.filter(({ to }) => to.kind === 'cloud');
  return {
    id: 'outside',
    title: t('Endpoints outside the file'),
    blocks:
      own.length === 0
        ? [text(t('No machine of the file calls a service on the internet or in Azure.'))]
        : connectionTable(own),
  };
}

/** What can be closed once everything is installed. */
export function installationSection(subject: Subject, legs: readonly Leg[]): Section {
  const rules = installationRules(subject);
  const ports = installationPorts(subject);
  const reach = subject.analysis.reach();
  const crossing = legs.filter(
    ({ flow, from, to }) => flow.phase === 'installation' && reach.crossed(from, to).length > 0,
  );
  const none = crossing.length === 0 && rules.length === 0;
  const blocks: readonly Block[] = none
    ? [text(t('No connection that only an installation needs crosses a firewall.'))]
    : [
        text(
          t(
            'What follows is needed while a site, a site system or a client is installed, and can be closed after it.',
          ),
        ),
        ...(rules.length === 0 ? [] : [text({ strong: t('Rules for installation only') })]),
        ...table([t('Firewall'), t('Rule'), t('From'), t('To'), t('Ports'), t('What for')], rules),
        ...(ports.length === 0
          ? []
          : [text({ strong: t('Ports for installation only, in rules that are also for operation') })]),
        ...table([t('Firewall'), t('Rule'), t('Ports'), t('What for')], ports),
        ...(crossing.length === 0
          ? []
          : [text({ strong: t('Connections through firewalls during installation') })]),
        ...connectionTable(crossing),
      ];
  return { id: 'installation', title: t('Installation only'), blocks };
}
