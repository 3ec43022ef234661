// What our webviews share: an empty page with one script and one style sheet, which may do nothing else.
import * as vscode from 'vscode';
import { markupText } from '../../server/src/print/escape.ts';

/** Scripts run; files come from our own pages only. */
export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pagesFolder(extension)] };
}

/**
 * The HTML of a webview. The script builds the page; nothing is fetched, and no other script or style sheet runs.
 * @param extension where the extension is installed
 * @param name of the script and the style sheet in `dist/pages/`, made from `client/src/pages/NAME.page.ts`
 * @param title names the page to screen readers
 */
export function webviewHtml(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: string,
  title: string,
): string {
  const nonce = crypto.randomUUID();
  const file = (kind: string) =>
    markupText(
      webview.asWebviewUri(vscode.Uri.joinPath(pagesFolder(extension), `${name}.${kind}`)).toString(),
    );
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${markupText(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${markupText(title)}</title>
<link rel="stylesheet" nonce="${nonce}" href="${file('css')}">
</head>
<body>
<script nonce="${nonce}" src="${file('js')}"></script>
</body>
</html>
`;
}

function pagesFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'pages');
}
