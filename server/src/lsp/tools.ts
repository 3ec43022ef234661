// The tools for assistants, asked by the editor's extension. They see what the editor sees: open documents with what
// is not saved yet, and the topology files of its folders; no path leads anywhere else.
import { type Candidate, chooseFile, demandOne, demandSize, TEXT_NAME } from '../assistants/choose.ts';
import { callTool } from '../assistants/index.ts';
import { isToolError, type LookedAt, type ToolWorld, toolError, type Wanted } from '../assistants/tool.ts';
import { t } from '../l10n.ts';
import { fields, textCheck } from './params.ts';
import { TOOL, type ToolParams, type ToolResult } from './requests.ts';
import { fileName, type Session, throwIfCancelled } from './session.ts';

interface Known extends Candidate {
  readonly uri: string;
}

/** Answers calls of tools from now on. */
export function answerTools(session: Session): void {
  const { disk, workspace } = session;

  /** Open topologies and those of the folders. */
  function known(): readonly Known[] {
    const open = workspace
      .documents()
      .map(({ uri }) => uri)
      .filter((uri) => session.topologyAt(uri) !== undefined);
    const all = new Map([...session.topologyFiles(), ...open].map((uri) => [disk.normal(uri), uri]));
    return [...all.values()].map((uri) => named(uri, session.folders));
  }

  function subjectOf({ uri, name }: Known): LookedAt {
    const settings = workspace.settings(uri);
    const analysis = session.topologyAt(uri);
    if (analysis) {
      demandSize(name, analysis.text);
      return { file: name, analysis, settings };
    }
    const content = disk.read(uri);
    if ('problem' in content) throw toolError(content.problem);
    demandSize(name, content.text);
    return { file: name, analysis: workspace.analyseFile(uri, content.text), settings };
  }

  const world = (active: string | undefined): ToolWorld => ({
    topology({ file, text: draft }: Wanted) {
      demandOne(file, draft);
      const shown = active !== undefined && session.topologyAt(active) ? active : undefined;
      if (draft !== undefined) {
        // Of its folder, so that the same settings count as for a file that stands there.
        const place = shown ?? `${session.folders[0] ?? 'untitled:'}/draft.topology.yaml`;
        return {
          file: TEXT_NAME,
          analysis: workspace.analyseFile(place, draft),
          settings: workspace.settings(place),
        };
      }
      if (file === undefined && shown !== undefined) return subjectOf(named(shown, session.folders));
      return subjectOf(chooseFile(file, known()));
    },
  });

  session.answer<ToolParams, ToolResult>(
    TOOL,
    fields({ name: textCheck, input: fields({}) }),
    { problem: t('The tool failed; the log of the language server says why.') },
    async ({ name, input, active }, token) => {
      await session.ready;
      if (typeof active === 'string') await session.settled(active);
      throwIfCancelled(token);
      try {
        return { text: callTool(name, input, world(typeof active === 'string' ? active : undefined)) };
      } catch (error) {
        if (isToolError(error)) return { problem: error.message };
        throw error;
      }
    },
  );
}

/** Names as a person sees them in the editor: relative to the folder, with the folder's name where there are several. */
function named(uri: string, folders: readonly string[]): Known {
  const path = decoded(uri).replace(/^file:\/\//, '');
  const others = [path, path.replace(/^\/(?=[a-z]:)/i, '')];
  const folder = folders.find((one) => uri.startsWith(`${one.replace(/\/$/, '')}/`));
  if (folder === undefined) return { uri, name: fileName(uri), others };
  const relative = decoded(uri.slice(folder.replace(/\/$/, '').length + 1));
  const name = folders.length === 1 ? relative : `${fileName(folder.replace(/\/$/, ''))}/${relative}`;
  return { uri, name, others };
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
