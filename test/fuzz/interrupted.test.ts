// What happens to files when a run is ended in its middle, when the disk is full, and when a path changes under it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { cmtopo, environment, folderWith, type Outcome, PROGRAM, removeFolder } from '../cli/cli.ts';
import { anyBytes, endsWell, TIMES } from './draw.ts';

/** A topology with one finding that has a safe fix, longer than a kilobyte. */
const BEFORE = `configmgr: 2403
${'# as agreed with the network team\n'.repeat(60)}zones: { hq: { networks: [10.1.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, os: windows-server-2022, rpcDynamicPorts: 49152-65535, roles: { site-server: , sms-provider: , sql-server: , software-update-point: { httpPort: 8530, httpsPort: 8532 } } }
`;
const AFTER = BEFORE.replace('8532', '8531');
const COUNT = 30;

/** Runs the program with files of at most a kilobyte, so that writing more fails as on a full disk. */
function onFullDisk(args: readonly string[], cwd: string): Outcome {
  const limited = 'trap "" XFSZ; ulimit -f 1; exec "$@"';
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', limited, 'sh', process.execPath, PROGRAM, ...args],
    {
      cwd,
      env: environment(),
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  return { status, out: stdout, err: stderr };
}

describe('files of a run that does not end well', () => {
  let folder: string;
  afterEach(() => removeFolder(folder));

  const names = () => readdirSync(folder).sort();

  it('are whole when it is killed while it writes, old or new, and the next run finishes the work', async () => {
    const files = Object.fromEntries(
      Array.from({ length: COUNT }, (_, index) => [`${index}.topology.yaml`, BEFORE]),
    );
    const text = (name: string) => readFileSync(join(folder, name), 'utf8');
    let interrupted = 0;
    for (let round = 0; round < 3 * TIMES; round++) {
      folder = folderWith(files);
      const child = spawn(process.execPath, [PROGRAM, 'check', '--fix', '.'], {
        cwd: folder,
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      // Somewhere between the first file and the last.
      const wanted = (round * 7) % COUNT;
      const limit = Date.now() + 30_000;
      while (text(`${wanted}.topology.yaml`) === BEFORE && child.exitCode === null && Date.now() < limit)
        await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await ended;
      const written = Object.keys(files).map(text);
      for (const now of written) assert.ok(now === BEFORE || now === AFTER, now);
      if (written.includes(BEFORE) && written.includes(AFTER)) interrupted++;
      cmtopo(['check', '--fix', '.'], { cwd: folder });
      assert.deepEqual(names(), Object.keys(files).sort(), 'nothing is left behind');
      for (const name of names()) assert.equal(text(name), AFTER);
      removeFolder(folder);
    }
    assert.ok(interrupted > 0, 'no run was ended in its middle');
  }).timeout(60_000 * TIMES);

  it('stay as they were on a full disk, and the run says so', () => {
    folder = folderWith({ 'a.topology.yaml': BEFORE, 'out.csv': 'kept\n' });
    const unformatted = BEFORE.replace('{ hq:', '{hq:');
    for (const [args, before] of [
      [['check', '--fix', '.'], BEFORE],
      [['format', 'a.topology.yaml'], unformatted],
    ] as const) {
      writeFileSync(join(folder, 'a.topology.yaml'), before);
      const outcome = onFullDisk(args, folder);
      assert.equal(outcome.status, 2, outcome.err);
      endsWell(outcome, args.join(' '));
      assert.match(outcome.err, /a\.topology\.yaml: .*(?:cannot be written|too large)/i);
      assert.equal(readFileSync(join(folder, 'a.topology.yaml'), 'utf8'), before);
      assert.deepEqual(names(), ['a.topology.yaml', 'out.csv']);
    }
    for (const out of ['out.csv', 'new.html']) {
      const { status, err } = onFullDisk(['report', 'a.topology.yaml', '-o', out], folder);
      assert.equal(status, 2, err);
      assert.match(err, /^cmtopo: (?:out\.csv|new\.html): cannot be written: EFBIG/m);
    }
    assert.deepEqual(names(), ['a.topology.yaml', 'out.csv']);
    assert.equal(readFileSync(join(folder, 'out.csv'), 'utf8'), 'kept\n');
  });

  it('are read or refused while somebody puts a folder, a link or a pipe in their place', async () => {
    folder = folderWith({ 'b.topology.yaml': BEFORE, 'loop.cjs': '' });
    writeFileSync(
      join(folder, 'loop.cjs'),
      `const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const makes = [
  (path) => fs.writeFileSync(path, ${JSON.stringify(BEFORE)}),
  (path) => fs.mkdirSync(path),
  (path) => fs.symlinkSync('/dev/zero', path),
  (path) => fs.symlinkSync('b.topology.yaml', path),
  ...(process.argv[2] === 'pipes' ? [(path) => execFileSync('mkfifo', [path])] : []),
];
for (let round = 0; ; round++) {
  fs.rmSync('new', { recursive: true, force: true });
  makes[round % makes.length]('new');
  fs.rmSync('a.topology.yaml', { recursive: true, force: true });
  fs.renameSync('new', 'a.topology.yaml');
}
`,
    );
    const during = async (kind: string, runs: readonly (readonly string[])[]) => {
      const changing = spawn(process.execPath, ['loop.cjs', kind], { cwd: folder, stdio: 'ignore' });
      const ended = once(changing, 'exit');
      try {
        for (let round = 0; round < 3 * TIMES; round++)
          for (const args of runs) endsWell(cmtopo(args, { cwd: folder }), args.join(' '));
        assert.equal(changing.exitCode, null);
      } finally {
        changing.kill('SIGKILL');
        await ended;
      }
    };
    await during('pipes', [
      ['check', '.'],
      ['check', '--fix', '.'],
    ]);
    // A pipe that somebody names is waited for, as by every program.
    await during('others', [['check', 'a.topology.yaml']]);
    assert.equal(readFileSync(join(folder, 'b.topology.yaml'), 'utf8').length, BEFORE.length);
  }).timeout(120_000 * TIMES);

  it('are checked beside settings of any kind: huge, broken, a folder, a pipe or a device', () => {
    const huge = Buffer.alloc(20 * 1024 * 1024, '# filler\n');
    const makes: ((path: string) => void)[] = [
      (path) => writeFileSync(path, huge),
      (path) => mkdirSync(path),
      (path) => symlinkSync('/dev/zero', path),
      (path) => assert.equal(spawnSync('mkfifo', [path]).status, 0),
      ...fc.sample(anyBytes, 3 * TIMES).map((bytes) => (path: string) => writeFileSync(path, bytes)),
    ];
    for (const make of makes) {
      folder = folderWith({ 'a.topology.yaml': BEFORE });
      make(join(folder, '.cmtopo.yaml'));
      for (const args of [
        ['check', '.'],
        ['flows', 'a.topology.yaml'],
        ['check', '--fix', 'a.topology.yaml'],
      ])
        endsWell(cmtopo(args, { cwd: folder }), args.join(' '));
      removeFolder(folder);
    }
  }).timeout(120_000 * TIMES);
});
