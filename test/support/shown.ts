// What a page shows of a command: the line with `$`, and below it what is printed, `…` for lines that are left out.

const LEFT_OUT = '…';

/** A block between fences, with its language and the words behind it. */
export const BLOCK = /^```(\w+)(?: ([^\n]+))?\n([\s\S]*?)^```$/gm;

/** Whether a text is what is shown, with some lines left out. */
export function isShown(real: string, shown: string): boolean {
  const lines = real.split('\n');
  let at = 0;
  let isOpen = false;
  const wanted = shown.split('\n');
  for (const [index, line] of wanted.entries()) {
    // What is left out at the end may have empty lines of its own.
    if (isOpen && line === '' && index === wanted.length - 1) return true;
    if (line === LEFT_OUT) {
      isOpen = true;
      continue;
    }
    const found = isOpen ? lines.indexOf(line, at) : at;
    if (found < 0 || lines[found] !== line) return false;
    at = found + 1;
    isOpen = false;
  }
  return isOpen || at === lines.length;
}

/** Each command of a block with what is shown below it. */
export function commandsOf(block: string): readonly { readonly command: string; readonly shown: string }[] {
  return block
    .split(/^(?=\$ )/m)
    .filter((part) => part.startsWith('$ '))
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(2, end), shown: part.slice(end + 1) };
    });
}
