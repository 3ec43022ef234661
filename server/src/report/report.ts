// One page about a topology for whoever reviews its security. Pure: the same file, settings and day, the same page.
import type { Analysis } from '../analysis.ts';
import { editionText } from '../catalog/index.ts';
import type { Edition } from '../catalog/types.ts';
import { type DiagramGraph, diagramGraph } from '../diagram/graph.ts';
import { type DiagramLayout, layoutGraph } from '../diagram/layout.ts';
import { diagramMermaid } from '../diagram/mermaid.ts';
import { diagramSvg } from '../diagram/svg.ts';
import { t } from '../l10n.ts';
import { contextOf } from '../rules/check.ts';
import { isAllKnown } from '../rules/hierarchy/hierarchy.ts';
import type { Settings } from '../rules/rule.ts';
import { reportedLegs } from './connections.ts';
import { exposureSection } from './exposure.ts';
import { findingsOf, findingsSection, suppressionsSection } from './findings.ts';
import { firewallsSection } from './firewalls.ts';
import { installationSection, outsideSection } from './outside.ts';
import { note, type Page, table, textBlock } from './page.ts';
import { sourcesSection } from './sources.ts';
import type { ReportSubject } from './subject.ts';

/** The sides of a page across, in millimetres; only how they relate to each other counts. */
const PAGE = { width: 273, height: 165 };

/**
 * The report of one file.
 * @param file as the user named it
 * @param settings those of the analysis; their `today` is the day for `expires` of rules
 */
export function reportPage(
  analysis: Analysis,
  {
    file,
    edition,
    settings,
  }: { readonly file: string; readonly edition: Edition; readonly settings: Settings },
): Page {
  const { topology } = analysis;
  const context = contextOf(analysis, settings);
  const isComplete = isAllKnown(context);
  const subject: ReportSubject = { analysis, topology, context, settings, file, edition, isComplete };
  const legs = reportedLegs(subject);
  const findings = findingsOf(subject);
  const graph = diagramGraph(analysis, { collapse: 'auto' });
  const placed = fitting(graph);
  const title = topology.name?.value ?? file;
  const configmgr = topology.configmgrWritten;
  const day = settings.today;
  const count = (kind: 'allowed' | 'blocked' | 'unchecked') =>
    legs.filter(({ verdict }) => verdict.kind === kind).length;
  const of = (severity: string) => findings.shown.filter((one) => one.severity === severity).length;
  return {
    title: t('Network report: {0}', title),
    lead: [
      textBlock(
        [
          t('Made from {0} for Configuration Manager {1}.', file, editionText(edition, configmgr)),
          ...(day === undefined ? [] : [t('Whether a rule has expired is judged as of {0}.', day)]),
        ].join(' '),
      ),
      ...(isComplete
        ? []
        : [
            note(
              t(
                'This report is not complete: the file has mistakes that hide a part of the hierarchy. Correct them first; the findings name them.',
              ),
            ),
          ]),
      ...table(
        [t('At a glance'), t('Number')],
        [
          [t('Zones, sites'), `${topology.zones.size}, ${topology.sites.size}`],
          [t('Servers, client groups'), `${topology.servers.size}, ${topology.clients.size}`],
          [t('Firewalls, rules'), `${topology.firewalls.size}, ${rulesIn(subject)}`],
          [
            t('Connections: allowed, blocked, not checked'),
            `${count('allowed')}, ${count('blocked')}, ${count('unchecked')}`,
          ],
          [
            t('Findings: errors, warnings, others'),
            `${of('error')}, ${of('warning')}, ${of('information') + of('hint')}`,
          ],
          [t('Findings that are silenced'), String(findings.silenced.length)],
        ],
      ),
    ],
    sections: [
      {
        id: 'diagram',
        title: t('Diagram'),
        blocks: [
          {
            kind: 'picture',
            svg: diagramSvg(placed, { standalone: true }),
            mermaid: diagramMermaid(graph, placed.direction),
          },
        ],
      },
      exposureSection(subject, legs),
      findingsSection(subject, findings),
      suppressionsSection(subject, findings),
      firewallsSection(subject),
      outsideSection(subject, legs),
      installationSection(subject, legs),
      sourcesSection(subject, findings.shown),
    ],
  };
}

function rulesIn({ topology }: ReportSubject): number {
  return [...topology.firewalls.values()].reduce((sum, { rules }) => sum + rules.length, 0);
}

/** The layout that is larger on a page that lies across. */
function fitting(graph: DiagramGraph): DiagramLayout {
  const across = layoutGraph(graph, 'right');
  const down = layoutGraph(graph, 'down');
  const scale = ({ width, height }: DiagramLayout) => Math.min(PAGE.width / width, PAGE.height / height);
  return scale(down) > scale(across) ? down : across;
}
