import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { CallOptions, Diagnostic } from '../../adapter.ts';
import { formatTime } from '../../diagnostics.ts';
import { missingForPayment, type UspsCredentials } from '../credentials.ts';
import { meaningOf } from '../error-codes.ts';
import { failed, ok, warning, type DiagnosticContext } from './context.ts';

/** Checks that the account sets the identifiers that a payment authorization requires. */
export function checkIdentifiers(credentials: UspsCredentials): Diagnostic {
  const check = 'identifiers';
  const missing = missingForPayment(credentials);
  if (missing.length === 0) return ok(check, 'the account names the owner and the payer of labels');
  const { crid, mid, accountType } = credentials;
  if (!crid && !mid && !accountType) {
    return warning(
      check,
      'only label purchases fail with 401, since the account names no payer and gets no payment token',
      'To buy labels, set crid, mid, manifestMid, accountType and accountNumber in the credentials.',
    );
  }
  return failed(
    check,
    `labels can't be paid for without ${missing.join(', ')}`,
    'Set these in the credentials, as the USPS Business Customer Gateway shows them.',
  );
}

/** Checks that USPS authorizes the account to pay for labels. Makes one call where no valid authorization is cached. */
export async function checkPayment(
  { payment, usps }: DiagnosticContext,
  call: CallOptions,
): Promise<Diagnostic> {
  const check = 'payment';
  const { token: cached } = await payment.tokenState();
  if (cached && cached.expiresAt > usps.clock.now())
    return ok(check, `the cached authorization is valid until ${formatTime(cached.expiresAt)}`);
  const token = await outcome(() => payment.token(call.signal));
  if (!(token instanceof ProviderError))
    return ok(check, `USPS granted an authorization that is valid until ${formatTime(token.expiresAt)}`);
  const { code, message, hint, providerCode } = token;
  // The hint of USPS's own error code is the exact one; a refusal without a code is about the app's claims.
  if (providerCode !== undefined && meaningOf(providerCode)) return failed(check, message, hint);
  if (['PAYMENT_NOT_AUTHORIZED', 'ACCOUNT_NOT_AUTHORIZED', 'CREDENTIALS_REJECTED'].includes(code)) {
    return failed(
      check,
      `the app is not authorized to act for the account's CRID: ${message}`,
      'Link the app to CRID, MIDs and payment account in the USPS Customer Onboarding Portal (COP claims), with the CRID enrolled in USPS Ship.',
    );
  }
  if (code === 'REJECTED') {
    return failed(
      check,
      message,
      'Check accountType, accountNumber, crid, mid and manifestMid of the account, and its state in the Enterprise Payment System.',
    );
  }
  return failed(check, message, hint);
}
