import { uspsSandboxClient } from '../oauth/clients.ts';

/**
 * A 22-digit IMpb number with its check digit (Publication 199, 3.1): channel, service type, mailer, serial.
 * A nine-digit mailer has channel 92 and a serial of seven digits, a six-digit one channel 93 and ten digits.
 */
export function uspsTrackingNumber(
  serial: number,
  mid = uspsSandboxClient.mid,
  serviceTypeCode = '001',
): string {
  const channel = mid.length === 9 ? '92' : '93';
  const digits = channel + serviceTypeCode + mid + String(serial).padStart(16 - mid.length, '0');
  return digits + checkDigit(digits);
}

/** An S10 number of the Universal Postal Union: service, serial, check digit, country. Guess: the service letters. */
export function uspsInternationalNumber(serial: number, mailClass: string): string {
  const letters = mailClass.startsWith('PRIORITY_MAIL_EXPRESS')
    ? 'EZ'
    : mailClass.startsWith('FIRST')
      ? 'LZ'
      : 'CZ';
  const digits = String(serial).padStart(8, '0');
  return `${letters}${digits}${s10CheckDigit(digits)}US`;
}

/** The check digit of S10: modulo 11, weights 8 6 4 2 3 5 9 7. */
export function s10CheckDigit(digits: string): string {
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  const check = 11 - (sum % 11);
  return String(check === 10 ? 0 : check === 11 ? 5 : check);
}

/** The check digit of IMpb: modulo 10, weights 3 and 1 from the right. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++)
    sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

/** The mailer ID in an IMpb number; undefined for other numbers. */
export function mailerOf(trackingNumber: string): string | undefined {
  if (!/^9[23]\d{20}$/.test(trackingNumber)) return undefined;
  return trackingNumber.slice(5, trackingNumber.startsWith('92') ? 14 : 11);
}

/** The ID of a mailer that no client has. */
export const otherMailersMid = '907654321';

/** Tracking numbers of every sandbox. Their parcels move from its first start on (`tracking-simulation.ts`). */
export const uspsSandboxNumbers = {
  delivered: uspsTrackingNumber(1),
  inTransit: uspsTrackingNumber(2),
  outForDelivery: uspsTrackingNumber(3),
  preShipment: uspsTrackingNumber(4),
  accepted: uspsTrackingNumber(5),
  deliveryAttempt: uspsTrackingNumber(6),
  availableForPickup: uspsTrackingNumber(7),
  returnToSender: uspsTrackingNumber(8),
  alert: uspsTrackingNumber(9),
  /** The label exists, and there are no events yet. */
  noUpdate: uspsTrackingNumber(10),
  /** The parcel of another mailer. */
  otherMailer: uspsTrackingNumber(1, otherMailersMid),
  /** A valid number without a parcel. */
  unknown: uspsTrackingNumber(9_999_999),
};
