import { z } from 'zod';

export const easypostCredentials = z.strictObject({
  apiKey: z.string().min(1),
  /** Secret that EasyPost signs the account's webhooks with. Without it the account has no webhooks. */
  webhookSecret: z.string().min(1).optional(),
});

export type EasyPostCredentials = z.infer<typeof easypostCredentials>;
