/** Returns a tracking number with the check digit that the carrier computes. */
export function trackingNumber(
  carrier: string,
  service: string,
  international: boolean,
  serial: number,
): string {
  if (carrier.startsWith('UPS')) return upsNumber(serial);
  if (carrier.startsWith('FedEx')) return fedexNumber(serial);
  return international ? postalNumber(serial) : uspsNumber(service, serial);
}

const digits = (text: string) => [...text].map(Number);
const padded = (serial: number, length: number) => String(serial).padStart(length, '0').slice(-length);

/** Returns a USPS number. USPS Publication 199: weights 3 and 1 alternate from the right. */
function uspsNumber(service: string, serial: number): string {
  const type = { Priority: '94055', Express: '94701' }[service] ?? '94001';
  const number = `${type}002083${padded(serial, 10)}`;
  const sum = digits(number).reduceRight(
    (total, digit, index) => total + digit * (index % 2 === 0 ? 3 : 1),
    0,
  );
  return number + String((10 - (sum % 10)) % 10);
}

/** Returns an international number of the Universal Postal Union, standard S10. */
function postalNumber(serial: number): string {
  const number = padded(28_952_900 + serial, 8);
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const rest = 11 - (digits(number).reduce((total, digit, index) => total + digit * weights[index]!, 0) % 11);
  return `CM${number}${rest === 10 ? 0 : rest === 11 ? 5 : rest}US`;
}

/** Returns a UPS number: a letter counts (letter - A + 2) mod 10, and every second character counts double. */
function upsNumber(serial: number): string {
  const body = `5A00B103${padded(serial, 7)}`;
  const sum = [...body].reduce((total, character, index) => {
    const value = /\d/.test(character) ? Number(character) : (character.charCodeAt(0) - 63) % 10;
    return total + value * (index % 2 === 0 ? 1 : 2);
  }, 0);
  return `1Z${body}${(10 - (sum % 10)) % 10}`;
}

/** Returns a FedEx Express number: weights 3, 1 and 7 in turn, modulo 11. */
function fedexNumber(serial: number): string {
  const body = `7946${padded(serial, 7)}`;
  const weights = [3, 1, 7];
  const sum = digits(body).reduce((total, digit, index) => total + digit * weights[index % 3]!, 0);
  return body + String((sum % 11) % 10);
}
