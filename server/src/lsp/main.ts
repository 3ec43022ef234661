// What the extension starts, and `cmtopo lsp` loads: the language server alone, without the commands.
import { startServer } from './node.ts';

startServer();
