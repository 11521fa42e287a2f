import { describe, expect, it } from 'vitest';

import { openStore } from '../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient,
  uspsSandboxNumbers,
  uspsTrackingNumber,
  type UspsClient,
  type UspsSandbox,
} from '../../sandbox/usps/index.ts';
import type { UspsOptions } from '../../src/carriers/usps/credentials.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import { openConnections, timeout } from '../../src/transport/http.ts';
import { receiver, sender, box, testClock } from '../support/house.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';
import { conformance } from './conformance.ts';

const noon = '2026-11-18T18:00:00Z';
const call = { signal: new AbortController().signal };
const tracking = /\/tracking\//;

/** The adapter in front of an emulated USPS, on one clock. */
async function open(
  options: {
    client?: Partial<UspsClient>;
    credentials?: object;
    tracking?: UspsOptions['tracking'];
    priceType?: UspsOptions['priceType'];
    switches?: Partial<UspsSandbox['switches']>;
    quota?: number;
  } = {},
) {
  const clock = testClock(noon);
  const client = { ...uspsSandboxClient, ...options.client };
  const emulator = await startUsps({
    clock,
    store: openStore(),
    clients: [client],
    quota: options.quota ?? 10_000,
    ...options.switches,
  });
  const connections = openConnections();
  const carrier = usps.open(
    {
      key: 'account',
      clientKey: 'client',
      environment: 'TEST',
      baseUrl: emulator.url,
      credentials: usps.credentials.parse({
        clientId: client.id,
        clientSecret: client.secret,
        crid: client.crid,
        mid: client.mid,
        manifestMid: client.manifestMid,
        accountType: 'EPS',
        accountNumber: client.accountNumber,
        ...options.credentials,
      }),
      options: { tracking: options.tracking ?? 'auto', priceType: options.priceType ?? 'COMMERCIAL' },
      quota: { default: options.quota ?? 10_000 },
    },
    { send: timeout(connections.send), tokens: memoryTokens(), quotas: memoryQuotas(), clock },
  );
  return {
    clock,
    carrier,
    emulator,
    numbers: {
      known: [uspsSandboxNumbers.delivered, uspsSandboxNumbers.inTransit],
      unknown: uspsSandboxNumbers.unknown,
    },
    paths: {
      verify: /\/addresses\//,
      quote: /\/options\//,
      track: tracking,
      buy: /\/labels\/v3\/label$/,
      void: /\/label\/\d+$/,
    },
    charges: () => emulator.charges(),
    close: async () => {
      await connections.close();
      await emulator.close();
    },
  };
}

conformance('USPS', open);

/** As many numbers as wanted, all on their way. */
function parcels(emulator: UspsSandbox, count: number): { trackingNumber: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const trackingNumber = uspsTrackingNumber(5_000 + index);
    emulator.parcel({ trackingNumber });
    return { trackingNumber };
  });
}

describe('USPS prices', () => {
  const request = { from: sender, to: receiver, parcel: box as never, shipDate: '2026-11-18' };
  const priority = async ({ carrier }: Awaited<ReturnType<typeof open>>) => {
    const [quote] = await carrier.quote!([request], call);
    if (quote instanceof ProviderError) throw quote;
    return quote!.offers.find(({ service }) => service.code === 'PRIORITY_MAIL')!;
  };

  it('are commercial unless the account says retail or has a contract, with retail beside them', async () => {
    const subjects = await Promise.all(
      (['COMMERCIAL', 'RETAIL', 'CONTRACT'] as const).map((priceType) =>
        open({ priceType, client: { contractAccount: uspsSandboxClient.accountNumber } }),
      ),
    );
    const [commercial, retail, contract] = await Promise.all(subjects.map(priority));
    expect(commercial).toMatchObject({ priceType: 'COMMERCIAL', retailPrice: retail!.price });
    expect(retail).toMatchObject({ priceType: 'RETAIL', retailPrice: retail!.price });
    expect(contract).toMatchObject({ priceType: 'CONTRACT', retailPrice: retail!.price });
    expect(Number(contract!.price.amount)).toBeLessThan(Number(commercial!.price.amount));
    const { labels } = subjects[2]!.carrier;
    const order = { request, offer: contract!, from: sender, to: receiver, format: 'PDF' as const };
    const sold = await labels!.buy(await labels!.prepare(order, call), call);
    expect(sold.price).toEqual(contract!.price);
    await Promise.all(subjects.map(({ close }) => close()));
  });

  it('of a contract want the account that it is with', async () => {
    const subject = await open({ priceType: 'CONTRACT', credentials: { accountNumber: undefined } });
    await expect(priority(subject)).rejects.toMatchObject({ code: 'REJECTED', providerCode: '160154' });
    await subject.close();
  });
});

describe('USPS tracking', () => {
  it('takes 35 numbers a call', async () => {
    const { carrier, emulator, close } = await open();
    const answers = await carrier.track!(parcels(emulator, 71), call);
    expect(answers.filter((answer) => answer instanceof ProviderError)).toEqual([]);
    expect(emulator.count('POST', tracking)).toBe(3);
    await close();
  });

  it.each(['gateway-fault', 'client-invalid', 'not-found'] as const)(
    'asks one by one where the app has no batches, told by %s, and remembers it for a day',
    async (withoutV3r2) => {
      const { carrier, emulator, clock, close } = await open({
        client: { tracking: 'v3' },
        switches: { withoutV3r2 },
      });
      const numbers = parcels(emulator, 3);
      for (const expected of [1, 1]) {
        const answers = await carrier.track!(numbers, call);
        expect(answers.map((answer) => 'events' in answer)).toEqual([true, true, true]);
        expect(emulator.count('POST', tracking)).toBe(expected);
      }
      expect(emulator.count('GET', tracking)).toBe(6);
      clock.advance(24 * 60 * 60 * 1000 + 1);
      await carrier.track!(numbers, call);
      expect(emulator.count('POST', tracking)).toBe(2);
      await close();
    },
  );

  it('never tries batches where the account says v3, nor falls back where it says v3r2', async () => {
    const single = await open({ tracking: 'v3' });
    await single.carrier.track!(parcels(single.emulator, 2), call);
    expect(single.emulator.count('POST', tracking)).toBe(0);
    await single.close();

    const batch = await open({ tracking: 'v3r2', client: { tracking: 'v3' } });
    const answers = await batch.carrier.track!(parcels(batch.emulator, 2), call);
    expect(answers).toMatchObject([{ code: 'SCOPE_MISSING' }, { code: 'SCOPE_MISSING' }]);
    expect(batch.emulator.count('GET', tracking)).toBe(0);
    await batch.close();
  });

  it('tells a number that is not known yet from one that is another mailer’s', async () => {
    const { carrier, close } = await open();
    const answers = await carrier.track!(
      [
        { trackingNumber: uspsSandboxNumbers.noUpdate },
        { trackingNumber: uspsSandboxNumbers.otherMailer },
        { trackingNumber: uspsSandboxNumbers.delivered },
      ],
      call,
    );
    expect(answers).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'ACCOUNT_NOT_AUTHORIZED' },
      { status: 'DELIVERED' },
    ]);
    await close();
  });

  it('asks again for the awaited numbers alone when a watched one spoils the batch', async () => {
    const { carrier, emulator, close } = await open({ switches: { foreignInBatch: 'batch' } });
    const [awaited] = parcels(emulator, 1);
    const answers = await carrier.track!(
      [{ trackingNumber: uspsSandboxNumbers.otherMailer, watched: true }, awaited!],
      call,
    );
    expect(answers).toMatchObject([{ code: 'ACCOUNT_NOT_AUTHORIZED' }, { status: 'ACCEPTED' }]);
    expect(emulator.count('POST', tracking)).toBe(2);
    await close();
  });

  it('computes instants from local time and offset, since the printed GMT is a day off across midnight', async () => {
    const { carrier, emulator, close } = await open();
    const trackingNumber = uspsTrackingNumber(77);
    emulator.parcel({ trackingNumber });
    emulator.scan(trackingNumber, '10', { at: Date.parse('2026-11-18T02:31:00Z') });
    const [answer] = await carrier.track!([{ trackingNumber }], call);
    expect(answer).toMatchObject({ events: [{ occurredAt: expect.any(String) }] });
    const { events } = answer as unknown as { events: { occurredAt: string; occurredAtLocal: string }[] };
    expect(new Date(events[0]!.occurredAt).toISOString()).toBe('2026-11-18T02:31:00.000Z');
    expect(events[0]!.occurredAtLocal.slice(0, 10)).toBe('2026-11-17');
    await close();
  });
});

describe('USPS credentials', () => {
  it('asks for one token however many ask at once, and none again while it lasts', async () => {
    const { carrier, emulator, close } = await open();
    await Promise.all(Array.from({ length: 50 }, () => carrier.verify!([receiver], call)));
    await carrier.track!(parcels(emulator, 1), call);
    expect(emulator.count('POST', /\/oauth2\//)).toBe(1);
    await close();
  });

  it('renews thirty minutes ahead of the end, behind the caller’s back', async () => {
    const { carrier, emulator, clock, close } = await open();
    await carrier.verify!([receiver], call);
    clock.advance((28_799 - 30 * 60 - 1) * 1000);
    await carrier.verify!([receiver], call);
    expect(emulator.count('POST', /\/oauth2\//)).toBe(1);
    clock.advance(2_000);
    await carrier.verify!([receiver], call);
    await expect.poll(() => emulator.count('POST', /\/oauth2\//)).toBe(2);
    await close();
  });

  it('shows refused credentials once, and rests', async () => {
    const { carrier, emulator, close } = await open({ credentials: { clientSecret: 'wrong' } });
    for (let turn = 0; turn < 3; turn++) {
      expect(await carrier.verify!([receiver, sender], call)).toMatchObject([
        { code: 'CREDENTIALS_REJECTED', hint: expect.stringContaining('Web Tools') },
        { code: 'CREDENTIALS_REJECTED' },
      ]);
    }
    expect(emulator.calls.length).toBe(1);
    await close();
  });

  it('fails before a call what the token does not cover', async () => {
    const { carrier, emulator, close } = await open({ client: { scopes: ['addresses'] } });
    expect(await carrier.track!([{ trackingNumber: uspsSandboxNumbers.delivered }], call)).toMatchObject([
      { code: 'SCOPE_MISSING' },
    ]);
    expect(emulator.count('POST', tracking)).toBe(0);
    await close();
  });

  it('says what a label lacks: enrolment, or the account’s identifiers', async () => {
    const orderOf = async ({ carrier }: Awaited<ReturnType<typeof open>>) => {
      const request = { from: sender, to: receiver, parcel: box as never, shipDate: '2026-11-18' };
      const [quote] = await carrier.quote!([request], call);
      if (quote instanceof ProviderError) throw quote;
      return { request, offer: quote!.offers[0]!, from: sender, to: receiver, format: 'PDF' as const };
    };
    for (const options of [{ client: { enrolled: false } }, { credentials: { crid: undefined } }]) {
      const subject = await open(options);
      const { labels } = subject.carrier;
      const prepared = await labels!.prepare(await orderOf(subject), call);
      await expect(labels!.buy(prepared, call)).rejects.toMatchObject({
        code: 'PAYMENT_NOT_AUTHORIZED',
        refused: true,
        hint: expect.any(String),
      });
      expect(subject.emulator.charges()).toEqual([]);
      await subject.close();
    }
  });

  it('takes a refusal for proof that nothing was bought only while the mailing date is good', async () => {
    const { carrier, emulator, clock, close } = await open();
    const request = { from: sender, to: receiver, parcel: box as never, shipDate: '2026-11-18' };
    const [quote] = await carrier.quote!([request], call);
    if (quote instanceof ProviderError) throw quote;
    const order = { request, offer: quote!.offers[0]!, from: sender, to: receiver, format: 'PDF' as const };
    const prepared = await carrier.labels!.prepare(order, call);
    const body = { apiVersion: '/labels/v3', error: { code: '400', message: 'Bad Request', errors: [{ code: '160001', detail: 'mailingDate' }] } }; // prettier-ignore
    emulator.spoil({ method: 'POST', path: /\/label$/, answer: { status: 400, body } });
    expect(await carrier.labels!.recall(prepared, call)).toBeUndefined();
    clock.advance(24 * 60 * 60 * 1000);
    await expect(carrier.labels!.recall(prepared, call)).rejects.toMatchObject({ code: 'REJECTED' });
    await close();
  });

  it('stops at the quota before USPS does, and says when it is over', async () => {
    const { carrier, emulator, clock, close } = await open({ quota: 3 });
    const answers = await carrier.verify!([receiver, sender, receiver, sender], call);
    expect(answers.filter((answer) => answer instanceof ProviderError)).toMatchObject([
      { code: 'QUOTA_EXHAUSTED', retryAfterSeconds: expect.any(Number) },
    ]);
    expect(emulator.count('GET', /\/addresses\//)).toBe(3);
    expect(await carrier.quotas!()).toContainEqual({
      api: 'addresses',
      limit: 3,
      remaining: 0,
      resetsAt: expect.any(Number),
    });
    clock.advance(62 * 60 * 1000);
    expect(await carrier.verify!([receiver], call)).toMatchObject([{ status: 'VERIFIED' }]);
    await close();
  });
});
