import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, realpathSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Another process has the folder open. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';

  constructor(folder: string) {
    super(
      `${folder} is open in another process. Stop that one, give this one a DATA_DIR of its own, or let both share ` +
        'a Postgres server through DATABASE_URL.',
    );
  }
}

/** What a folder's owner does for other processes of this machine: a name and JSON in, JSON out, and no secret in either. */
export type Command = (input: unknown) => Promise<unknown>;

export interface DataDirectoryLock {
  /** Registers a command that `askOwner` names. */
  onCommand(name: string, command: Command): void;
  release(): Promise<void>;
}

/** Makes this process the folder's only owner, by a socket that it listens on there for as long as it lives. */
export async function lockDataDirectory(folder: string): Promise<DataDirectoryLock> {
  const path = socketPath(folder);
  const commands = new Map<string, Command>();
  const callers = new Set<Socket>();
  const server = createServer((socket) => {
    callers.add(socket.on('close', () => callers.delete(socket)));
    serve(socket, commands);
  });
  const listen = () =>
    new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(path, () => resolve(true));
    });

  if (!(await listen())) {
    if (await answers(path)) throw new DataDirectoryInUse(folder);
    // The owner was killed. Of several who notice at once, one clears away what it left.
    const clearing = `${path}.clearing`;
    if (!claim(clearing)) throw new DataDirectoryInUse(folder);
    try {
      if (await answers(path)) throw new DataDirectoryInUse(folder);
      rmSync(path, { force: true });
      if (!(await listen())) throw new DataDirectoryInUse(folder);
    } finally {
      rmSync(clearing, { force: true });
    }
  }
  // Owning a folder is no reason to stay alive.
  server.unref();
  return {
    onCommand: (name, command) => void commands.set(name, command),
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const caller of callers) caller.destroy();
      }),
  };
}

/** Nobody's question is longer than this many bytes, or takes longer to come than this. */
const longestQuestion = 500;
const questionMs = 5_000;

/** One line of JSON in, one line of JSON out. Who only wants to know whether somebody is there sends none. */
function serve(socket: Socket, commands: ReadonlyMap<string, Command>): void {
  // A caller who leaves early is nobody's fault.
  socket.on('error', () => {});
  socket.unref();
  socket.setTimeout(questionMs, () => socket.destroy());
  let question = '';
  socket.setEncoding('utf8').on('data', (more: string) => {
    question += more;
    const end = question.indexOf('\n');
    if (end < 0 && question.length <= longestQuestion) return;
    socket.removeAllListeners('data').setTimeout(0).ref();
    const { name, input } = read(question.slice(0, Math.max(0, end)));
    const command = commands.get(name);
    const reply = (line: object) => socket.end(`${JSON.stringify(line)}\n`);
    if (command === undefined) return reply({ error: 'the running server has no such command, or not yet' });
    command(input).then(
      (answer) => reply({ answer }),
      () => reply({ error: 'the running server failed at it; its log may say more' }),
    );
  });
}

function read(question: string): { name: string; input?: unknown } {
  try {
    const { command, input } = JSON.parse(question) as { command?: unknown; input?: unknown };
    return { name: String(command), input };
  } catch {
    return { name: '' };
  }
}

/** What the folder's owner answers to a command; undefined where no process owns it. */
export async function callRunningServer(
  folder: string,
  command: string,
  input?: unknown,
): Promise<{ answer: unknown } | undefined> {
  if (!existsSync(folder)) return undefined;
  const socket = connect(socketPath(folder));
  try {
    await once(socket, 'connect');
  } catch (error) {
    if (nobody.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  socket.write(`${JSON.stringify({ command, input })}\n`);
  const line = await text(socket);
  if (line === '') throw new Error('the running server ended before it answered');
  const said = JSON.parse(line) as { answer: unknown } | { error: string };
  if ('error' in said) throw new Error(said.error);
  return said;
}

/** Only a refused connection or a missing socket proves that nobody is there. */
const nobody = new Set(['ECONNREFUSED', 'ENOENT']);

/** A socket's path holds about a hundred bytes; a deeper folder, however it is named, gets one in the system's own. */
function socketPath(folder: string): string {
  const real = realpathSync(folder);
  const path = join(real, 'owner.sock');
  if (Buffer.byteLength(path) <= 100) return path;
  const name = createHash('sha256').update(real).digest('hex').slice(0, 24);
  return join(tmpdir(), `parcelgraph-${name}.sock`);
}

/** Whether somebody is there. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(!nobody.has(code ?? '')));
  });
}

/** True for the one who makes the file; a file older than ten seconds was left by somebody who was killed too. */
function claim(path: string): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs > 10_000) rmSync(path, { force: true });
  } catch {
    // There is none, which is what we want.
  }
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch {
    return false;
  }
}
