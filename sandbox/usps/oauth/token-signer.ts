import { createPublicKey, randomUUID } from 'node:crypto';
import { compactVerify, decodeJwt, decodeProtectedHeader, exportPKCS8, generateKeyPair, importPKCS8, SignJWT } from 'jose'; // prettier-ignore
import type { Store } from '../../store.ts';
import type { Environment } from './clients.ts';

/** Claims of the tokens that the sandbox issues; those that it reads itself are named. */
export interface Claims {
  iss: string;
  sub: string;
  azp: string;
  typ: 'Bearer' | 'Payment';
  aud?: string[];
  scope?: string;
  iat: number;
  exp: number;
  [claim: string]: unknown;
}

/** Signs and verifies the sandbox's tokens: JWTs with RS256 and a key of its own. */
export interface TokenSigner {
  sign(claims: Claims): Promise<string>;
  /**
   * Returns the claims of a token, expired ones included. `malformed`: the text is no JWT. `foreign`: another key signed
   * it, as in the other environment.
   */
  verify(token: string): Promise<Claims | 'malformed' | 'foreign'>;
  /** The public key's PEM in Base64, as the token response carries it. */
  publicKey: string;
}

interface SigningKey {
  pem: string;
  kid: string;
}

/** Creates a new signing key, so that no token signed before is valid. */
export async function replaceSigningKey(store: Store): Promise<SigningKey> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const key = { pem: await exportPKCS8(pair.privateKey), kid: randomUUID() };
  store.put('usps.key', 'signing', key);
  return key;
}

/** Opens the signing key, which the store keeps so that tokens stay valid after a restart, as they do at USPS. */
export async function openTokenSigner(store: Store): Promise<TokenSigner> {
  const stored = store.get<SigningKey>('usps.key', 'signing') ?? (await replaceSigningKey(store));
  const header = { alg: 'RS256', typ: 'JWT', kid: stored.kid };
  const privateKey = await importPKCS8(stored.pem, 'RS256');
  const publicKey = createPublicKey(stored.pem);
  return {
    publicKey: Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }).toString()).toString('base64'),
    sign: (claims) => new SignJWT(claims).setProtectedHeader(header).sign(privateKey),
    async verify(token) {
      const claims = decode(token);
      if (claims === undefined) return 'malformed';
      const isGenuine = await compactVerify(token, publicKey, { algorithms: ['RS256'] }).then(
        () => true,
        () => false,
      );
      return isGenuine ? claims : 'foreign';
    },
  };
}

function decode(token: string): Claims | undefined {
  if (token.endsWith('.')) return undefined;
  try {
    decodeProtectedHeader(token);
    return decodeJwt<Claims>(token);
  } catch {
    return undefined;
  }
}

const issuers: Record<Environment, string> = {
  TEST: 'https://cat-keyc.usps.com/realms/USPS',
  PRODUCTION: 'https://keyc.usps.com/realms/USPS',
};
export const issuerOf = (environment: Environment) => issuers[environment];
