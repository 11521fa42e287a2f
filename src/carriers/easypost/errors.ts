import { z } from 'zod';

import { ProviderError, type ProviderFailureCode } from '../../domain/errors.ts';
import { parseJson } from '../../domain/json.ts';
import type { Response } from '../../transport/http.ts';
import { retryAfterSeconds } from '../../transport/retry.ts';

/** What EasyPost says when it refuses; the envelope is one, what lies in `errors` varies. */
interface Fault {
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
      message: z.unknown().optional(),
      errors: z.array(z.unknown()).nullish().catch(undefined),
    }),
  ]),
});

function readFault(answer: Response): Fault {
  const raw = answer.body.toString('utf8');
  const parsed = envelope.safeParse(parseJson(raw));
  if (!parsed.success) return { known: false, message: raw.slice(0, 300).trim() };
  const { error } = parsed.data;
  if (typeof error === 'string') return { known: true, message: words(error) };
  const details = [error.message, ...(error.errors ?? [])].flatMap(readDetails);
  return {
    known: Boolean(error.code),
    code: error.code ?? undefined,
    message: details.map((detail) => detail.text).filter(Boolean).join(' '), // prettier-ignore
    field: details.map(({ field }) => field).find((field) => field && toField(field)),
  };
}

/** A sentence, `{field, message}`, `{code, message}`, or `{the_field: "what is wrong", ...}`. */
function readDetails(told: unknown): { text: string; field?: string }[] {
  const detail = unpacked(told);
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail))
    return [{ text: words(detail) }];
  const { field, message, ...rest } = detail as Record<string, unknown>;
  if (typeof field === 'string') return [{ text: `${field} ${words(message)}`.trim(), field }];
  if (message !== undefined) return [{ text: words(message) }];
  return Object.entries(rest).map(([name, text]) => ({ text: `${name} ${words(text)}`, field: name }));
}

/** A message is a sentence, or a list or tree of them as a carrier wrote it, some of them as JSON in a text. */
function words(told: unknown): string {
  const message = unpacked(told);
  if (typeof message === 'string' || typeof message === 'number') return String(message);
  if (Array.isArray(message)) return message.map(words).filter(Boolean).join('; ');
  if (typeof message !== 'object' || message === null) return '';
  return Object.entries(message).map(([name, text]) => `${name}: ${words(text)}`).join('; '); // prettier-ignore
}

const unpacked = (told: unknown): unknown =>
  typeof told === 'string' && /^\s*[[{]/.test(told) ? (parseJson(told) ?? told) : told;

/** Which of our failures a refusal is. */
export function failureOf(answer: Response, now: number): ProviderError {
  const fault = readFault(answer);
  const { code, hint } = classify(answer.status, fault);
  const said = fault.message ? `: ${fault.message.slice(0, 300)}` : '';
  return new ProviderError(code, `EasyPost answered ${answer.status}${said}`, {
    hint,
    retryAfterSeconds: retryAfterSeconds(answer, now),
    field: fault.field === undefined ? undefined : toField(fault.field),
    providerCode: fault.code,
    providerMessage: fault.message || undefined,
    refused:
      fault.known &&
      answer.status >= 400 &&
      answer.status < 500 &&
      answer.status !== 408 &&
      !undecided.test(fault.code ?? ''),
  });
}

/** A purchase that EasyPost is still at, or whose carrier has not answered it: a label may yet come of it. */
const undecided = /^SHIPMENT\.(PURCHASE\.IN_PROGRESS|POSTAGE\.(NO_RESPONSE|TIMED_OUT))$/;

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
    case 423:
      // What is being made can't be changed yet.
      return { code: 'UNAVAILABLE', hint: 'Ask again in a moment.' };
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
  [/^TRACKER\.CARRIER_CODE_MISMATCH$/, 'NOT_FOUND', 'The number is not one of that carrier: check both.'],
  [/^TRACKER\.UNSUPPORTED_CARRIER$/, 'NOT_SUPPORTED', 'EasyPost does not track this carrier.'],
  [/^TRACKER\.INVALID_TEST_CODE$/, 'WRONG_ENVIRONMENT', 'Test numbers are for test keys (EZTK) alone.'],
];

/** Fields of EasyPost's addresses, and of ours. */
const addressFields: readonly (readonly [theirs: string, ours: string])[] = [
  ...[
    'name',
    'company',
    'street1',
    'street2',
    'city',
    'state',
    'country',
    'phone',
    'email',
    'residential',
  ].map((name) => [name, name] as const),
  ['zip', 'postalCode'],
];
const parcelFields: readonly (readonly [theirs: string, ours: string])[] = [
  ['weight', 'weight'],
  ['length', 'dimensions.length'],
  ['width', 'dimensions.width'],
  ['height', 'dimensions.height'],
  ['predefined_package', 'packaging'],
];
const under = (theirs: string, ours: string, fields: readonly (readonly [string, string])[]) => [
  [theirs, ours] as const,
  ...fields.map(([name, own]) => [`${theirs}.${name}`, `${ours}.${own}`] as const),
];

/** EasyPost's paths, and ours into a question about rates, a parcel's number or a pickup; `*` is a place in a list. */
const places: ReadonlyMap<string, string> = new Map([
  ...addressFields,
  // Of a pickup: an address that is verified is wrapped in this word.
  ...under('address', 'address', addressFields).slice(1),
  ...under('from_address', 'from', addressFields),
  ...under('to_address', 'to', addressFields),
  ...under('parcel', 'parcels.0', parcelFields),
  ...under('shipments.*.parcel', 'parcels.*', parcelFields),
  ...under('customs_info', 'customs', [
    ['contents_type', 'contents'],
    ['contents_explanation', 'explanation'],
    ['customs_signer', 'signer'],
    ['non_delivery_option', 'nonDelivery'],
    ['eel_pfc', 'eelPfc'],
    ['customs_items', 'items'],
    ...under('customs_items.*', 'items.*', [
      ['description', 'description'],
      ['quantity', 'quantity'],
      ['value', 'totalValue.amount'],
      ['currency', 'totalValue.currencyCode'],
      ['weight', 'totalWeight'],
      ['code', 'hsTariffNumber'],
      ['hs_tariff_number', 'hsTariffNumber'],
      ['origin_country', 'originCountry'],
    ]),
  ]),
  ['insurance', 'options.insuredValue'],
  ['is_return', 'options.isReturn'],
  ['reference', 'reference'],
  ['options.label_date', 'shipDate'],
  ['options.delivery_confirmation', 'options.signature'],
  ['options.saturday_delivery', 'options.saturdayDelivery'],
  ['tracking_code', 'trackingNumber'],
  ['carrier', 'carrier'],
  ['min_datetime', 'readyFrom'],
  ['max_datetime', 'readyUntil'],
  ['instructions', 'instructions'],
]);

/** Bodies are wrapped in the name of what is made. */
const wrapper = /^(shipment|order|address|tracker|pickup)\./;

/** EasyPost's path in our words, as deep as they reach; undefined where it leads nowhere in our input. */
export function toField(path: string): readonly string[] | undefined {
  const steps = path.replace(/\[(\w+)\]/g, '.$1').replace(wrapper, '').split('.'); // prettier-ignore
  const numbers = steps.filter((step) => /^\d+$/.test(step));
  for (let depth = steps.length; depth > 0; depth--) {
    const theirs = steps.slice(0, depth).map((step) => (/^\d+$/.test(step) ? '*' : step));
    const ours = places.get(theirs.join('.'));
    if (ours) return ours.split('.').map((step) => (step === '*' ? numbers.shift()! : step));
  }
  return undefined;
}

/** A 2xx that we can't read: EasyPost has acted, and we do not know what it did. */
export function unreadable(what: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `EasyPost answered ${what} in a form that we can't read`, {
    hint: 'Report this with the time of the call: the provider has changed its answer.',
    refused: false,
    cause,
  });
}
