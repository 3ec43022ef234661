// Flows as JSON, in the shape that the command line's contract gives.
import { jsonForm } from '../print/json.ts';
import type { FlowReport } from './flows-report.ts';

/** One JSON document with a line break at its end. */
export function flowsJson({ edition, configmgr = edition, file, flows, endpoints }: FlowReport): string {
  const document = {
    edition,
    configmgr,
    file,
    flows: flows.map((flow) => ({
      from: flow.from.name,
      to: flow.to.name,
      protocol: flow.protocol,
      ports: flow.ports,
      service: flow.service,
      connection: flow.connection,
      phase: flow.phase,
      optional: flow.optional ?? false,
      without: flow.without,
      anyOf: flow.anyOf,
      zones: flow.zones,
      endpoints: endpoints?.(flow).map(({ name, port, purpose, document, section }) => ({
        name,
        port,
        purpose,
        document,
        section,
      })),
      sources: flow.sources.map(({ edition, document, anchor }) => ({ edition, document, anchor })),
    })),
  };
  return jsonForm(document);
}
