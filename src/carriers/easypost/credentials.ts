import { z } from 'zod';

export const easypostCredentials = z.strictObject({ apiKey: z.string().min(1) });

export type EasyPostCredentials = z.infer<typeof easypostCredentials>;
