import { outcome, ProviderError } from '../../domain/errors.ts';
import type { BearerSend } from '../../transport/bearer-token.ts';
import type { CertificateSource } from '../../transport/client-certificate.ts';
import { probeTls } from '../../transport/tls-probe.ts';
import type { CallOptions, Diagnostic } from '../adapter.ts';
import { checkClock, formatTime } from '../diagnostics.ts';
import type { EasyPostConnect } from './client.ts';
import { jobsResponse } from './mail/jobs.ts';

export interface DiagnosticContext {
  /** The error of an account whose API host, OAuth host and environment disagree. */
  readonly wrongEnvironment?: ProviderError;
  readonly baseUrl: string;
  readonly certificate: CertificateSource;
  readonly token: BearerSend;
  readonly api: EasyPostConnect;
}

/**
 * Checks each layer by the least that tests it: the certificate by its files and a TLS handshake, which are no calls;
 * the token by at most one call; the API key, and whether the API accepts the token, by one list of jobs.
 */
export const diagnose =
  (context: DiagnosticContext) =>
  async (call: CallOptions): Promise<readonly Diagnostic[]> => {
    const { wrongEnvironment, certificate, token } = context;
    if (wrongEnvironment) {
      const others = ['certificate', 'handshake', 'token', 'key'];
      return [
        failed('environment', wrongEnvironment),
        ...others.map((check) => skipped(check, 'the hosts are of two environments')),
      ];
    }
    const { error } = certificate.state();
    const handshake = error
      ? skipped('handshake', 'there is no valid certificate to present')
      : await checkHandshake(context, call);
    const granted = await outcome(() => token.token(call.signal));
    const diagnostics: readonly Diagnostic[] = [
      ok('environment', 'both hosts fit the account’s environment'),
      checkCertificate(certificate),
      handshake,
      granted instanceof ProviderError
        ? failed('token', granted)
        : ok('token', `EasyPost Connect granted one until ${formatTime(granted.expiresAt)}`),
    ];
    if (error || handshake.status === 'failed')
      return [...diagnostics, skipped('key', 'no call is possible without an accepted certificate')];
    if (granted instanceof ProviderError)
      return [...diagnostics, skipped('key', 'no call is possible without a token')];
    return [...diagnostics, ...(await checkKey(context, call))];
  };

const ok = (check: string, message: string): Diagnostic => ({ check, status: 'ok', message });
const skipped = (check: string, message: string): Diagnostic => ({ check, status: 'skipped', message });
const failed = (check: string, { message, hint }: ProviderError): Diagnostic => ({
  check,
  status: 'failed',
  message,
  hint,
});

function checkCertificate(source: CertificateSource): Diagnostic {
  const check = 'certificate';
  const { subject, validTo, error, warnings } = source.state();
  if (error) {
    const { message, hint = 'Create a key and a signing request by `npm run connect -- csr --cn NAME`.' } =
      error;
    return { check, status: 'failed', message, hint };
  }
  const message = `${subject}, valid until ${formatTime(validTo ?? 0)}`;
  if (warnings.length === 0) return { check, status: 'ok', message };
  const hint =
    'Create a new signing request by `npm run connect -- csr`; the files may be replaced while the server runs.';
  return { check, status: 'warning', message: `${message}; ${warnings.join('; ')}`, hint };
}

async function checkHandshake(
  { baseUrl, certificate }: DiagnosticContext,
  { signal }: CallOptions,
): Promise<Diagnostic> {
  const check = 'handshake';
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:')
    return skipped(check, 'the base URL is plain http, so no certificate is presented');
  const failure = await probeTls(url, certificate.current(), signal);
  return failure
    ? failed(check, failure)
    : ok(check, `${url.host} accepts the certificate, and presents a valid one`);
}

/** Checks the API key, and our clock by the `date` of the response. */
async function checkKey({ api }: DiagnosticContext, { signal }: CallOptions): Promise<readonly Diagnostic[]> {
  const response = await outcome(() => api.send({ path: '/jobs' }, signal));
  if (response instanceof ProviderError) return [failed('key', response)];
  // A portal or a proxy may respond to any request with 200, so the body is read too.
  const jobs = await outcome(async () => api.read(jobsResponse, response, 'a list of jobs'));
  return [
    jobs instanceof ProviderError
      ? failed('key', jobs)
      : ok('key', 'EasyPost Connect accepts it, and the token with it'),
    checkClock(Date.parse(String(response.headers.date)), api.clock.now()),
  ];
}
