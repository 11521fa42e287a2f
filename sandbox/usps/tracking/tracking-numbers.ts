import { uspsSandboxClient } from '../oauth/clients.ts';

/**
 * A 22-digit IMpb number with its check digit (Publication 199, 3.1): channel, service type, mailer, serial.
 * A nine-digit mailer goes with channel 92 and a serial of seven, a six-digit one with 93 and ten.
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

/** An S10 number of the Universal Postal Union: service, serial, check digit, country. Guess: which letters. */
export function uspsInternationalNumber(serial: number, mailClass: string): string {
  const letters = mailClass.startsWith('PRIORITY_MAIL_EXPRESS')
    ? 'EZ'
    : mailClass.startsWith('FIRST')
      ? 'LZ'
      : 'CZ';
  const digits = String(serial).padStart(8, '0');
  return `${letters}${digits}${s10CheckDigit(digits)}US`;
}

/** Modulo 11, weights 8 6 4 2 3 5 9 7. */
export function s10CheckDigit(digits: string): string {
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  const check = 11 - (sum % 11);
  return String(check === 10 ? 0 : check === 11 ? 5 : check);
}

/** Modulo 10, weights 3 and 1 from the right. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++)
    sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

/** The mailer that an IMpb number names; undefined for numbers of another construction. */
export function mailerOf(trackingNumber: string): string | undefined {
  if (!/^9[23]\d{20}$/.test(trackingNumber)) return undefined;
  return trackingNumber.slice(5, trackingNumber.startsWith('92') ? 14 : 11);
}

/** A mailer that no client is. */
export const otherMailersMid = '907654321';

/** Numbers that every sandbox knows; their journeys are told from its first start (`journey.ts`). */
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
  /** Issued, and never scanned nor announced: no update yet. */
  noUpdate: uspsTrackingNumber(10),
  /** Belongs to another mailer. */
  otherMailer: uspsTrackingNumber(1, otherMailersMid),
  /** Well formed, and nobody's. */
  unknown: uspsTrackingNumber(9_999_999),
};
