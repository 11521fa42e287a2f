import { existsSync } from 'node:fs';

import { Agent, request } from 'undici';

import { isNotListening, ownerSocketPath } from '../storage/data-directory-lock.ts';

/**
 * Sends a command to the process that owns a data directory, and waits for its result without a time limit. Returns
 * undefined where no process owns the directory; throws where the command is unknown or fails.
 */
export async function sendCommand(
  folder: string,
  name: string,
  input?: unknown,
): Promise<{ result: unknown } | undefined> {
  if (!existsSync(folder)) return undefined;
  const dispatcher = new Agent({
    connect: { socketPath: ownerSocketPath(folder) },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const { statusCode, body } = await request(`http://localhost/commands/${encodeURIComponent(name)}`, {
      dispatcher,
      method: 'POST',
      ...(input !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      }),
    });
    // 414 is the response to a name longer than any command's.
    if (statusCode === 404 || statusCode === 414) {
      throw new Error('the running server has no such command, or is still starting; try again');
    }
    if (statusCode !== 200) {
      throw new Error('the command failed in the running server; its log may contain the reason');
    }
    return (await body.json()) as { result: unknown };
  } catch (error) {
    if (isNotListening(error)) return undefined;
    if ((error as NodeJS.ErrnoException).code !== 'UND_ERR_SOCKET') throw error;
    throw new Error('the running server stopped before it responded; run the command again', {
      cause: error,
    });
  } finally {
    await dispatcher.destroy();
  }
}
