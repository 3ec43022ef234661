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
};

/** Comments to the checker are no part of the model. */
const READERS_OF_COMMENTS: readonly string[] = ['unknown-suppression'];

/** Answers who looks at some properties, or at the comments that may have changed along with them. */
export function readersOf(properties: Iterable<string>): (reader: string) => boolean {
  const readers = new Set(READERS_OF_COMMENTS);
  for (const property of properties) for (const reader of READERS[property] ?? []) readers.add(reader);
  return (reader) => readers.has(reader);
}
