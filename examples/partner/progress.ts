const width = 30;

/** Shows a bar on standard error: redrawn in place on a terminal, a line for each tenth elsewhere. */
export function createProgress(total: number) {
  let done = 0;
  return (): void => {
    done += 1;
    const filled = Math.round((done / total) * width);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done} of ${total}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${bar}${done === total ? '\n' : ''}`);
    else if (done === total || done % Math.ceil(total / 10) === 0) process.stderr.write(`${bar}\n`);
  };
}
