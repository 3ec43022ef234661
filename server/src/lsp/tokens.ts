// Semantic tokens: all of a document, those of a range, and the difference to the last answer.
import type { SemanticTokens } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { encode, LEGEND, tokenDifference, tokensOf } from '../features/semantic-tokens.ts';
import { type Feature, feature } from './feature.ts';
import { takes } from './params.ts';
import { SemanticTokensDeltaRequest, SemanticTokensRangeRequest, SemanticTokensRequest } from './protocol.ts';

const NO_TOKENS: SemanticTokens = { data: [] };

export const semanticTokens: Feature = {
  capability: () => ({
    semanticTokensProvider: { legend: LEGEND, full: { delta: true }, range: true },
  }),
  listen(session) {
    /** The tokens that the client has of a document, which the next answer is told as a difference to. */
    const sent = new Map<string, { readonly resultId: string; readonly data: readonly number[] }>();
    let answers = 0;
    session.whenClosed((uri) => sent.delete(uri));
    const keep = (uri: string, analysis: Analysis) => {
      const data = encode(analysis, tokensOf(analysis));
      const tokens = { resultId: session.resultId(++answers), data };
      sent.set(uri, tokens);
      return tokens;
    };

    feature(SemanticTokensRequest, {
      takes: takes.document,
      empty: NO_TOKENS,
      answer: (analysis, { textDocument: { uri } }) => keep(uri, analysis),
    }).listen(session);

    feature(SemanticTokensDeltaRequest, {
      takes: takes.tokensSince,
      empty: NO_TOKENS,
      answer(analysis, { textDocument: { uri }, previousResultId }) {
        const before = sent.get(uri);
        const after = keep(uri, analysis);
        if (before?.resultId !== previousResultId) return after;
        return { resultId: after.resultId, edits: tokenDifference(before.data, after.data) };
      },
    }).listen(session);

    feature(SemanticTokensRangeRequest, {
      takes: takes.range,
      empty: NO_TOKENS,
      answer: (analysis, { range }) => ({ data: encode(analysis, tokensOf(analysis, range)) }),
    }).listen(session);
  },
};
