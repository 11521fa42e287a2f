import { z } from 'zod';

import type { Workflows } from '../workflows/workflows.ts';

/** Applies webhooks again that were received since a time, epoch milliseconds. */
export const replayRequest = z.object({ since: z.number() });

export const replayWebhooks = async (
  { receivedWebhooks }: Workflows,
  { since }: z.infer<typeof replayRequest>,
): Promise<{ readonly replayed: number }> => ({ replayed: await receivedWebhooks.replay(new Date(since)) });
