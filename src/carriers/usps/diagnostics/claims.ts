import { z } from 'zod';

import { parseJson } from '../../../domain/json.ts';
import type { Token } from '../../../transport/bearer-token.ts';

const claimsSchema = z.object({
  iss: z.string().optional().catch(undefined),
  /** Epoch seconds. */
  iat: z.number().optional().catch(undefined),
  scope: z.string().optional().catch(undefined),
});
export type Claims = z.infer<typeof claimsSchema>;

/** Reads the claims of a token without verifying its signature: only USPS relies on them. */
export function readClaims({ value }: Token): Claims {
  const payload = Buffer.from(value.split('.')[1] ?? '', 'base64url').toString();
  const parsed = claimsSchema.safeParse(parseJson(payload));
  return parsed.success ? parsed.data : {};
}
