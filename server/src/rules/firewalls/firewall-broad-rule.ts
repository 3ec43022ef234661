import { isSameList, memo } from '../../collections.ts';
import { insertKey } from '../../edits/map-edits.ts';
import { removeValue, rewriteList, yamlList } from '../../edits/take-out.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import type { Side } from '../../reach/ends.ts';
import {
  ALL_PORTS,
  countPorts,
  covers,
  difference,
  formatPorts,
  intersection,
  isEmpty,
  NO_PORTS,
  type PortSet,
  portSet,
  portTexts,
  union,
} from '../../reach/ports.ts';
import { portsOfRule } from '../../reach/rule-ports.ts';
import type { FirewallRule, Topology } from '../../topology/model.ts';
import { memoOfThings } from '../../topology/things.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { capital, listed } from '../words.ts';
import { branchExample } from './branch-example.ts';
import { foreignFix, ruleName } from './firewall-fixes.ts';
import { areMachinesNeeded, type Excess, type RuleEnds, ruleEnds } from './firewall-rule-ends.ts';
import { neededPorts, type UsedRule, type WrittenRule, writtenRules } from './firewall-rule-use.ts';

const PROTOCOLS = ['tcp', 'udp'] as const;
type Ports = Readonly<Record<(typeof PROTOCOLS)[number], PortSet>>;

/** A rule that may open too much, with its ports. */
interface Opening extends UsedRule {
  readonly opened: Ports;
  readonly needed: Ports;
  /** Whether a side names nothing but machines that are needed, as most rules do. */
  readonly isExact: Readonly<Record<Side, boolean>>;
}

interface Broad extends Opening {
  readonly ends: Readonly<Record<Side, Excess | undefined>>;
}

function* broadRules(context: RuleContext): Iterable<Report> {
  const { topology } = context;
  const written = writtenRules(context);
  if (written.length === 0) return;
  const broadIn = broadAfter(context.reach().lineage)(topology);
  for (const list of written)
    for (const opening of openingsOf(list, topology)) {
      const broad = broadIn(opening);
      if (broad) yield reportOf(broad, context);
    }
}

/** Ports are kept for as long as a rule and its use are the same. */
const openingsOf = memo((list: readonly WrittenRule[], topology: Topology) =>
  list.flatMap((one) => openingOf(one, topology) ?? []),
);

/** What a rule opens too much, with the machines from which that follows. */
interface KnownBroad {
  readonly reached: ReturnType<RuleEnds['reached']>;
  readonly broad: Broad | undefined;
}

/** Ends are kept for as long as there are the same machines where they reach, too. */
const broadAfter = memo((_lineage: object) => {
  const known = new WeakMap<Opening, KnownBroad>();
  let inZone: RuleEnds['inZone'] | undefined;
  return memoOfThings((topology) => {
    const ends = ruleEnds(topology, inZone);
    inZone = ends.inZone;
    return (opening: Opening): Broad | undefined => {
      const reached = ends.reached(opening.rule);
      const before = known.get(opening);
      if (before && isSameList(before.reached, reached)) return before.broad;
      const broad = broadOf(opening, ends);
      known.set(opening, { reached, broad });
      return broad;
    };
  });
});

function broadOf(opening: Opening, { excess }: RuleEnds): Broad | undefined {
  const { isExact } = opening;
  const from = isExact.from ? undefined : excess(opening, 'from');
  const to = isExact.to ? undefined : excess(opening, 'to');
  const isBroad = from || to || PROTOCOLS.some((protocol) => isTooMuch(opening, protocol));
  return isBroad ? { ...opening, ends: { from, to } } : undefined;
}

/** Undefined where it opens nothing beyond what is needed, as most rules. */
const openingOf = memo((written: WrittenRule, topology: Topology): Opening | undefined => {
  const { rule, firewalls, use, shadows } = written;
  if (!use) return undefined;
  const opened = portsOfRule(rule, topology);
  const tcp = neededPorts(rule, use, 'tcp', topology);
  const udp = neededPorts(rule, use, 'udp', topology);
  const from = areMachinesNeeded(rule.from, use.from, topology);
  const to = areMachinesNeeded(rule.to, use.to, topology);
  if (from && to && covers(tcp, opened.tcp) && covers(udp, opened.udp)) return undefined;
  return { rule, firewalls, use, shadows, opened, needed: { tcp, udp }, isExact: { from, to } };
});

function isTooMuch({ opened, needed }: Opening, protocol: keyof Ports): boolean {
  return !isEmpty(difference(opened[protocol], needed[protocol]));
}

function reportOf(broad: Broad, context: RuleContext): Report {
  const { rule, firewalls, shadows } = broad;
  const [firewall] = firewalls;
  const name = capital(ruleName(rule, firewall));
  return {
    span: rule.span,
    message: t(
      '{0} of firewall {1} opens more than is needed: {2}',
      name,
      firewall.name,
      listed([...portsExcess(broad), ...endsExcess(broad)]),
    ),
    fixes: () => {
      const edits = shadows ? undefined : narrowed(broad, context);
      return [
        ...(edits ? [{ title: t('Narrow the rule to what is needed'), safe: false, edits }] : []),
        ...foreignFix(rule, context),
      ];
    },
  };
}

const total = ({ tcp, udp }: Ports) => countPorts(tcp) + countPorts(udp);

function portsExcess(broad: Broad): readonly string[] {
  const { opened, needed } = broad;
  if (total(opened) === total(needed)) return [];
  const ports = total(opened) === 1 ? t('1 port') : t('{0} ports', total(opened));
  return [t('{0}, {1} in use ({2})', ports, total(needed), portsText(broad))];
}

/** Names to give before the rest is only counted. */
const SHOWN = 3;

function endsExcess({ ends: { from, to } }: Broad): readonly string[] {
  const names = ({ enough }: Excess) => {
    const all = enough.flat();
    return all.length > SHOWN ? `${all.slice(0, SHOWN).join(', ')}, …` : all.join(', ');
  };
  const machines = (count: number) =>
    count === 1 ? t('1 machine or group') : t('{0} machines or groups', count);
  return [
    ...(from ? [t('{0} as source, {1} in use ({2})', machines(from.opened), from.needed, names(from))] : []),
    ...(to ? [t('{0} as target, {1} in use ({2})', machines(to.opened), to.needed, names(to))] : []),
  ];
}

/** `TCP 443, 8530 and UDP 69`. */
function portsText({ needed: { tcp, udp }, use }: Broad): string {
  return listed([
    ...(isEmpty(tcp) ? [] : [`TCP ${formatPorts(tcp)}`]),
    ...(isEmpty(udp) ? [] : [`UDP ${formatPorts(udp)}`]),
    ...(use.icmp.length > 0 ? ['ICMP'] : []),
  ]);
}

/** Undefined where other places of the file would change too. */
function narrowed(broad: Broad, context: RuleContext): readonly TextEdit[] | undefined {
  const { rule, ends, needed, use } = broad;
  const { tree } = context;
  const edits: TextEdit[] = [];
  const add = (more: readonly TextEdit[] | undefined): boolean => {
    if (more) edits.push(...more);
    return more !== undefined;
  };
  for (const side of ['from', 'to'] as const) {
    const excess = ends[side];
    if (excess && !add(rewriteList(tree, rule.node, side, excess.enough))) return undefined;
  }
  const isAny = PROTOCOLS.some((protocol) => isTooMuch(broad, protocol));
  const isEverything =
    rule.tcp === undefined && rule.udp === undefined && rule.icmp?.value !== true && rule.ports.length === 0;
  for (const protocol of PROTOCOLS) {
    const ports = rule[protocol];
    const wanted = needed[protocol];
    if (isEverything && isAny && !isEmpty(wanted)) {
      // What is needed whole has to be said too, once something is said.
      const text = covers(wanted, ALL_PORTS) ? 'any' : yamlList(portTexts(wanted));
      const edit = insertKey(tree, { map: rule.node }, protocol, text);
      if (!add(edit && [edit])) return undefined;
    }
    if (!isTooMuch(broad, protocol)) continue;
    // A port group serves other rules as well.
    if (rule.ports.length > 0 && !isEmpty(difference(groupPorts(broad, protocol, context), wanted)))
      return undefined;
    if (ports !== undefined && !add(narrowPorts(ports, protocol, broad, context))) return undefined;
  }
  if (isEverything && isAny && use.icmp.length > 0) {
    if (rule.icmp) return add(rewriteList(tree, rule.node, 'icmp', [['true']])) ? edits : undefined;
    const edit = insertKey(tree, { map: rule.node }, 'icmp', 'true');
    if (!add(edit && [edit])) return undefined;
  }
  return edits;
}

/** The ports that a rule has from groups. */
function groupPorts({ rule }: Broad, protocol: keyof Ports, { topology }: RuleContext): PortSet {
  const { tcp: _tcp, udp: _udp, ...groupsOnly } = rule;
  return portsOfRule(groupsOnly, topology)[protocol];
}

function narrowPorts(
  ports: FirewallRule['tcp'] & {},
  protocol: keyof Ports,
  { rule, needed }: Broad,
  { tree }: RuleContext,
): readonly TextEdit[] | undefined {
  const wanted = needed[protocol];
  if (isEmpty(wanted)) return removeValue(tree, rule.node, protocol);
  if (ports === 'any') return rewriteList(tree, rule.node, protocol, [portTexts(wanted)]);
  let done: PortSet = NO_PORTS;
  const becomes = ports.map(({ value, span }) => {
    const own = portSet([value]);
    const left = difference(intersection(own, wanted), done);
    done = union(done, left);
    return isEmpty(difference(own, left)) ? [tree.text.slice(span.start, span.end)] : portTexts(left);
  });
  return rewriteList(tree, rule.node, protocol, becomes);
}

const site = (rules: string) =>
  branchExample(rules, {
    servers: `  files01:
    zone: hq
    addresses: [10.10.0.20]
    roles:
      file-server:
`,
  });

export const firewallBroadRule: Rule = {
  code: 'firewall-broad-rule',
  severity: 'warning',
  summary: 'An allow rule that opens more ports or machines than the connections behind it need.',
  reason: 'Each port and machine that is open unnecessarily is another way in.',
  explanation: `The checker knows which connections each allow rule lets through. Whatever else the rule opens, no connection of the hierarchy needs: a whole range of ports instead of three, every server of a zone instead of one. The message counts what is open and what is used.

A zone or network is taken as it is where client groups of it are meant, because clients come and go, and where cloud services are; where only servers are meant, all servers that the file has there must be. ICMP echo in addition to ports is ignored. A rule that lets nothing through that is needed is [unused](firewall-unused-rule.md), one that has no effect is [shadowed](firewall-shadowed-rule.md), and what is open to the internet is reported as [that](firewall-internet-exposure.md).

Narrow the rule to what is needed; the fix rewrites its ports and ends and nothing else. It is not offered while the rule makes others below it useless: fix those first. If a rule also serves something other than Configuration Manager, write \`configmgr: false\` into it.`,
  source: { document: 'format', section: 'firewallsname' },
  bad: [
    {
      title: 'A range for two ports',
      text: site(
        '      - { name: Clients, action: allow, from: branch, to: cm01, tcp: 1-49151 } # for now\n',
      ),
    },
    {
      title: 'A zone for one of its servers',
      text: site(`      - name: Clients
        action: allow
        from: branch
        to: hq
        tcp: [443, 10123]
`),
    },
    {
      title: 'Everything for everybody',
      text: site('      - { name: Clients, action: allow, from: any, to: any }\n'),
    },
  ],
  good: [
    {
      title: 'The zone of the clients, the server and its ports',
      text: site('      - { name: Clients, action: allow, from: branch, to: cm01, tcp: [443, 10123] }\n'),
    },
  ],
  check: broadRules,
};
