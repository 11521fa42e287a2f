import { expect, test } from 'vitest';

import { failureOf } from '../../src/carriers/usps/errors.ts';
import { meaningOf } from '../../src/carriers/usps/error-codes.ts';
import { describeContract, readContract } from './shared.ts';

interface Row {
  api: string;
  http: string;
  code?: string;
  parameter?: string;
  message?: string;
}

const now = Date.parse('2026-11-18T18:00:00Z');

/** A row of USPS's error workbook as its API would say it: shape A. */
function said({ http, code, parameter, message = '' }: Row) {
  // Placeholders of the workbook stand for what is sent.
  const source = { parameter: parameter?.replace('<addressType>', 'toAddress') };
  const item = { status: http, code, title: 'Bad Request', detail: message, source };
  const error = { code: http, message: 'Bad Request', errors: code === undefined ? [] : [item] };
  const body = Buffer.from(JSON.stringify({ apiVersion: '/labels/v3', error }));
  return failureOf({ status: Number(http), headers: {}, body }, now);
}

/** What a caller sends us and can mend. */
const ofInput =
  /\bzip ?code|ZIPPlus4|zip5|address|\bcity\b|\bstate\b|\bweight\b|\blength\b|\bwidth\b|\bheight\b|dimensions|mailing ?date|acceptance|customs|HSTariffNumber|countryOfOrigin/i;

const isAboutInput = ({ api, parameter = '', message = '' }: Row) =>
  // A number that is not known yet is told by the way in whole sentences.
  api !== 'Tracking' && ofInput.test(`${parameter} ${message}`);

/** Rows that speak of these and point at nothing that we were given, by their codes. */
const pointless: Readonly<Record<string, readonly string[]>> = {
  'is about containers, which nobody here fills': [
    '160145', '160146', '160147', '160148', '160149', '160374',
  ],
  'chooses a drop-off place, which we leave out': ['160044', '160045', '160046', '160047', '160048', '160093', '160094'],
  'is about images on labels, which we send none of': ['160337'],
  'is about a label that is sold': ['160252', '160378', '160381'],
  'is about the paying account': ['160215'],
}; // prettier-ignore

describeContract('USPS error workbook', () => {
  const rows = JSON.parse(readContract('usps/error-inventory.json')) as Row[];
  const coded = rows.filter((row) => row.code !== undefined);

  test('every row has a failure: by its code in the table, or by its status where it has none', () => {
    expect(rows).toHaveLength(695);
    expect(coded.filter(({ code }) => meaningOf(code!) === undefined)).toEqual([]);
    for (const row of coded) expect(said(row), row.code).toMatchObject({ code: meaningOf(row.code!)!.code });
    const byStatus = rows.filter((row) => row.code === undefined);
    expect(Object.fromEntries(byStatus.map((row) => [row.http, said(row).code]))).toEqual({
      400: 'REJECTED',
      401: 'CREDENTIALS_REJECTED',
      403: 'ACCOUNT_NOT_AUTHORIZED',
      404: 'NOT_FOUND',
      405: 'NOT_SUPPORTED',
      429: 'RATE_LIMITED',
      500: 'UNAVAILABLE',
      501: 'NOT_SUPPORTED',
      503: 'UNAVAILABLE',
    });
    const counts: Record<string, number> = {};
    for (const row of rows) counts[said(row).code] = (counts[said(row).code] ?? 0) + 1;
    console.info('rows of the error workbook by failure:', counts);
  });

  test('what is about an address, a weight, a size, a date or the customs form points at it', () => {
    const excused = new Set(Object.values(pointless).flat());
    const about = coded.filter(isAboutInput);
    const lost = about.filter((row) => said(row).field === undefined && !excused.has(row.code!));
    expect(lost.map(({ code, parameter, message }) => [code, parameter, message])).toEqual([]);
    console.info(
      `${about.length} rows are about input; with a field: ${coded.filter((row) => said(row).field).length}`,
    );
    // An excuse that is not needed any more goes.
    expect([...excused].filter((code) => coded.some((row) => row.code === code && said(row).field))).toEqual(
      [],
    );
  });

  test('nothing that the caller can mend is called an outage, and what is refused was refused', () => {
    for (const row of coded) {
      const failure = said(row);
      expect(failure.refused).toBe(true);
      if (isAboutInput(row)) expect(failure.code, row.code).not.toBe('UNAVAILABLE');
      if (failure.code === 'PAYMENT_NOT_AUTHORIZED')
        expect(failure.hint, row.code).toEqual(expect.any(String));
    }
    expect([...new Set(coded.filter((row) => said(row).retryable).map(({ code }) => code))]).toEqual([
      '160368',
    ]);
  });
});
