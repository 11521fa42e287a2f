import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Emulator } from '../../sandbox/emulator.ts';
import {
  supportedOperations,
  type ProviderAdapter,
  type LabelledParcel,
  type LabelRequest,
  type PreparedRequest,
} from '../../src/carriers/adapter.ts';
import type { Address } from '../../src/domain/address.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import { compareMoney, type Money } from '../../src/domain/money.ts';
import { packagings, type Parcel } from '../../src/domain/parcel.ts';
import type { Offer, Quote, RateRequest } from '../../src/domain/rate.ts';
import type { PurchasedLabel } from '../../src/domain/shipment.ts';
import { box, receiver, sender } from '../support/test-server.ts';

/** What the suite needs to know of one adapter and of the emulated provider behind it. */
export interface Subject {
  readonly carrier: ProviderAdapter;
  readonly emulator: Emulator;
  readonly clock?: { advance(milliseconds: number): void };
  /** Numbers that it knows, and one that it can't know. */
  readonly numbers: { readonly known: readonly string[]; readonly unknown: string };
  /** A path that each ability calls, to spoil it. */
  readonly paths: Readonly<
    Record<'verify' | 'quote' | 'track' | 'buy' | 'void' | 'pickup' | 'cancel' | 'manifest', RegExp>
  >;
  /** What the provider has charged so far, by number. */
  charges(): readonly { trackingNumber: string }[];
  /** What the customs are told of a sold parcel, where that lies at the provider and not in what was prepared. */
  declared?(sold: PurchasedLabel): Promise<unknown>;
  close(): Promise<void>;
}

const nowhere: Address = { street1: '000 Nowhere Lane', city: 'Not A City', state: 'CA', postalCode: '00001', country: 'US' }; // prettier-ignore
const shipDate = '2026-11-18';
const nextDay = '2026-11-19';
const door = (address: Address) => ({ ...address, phone: '2025550100', email: 'sally@example.com' });
/** Where the subjects' clocks stand. */
const quotedAt = Date.parse(`${shipDate}T18:00:00Z`);
const request: RateRequest = {
  from: sender,
  to: receiver,
  parcels: [box as Parcel],
  shipDate,
};
const abroad: RateRequest = {
  ...request,
  from: { ...sender, phone: '2025550100' },
  to: { name: 'Ana Roy', street1: '111 Wellington St', city: 'Ottawa', state: 'ON', postalCode: 'K1A 0A9', country: 'CA', phone: '+1 613 555 0100' },
  customs: {
    contents: 'MERCHANDISE',
    items: [
      {
        description: 'Cotton shirt',
        quantity: 2,
        totalValue: { amount: '40.00', currencyCode: 'USD' },
        totalWeight: { value: 16, unit: 'OUNCE' },
        hsTariffNumber: '610510',
        originCountry: 'US',
      },
    ],
  },
}; // prettier-ignore
const call = { signal: new AbortController().signal };
const good = <T>(outcome: T | ProviderError): T => {
  if (outcome instanceof ProviderError) throw outcome;
  return outcome;
};

/** The provider contract, which every adapter keeps. A skipped case gives its reason. */
export function conformance(
  name: string,
  open: () => Promise<Subject>,
  skips: Partial<Record<string, string>> = {},
): void {
  const rule = (title: string, test: (subject: Subject) => Promise<void>) => {
    const reason = skips[title];
    it.skipIf(reason)(reason ? `${title} (skipped: ${reason})` : title, () => test(subject));
  };
  let subject: Subject;

  describe(`${name} keeps the contract`, () => {
    beforeAll(async () => void (subject = await open()));
    afterAll(() => subject.close());

    rule('operations are the methods that it has', async ({ carrier }) => {
      expect(supportedOperations(carrier)).toEqual(
        (
          [
            'VERIFY_ADDRESS',
            'QUOTE_RATES',
            'PURCHASE_LABEL',
            'VOID_LABEL',
            'TRACK',
            'SCHEDULE_PICKUP',
            'CREATE_MANIFEST',
            'FIND_LOCATIONS',
            'SEND_MAIL',
          ] as const
        ).filter(
          (operation) =>
            ({
              VERIFY_ADDRESS: carrier.verify,
              QUOTE_RATES: carrier.quote,
              PURCHASE_LABEL: carrier.labels,
              VOID_LABEL: carrier.labels?.void,
              TRACK: carrier.track,
              SCHEDULE_PICKUP: carrier.pickups,
              CREATE_MANIFEST: carrier.manifests,
              FIND_LOCATIONS: carrier.locations,
              SEND_MAIL: carrier.mail,
            })[operation],
        ),
      );
    });

    rule(
      'reads return as many answers as questions, in order, a failure in its own slot',
      async (subject) => {
        const { carrier, numbers } = subject;
        const [first, second] = numbers.known as [string, string];
        const asked = [first, numbers.unknown, second, first].map((trackingNumber) => ({
          trackingNumber,
          carrier: 'USPS',
        }));
        const answers = await carrier.track!(asked, call);
        expect(answers).toHaveLength(4);
        const unknown = answers[1]!;
        expect(unknown instanceof ProviderError ? unknown.code : unknown.status).toMatch(
          /^(NOT_FOUND|UNKNOWN)$/,
        );
        expect(good(answers[0]!).events.length).toBeGreaterThan(0);
        expect(answers[3]).toEqual(answers[0]);
        expect(good(answers[2]!)).not.toEqual(good(answers[0]!));
      },
    );

    rule('nothing asked is nothing called', async ({ carrier, emulator }) => {
      const before = emulator.calls.length;
      expect(await carrier.track!([], call)).toEqual([]);
      expect(await carrier.quote!([], call)).toEqual([]);
      expect(await carrier.verify!([], call)).toEqual([]);
      expect(emulator.calls.length).toBe(before);
    });

    rule('events come newest first, with instants that have a zone', async ({ carrier, numbers }) => {
      const answers = await carrier.track!(numbers.known.map((trackingNumber) => ({ trackingNumber })), call); // prettier-ignore
      for (const { events } of answers.map(good)) {
        const times = events.flatMap((event) => (event.occurredAt ? [Date.parse(event.occurredAt)] : []));
        expect(times).toEqual([...times].sort((a, b) => b - a));
        for (const { occurredAt, occurredAtLocal } of events) {
          if (occurredAt) expect(occurredAt).toMatch(/(Z|[+-]\d\d:\d\d)$/);
          if (occurredAtLocal) expect(occurredAtLocal).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
        }
      }
    });

    rule('an address is standardised, completed or called undeliverable', async ({ carrier }) => {
      const [right, wrong] = await carrier.verify!([receiver, nowhere], call);
      expect(good(right!)).toMatchObject({
        status: 'VERIFIED',
        address: { city: 'SAN FRANCISCO', state: 'CA', postalCode: expect.stringMatching(/^94107-\d{4}$/) },
      });
      expect(good(wrong!)).toMatchObject({
        status: 'UNDELIVERABLE',
        messages: [{ message: expect.any(String) }],
      });
      expect(good(wrong!).address).toBeUndefined();
    });

    rule(
      'offers are exact money in a known service, and what they are made of adds up',
      async ({ carrier }) => {
        const [answer] = await carrier.quote!([request], call);
        const { offers } = good(answer!);
        expect(offers.length).toBeGreaterThan(1);
        for (const offer of offers) {
          expect(offer.price.amount).toMatch(/^\d+\.\d{2}$/);
          expect(offer.service.code).toMatch(/^[A-Z0-9_]+$/);
          expect(offer.service.name).toMatch(/^[A-Z]/);
          const charged = offer.charges.reduce(
            (total, { amount }) => total + Math.round(Number(amount.amount) * 100),
            0,
          );
          expect(charged).toBe(Math.round(Number(offer.price.amount) * 100));
          expect(JSON.parse(JSON.stringify(offer.providerRef))).toEqual(offer.providerRef);
        }
        const services = offers.map((offer) => `${offer.carrier} ${offer.service.code}`);
        expect(new Set(services).size).toBe(services.length);
        expect(offers.map((offer) => offer.service.code)).toContain('PRIORITY_MAIL');
      },
    );

    rule(
      'a signature and insurance are in the price of services that have them, and on the label',
      async (subject) => {
        const { carrier } = subject;
        const options = { signature: true, insuredValue: { amount: '200.00', currencyCode: 'USD' } };
        const [plain, more] = (await carrier.quote!([request, { ...request, options }], call)).map(good);
        const priority = ({ offers }: Quote) =>
          offers.find(({ service }) => service.code === 'PRIORITY_MAIL')!;
        expect(compareMoney(priority(more!).price, priority(plain!).price)).toBeGreaterThan(0);
        const order = orderFor({ ...request, options }, priority(more!));
        const [prepared] = await carrier.labels!.prepare(order, call);
        const [sold] = await carrier.labels!.buy(kept(prepared!), call);
        // Insurance that is sold apart from the postage is charged at purchase.
        expect(compareMoney(sold!.price, priority(more!).price)).toBeGreaterThanOrEqual(0);
        expect(sold!.charges.length).toBeGreaterThan(1);
      },
    );

    rule('a carrier’s packaging is quoted for itself, whatever the parcel’s size', async ({ carrier }) => {
      const parcel: Parcel = { weight: (box as Parcel).weight, packaging: 'MEDIUM_FLAT_RATE_BOX' };
      const heavy = { ...parcel, weight: { value: 60, unit: 'POUND' } as const };
      const asked = [request, { ...request, parcels: [parcel] }, { ...request, parcels: [heavy] }];
      const [own, flat, heavier] = (await carrier.quote!(asked, call)).map((each) => good(each).offers);
      expect(flat!.map(({ carrier, service }) => [carrier, service.code])).toEqual([
        ['USPS', 'PRIORITY_MAIL'],
      ]);
      expect(heavier!.map(({ price }) => price)).toEqual(flat!.map(({ price }) => price));
      expect(own!.map(({ price }) => price)).not.toContainEqual(flat![0]!.price);
      for (const packaging of packagings) {
        const [quote] = await carrier.quote!([{ ...request, parcels: [{ ...parcel, packaging }] }], call);
        expect(good(quote!).offers.length, packaging).toBeGreaterThan(0);
      }
    });

    rule(
      'a parcel across a border is quoted, labelled with its customs form, and refused without one',
      async (subject) => {
        const { carrier, charges } = subject;
        const before = charges().length;
        const product = ({ service }: Offer) => service.code === 'PRIORITY_MAIL_INTERNATIONAL';
        const [quote, bare] = await carrier.quote!([abroad, { ...abroad, customs: undefined }], call);
        const order = orderFor(abroad, good(quote!).offers.find(product)!);
        const silent = orderFor({ ...abroad, customs: undefined }, good(bare!).offers.find(product)!);
        await expect(carrier.labels!.prepare(silent, call)).rejects.toMatchObject({
          name: 'ProviderError',
          field: ['customs'],
          refused: true,
          hint: expect.any(String),
        });
        expect(charges().length).toBe(before);
        const [prepared] = await carrier.labels!.prepare(order, call);
        const [sold] = await carrier.labels!.buy(kept(prepared!), call);
        const declared = subject.declared ? await subject.declared(sold!) : prepared!.request;
        expect(JSON.stringify(declared)).toContain('Cotton shirt');
        expect(charges().length).toBe(before + 1);
        expect(sold!.quotedAmount).toEqual(order.offer.price);
        const label =
          'data' in sold!.label
            ? sold!.label.data
            : await carrier.labels!.fetchDocument!(sold!.label.source, call);
        expect(Buffer.from(label).subarray(0, 5).toString()).toBe('%PDF-');
        expect(await carrier.labels!.reconcile(kept(prepared!), call)).toMatchObject([
          { trackingNumber: sold!.trackingNumber },
        ]);
        expect(charges().length).toBe(before + 1);
      },
    );

    rule(
      'several parcels are priced together and bought with a number each',
      async ({ carrier, charges }) => {
        const before = charges().length;
        const heavy: Parcel = { ...(box as Parcel), weight: { value: 5, unit: 'POUND' } };
        const asked = [[box as Parcel], [heavy], [box as Parcel, heavy, box as Parcel]].map((parcels) => ({ ...request, parcels })); // prettier-ignore
        const cents = ({ amount }: Money) => Math.round(Number(amount) * 100);
        const [light, one, all] = (await carrier.quote!(asked, call)).map((each) =>
          good(each).offers.find(({ service }) => service.code === 'PRIORITY_MAIL')!,
        );
        expect(cents(all!.price)).toBe(2 * cents(light!.price) + cents(one!.price));
        expect(all!.charges.reduce((sum, { amount }) => sum + cents(amount), 0)).toBe(cents(all!.price));
        const prepared = await carrier.labels!.prepare(orderFor(asked[2]!, all!), call);
        expect(prepared).toHaveLength(3);
        const lots = new Map(prepared.map((each) => [each.attemptId, each]));
        const sold = [];
        for (const lot of lots.values()) sold.push(...(await carrier.labels!.buy(kept(lot), call)));
        expect(new Set(sold.map(({ trackingNumber }) => trackingNumber)).size).toBe(3);
        expect(charges().length).toBe(before + 3);
        expect(sold.reduce((sum, { quotedAmount }) => sum + cents(quotedAmount), 0)).toBe(cents(all!.price));
      },
    );

    rule('a heavier parcel never costs less', async ({ carrier }) => {
      const weights = [1, 8, 16, 17, 32, 160, 480];
      const quotes = await carrier.quote!(
        weights.map((value) => ({
          ...request,
          parcels: [{ ...(box as Parcel), weight: { value, unit: 'OUNCE' } }],
        })),
        call,
      );
      const prices = quotes.map(
        (quote) =>
          good(quote).offers.find(
            ({ carrier, service }) => carrier === 'USPS' && service.code === 'PRIORITY_MAIL',
          )!.price,
      );
      expect([...prices].sort(compareMoney)).toEqual(prices);
    });

    rule('a label is bought once, and recalled rather than bought again', async ({ carrier, charges }) => {
      const before = charges().length;
      const { labels } = carrier;
      const [prepared] = await labels!.prepare(await orderOf(carrier), call);
      expect(charges().length).toBe(before);
      const [sold] = await labels!.buy(kept(prepared!), call);
      expect(charges().length).toBe(before + 1);
      expect(await labels!.reconcile(kept(prepared!), call)).toMatchObject([
        { trackingNumber: sold!.trackingNumber },
      ]);
      expect(charges().length).toBe(before + 1);
      const pdf =
        'data' in sold!.label ? sold!.label.data : await labels!.fetchDocument!(sold!.label.source, call);
      expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-');
      expect(sold!.price.amount).toMatch(/^\d+\.\d{2}$/);
    });

    rule('a label comes in the format that was asked for', async ({ carrier }) => {
      for (const [format, start] of [
        ['PDF', '%PDF-'],
        ['PNG', '\x89PNG'],
        ['ZPL', '^XA'],
      ] as const) {
        const [prepared] = await carrier.labels!.prepare({ ...(await orderOf(carrier)), format }, call);
        const [bought] = await carrier.labels!.buy(kept(prepared!), call);
        const { label } = bought!;
        expect(label.format).toBe(format);
        const file = 'data' in label ? label.data : await carrier.labels!.fetchDocument!(label.source, call);
        expect(Buffer.from(file).toString('latin1').slice(0, start.length)).toBe(start);
      }
    });

    rule('a lost answer is no refusal, and recalling it tells what was bought', async (subject) => {
      const { carrier, charges, emulator, paths } = subject;
      const before = charges().length;
      const [prepared] = await carrier.labels!.prepare(await orderOf(carrier), call);
      emulator.spoil({ method: 'POST', path: paths.buy, times: 1, drop: 'after' });
      await expect(carrier.labels!.buy(kept(prepared!), call)).rejects.toMatchObject({ refused: false });
      expect(charges().length).toBe(before + 1);
      const [sold] = (await carrier.labels!.reconcile(kept(prepared!), call))!;
      expect(sold!.trackingNumber).toBe(charges().at(-1)!.trackingNumber);
      expect(charges().length).toBe(before + 1);
    });

    rule(
      'a label that is given back is so once, however often and whatever answer is lost',
      async (subject) => {
        const { carrier, emulator } = subject;
        const [prepared] = await carrier.labels!.prepare(await orderOf(carrier), call);
        const [first] = await carrier.labels!.buy(kept(prepared!), call);
        const { trackingNumber, reference } = first!;
        const label = { trackingNumber, reference, prepared: kept(prepared!) };
        emulator.spoil({ path: subject.paths.void, times: 1, drop: 'after' });
        const lost = await carrier.labels!.void!(label, call).catch((error: unknown) => error);
        const again = await carrier.labels!.void!(label, call);
        if (!(lost instanceof ProviderError)) expect(again).toEqual(lost);
        expect(again.status).toMatch(/^(REQUESTED|REFUNDED)$/);
        expect(again.voided).toBe(again.status === 'REFUNDED');
      },
    );

    rule('a parsed refusal of a purchase is one', async ({ carrier, emulator, paths, charges }) => {
      const before = charges().length;
      const [prepared] = await carrier.labels!.prepare(await orderOf(carrier), call);
      for (const { status, body, refused } of [
        {
          status: 400,
          body: { error: { code: 'X.Y', message: 'no', errors: [] }, apiVersion: '/x' },
          refused: true,
        },
        { status: 400, body: '<html>proxy</html>', refused: false },
        { status: 500, body: { error: { code: 'X.Y', message: 'no', errors: [] } }, refused: false },
        { status: 408, body: { error: { code: 'X.Y', message: 'no', errors: [] } }, refused: false },
        { status: 200, body: 'not what was promised', refused: false },
      ]) {
        emulator.spoil({ method: 'POST', path: paths.buy, times: 1, answer: { status, body } });
        const failed = carrier.labels!.buy(kept(prepared!), call);
        await expect(failed, `${status} ${JSON.stringify(body)}`).rejects.toMatchObject({
          name: 'ProviderError',
          refused,
        });
      }
      expect(charges().length).toBe(before);
    });

    for (const [status, code] of [
      [429, 'RATE_LIMITED'],
      [503, 'UNAVAILABLE'],
      [500, 'UNAVAILABLE'],
    ] as const) {
      rule(
        `${status} is ${code} in every slot, whatever its body`,
        async ({ carrier, emulator, paths, numbers, clock }) => {
          for (const body of [
            '',
            'There was an internal server error.',
            '<html><b>oops</b></html>',
            '{"error":',
          ]) {
            const stop = emulator.spoil({ path: paths.track, answer: { status, body } });
            const answers = await carrier.track!(
              [{ trackingNumber: numbers.known[0]!, carrier: 'USPS' }],
              call,
            );
            stop();
            expect(answers).toMatchObject([{ name: 'ProviderError', code, retryable: true }]);
            // Nothing is sent for a while after a 429.
            clock?.advance(60_000);
          }
        },
      );
    }

    rule('an answer that is not what was promised is UNREADABLE', async ({ carrier, emulator, paths }) => {
      for (const [path, ask] of [
        [paths.quote, () => carrier.quote!([request], call)],
        [paths.verify, () => carrier.verify!([receiver], call)],
      ] as const) {
        const stop = emulator.spoil({ path, answer: { status: 200, body: { nothing: 'known' } } });
        const answers = (await ask()) as readonly unknown[];
        stop();
        expect(answers).toMatchObject([{ name: 'ProviderError', code: 'UNREADABLE' }]);
      }
    });

    rule('what it is not asked any more is not waited for', async ({ carrier, emulator, paths }) => {
      const stop = emulator.spoil({ path: paths.quote, hang: true });
      const left = new AbortController();
      const asked = carrier.quote!([request], { signal: left.signal });
      left.abort(new Error('the caller left'));
      await expect(asked).rejects.toThrow('the caller left');
      stop();
    });

    rule('a pickup is scheduled once and cancelled harmlessly twice', async (subject) => {
      const { carrier, emulator, paths } = subject;
      const pickups = carrier.pickups!;
      const before = emulator.count('POST', paths.pickup);
      const order = { address: door(sender), date: nextDay, parcels: [await readyParcel(carrier)] };
      const prepared = await pickups.prepare(order, call);
      expect(emulator.count('POST', paths.pickup)).toBe(before);
      const scheduled = await pickups.perform(kept(prepared), call);
      expect(emulator.count('POST', paths.pickup)).toBe(before + 1);
      expect(scheduled).toMatchObject({ confirmation: expect.stringMatching(/./), date: nextDay });
      expect(kept(scheduled)).toEqual(scheduled);
      emulator.spoil({ path: paths.cancel, times: 1, drop: 'after' });
      // Whether its answer was lost or not, it is cancelled.
      await pickups.cancel(kept(scheduled), call).catch(() => undefined);
      await pickups.cancel(kept(scheduled), call);
      await pickups.cancel(kept(scheduled), call);
      // The address is free again.
      const again = await pickups.perform(await pickups.prepare(order, call), call);
      await pickups.cancel(again, call);
    });

    rule('a lost answer to a pickup is no refusal', async (subject) => {
      const { carrier, emulator, paths } = subject;
      const order = { address: door(receiver), date: nextDay, parcels: [await readyParcel(carrier)] };
      const prepared = kept(await carrier.pickups!.prepare(order, call));
      const before = emulator.count('POST', paths.pickup);
      emulator.spoil({ method: 'POST', path: paths.pickup, times: 1, drop: 'after' });
      await expect(carrier.pickups!.perform(prepared, call)).rejects.toMatchObject({ refused: false });
      expect(emulator.count('POST', paths.pickup)).toBe(before + 1);
    });

    rule('a lost answer to a pickup is recalled', async (subject) => {
      const { carrier, emulator, paths } = subject;
      const pickups = carrier.pickups!;
      const order = { address: door(sender), date: nextDay, parcels: [await readyParcel(carrier)] };
      const prepared = kept(await pickups.prepare(order, call));
      emulator.spoil({ method: 'POST', path: paths.pickup, times: 1, drop: 'before' });
      await expect(pickups.perform(prepared, call)).rejects.toMatchObject({ refused: false });
      expect(await pickups.reconcile!(prepared, call)).toBeUndefined();
      emulator.spoil({ method: 'POST', path: paths.pickup, times: 1, drop: 'after' });
      await expect(pickups.perform(prepared, call)).rejects.toMatchObject({ refused: false });
      const found = await pickups.reconcile!(prepared, call);
      expect(found).toMatchObject({ confirmation: expect.stringMatching(/./), date: nextDay });
      await pickups.cancel(kept(found!), call);
    });

    rule('a manifest is made once of parcels, and is a form to print', async (subject) => {
      const { carrier, emulator, paths } = subject;
      const manifests = carrier.manifests!;
      const parcels = [await readyParcel(carrier), await readyParcel(carrier)];
      const before = emulator.count('POST', paths.manifest);
      const prepared = await manifests.prepare({ parcels }, call);
      expect(emulator.count('POST', paths.manifest)).toBe(before);
      const { form, reference } = await manifests.perform(kept(prepared), call);
      expect(emulator.count('POST', paths.manifest)).toBe(before + 1);
      expect(reference).toMatch(/./);
      const pdf = 'data' in form! ? form.data : await manifests.fetchDocument!(form!.source, call);
      expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-');
      const second = await manifests.prepare({ parcels: parcels.slice(0, 1) }, call);
      await expect(manifests.perform(second, call)).rejects.toMatchObject({
        code: 'REJECTED',
        refused: true,
      });
    });

    rule('a lost answer to a manifest is no refusal', async (subject) => {
      const { carrier, emulator, paths } = subject;
      const order = { parcels: [await readyParcel(carrier)] };
      const prepared = kept(await carrier.manifests!.prepare(order, call));
      const before = emulator.count('POST', paths.manifest);
      emulator.spoil({ method: 'POST', path: paths.manifest, times: 1, drop: 'after' });
      await expect(carrier.manifests!.perform(prepared, call)).rejects.toMatchObject({ refused: false });
      expect(emulator.count('POST', paths.manifest)).toBe(before + 1);
    });

    rule('a lost answer to a manifest is recalled', async (subject) => {
      const { carrier, emulator, paths } = subject;
      const manifests = carrier.manifests!;
      const prepared = kept(await manifests.prepare({ parcels: [await readyParcel(carrier)] }, call));
      emulator.spoil({ method: 'POST', path: paths.manifest, times: 1, drop: 'before' });
      await expect(manifests.perform(prepared, call)).rejects.toMatchObject({ refused: false });
      expect(await manifests.reconcile!(prepared, call)).toBeUndefined();
      emulator.spoil({ method: 'POST', path: paths.manifest, times: 1, drop: 'after' });
      await expect(manifests.perform(prepared, call)).rejects.toMatchObject({ refused: false });
      expect(await manifests.reconcile!(prepared, call)).toMatchObject({ form: { format: 'PDF' } });
    });
  });

  /** A parcel with a label of its own. */
  async function readyParcel(carrier: ProviderAdapter): Promise<LabelledParcel> {
    const order = await orderOf(carrier);
    const [prepared] = await carrier.labels!.prepare(order, call);
    const [sold] = await carrier.labels!.buy(prepared!, call);
    const { trackingNumber, reference } = sold!;
    const { carrier: hauler, service } = order.offer;
    const label = { trackingNumber, reference, prepared: kept(prepared!) };
    return { carrier: hauler, service, parcel: box as Parcel, from: sender, to: receiver, isReturn: false, shipDate, trackingNumber, label }; // prettier-ignore
  }

  async function orderOf(carrier: ProviderAdapter): Promise<LabelRequest> {
    const [quote] = await carrier.quote!([request], call);
    const offer = good<Quote>(quote!).offers.find((each) => each.service.code === 'PRIORITY_MAIL')!;
    return orderFor(request, offer);
  }
}

/** A cart keeps the offer as JSON. */
export function orderFor(request: RateRequest, offer: Offer): LabelRequest {
  const { from, to } = request;
  return { request, offer: kept(offer), from, to, format: 'PDF', quotedAt, maxPrice: offer.price };
}

/** As the ledger keeps it. */
const kept = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
export type { PreparedRequest };
