import { z } from 'zod';

import { holdsCertificate, holdsPrivateKey, readPem, type Pem } from '../../transport/client-certificate.ts';
import { isLoopback } from '../../transport/networks.ts';

const pem = z.union([z.string().min(1), z.strictObject({ file: z.string().min(1) })]);

/** The certificate may come later: the portal signs it for an account that exists already. */
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
    const fault = (name: string, message: string) =>
      check.addIssue({ code: 'custom', path: [name], message });
    if (certificate && !privateKey) fault('privateKey', 'is required beside a certificate');
    if (privateKey && !certificate) fault('certificate', 'is required beside a private key');
    // Unnamed: somebody may have put the document itself where its path belongs.
    const judge = (name: string, given: Pem | undefined, holds: (text: string) => boolean, what: string) => {
      const text = given && textOf(given);
      if (given && text === undefined) fault(name, 'the file that it names can’t be read');
      else if (text !== undefined && !holds(text)) fault(name, `holds no ${what}`);
    };
    judge('certificate', certificate, holdsCertificate, 'certificate in PEM');
    judge('privateKey', privateKey, holdsPrivateKey, 'private key in PEM without a passphrase');
    judge('ca', ca, holdsCertificate, 'certificate in PEM');
  });

export type EasyPostConnectCredentials = z.infer<typeof easypostConnectCredentials>;

export const easypostConnectOptions = z.object({
  /** The origin that grants tokens; the environment's own when left out. */
  oauthUrl: z
    .string()
    .refine(isOrigin, 'is an https URL without a path; plain http is for loopback only')
    .optional(),
  /** Where files may be put beside easypost.eu: host names, each with all below it; with commas in a variable. */
  uploadHosts: z
    .preprocess((given) => (typeof given === 'string' ? given.split(/\s*,\s*/) : given), z.array(z.string()))
    .refine(
      (hosts) => hosts.every((host) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)),
      'are host names, such as files.example.com',
    )
    .default([]),
});

export type EasyPostConnectOptions = z.infer<typeof easypostConnectOptions>;

function textOf(given: Pem): string | undefined {
  try {
    return readPem(given);
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
