// How the process of the language server is started. The benchmarks start it in the same way.

/** The newest engine that was seen to know the options below: Node does not start with one that it does not know. */
const TRIED_ENGINE = 13;

/** Options of Node. */
export const EXEC_ARGV: readonly string[] = [
  // After seconds without work V8 would give memory back, and the next keystrokes would be answered half as fast: the
  // server does it itself.
  '--no-memory-reducer',
  ...(Number.parseInt(process.versions.v8, 10) <= TRIED_ENGINE
    ? [
        // A second mapping of built-in functions, a megabyte, which is to make calls of them shorter.
        '--no-short-builtin-calls',
        // A third of the code (in bytes of bytecode) that the engine copies into each function that it optimizes: half
        // a megabyte less, and an edit takes no longer that could be told from noise.
        '--max-inlined-bytecode-size-cumulative=300',
      ]
    : []),
];

/** Variables of the environment beside those that the editor has. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  // The C library of most Linux systems keeps what is freed, the more the larger a block was that it freed once. With a
  // limit of its own, its default, it keeps that: 3 MB that the engine took to read the program go back.
  MALLOC_TRIM_THRESHOLD_: '131072',
  // So do the smaller blocks in which the engine reads and compiles code, which would leave gaps between what stays.
  MALLOC_MMAP_THRESHOLD_: '16384',
};
