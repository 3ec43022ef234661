// The suites that run in a browser too. Activation, the workspace and the processes of the server have Node's means.
import '../suite/connections.test.ts';
import '../suite/editing.test.ts';
import '../suite/editor.test.ts';
import '../suite/first-steps.test.ts';
import '../suite/keyboard.test.ts';
import '../suite/noise.test.ts';
import '../suite/settings.test.ts';
import '../suite/tools.test.ts';
import '../suite/topology-tree.test.ts';
