// A comparison with a site as JSON.
import { jsonForm } from '../../print/json.ts';
import { type DriftReport, summaryOf } from './words.ts';

/** One JSON document with a line break at its end. Lines count from 0. */
export function driftJson({ file, exports, differences, lineOf }: DriftReport): string {
  return jsonForm({
    file,
    exports,
    summary: summaryOf(differences),
    differences: differences.map(({ span, place, ...one }) => ({
      ...one,
      line: span && lineOf(span.start),
      place,
    })),
  });
}
