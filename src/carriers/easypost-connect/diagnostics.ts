import { outcome, ProviderError } from '../../domain/errors.ts';
import type { BearerSend } from '../../transport/bearer-token.ts';
import { probeTls } from '../../transport/tls-probe.ts';
import type { CertificateSource } from '../../transport/client-certificate.ts';
import type { CallOptions, Diagnostic } from '../adapter.ts';
import { checkClock, formatTime } from '../diagnostics.ts';
import type { EasyPostConnect } from './client.ts';
import { jobsAnswer } from './mail/jobs.ts';

/** What a checkup looks at. */
export interface DiagnosticContext {
  /** Why API host, OAuth host and account can't be of one environment. */
  readonly contradiction?: ProviderError;
  readonly baseUrl: string;
  readonly identity: CertificateSource;
  readonly token: BearerSend;
  readonly api: EasyPostConnect;
}

/**
 * The three layers apart, each by the least that tells: the certificate by its files and a handshake, which are no
 * calls; the token by one call or none; the API key, and whether the API takes the token, by one list of jobs.
 */
export const diagnose =
  (patient: DiagnosticContext) =>
  async (call: CallOptions): Promise<readonly Diagnostic[]> => {
    const { contradiction, identity, token, api } = patient;
    if (contradiction) {
      return [failed('environment', contradiction), ...['certificate', 'handshake', 'token', 'key'].map((check) => skipped(check, 'the hosts are of two environments'))]; // prettier-ignore
    }
    const { fault } = identity.state();
    const shaken = fault
      ? skipped('handshake', 'there is no certificate to show')
      : await handshake(patient, call);
    const got = await outcome(() => token.token(call.signal));
    const findings = [
      { check: 'environment', status: 'ok', message: 'both hosts may be of the account’s' } as const,
      certificate(patient.identity),
      shaken,
      got instanceof ProviderError
        ? failed('token', got)
        : ok('token', `EasyPost Connect granted one until ${formatTime(got.expiresAt)}`),
    ];
    if (fault || shaken.status === 'failed') return [...findings, skipped('key', 'nothing can be asked without a certificate that is taken')]; // prettier-ignore
    if (got instanceof ProviderError) return [...findings, skipped('key', 'nothing can be asked without a token')]; // prettier-ignore
    const answer = await outcome(() => api.send({ path: '/jobs' }, call.signal));
    if (answer instanceof ProviderError) return [...findings, failed('key', answer)];
    // A portal or a proxy may say 200 to anybody.
    const listed = await outcome(async () => api.read(jobsAnswer, answer, 'a list of jobs'));
    return [
      ...findings,
      listed instanceof ProviderError
        ? failed('key', listed)
        : ok('key', 'EasyPost Connect takes it, and the token with it'),
      checkClock(Date.parse(String(answer.headers.date)), api.clock.now()),
    ];
  };

const ok = (check: string, message: string): Diagnostic => ({ check, status: 'ok', message });
const skipped = (check: string, message: string): Diagnostic => ({ check, status: 'skipped', message });
const failed = (check: string, { message, hint }: ProviderError): Diagnostic => ({
  check,
  status: 'failed',
  message,
  hint,
});

function certificate(identity: CertificateSource): Diagnostic {
  const check = 'certificate';
  const { subject, validTo, fault, warnings } = identity.state();
  if (fault) {
    const { message, hint = 'Make a key and a request by `npm run connect -- csr --cn NAME`.' } = fault;
    return { check, status: 'failed', message, hint };
  }
  const message = `${subject}, good until ${formatTime(validTo ?? 0)}`;
  if (warnings.length === 0) return { check, status: 'ok', message };
  const hint =
    'A new request is made by `npm run connect -- csr`; the files may be replaced while the server runs.';
  return { check, status: 'warning', message: `${message}; ${warnings.join('; ')}`, hint };
}

async function handshake(
  { baseUrl, identity }: DiagnosticContext,
  { signal }: CallOptions,
): Promise<Diagnostic> {
  const check = 'handshake';
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:')
    return skipped(check, 'the base URL is plain http, so no certificate is shown');
  const failure = await probeTls(url, identity.current(), signal);
  return failure
    ? failed(check, failure)
    : ok(check, `${url.host} takes the certificate, and shows a good one`);
}
