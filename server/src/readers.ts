// Who looks at those properties of the model that few look at: an edit of one of them leaves the rest as it was. What is
// not listed here may concern everything. A test reads along and finds who is missing; docs/performance.md explains it.

/** The rules that ask what firewalls let through, or that look at their rules. */
const JUDGING: readonly string[] = [
  'wsus-http-blocked',
  'client-push-blocked',
  'internet-clients-unserved',
  'tftp-reply-ports',
  'wake-up-proxy-icmp',
  'firewall-blocked',
  'firewall-blocked-installation',
  'firewall-blocked-optional',
  'firewall-blocked-windows',
  'firewall-broad-rule',
  'firewall-expired-rule',
  'firewall-internet-exposure',
  'firewall-rpc-incomplete',
  'firewall-shadowed-rule',
  'firewall-unused-rule',
  'policy-conflict',
  'policy-violation',
];

/** The rules that ask whether something of the file, or of a thing in it, could not be read. */
const DOUBTING: readonly string[] = [
  'address-outside-zone',
  'boundary-group-site-system',
  'ccmsetup-port',
  'client-boundary-group',
  'client-firewall-exception',
  'client-port-duplicate',
  'client-ports-unmanaged',
  'custom-website',
  'duplicate-key',
  'gateway-roles',
  'internet-facing-https',
  'internet-https-port',
  'listener-conflict',
  'multicast-range',
  'multiple-documents',
  'pull-source',
  'role-needs-site',
  'role-once-per-hierarchy',
  'role-placement',
  'rpc-range-os',
  'rpc-range-overlap',
  'rpc-range-unset',
  'secondary-client-ports',
  'secondary-site-roles',
  'several-primaries',
  'site-code',
  'site-database-missing',
  'site-limits',
  'site-parent',
  'site-server-duplicate',
  'site-server-initiates',
  'site-server-missing',
  'site-server-passive',
  'software-update-point-missing',
  'sql-availability-group-listener',
  'sql-availability-group-ports',
  'sql-edition',
  'sql-load-balancer',
  'sql-port-conflict',
  'sql-secondary-local',
  'sql-shared-instance',
  'sql-static-port',
  'unknown-reference',
  'unused-definition',
  'wsus-port-pair',
  'wsus-ssl-child',
  'yaml-syntax',
];

/** Those that look for the words of names and of sections in what could not be read. */
const LOOKING_FOR_WORDS: readonly string[] = [
  'yaml-syntax',
  'unknown-reference',
  'unused-definition',
  'several-primaries',
  'software-update-point-missing',
  'site-server-missing',
  'site-limits',
  'boundary-group-site-system',
  'client-boundary-group',
  'gateway-roles',
  'internet-clients-unserved',
];

/**
 * The readers of each property, by its path in the model: codes of rules, `flows` and `reach`. A rule that asks for flows
 * or for what firewalls let through reads what these read.
 */
export const READERS: Readonly<Record<string, readonly string[]>> = {
  'clients.count': ['site-limits'],
  'servers.publicAddresses': ['reach', ...JUDGING],
  'firewalls.rules': ['reach', ...JUDGING],
  'firewalls.rules.description': [],
  'firewalls.rules.ticket': [],
  'firewalls.rules.owner': [],
  'firewalls.rules.reviewed': [],
  // What an entry names, all of which is there before and after: whether it is concerns everything.
  references: ['unknown-reference', 'unused-definition', 'site-code'],
  // That a key is being typed, whose line is no YAML yet: also what `damaged` says of things. Then what it says so far.
  damage: ['reach', ...JUDGING, ...DOUBTING],
  'damage.text': LOOKING_FOR_WORDS,
};

/** Comments to the checker are no part of the model. */
const READERS_OF_COMMENTS: readonly string[] = ['unknown-suppression'];

/** Answers who looks at some properties, or at the comments that may have changed along with them. */
export function readersOf(properties: Iterable<string>): (reader: string) => boolean {
  const readers = new Set(READERS_OF_COMMENTS);
  for (const property of properties) for (const reader of READERS[property] ?? []) readers.add(reader);
  return (reader) => readers.has(reader);
}
