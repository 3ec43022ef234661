import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { finding, hoverText, mistakes, open, place, until } from './helper.ts';

/** The process numbers and command lines of all processes. */
function processes(): { pid: number; parent: number; command: string }[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // Gone in the meantime.
      }
    });
  }
  const list =
    process.platform === 'win32'
      ? execFileSync(
          'powershell',
          [
            '-NoProfile',
            '-Command',
            'Get-CimInstance Win32_Process | % { "$($_.ProcessId) $($_.ParentProcessId) $($_.CommandLine)" }',
          ],
          { encoding: 'utf8' },
        )
      : execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return list.split('\n').flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
  });
}

/** The language servers that this extension host started. */
function serverProcesses(): readonly number[] {
  return processes()
    .filter(({ parent, command }) => parent === process.pid && /dist[\\/]language-server\.js\b/.test(command))
    .map(({ pid }) => pid);
}

/** The one that is there; undefined while there is none. */
function serverProcess(): number | undefined {
  return serverProcesses()[0];
}

describe('The language server', () => {
  it('comes back and answers when its process is killed', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const first = await until('the server process', serverProcess);
    process.kill(first, 'SIGKILL');
    const second = await until('another server process', () => {
      const pid = serverProcess();
      return pid === first ? undefined : pid;
    });
    assert.notEqual(second, first);
    const text = await until('a hover', () =>
      hoverText(document.uri, place(document, 'management-point', 3)),
    );
    assert.match(text, /management point/i);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 'configmgr'.length), 'configmgrr');
    await vscode.workspace.applyEdit(edit);
    await finding(document.uri, 'unknown-key');
  });

  it('loses nothing that was typed while its process was killed', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const first = await until('the server process', serverProcess);
    const typed = '  dp02: { site: PS3, zone: hq, rpcDynamicPorts: 49152-65535 }\n';
    for (const [index, letter] of [...typed].entries()) {
      if (index === 20) process.kill(first, 'SIGKILL');
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, document.positionAt(document.getText().length), letter);
      assert.ok(await vscode.workspace.applyEdit(edit));
    }
    assert.equal(document.getText(), mistakes + typed);
    await until('a finding about what was typed', () =>
      vscode.languages.getDiagnostics(document.uri).find(({ message }) => message.includes('PS3')),
    );
    await finding(document.uri, 'wsus-port-pair');
  });

  it('comes back however much could not be sent to it since its end', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const first = await until('the server process', serverProcess);
    process.kill(first, 'SIGKILL');
    // It ends, and nothing else happens here until then.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    for (let asked = 0; asked < 10; asked++)
      vscode.commands.executeCommand('configmgrTopology.exportRules', 'csv').then(
        () => {},
        () => {},
      );
    await until('another server process', () => {
      const pid = serverProcess();
      return pid === first ? undefined : pid;
    });
    await until('a hover', () => hoverText(document.uri, place(document, 'management-point', 3)));
    await finding(document.uri, 'wsus-port-pair');
  });

  it('restarts on command', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const first = await until('the server process', serverProcess);
    await vscode.commands.executeCommand('configmgrTopology.restartServer');
    await until('another server process', () => {
      const pid = serverProcess();
      return pid === first ? undefined : pid;
    });
    await until('a hover', () => hoverText(document.uri, place(document, 'management-point', 3)));
    await finding(document.uri, 'wsus-port-pair');
  });

  it('leaves no second process behind', () => {
    assert.equal(serverProcesses().length, 1);
  });
});
