// The tools for assistants, asked by the editor's extension. They see what the editor sees: open documents with what
// is not saved yet, and the topology files of its folders; no path leads anywhere else. Another thread answers: no
// topology that an assistant makes up keeps those waiting who type.
import { type GivenTopology, inTurn, type ToolOutcome } from '../assistants/call.ts';
import { type Candidate, chooseFile, demandOne, demandSize, TEXT_NAME } from '../assistants/choose.ts';
import { wantedBy } from '../assistants/index.ts';
import { isToolError, toolError, type Wanted } from '../assistants/tool.ts';
import { t } from '../l10n.ts';
import { fields, textCheck } from './params.ts';
import { TOOL, type ToolParams, type ToolResult } from './requests.ts';
import { fileName, type Session, throwIfCancelled } from './session.ts';

interface Known extends Candidate {
  readonly uri: string;
}

/** A call about a topology that was looked up. */
export interface AskedTool {
  readonly name: string;
  readonly input: unknown;
  readonly given: GivenTopology;
}

/** Answers a call in a thread of its own, within a time. Never throws. */
export type ToolThread = (call: AskedTool, signal: AbortSignal) => Promise<ToolOutcome>;

/** Answers calls of tools from now on. */
export function answerTools(session: Session, thread: ToolThread): void {
  const { disk, workspace } = session;
  /** Made with the first call, because what answers it is loaded on demand. */
  let calls: ReturnType<typeof inTurn> | undefined;

  /** Open topologies and those of the folders. */
  function known(): readonly Known[] {
    const open = workspace
      .documents()
      .map(({ uri }) => uri)
      .filter(isOpen);
    const all = new Map([...session.topologyFiles(), ...open].map((uri) => [disk.normal(uri), uri]));
    return [...all.values()].map((uri) => named(uri, session.folders));
  }

  function isOpen(uri: string): boolean {
    return session.topologyAt(uri) !== undefined;
  }

  function textOf({ uri }: Known): string {
    const open = isOpen(uri) ? workspace.document(uri) : undefined;
    if (open) return open.text;
    const content = disk.read(uri);
    if ('problem' in content) throw toolError(content.problem);
    return content.text;
  }

  /** The topology that is meant, where there is one: not every tool asks for it. */
  function given({ file, text: draft }: Wanted, active: string | undefined): GivenTopology {
    try {
      demandOne(file, draft);
      const shown = active !== undefined && isOpen(active) ? active : undefined;
      if (draft !== undefined) {
        // Of its folder, so that the same settings count as for a file that is there.
        const place = shown ?? `${session.folders[0] ?? 'untitled:'}/draft.topology.yaml`;
        return { file: TEXT_NAME, text: draft, settings: workspace.settings(place) };
      }
      const found =
        file === undefined && shown !== undefined ? named(shown, session.folders) : chooseFile(file, known());
      const text = textOf(found);
      demandSize(found.name, text);
      return { file: found.name, text, settings: workspace.settings(found.uri) };
    } catch (error) {
      if (isToolError(error)) return { problem: error.message };
      throw error;
    }
  }

  session.answer<ToolParams, ToolResult>(
    TOOL,
    fields({ name: textCheck, input: fields({}) }),
    { problem: t('The tool failed; the log of the language server says why.') },
    async ({ name, input, active }, token) => {
      await session.ready;
      if (typeof active === 'string') await session.settled(active);
      throwIfCancelled(token);
      const stop = new AbortController();
      const listening = token.onCancellationRequested(() => stop.abort());
      try {
        const wanted = wantedBy(name, input);
        calls ??= inTurn();
        const outcome = await calls(() =>
          thread(
            { name, input, given: given(wanted, typeof active === 'string' ? active : undefined) },
            stop.signal,
          ),
        );
        throwIfCancelled(token);
        return outcome;
      } catch (error) {
        if (isToolError(error)) return { problem: error.message };
        throw error;
      } finally {
        listening.dispose();
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
