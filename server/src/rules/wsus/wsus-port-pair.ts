import { editionsBetween } from '../../catalog/editions.ts';
import { HIGHEST_PORT, LOWEST_PORT, PORTS } from '../../catalog/numbers.ts';
import { isOwn } from '../../edits/map-edits.ts';
import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { rolePort, rolesNamed, rpcRange } from '../../topology/effective.ts';
import type { Role } from '../../topology/model.ts';
import { optionCertainty } from '../certainty.ts';
import { canListen, type PortPair, servicesIn } from '../firewalls/listening-services.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { within } from '../words.ts';

const ROLES = ['software-update-point', 'wsus-server'];
/** The HTTP ports that WSUS has by itself: of the default website and of its own. */
const WSUS_PORTS: ReadonlySet<number> = new Set([PORTS.http, PORTS.wsusHttp]);

/** The HTTPS port that goes with an HTTP port; undefined where none can. */
export function httpsFor(http: number): number | undefined {
  const https = http === PORTS.http ? PORTS.https : http + 1;
  return isPair(http, https) ? https : undefined;
}

/** The HTTP port that goes with an HTTPS port; undefined where none can. */
export function httpFor(https: number): number | undefined {
  const http = https === PORTS.https ? PORTS.http : https - 1;
  return isPair(http, https) ? http : undefined;
}

function isPair(http: number, https: number): boolean {
  if (http < LOWEST_PORT || https > HIGHEST_PORT) return false;
  const isDefault = http === PORTS.http || https === PORTS.https;
  return isDefault ? http === PORTS.http && https === PORTS.https : https === http + 1;
}

function* checkRole(role: Role, context: RuleContext): Iterable<Report> {
  const { server, values } = role;
  const httpWritten = values.get('httpPort');
  const httpsWritten = values.get('httpsPort');
  if (['httpPort', 'httpsPort'].some((key) => optionCertainty(context, role, key) === 'unknown')) return;
  const http = rolePort(role, 'httpPort');
  const https = rolePort(role, 'httpsPort');
  const place = httpsWritten ?? httpWritten;
  if (http === undefined || https === undefined || !place || isPair(http, https)) return;

  const wantedHttps = httpsFor(http);
  const wantedHttp = httpFor(https);
  const who = t('{0} on {1}', role.role, server.name);
  const httpText = t('HTTP port {0}', http);
  const httpsText = t(httpsWritten ? 'HTTPS port {0}' : 'HTTPS port {0}, the default,', https);
  const pairs = http === PORTS.http;
  const how = httpWritten
    ? t(pairs ? '{0} pairs with 443 only' : '{0} + 1', httpText)
    : t(
        pairs ? '{0} pairs with 443 only; {1} is the default' : '{0} + 1; {1} is the default',
        httpText,
        http,
      );
  const message =
    wantedHttps === undefined
      ? wantedHttp === undefined
        ? t('{0}: no HTTPS port goes with {1}', who, httpText)
        : t(
            '{0}: no HTTPS port goes with {1}; HTTPS port {2} needs HTTP port {3}',
            who,
            httpText,
            https,
            wantedHttp,
          )
      : t('{0}: {1} must be {2} ({3})', who, httpsText, wantedHttps, how);
  const other = place === httpsWritten ? httpWritten : undefined;
  yield {
    span: place.span,
    message,
    ...(other ? { related: [{ message: t('HTTP port {0}', http), span: other.span }] } : {}),
    fixes: () => fixesOf(role, { http, https }, context),
  };
}

/** The fixes for a pair that is none, without those whose ports something else on the server has. */
function fixesOf(role: Role, { http, https }: PortPair, context: RuleContext): readonly Fix[] {
  const { tree, topology } = context;
  const { server, options } = role;
  const services = servicesIn(context)(server);
  const others = services.filter((service) => service.role !== role);
  const canHave = (pair: PortPair) =>
    canListen(
      services.flatMap((service) =>
        service.role === role && service.scheme ? [{ ...service, port: pair[service.scheme], pair }] : [],
      ),
      others,
    );
  const range = rpcRange(server, topology)?.value;
  const wantedHttps = httpsFor(http);
  const wantedHttp = httpFor(https);
  // Where the two are the wrong way round, each number is right and in the wrong place: nothing else is offered as safe.
  const isSwapped = isPair(https, http);
  const fixes: Fix[] = [];
  if (isSwapped && canHave({ http: https, https: http })) {
    fixes.push({
      title: t('Swap the two: httpPort {0}, httpsPort {1}', https, http),
      safe: false,
      edits: [
        ...setKey(tree, role, 'httpPort', String(https)),
        ...setKey(tree, role, 'httpsPort', String(http)),
      ],
    });
  }
  if (wantedHttps !== undefined && canHave({ http, https: wantedHttps })) {
    fixes.push({
      title: t('Set httpsPort to {0}', wantedHttps),
      // Only from a port that WSUS is known to have, else that one is the likelier mistake; and a port inside the
      // dynamic RPC range would bring the next finding. Without an edition nobody knows what listens.
      safe:
        !isSwapped &&
        WSUS_PORTS.has(http) &&
        topology.edition !== undefined &&
        isOwn(tree, options, 'httpsPort') &&
        !(range && within(wantedHttps, range)),
      edits: setKey(tree, role, 'httpsPort', String(wantedHttps)),
    });
  }
  if (wantedHttp !== undefined && canHave({ http: wantedHttp, https })) {
    fixes.push({
      title: t('Set httpPort to {0}', wantedHttp),
      safe: false,
      edits: setKey(tree, role, 'httpPort', String(wantedHttp)),
    });
  }
  return fixes;
}

export const wsusPortPair: Rule = {
  code: 'wsus-port-pair',
  severity: 'error',
  summary:
    'The HTTP and HTTPS ports of WSUS do not match: 80 goes with 443, any other port with the next higher one.',
  reason:
    'WSUS is configured with one port and derives the other, so with any other pair clients connect to a port on which nothing listens.',
  explanation: `WSUS is configured with one port and derives the other: for a site on HTTP 80 it uses HTTPS 443, for any other it adds one. With any other pair, software update points and clients connect to a port on which nothing listens. A port that is not written has its default, 8530 or 8531.

The documents differ by one word, "1 or higher" against "1 higher"; this rule asks for exactly one higher (see below).`,
  source: { document: 'windows-firewall', section: 'notes' },
  moreSources: [
    { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
    { document: 'ports', section: 'bkmk_note3', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [
    {
      title: 'The HTTPS port is two above the HTTP port',
      text: `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server: { httpPort: 8530, httpsPort: 8532 }
`,
    },
    {
      title: 'HTTP 80 and the default HTTPS port 8531',
      text: `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server:
        httpPort: 80 # the default website
`,
    },
  ],
  good: [
    {
      title: 'The custom website, the default website, and one of its own',
      text: `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server:
  wsus02:
    roles:
      wsus-server: { httpPort: 80, httpsPort: 443 }
  wsus03:
    roles:
      wsus-server: { httpPort: 9000, httpsPort: 9001 }
`,
    },
  ],
  *check(context) {
    const roles = ROLES.flatMap((name) => rolesNamed(name, context.topology));
    yield* roles.flatMap((role) => [...checkRole(role, context)]);
  },
};
