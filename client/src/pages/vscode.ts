// What VS Code gives the script of a webview.

/** The webview's side of the extension. */
export interface PageHost<Message, State> {
  postMessage(message: Message): void;
  /** What {@link setState} kept when the view was last there. */
  getState(): State | undefined;
  /** Keeps a state while the view is hidden and over a restart of VS Code. */
  setState(state: State): void;
}

declare global {
  /** Can be called once. */
  function acquireVsCodeApi<Message, State>(): PageHost<Message, State>;
}
