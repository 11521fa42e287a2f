import type { Verification } from '../../../domain/address.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import { readErrorBody, type ErrorBody } from '../error-response.ts';
import { failureOf } from '../errors.ts';
import { lacksLicense, licenseFailure } from './license.ts';

/** Maps an error response that judges the address to a verification. Throws a `ProviderError` for any other. */
export function fromRefusal(response: HttpResponse, now: number): Verification {
  const body = readErrorBody(response);
  const status = body.shape === 'standard' ? statusOf(body) : undefined;
  if (status === undefined) {
    const failure = failureOf(response, now, inputPaths);
    throw lacksLicense(response) ? licenseFailure(failure) : failure;
  }
  return { status, messages: [{ code: body.code, message: body.message }] };
}

/** Source: messages of the document and the error workbook, whose codes are 010001 to 010006. */
function statusOf({ message, code = '' }: ErrorBody): Verification['status'] | undefined {
  if (/multiple addresses|more than one address/i.test(message)) return 'AMBIGUOUS';
  const undeliverable =
    /address not found|no match|invalid (state code|city|zip code|delivery address)|(city|state code) in the request is missing or invalid|unverifiable|insufficient (address|to match)/i;
  return undeliverable.test(message) || /^01000[1-6]$/.test(code) ? 'UNDELIVERABLE' : undefined;
}

const inputPaths = {
  firm: ['company'],
  streetAddress: ['street1'],
  secondaryAddress: ['street2'],
  urbanization: ['urbanization'],
  city: ['city'],
  state: ['state'],
  ZIPCode: ['postalCode'],
  ZIPPlus4: ['postalCode'],
} as const;
