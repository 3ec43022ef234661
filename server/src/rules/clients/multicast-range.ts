import { MULTICAST_PORTS } from '../../catalog/numbers.ts';
import { isOwn } from '../../edits/map-edits.ts';
import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import type { Role } from '../../topology/model.ts';
import { fromServers } from '../remembered.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { rpcRangeText, within } from '../words.ts';

const KEY = 'multicastPorts';
/** The only ports that the port lists give for multicast. */
const DOCUMENTED = MULTICAST_PORTS;

const points = fromServers(({ roles }) =>
  roles.filter(({ role, values }) => role === 'distribution-point' && values.has(KEY)),
);

function* checkRole(role: Role, context: RuleContext): Iterable<Report> {
  const written = role.values.get(KEY);
  const value = written?.value;
  if (!written || typeof value !== 'object' || !('low' in value)) return;
  if (within(value.low, DOCUMENTED) && within(value.high, DOCUMENTED)) return;
  const wanted = rpcRangeText(DOCUMENTED);
  yield {
    span: written.span,
    message: t(
      '{0} on {1}: multicast on UDP {2} must be within UDP {3}',
      role.role,
      role.server.name,
      rpcRangeText(value),
      wanted,
    ),
    fixes: [
      {
        title: t('Set {0} to {1}', KEY, wanted),
        safe: isOwn(context.tree, role.options, KEY),
        edits: setKey(context.tree, role, KEY, wanted),
      },
    ],
  };
}

const site = (options: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      distribution-point: ${options}
`;

export const multicastRange: Rule = {
  code: 'multicast-range',
  severity: 'error',
  summary: 'Multicast of a distribution point uses ports outside UDP 63000-64000.',
  reason:
    'The port lists allow multicast on UDP 63000-64000 alone, and firewalls opened by them let nothing else through.',
  explanation: `Distribution points send operating system images by multicast on UDP 63000-64000, and the port lists mark that row neither as a port that can be changed nor as one that follows the system. Firewalls configured according to the documents let nothing else through.

Use this range, or a part of it if two distribution points in one network must not share ports.`,
  source: { document: 'ports', section: 'BKMK_PortsClient-DP2' },
  bad: [
    {
      title: 'A range below the documented one',
      text: site('{ multicast: true, multicastPorts: 62000-63999 } # as in the old tool'),
    },
  ],
  good: [
    { title: 'A part of the range', text: site('{ multicast: true, multicastPorts: 63000-63499 }') },
    { title: 'Nothing written', text: site('{ multicast: true }') },
  ],
  *check(context) {
    for (const role of points(context)) yield* checkRole(role, context);
  },
};
