import { z } from 'zod';

export const easypostCredentials = z.strictObject({
  apiKey: z.string().min(1),
  /** What EasyPost signs its webhooks with. */
  webhookSecret: z.string().min(1).optional(),
});

export type EasyPostCredentials = z.infer<typeof easypostCredentials>;
