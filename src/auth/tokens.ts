import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';

import type { TokenIssuer } from '../config/settings.ts';
import { hashKey } from '../domain/api-key.ts';
import type { Clock } from '../domain/clock.ts';
import { permissions, type Permission } from '../domain/permission.ts';

/** What a token says of its bearer. `refusal` is a sentence that says why it is not accepted. */
export type TokenClaims =
  | {
      readonly tenantId: string;
      readonly permissions: ReadonlySet<Permission>;
      /** `jwt:` and the first eight hex digits of the SHA-256 of issuer and subject. */
      readonly actor: string;
    }
  | { readonly refusal: string };

/** The clocks of the issuer and of this server may differ by so much. */
const clockToleranceSeconds = 30;

/** Signatures whose key the issuer alone has: with a shared secret any verifier could sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/**
 * Creates the function that verifies the JWTs of an issuer. Its keys are fetched when the first token arrives, kept for ten
 * minutes, and fetched again, at most every 30 seconds, for a token of an unknown key. Throws where they can't be fetched.
 */
export function createTokenVerifier(
  { issuer, audience, keysUrl, tenantClaim, permissionsClaim }: TokenIssuer,
  clock: Clock,
): (token: string) => Promise<TokenClaims> {
  const keys = createRemoteJWKSet(new URL(keysUrl), { timeoutDuration: 5_000 });
  return async (token) => {
    let claims: JWTPayload;
    try {
      const options = { issuer, audience, algorithms, clockTolerance: clockToleranceSeconds };
      const { payload } = await jwtVerify(token, keys, {
        ...options,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(clock.now()),
      });
      claims = payload;
    } catch (error) {
      const refusal = refusalOf(error, issuer);
      if (refusal === undefined) throw error;
      return { refusal };
    }
    const tenantId = claims[tenantClaim];
    if (typeof tenantId !== 'string')
      return { refusal: `the token has no claim ${tenantClaim}, which names the tenant` };
    return {
      tenantId,
      permissions: readPermissions(claims[permissionsClaim]),
      actor: `jwt:${hashKey(JSON.stringify([issuer, claims.sub])).slice(0, 8)}`,
    };
  };
}

/** Says why a token is refused, without repeating it; undefined where the issuer's keys could not be fetched. */
function refusalOf(error: unknown, issuer: string): string | undefined {
  if (error instanceof errors.JWTExpired)
    return `the token expired at ${new Date(error.payload.exp! * 1000).toISOString()}: get a new one from ${issuer}`;
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing'
      ? `the token has no claim ${error.claim}`
      : `the claim ${error.claim} of the token is not accepted here: ${claimRules[error.claim] ?? 'get another token'}`;
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
    return `the token is not signed by a key of ${issuer}`;
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `the token is signed by an algorithm that is not accepted: use one of ${algorithms.join(', ')}`;
  const isMalformed = error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid;
  return isMalformed ? 'the token is not a signed JWT that can be read' : undefined;
}

const claimRules: Readonly<Record<string, string>> = {
  iss: 'the token is of another issuer',
  aud: 'the token is for another audience',
  nbf: 'the token is not valid yet',
};

/** Reads permissions that are separated by blanks, as OAuth writes scopes, or a list. Words that are none are left out. */
function readPermissions(claim: unknown): ReadonlySet<Permission> {
  const words = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return new Set(permissions.filter((name) => words.includes(name)));
}
