/** A guaranteed or expected delivery day. */
export interface Commitment {
  name: string;
  /** `YYYY-MM-DD`; empty without a date. */
  date: string;
  guaranteed: boolean;
}

/**
 * The delivery day by mail class and zone, counted from the mailing date. A Sunday moves to Monday, except for Express.
 * Fitted to the recordings (zone 8: Express and Priority 2, Ground 4, Media 7; zone 6: Ground 3). Guess: all others.
 */
export function commitmentFor(
  mailClass: string,
  zone: number,
  mailingDate: string,
  military: boolean,
): Commitment | undefined {
  if (mailClass.endsWith('_RETURN_SERVICE')) return undefined;
  if (military) return { name: 'MILITARY', date: '', guaranteed: false };
  const guaranteed = mailClass === 'PRIORITY_MAIL_EXPRESS';
  const days = daysOf(mailClass, zone);
  const date = new Date(`${mailingDate}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  if (date.getUTCDay() === 0 && !guaranteed) date.setUTCDate(date.getUTCDate() + 1);
  return { name: days === 1 ? '1 Day' : `${days} Days`, date: date.toISOString().slice(0, 10), guaranteed };
}

function daysOf(mailClass: string, zone: number): number {
  switch (mailClass) {
    case 'PRIORITY_MAIL_EXPRESS':
      return zone <= 4 ? 1 : 2;
    case 'PRIORITY_MAIL':
      return zone === 9 ? 3 : 2;
    case 'USPS_GROUND_ADVANTAGE':
      return zone <= 3 ? 2 : zone <= 6 ? 3 : zone === 9 ? 5 : 4;
    case 'PARCEL_SELECT':
      return 3;
    default:
      return zone <= 3 ? 4 : zone <= 6 ? 5 : 7;
  }
}

/** Recorded: the deprecated field, without the `expectedDeliveryDate` of the documents. */
export function commitmentResponse(commitment: Commitment, documentMode: boolean) {
  return {
    name: commitment.name,
    ...(commitment.date === '' ? {} : { scheduleDeliveryDate: commitment.date }),
    ...(documentMode && commitment.date !== '' ? { expectedDeliveryDate: commitment.date } : {}),
    guaranteedDelivery: commitment.guaranteed,
    ...(documentMode ? { isPriorityMailNextDay: false } : {}),
  };
}
