import { z } from 'zod';

import {
  containsCertificate,
  containsPrivateKey,
  readPem,
  type Pem,
} from '../../transport/certificate-files.ts';
import { isLoopback } from '../../transport/networks.ts';

const pem = z.union([z.string().min(1), z.strictObject({ file: z.string().min(1) })]);

/** The certificate may be left out at first: the portal signs it for an account that exists already. */
export const easypostConnectCredentials = z
  .strictObject({
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    apiKey: z.string().min(1),
    certificate: pem.optional(),
    privateKey: pem.optional(),
    ca: pem.optional(),
  })
  .superRefine(({ certificate, privateKey, ca }, check) => {
    const addFault = (name: string, message: string) =>
      check.addIssue({ code: 'custom', path: [name], message });
    if (certificate && !privateKey) addFault('privateKey', 'is required beside a certificate');
    if (privateKey && !certificate) addFault('certificate', 'is required beside a private key');
    const validate = (
      name: string,
      value: Pem | undefined,
      isValid: (text: string) => boolean,
      expected: string,
    ) => {
      const text = value && textOf(value);
      // The path is not repeated, since it may be the secret itself, set in the wrong place.
      if (value && text === undefined) addFault(name, 'the file can’t be read');
      else if (text !== undefined && !isValid(text)) addFault(name, `must be a ${expected}`);
    };
    validate('certificate', certificate, containsCertificate, 'certificate in PEM');
    validate('privateKey', privateKey, containsPrivateKey, 'private key in PEM without a passphrase');
    validate('ca', ca, containsCertificate, 'certificate in PEM');
  });

export type EasyPostConnectCredentials = z.infer<typeof easypostConnectCredentials>;

export const easypostConnectOptions = z.object({
  /** The origin that grants tokens. Default: the OAuth host of the environment. */
  oauthUrl: z
    .string()
    .refine(isOrigin, 'must be an https URL without a path; plain http is for loopback only')
    .optional(),
  /** Host names that take uploads beside easypost.eu, subdomains included; separated by commas in a variable. */
  uploadHosts: z
    .preprocess((value) => (typeof value === 'string' ? value.split(/\s*,\s*/) : value), z.array(z.string()))
    .refine(
      (hosts) => hosts.every((host) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)),
      'must be host names, such as files.example.com',
    )
    .default([]),
});

export type EasyPostConnectOptions = z.infer<typeof easypostConnectOptions>;

function textOf(pem: Pem): string | undefined {
  try {
    return readPem(pem);
  } catch {
    return undefined;
  }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username, hostname } = new URL(text);
  if (pathname !== '/' || search || hash || username) return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
