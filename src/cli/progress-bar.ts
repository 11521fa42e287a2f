const width = 30;

/**
 * Returns a function that shows progress on standard output: on a terminal a bar with a text, redrawn in place; elsewhere
 * lines, each printed when it differs from the one before.
 */
export function createProgressBar() {
  let shown = '';
  /**
   * @param share the part that is done, from 0 to 1; the bar ends at 1
   * @param text stands beside the bar
   * @param line replaces bar and text where the output is no terminal
   */
  return (share: number, text: string, line: string): void => {
    const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░');
    const percent = `${Math.round(share * 100)} %`.padStart(5);
    const isTerminal = process.stdout.isTTY;
    const next = isTerminal ? `\r${bar} ${percent}  ${text}\x1b[K` : `${line}\n`;
    if (next === shown) return;
    shown = next;
    process.stdout.write(isTerminal && share >= 1 ? `${next}\n` : next);
  };
}
