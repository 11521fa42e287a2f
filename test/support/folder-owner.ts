import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const lockModule = fileURLToPath(new URL('../../src/storage/data-directory-lock.ts', import.meta.url));

/** Starts a process that takes the lock of a folder; its output is "owned", or the name of the error. */
export async function startOwner(folder: string) {
  const script = `
    const { lockDataDirectory } = await import(${JSON.stringify(lockModule)});
    try { await lockDataDirectory(${JSON.stringify(folder)}); console.log('owned'); } catch (error) { console.log(error.name); }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const exited = once(child, 'exit');
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    output: String(output).trim(),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
