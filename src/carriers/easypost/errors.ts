import { z } from 'zod';

import { ProviderError } from '../../domain/errors.ts';
import { parseJson } from '../../domain/json.ts';
import type { HttpResponse } from '../../transport/http.ts';
import { retryAfterSeconds } from '../../transport/retry.ts';
import { isRefusal, toFailure } from './error-codes.ts';
import { fieldInWords, toInputField } from './error-fields.ts';

/** Turns an error response into our failure. `now` is in epoch milliseconds. */
export function toProviderError(response: HttpResponse, now: number): ProviderError {
  const fault = readFault(response);
  const { code, hint, sentence, field } = toFailure(response.status, fault.code);
  const named = fault.field === undefined ? undefined : toInputField(fault.field);
  const worded = named ?? fieldInWords(fault.code ?? '', fault.message);
  return new ProviderError(code, toMessage(response.status, fault, sentence), {
    hint: worded && (!named || isMissing(fault.message)) ? hintFor(worded, fault.message) : hint,
    retryAfterSeconds: retryAfterSeconds(response, now),
    field: worded ?? field,
    providerCode: fault.code,
    providerMessage: fault.message || undefined,
    refused: fault.known && isRefusal(response.status, fault.code),
  });
}

/** The provider's words, or a sentence for its code. A code without either is shown. */
function toMessage(status: number, { code, message }: Fault, sentence: string | undefined): string {
  const shownCode = code !== undefined && sentence === undefined ? ` with ${code}` : '';
  const text = message.slice(0, 300) || sentence;
  return `EasyPost answered ${status}${shownCode}${text ? `: ${text}` : ''}`;
}

const isMissing = (message: string) => /\b(required|missing)\b/i.test(message);

function hintFor(field: readonly string[], message: string): string {
  const plain = /special characters?/i.test(message);
  const verb = plain ? 'Write plain letters and digits in' : isMissing(message) ? 'Give' : 'Correct';
  return `${verb} \`${field.join('.')}\`, then try again.`;
}

/** Returns the failure of a 2xx response that can't be parsed: EasyPost has acted, with an unknown result. */
export function unreadable(subject: string, cause?: unknown): ProviderError {
  return new ProviderError('UNREADABLE', `EasyPost answered with ${subject} in an unknown format`, {
    hint: 'Report this with the time of the call: EasyPost has changed its response format.',
    refused: false,
    cause,
  });
}

interface Fault {
  /** True where the body is an error of EasyPost's API, rather than of a proxy before it. */
  readonly known: boolean;
  readonly code?: string;
  readonly message: string;
  /** The first field that maps to our input. */
  readonly field?: string;
}

/** The envelope is always the same; the entries of `errors` vary. */
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

function readFault({ body }: HttpResponse): Fault {
  const text = body.toString('utf8');
  const parsed = envelope.safeParse(parseJson(text));
  if (!parsed.success) return { known: false, message: text.slice(0, 300).trim() };
  const { error } = parsed.data;
  if (typeof error === 'string') return { known: true, message: toText(error) };
  const details = withoutRepetition([error.message, ...(error.errors ?? [])].flatMap(readDetails));
  return {
    known: Boolean(error.code),
    code: error.code ?? undefined,
    message: details.map((detail) => detail.text).filter(Boolean).join(' '), // prettier-ignore
    field: details.map(({ field }) => field).find((field) => field && toInputField(field)),
  };
}

/** Drops the text of a detail that another one contains. */
function withoutRepetition(details: readonly Detail[]): Detail[] {
  return details.map((detail, index) => {
    const isRepeated = details.some(
      (other, position) =>
        position !== index &&
        other.text.includes(detail.text) &&
        (other.text !== detail.text || position < index),
    );
    return isRepeated ? { ...detail, text: '' } : detail;
  });
}

interface Detail {
  readonly text: string;
  readonly field?: string;
}

/** An entry is a sentence, `{field, message}`, `{code, message}`, or `{the_field: "the error", ...}`. */
function readDetails(entry: unknown): Detail[] {
  const detail = parseNested(entry);
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return [toDetail(detail)];
  const { field, message, ...rest } = detail as Record<string, unknown>;
  if (typeof field === 'string') return [{ text: `${field} ${toText(message)}`.trim(), field }];
  if (message !== undefined) return [toDetail(message)];
  return Object.entries(rest).map(([name, text]) => ({ text: `${name} ${toText(text)}`, field: name }));
}

/** Reads a message that may name a field in its words: "shipment.to_address.phone: Required". */
function toDetail(message: unknown): Detail {
  const text = toText(message);
  return { text, field: /\b(?:shipment|order|pickup)(?:\.\w+|\[\d+\])+/.exec(text)?.[0] };
}

/** A message is a sentence, or a list or tree of sentences from a carrier. */
function toText(value: unknown): string {
  const message = parseNested(value);
  if (typeof message === 'string' || typeof message === 'number') return String(message);
  if (Array.isArray(message)) return message.map(toText).filter(Boolean).join('; ');
  if (typeof message !== 'object' || message === null) return '';
  return Object.entries(message).map(([name, text]) => `${name}: ${toText(text)}`).join('; '); // prettier-ignore
}

/** Some messages of carriers are JSON inside a string. */
const parseNested = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*[[{]/.test(value) ? (parseJson(value) ?? value) : value;
