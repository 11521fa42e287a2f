import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import type { LabelRequest } from '../../src/domain/label.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Customs } from '../../src/domain/customs.ts';
import type { Parcel } from '../../src/domain/parcel.ts';
import type { Offer, RateRequest } from '../../src/domain/rate.ts';
import { call, describeContract, failure, readContract, type Loose, type Reply } from './shared.ts'; // prettier-ignore
import { buy, open, paths, prepared, replay, requestsTo, samplesLike, useReplay } from './usps-replay.ts'; // prettier-ignore

/** Samples that no operation of the adapter uses, each with its reason. `x.*` excuses all of a kind. */
const excused = {
  'payments.payment-account.*': 'no operation of ours: what an account holds shows at purchase',
};

const { samples, textOf, sampleOf } = samplesLike(/^(labels|payments)/, excused);

describeContract('the USPS adapter with recorded and printed labels', () => {
  useReplay(samples);

  describe('labels', () => {
    const image = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64');
    const multipart = (metadata: string, lineEnd: string): Reply => {
      const boundary = 'a-b_c+d';
      const lines = [
        `--${boundary}`,
        'Content-type: application/json',
        'Content-Disposition: form-data; name="labelMetadata"',
        '',
        metadata,
        `--${boundary}`,
        'Content-Disposition: form-data; filename="labelImage.pdf"; name="labelImage"',
        'Content-type: application/pdf',
        '',
        image,
        `--${boundary}--`,
        '',
      ];
      return {
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: lines.join(lineEnd),
      };
    };
    const recorded = 'labels.domestic.ground-advantage.response.multipart.txt';

    test.each(['\n', '\r\n'])('are read from a recorded message with line ends %j', async (lineEnd) => {
      const text = textOf(recorded).replaceAll(/\r?\n/g, lineEnd);
      const boundary = /^--(\S+)/.exec(text)![1]!;
      replay.when('POST', paths.label, {
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: text,
      });
      const purchased = await buy();
      expect(purchased).toMatchObject({
        trackingNumber: '9234690361980900000142',
        price: { amount: '18.76', currencyCode: 'USD' },
        charges: [{ name: 'Postage', amount: { amount: '18.76' } }],
      });
      const { data } = purchased.label as Loose;
      expect(data.subarray(0, 5).toString()).toBe('%PDF-');
      expect(data.toString('latin1').trimEnd()).toMatch(/%%EOF$/);
      const [, , printed] = text.split(`--${boundary}`);
      expect(data.equals(Buffer.from(printed!.split(/\r?\n\r?\n/)[1]!, 'base64'))).toBe(true);
    });

    test.each(['\n', '\r\n'])(
      'printed metadata is read within a message whose lines end in %j',
      async (lineEnd) => {
        const metadata = sampleOf('labels.domestic.priority-mail.response.labelMetadata.json');
        replay.when('POST', paths.label, multipart(JSON.stringify(metadata), lineEnd));
        const purchased = await buy();
        expect(purchased).toMatchObject({
          trackingNumber: metadata.trackingNumber,
          price: { amount: '7.99' },
        });
        expect(purchased.charges).toHaveLength(1);
        expect(Buffer.from((purchased.label as { data: Uint8Array }).data).toString()).toBe(
          '%PDF-1.4\n%%EOF\n',
        );
      },
    );

    test('one flat document is read, with the options and fees that it charges', async () => {
      const body = sampleOf('labels.domestic.vendor-json.response.json');
      replay.when('POST', paths.label, {
        headers: { 'content-type': 'application/vnd.usps.labels+json' },
        body,
      });
      const purchased = await buy();
      expect(purchased.trackingNumber).toBe('123456789012');
      expect(purchased.price?.amount).toBe('19.20');
      expect(purchased.charges.map(({ name, amount }) => `${name} ${amount.amount}`)).toEqual([
        'Postage 10.99',
        'Certified Mail 3.99',
        'Insurance 2.99',
        'Fuel Surcharge 1.23',
      ]);
      expect(Buffer.from((purchased.label as { data: Uint8Array }).data)).toEqual(
        Buffer.from(body.labelImage, 'base64'),
      );
    });

    test('a document whose metadata is nested is read too', async () => {
      replay.when('POST', paths.label, { body: sampleOf('labels.return.json-variant.response.json') });
      const purchased = await buy();
      expect(purchased).toMatchObject({
        trackingNumber: '9234690361980900000142',
        price: { amount: '18.76' },
      });
      expect(
        Buffer.from((purchased.label as { data: Uint8Array }).data)
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
    });

    /** Bought just now, as the printed piece says. */
    const bought = (piece: Loose) => ({
      offer: { providerRef: { ...piece, ...piece.packageOptions, parcels: [piece] } } as Offer,
      format: 'PDF' as const,
      quotedAt: Date.parse('2026-11-18T18:00:00Z'),
      maxPrice: { amount: '0.00', currencyCode: 'USD' },
    });
    const preparedBody = async (order: LabelRequest): Promise<Loose> => {
      const [made] = await open().carrier.labels.prepare(order, call);
      return JSON.parse((made!.request as { body: string }).body);
    };

    test.each(['ground-advantage', 'postman', 'priority-mail'])(
      'what is sent for the order of %s stands in the printed request',
      async (name) => {
        const printed = sampleOf(`labels.domestic.${name}.request.json`);
        const place = (from: Loose): Address => ({
          name: `${from.firstName} ${from.lastName}`,
          company: from.firm,
          street1: from.streetAddress,
          street2: from.secondaryAddress,
          city: from.city,
          state: from.state,
          postalCode: from.ZIPCode,
          country: 'US',
          phone: from.phone,
        });
        const piece = printed.packageDescription;
        const { length, width, height, weight, mailingDate } = piece;
        const [from, to] = [place(printed.fromAddress), place(printed.toAddress)];
        const order: LabelRequest = {
          request: {
            from,
            to,
            parcels: [
              {
                weight: { value: weight, unit: 'POUND' },
                dimensions: { length, width, height, unit: 'INCH' },
              },
            ],
            shipDate: mailingDate,
          },
          ...bought(piece),
          from,
          to,
          reference: piece.customerReference?.[0].referenceNumber,
        };
        const { imageInfo, toAddress, fromAddress, packageDescription } = await preparedBody(order);
        expect(printed.imageInfo).toMatchObject({ imageType: imageInfo.imageType });
        expect(printed.toAddress).toMatchObject(toAddress);
        expect(printed.fromAddress).toMatchObject(fromAddress);
        // The longest side is the length, whatever the caller of the sample calls it.
        const sides = (each: Loose) => [each.length, each.width, each.height].sort((a, b) => b - a);
        expect(sides(packageDescription)).toEqual(sides(piece));
        expect(piece).toMatchObject({ ...packageDescription, length, width, height });
      },
    );

    test('for an international shipment are requested as printed, with the customs form', async () => {
      const printed = sampleOf('labels.international.postman.request.json');
      const { toAddress: to, fromAddress: from, packageDescription: piece, customsForm: form } = printed;
      const person = (each: Loose) => ({
        name: `${each.firstName} ${each.lastName}`,
        company: each.firm,
        street1: each.streetAddress,
        street2: each.secondaryAddress || undefined,
        city: each.city,
        phone: each.phone,
        country: each.countryISOAlpha2Code,
      });
      const { length, width, height, weight, mailingDate: shipDate } = piece;
      const sender: Address = { ...person(from), state: from.state, postalCode: `${from.ZIPCode}-${from.ZIPPlus4}` }; // prettier-ignore
      const receiver: Address = { ...person(to), postalCode: to.postalCode };
      const parcels: Parcel[] = [
        { weight: { value: weight, unit: 'POUND' }, dimensions: { length, width, height, unit: 'INCH' } },
      ];
      const items = form.contents.map((item: Loose) => ({
        description: item.itemDescription,
        quantity: item.itemQuantity,
        totalValue: { amount: String(item.itemValue * item.itemQuantity), currencyCode: 'USD' },
        // The printed lines weigh more together than their parcel, which USPS refuses elsewhere.
        totalWeight: { value: weight / form.contents.length, unit: 'POUND' },
        hsTariffNumber: item.HSTariffNumber,
        originCountry: item.countryofOrigin,
      }));
      const customs: Customs = { contents: 'GIFT', explanation: form.contentComments, eelPfc: form.AESITN, items }; // prettier-ignore
      const request: RateRequest = { from: sender, to: receiver, parcels, shipDate, customs };
      const made = await preparedBody({ ...bought(piece), request, from: sender, to: receiver });
      // The printed request leaves the postage on the label, as is USPS’s default.
      expect({ ...printed.imageInfo, suppressPostage: true }).toMatchObject(made.imageInfo);
      expect(to).toMatchObject(made.toAddress);
      expect(from).toMatchObject(made.fromAddress);
      expect(piece).toMatchObject(made.packageDescription);
      const { contents, ...head } = made.customsForm;
      expect(form).toMatchObject(head);
      // Printed with the deprecated value and weight of one item, which together outweigh the printed parcel (issue 83).
      const bare = contents.map(({ itemTotalValue: _, itemTotalWeight: __, ...line }: Loose) => line);
      expect(form.contents).toMatchObject(bare);
      expect(contents.map((line: Loose) => line.itemTotalValue)).toEqual([2, 6]);
      const weights = contents.map((line: Loose) => line.itemTotalWeight);
      expect(weights[0] + weights[1]).toBeLessThanOrEqual(weight);
    });

    test('for an international shipment have their own names for the number and the extra services', async () => {
      const { components } = parse(readContract('usps/openapi/international-labels.yaml'));
      const body = components.examples.InternationalLabelResponseExample.value;
      const path = '/international-labels/v3/international-label';
      const usps = open();
      const abroad = { ...prepared, request: { body: '{}', way: 'international' } };
      replay.when('POST', path, { status: 201, body });
      expect(await usps.carrier.labels.buy(abroad, call)).toMatchObject([
        { trackingNumber: 'EZ000012162US', price: { amount: '286.03' }, charges: [{ name: 'Postage' }] },
      ]);
      body.extraServices[0].price = 1.5;
      expect(await usps.carrier.labels.buy(abroad, call)).toMatchObject([
        { price: { amount: '287.53' }, charges: [{}, { name: 'Hazardous Material' }] },
      ]);
      expect(requestsTo(path)[0]!.headers['x-idempotency-key']).toBe('attempt');
    });

    test('with an unreadable image are reprinted when the document is fetched', async () => {
      const { components } = parse(readContract('usps/openapi/international-labels.yaml'));
      const usps = open();
      for (const [way, path, number, answered] of [
        ['international', 'international-labels/v3/international-label', 'EZ000012162US', components.examples.LabelReprintResponseExample.value],
        ['outbound', 'labels/v3/label', '9234690361980900000142', sampleOf('labels.return.json-variant.response.json')],
      ] as const) {
        const { labelImage: _, ...withoutPicture } = answered;
        replay.when('POST', `/${path}`, { body: { ...withoutPicture, labelImage: '~' } });
        replay.when('POST', `/${path}-reprint/${number}`, { body: answered });
        const [purchased] = await usps.carrier.labels.buy({ ...prepared, request: { body: '{}', way } }, call);
        expect(purchased).toMatchObject({ trackingNumber: number, label: { source: `reprint:${number}:PDF` } });
        const file = await usps.carrier.labels.fetchDocument!((purchased!.label as { source: string }).source, call);
        expect(Buffer.from(file)).toEqual(Buffer.from(answered.labelImage, 'base64'));
        const [asked] = requestsTo(`/${path}-reprint/${number}`);
        expect(JSON.parse(asked!.body)).toEqual({ imageInfo: { imageType: 'PDF', labelType: '4X6LABEL', suppressPostage: true } });
      }
    }); // prettier-ignore

    test('for a return have field names of their own', async () => {
      const { returnLabelMetadata, returnLabelImage } = sampleOf('labels.return.json-variant.response.json');
      const body = { returnLabelMetadata: { ...returnLabelMetadata, postage: 9.5 }, returnLabelImage };
      replay.when('POST', '/labels/v3/return-label', { body });
      const back = { ...prepared, request: { body: '{}', way: 'return' } };
      expect(await open().carrier.labels.buy(back, call)).toMatchObject([
        {
          trackingNumber: returnLabelMetadata.trackingNumber,
          price: { amount: '9.50' },
          label: { data: Buffer.from(returnLabelImage, 'base64') },
        },
      ]);
    });

    test.each([
      ['labels.cancel.canceled.response.json', { status: 'REFUNDED', voided: true }],
      ['labels.cancel.adapter-mock.response.json', { status: 'REFUNDED', voided: true }],
      [
        'labels.cancel.refund-requested.response.json',
        { status: 'REQUESTED', voided: false, reference: '103789' },
      ],
    ])('canceled as in %s have the matching refund status', async (name, refund) => {
      const body = sampleOf(name);
      replay.when('DELETE', `${paths.label}/${body.trackingNumber}`, { body });
      const { trackingNumber } = body;
      expect(await open().carrier.labels.void!({ trackingNumber, prepared }, call)).toEqual(refund);
    });

    test('that USPS does not find cannot be canceled', async () => {
      const body = sampleOf('labels.cancel.error.not-found.response.json');
      replay.when('DELETE', `${paths.label}/92`, { status: 400, body });
      const voided = open().carrier.labels.void!({ trackingNumber: '92', prepared }, call);
      expect(await failure(voided)).toMatchObject({ refused: true, providerMessage: 'Order not found' });
    });

    test('are purchased with a payment token for the printed roles, sent without a scheme', async () => {
      const answer = sampleOf('payments.payment-authorization.eps.response.json');
      replay.when('POST', paths.payment, { body: answer });
      replay.when('POST', paths.label, { body: sampleOf('labels.return.json-variant.response.json') });
      await buy();
      const printed = sampleOf('payments.payment-authorization.eps.request.json');
      const asked = JSON.parse(requestsTo(paths.payment)[0]!.body);
      const shape = ({ roles }: Loose) => roles.map((role: Loose) => [role.roleName, role.accountType, Object.keys(role).sort()]); // prettier-ignore
      expect(shape(asked)).toEqual(shape(printed));
      const [label] = requestsTo(paths.label);
      expect(label!.headers['x-payment-authorization-token']).toBe(answer.paymentAuthorizationToken);
      expect(label!.headers['x-idempotency-key']).toBe('attempt');
    });
  });

  test('every sample is used or excused with a reason', () => samples.expectAll());
});
