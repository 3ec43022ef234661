import { t } from '../../l10n.ts';
import { rolesNamed } from '../../topology/effective.ts';
import { inEdition, roleInfo } from '../../topology/format.ts';
import type { Report, Rule } from '../rule.ts';
import { removeRole } from './hierarchy.ts';

const CERTIFICATES = 'certificate-registration-point';
const ENROLLMENT = 'network-device-enrollment-service';

const file = (crp: string, more: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
  ndes01:
    site: PS1
    roles:
${crp}      network-device-enrollment-service:
${more}  ca01:
    roles:
      certification-authority:
`;
const other = `  crp01:
    site: PS1
    roles:
      certificate-registration-point:
`;

export const policyModulePlacement: Rule = {
  code: 'policy-module-placement',
  severity: 'error',
  summary: 'A certificate registration point is on the server of the Network Device Enrollment Service.',
  reason:
    'The policy module and the certificate registration point that it asks are only supported on different servers.',
  explanation: `The policy module on the Network Device Enrollment Service asks the certificate registration point whether a device may get a certificate. The two must be on different servers, and each certificate registration point needs a Network Device Enrollment Service of its own.`,
  source: {
    document: 'plan-for-site-system-servers-and-site-system-roles',
    section: 'certificate-registration-point',
  },
  bad: [{ title: 'Both on one server', text: file('      certificate-registration-point:\n', '') }],
  good: [{ title: 'Two servers', text: file('', other) }],
  *check(context): Iterable<Report> {
    const { topology } = context;
    const info = roleInfo(CERTIFICATES);
    if (!topology.edition || !info || !inEdition(info, topology.edition)) return;
    const reports: Report[] = [];
    for (const point of rolesNamed(CERTIFICATES, topology)) {
      const { name, roles } = point.server;
      const service = roles.find(({ role }) => role === ENROLLMENT);
      if (!service) continue;
      reports.push({
        span: point.key.span,
        message: t(
          '{0} and {1} are both on {2}: move the {0} to another server',
          CERTIFICATES,
          ENROLLMENT,
          name,
        ),
        related: [{ message: t('{0} on {1}', ENROLLMENT, name), span: service.key.span }],
        fixes: removeRole(context, point),
      });
    }
    yield* reports;
  },
};
