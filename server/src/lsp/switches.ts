// What an editor's settings switch off.

/**
 * Features that `configmgrTopology.NAME.enabled` switches off, by that name, and what the client then asks for again;
 * undefined where the protocol has no such request.
 */
export const SWITCHES = {
  codeLens: 'codeLens',
  inlayHints: 'inlayHint',
} as const;

export type Switch = keyof typeof SWITCHES;
