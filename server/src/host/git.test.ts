// Where `git` is looked up, on each kind of system: these parts know of a system only what they are told.
import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { absoluteFolders, gitIn } from './git.ts';

describe('the search path for git', () => {
  it('is taken without its relative folders', () => {
    assert.deepEqual(absoluteFolders('/usr/bin:.::bin:./bin:../bin:~/bin:/opt/git', posix), [
      '/usr/bin',
      '/opt/git',
    ]);
    assert.deepEqual(absoluteFolders('', posix), []);
  });

  it('is taken on Windows without what depends on the current folder or its drive', () => {
    const searched = [
      String.raw`C:\Windows\system32`,
      '.',
      '',
      'bin',
      String.raw`.\bin`,
      String.raw`..\bin`,
      'C:',
      'C:bin',
      String.raw`\tools`,
      '/tools',
      String.raw`\\server\share\git`,
      '"C:/Program Files/Git/cmd"',
      '%HOME%',
    ].join(';');
    assert.deepEqual(absoluteFolders(searched, win32), [
      String.raw`C:\Windows\system32`,
      String.raw`\\server\share\git`,
      'C:/Program Files/Git/cmd',
    ]);
  });

  it('gives the program in the first folder that has one, by its whole path', () => {
    const there = [String.raw`D:\checkout\git.exe`, String.raw`C:\Git\cmd\git.exe`];
    const isThere = (file: string) => there.includes(file);
    const folders = absoluteFolders(String.raw`.;C:\Windows;C:\Git\cmd;D:\checkout`, win32);
    assert.equal(gitIn(folders, win32, isThere), String.raw`C:\Git\cmd\git.exe`);
    assert.equal(
      gitIn(['/usr/bin', '/bin'], posix, (file) => file === '/bin/git'),
      '/bin/git',
    );
  });

  it('gives a path that is not there where no folder has one, never the bare name', () => {
    for (const rules of [posix, win32])
      assert.match(
        gitIn([], rules, () => true),
        /no-folder-of-the-search-path[\\/]git(?:\.exe)?$/,
      );
  });
});
