// The call hierarchy: of a machine, who connects to it and to whom it connects.
import type { CallHierarchyItem } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../features/call-hierarchy.ts';
import { type Feature, feature } from './feature.ts';
import { takes } from './params.ts';
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
} from './protocol.ts';

export const callHierarchy: Feature = {
  capability: () => ({ callHierarchyProvider: true }),
  listen(session) {
    feature(CallHierarchyPrepareRequest, {
      takes: takes.position,
      empty: null,
      answer: (analysis, { textDocument: { uri }, position }) =>
        prepareCallHierarchy(analysis, uri, position),
    }).listen(session);

    const analysisOf = ({ uri }: CallHierarchyItem): Analysis | undefined => session.topologyAt(uri);
    session.answer(CallHierarchyIncomingCallsRequest, takes.item, null, ({ item }, token) => {
      const analysis = token.isCancellationRequested ? undefined : analysisOf(item);
      return analysis && incomingCalls(analysis, item);
    });
    session.answer(CallHierarchyOutgoingCallsRequest, takes.item, null, ({ item }, token) => {
      const analysis = token.isCancellationRequested ? undefined : analysisOf(item);
      return analysis && outgoingCalls(analysis, item);
    });
  },
};
