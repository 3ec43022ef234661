/** The commands of VS Code's that the walkthrough runs; a link in somebody's text could name any other. */
export const IN_FILE: ReadonlySet<unknown> = new Set([
  'editor.action.showHover',
  'editor.action.marker.next',
  'editor.action.quickFix',
]);
