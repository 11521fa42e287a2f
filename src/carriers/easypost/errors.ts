import { z } from 'zod';

import { ProviderError, type ProviderFailureCode } from '../../domain/errors.ts';
import type { Answer } from '../../transport/http.ts';
import { retryAfterSeconds } from '../../transport/retry.ts';

/** What EasyPost says when it refuses; the envelope is one, what lies in `errors` varies. */
export interface Fault {
  readonly known: boolean;
  readonly code?: string;
  readonly message: string;
  readonly field?: string;
}

const envelope = z.object({
  error: z.union([
    z.string(),
    z.object({
      code: z.string().nullish(),
      message: z.unknown(),
      errors: z.array(z.unknown()).nullish().catch(undefined),
    }),
  ]),
});

export function readFault(answer: Answer): Fault {
  const raw = answer.body.toString('utf8');
  const parsed = envelope.safeParse(parseJson(raw));
  if (!parsed.success) return { known: false, message: raw.slice(0, 300).trim() };
  const { error } = parsed.data;
  if (typeof error === 'string') return { known: true, message: error };
  const details = (error.errors ?? []).map(readDetail);
  const message = [words(error.message), ...details.map((detail) => detail.text)].filter(Boolean).join(' ');
  return {
    known: Boolean(error.code),
    code: error.code ?? undefined,
    message,
    field: details.find((detail) => detail.field)?.field,
  };
}

/** An entry of `errors`: a sentence, `{field, message}`, or `{the_field: "what is wrong"}`. */
function readDetail(detail: unknown): { text: string; field?: string } {
  if (typeof detail !== 'object' || detail === null) return { text: words(detail) };
  const { field, message, ...rest } = detail as Record<string, unknown>;
  if (typeof field === 'string') return { text: `${field} ${words(message)}`.trim(), field };
  if (message !== undefined) return { text: words(message) };
  const [name, text] = Object.entries(rest)[0] ?? [];
  return { text: name === undefined ? '' : `${name} ${words(text)}`, field: name };
}

/** A message is a sentence, or a list or tree of them as a carrier wrote it. */
function words(message: unknown): string {
  if (typeof message === 'string') return message;
  if (Array.isArray(message)) return message.map(words).filter(Boolean).join('; ');
  if (typeof message !== 'object' || message === null) return '';
  return Object.entries(message).map(([name, text]) => `${name}: ${words(text)}`).join('; '); // prettier-ignore
}

/** Which of our failures a refusal is. */
export function failureOf(answer: Answer, now: number): ProviderError {
  const fault = readFault(answer);
  const { code, hint } = classify(answer.status, fault);
  const said = fault.message ? `: ${fault.message.slice(0, 300)}` : '';
  return new ProviderError(code, `EasyPost answered ${answer.status}${said}`, {
    hint,
    retryAfterSeconds: retryAfterSeconds(answer, now),
    field: fault.field === undefined ? undefined : toField(fault.field),
    providerCode: fault.code,
    providerMessage: fault.message || undefined,
    refused: fault.known && answer.status >= 400 && answer.status < 500 && answer.status !== 408,
  });
}

function classify(status: number, fault: Fault): { code: ProviderFailureCode; hint?: string } {
  const byCode = table.find(([code]) => code.test(fault.code ?? ''));
  if (byCode) return { code: byCode[1], hint: byCode[2] };
  switch (status) {
    case 401:
      return { code: 'CREDENTIALS_REJECTED', hint: 'Check the API key of the account.' };
    case 402:
      return { code: 'PAYMENT_NOT_AUTHORIZED', hint: 'Add funds to the EasyPost wallet.' };
    case 403:
      return { code: 'ACCOUNT_NOT_AUTHORIZED', hint: 'The EasyPost account may not do that.' };
    case 404:
      return { code: 'NOT_FOUND' };
    case 429:
      return { code: 'RATE_LIMITED', hint: 'Ask again in a moment.' };
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
      return { code: 'UNAVAILABLE', hint: 'Ask again later.' };
    default:
      return { code: 'REJECTED' };
  }
}

/** EasyPost's codes that mean more than their status. */
const table: readonly (readonly [RegExp, ProviderFailureCode, string])[] = [
  [/^APIKEY\./, 'CREDENTIALS_REJECTED', 'Use an active API key of the EasyPost dashboard.'],
  [
    /^MODE\./,
    'WRONG_ENVIRONMENT',
    'Test keys (EZTK) and production keys (EZAK) each see objects of their own.',
  ],
  [/^(PAYMENT_REQUIRED|BILLING\.)/, 'PAYMENT_NOT_AUTHORIZED', 'Add funds to the EasyPost wallet.'],
  [/^SHIPMENT\.MISSING_RATE$/, 'REJECTED', 'The rate is no longer for sale: ask for rates again.'],
  [/^TRACKER\.(NO_CARRIER|MULTIPLE_CARRIERS)_FOR_CODE$/, 'NOT_FOUND', 'Name the carrier of the number.'],
];

/** EasyPost's paths into a shipment, and ours into a question about rates. */
function toField(field: string): readonly string[] {
  const ours: Record<string, string> = { zip: 'postalCode', from_address: 'from', to_address: 'to' };
  const steps = field.replace(/^shipment\./, '').split('.');
  return steps.flatMap((step) => (step === 'parcel' ? ['parcels', '0'] : [ours[step] ?? step]));
}

/** A 2xx that we can't read: EasyPost has acted, and we do not know what it did. */
export function unreadable(what: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `EasyPost answered ${what} in a form that we can't read`, {
    hint: 'Report this with the time of the call: the provider has changed its answer.',
    refused: false,
    cause,
  });
}

export function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return undefined;
  }
}
