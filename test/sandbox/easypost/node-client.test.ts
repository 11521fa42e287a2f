import EasyPostClient from '@easypost/api';
import { beforeEach, describe, expect, test } from 'vitest';
import { easypostSandboxKey } from '../../../sandbox/easypost/index.ts';
import {
  canada,
  clock,
  domesticShipment,
  easypost,
  parcel,
  redondoBeach,
  sanFrancisco,
  second,
  setUpEasyPost,
} from './easypost-api.ts';

setUpEasyPost();

/** Untyped, since the client's own types lag behind what the API returns. */
type Loose = ReturnType<typeof JSON.parse>;

/** The package is CommonJS whose types are those of a module. */
const Client = EasyPostClient as unknown as typeof EasyPostClient.default;
let client: Loose;
beforeEach(() => {
  client = new Client(easypostSandboxKey, { baseUrl: `${easypost.url}/v2/` });
});

const buy = async (shipment: object = domesticShipment) => {
  const quoted = await client.Shipment.create(shipment);
  return client.Shipment.buy(quoted.id, quoted.lowestRate(['USPS']));
};
const day = '2025-03-10';

describe("EasyPost's own client", () => {
  test('verifies and lists addresses', async () => {
    const created = await client.Address.create({ ...sanFrancisco, verify: true });
    expect(created).toMatchObject({ zip: '94107-1670', verifications: { delivery: { success: true } } });
    expect(await client.Address.retrieve(created.id)).toMatchObject({ id: created.id });
    expect(await client.Address.createAndVerify(redondoBeach)).toMatchObject({ zip: '90277-2506' });
    expect(await client.Address.verifyAddress(created.id)).toMatchObject({ zip: '94107-1670' });
    expect((await client.Address.all({ page_size: 2 })).addresses).toHaveLength(2);
    await expect(
      client.Address.createAndVerify({ ...sanFrancisco, street1: '12 Nowhere Ln' }),
    ).rejects.toMatchObject({ code: 'ADDRESS.VERIFY.FAILURE', statusCode: 422 });
  });

  test('stores parcels, customs forms and end shippers', async () => {
    const { id } = await client.Parcel.create(parcel);
    expect(await client.Parcel.retrieve(id)).toMatchObject({ weight: 15.4 });
    const item = await client.CustomsItem.create({ description: 'shirt', quantity: 1, value: 9, weight: 5 });
    expect(await client.CustomsItem.retrieve(item.id)).toMatchObject({ value: '9.00' });
    const form = await client.CustomsInfo.create({ contents_type: 'gift', customs_items: [item] });
    expect(await client.CustomsInfo.retrieve(form.id)).toMatchObject({ customs_items: [{ id: item.id }] });
    const shipper = await client.EndShipper.create(sanFrancisco);
    const moved = await client.EndShipper.update(shipper.id, redondoBeach);
    expect(moved).toMatchObject({ id: shipper.id, city: 'REDONDO BEACH' });
    expect((await client.EndShipper.all()).end_shippers).toHaveLength(1);
    expect(await client.EndShipper.retrieve(shipper.id)).toMatchObject({ zip: '90277-2506' });
  });

  test('rates, buys, converts, insures and refunds a label', async () => {
    const quoted = await client.Shipment.create(domesticShipment);
    expect(await client.Rate.retrieve(quoted.rates[0].id)).toMatchObject({ shipment_id: quoted.id });
    const { rates } = await client.Shipment.regenerateRates(quoted.id);
    const cheapest = rates.find((rate: Loose) => rate.service === 'GroundAdvantage');
    const bought = await client.Shipment.buy(quoted.id, cheapest);
    expect(bought.postage_label.label_url).toMatch(/\.png$/);
    const converted = await client.Shipment.convertLabelFormat(bought.id, 'ZPL');
    expect(converted.postage_label.label_zpl_url).toMatch(/\.zpl$/);
    expect(await client.Shipment.insure(bought.id, 100)).toMatchObject({ insurance: '100.00' });
    expect(await client.Shipment.refund(bought.id)).toMatchObject({ refund_status: 'submitted' });
    expect((await client.Shipment.all()).shipments).toMatchObject([{ id: bought.id }]);
    expect(await client.Shipment.retrieve(bought.id)).toMatchObject({ tracking_code: bought.tracking_code });
    expect(await client.BetaRate.retrieveStatelessRates(domesticShipment)).not.toHaveLength(0);
  });

  test('buys a label abroad with its commercial invoice', async () => {
    const customs_info = {
      contents_type: 'gift',
      customs_items: [{ description: 'shirt', quantity: 1, value: 9, weight: 5 }],
    };
    const bought = await buy({ ...domesticShipment, to_address: canada, customs_info });
    expect(bought.forms).toMatchObject([{ form_type: 'commercial_invoice' }]);
  });

  test('predicts deliveries and recommends ship dates', async () => {
    const { id } = await client.Shipment.create(domesticShipment);
    expect(await client.Shipment.getSmartRates(id)).not.toHaveLength(0);
    expect(await client.Shipment.lowestSmartRate(id, 3, 'percentile_90')).toMatchObject({
      service: 'GroundAdvantage',
    });
    const [estimate] = await client.Shipment.retrieveEstimatedDeliveryDate(id, day);
    expect(estimate.easypost_time_in_transit_data).toMatchObject({
      planned_ship_date: day,
      easypost_estimated_delivery_date: expect.stringMatching(/^2025-03-1\d$/),
      days_in_transit: { percentile_50: expect.any(Number), percentile_99: expect.any(Number) },
    });
    const recommended = await client.Shipment.recommendShipDate(id, day);
    const ground = recommended.find((each: Loose) => each.rate.service === 'GroundAdvantage');
    expect(ground.easypost_time_in_transit_data).toMatchObject({
      desired_delivery_date: day,
      ship_on_date: '2025-03-07',
      estimated_transit_days: 3,
      delivery_date_confidence: expect.any(Number),
    });
    const zips = { from_zip: '94107', to_zip: '90277', carriers: ['USPS'] };
    const by = await client.SmartRate.estimateDeliveryDate({ ...zips, planned_ship_date: day });
    expect(by.results.map((each: Loose) => each.service)).toContain('groundadvantage');
    const on = await client.SmartRate.recommendShipDate({ ...zips, desired_delivery_date: day });
    expect(on.results[0].easypost_time_in_transit_data.ship_on_date).toMatch(/^2025-03-/);
  });

  test('makes further forms', async () => {
    const { id } = await buy();
    const slip = {
      barcode: 'RMA1',
      line_items: [{ product: { title: 'Reader', barcode: '8556' }, units: 8 }],
    };
    const { forms } = await client.Shipment.generateForm(id, 'return_packing_slip', slip);
    expect(forms).toMatchObject([{ form_type: 'return_packing_slip' }]);
    expect((await fetch(forms[0].form_url)).headers.get('content-type')).toContain('application/pdf');
    const [, code] = (await client.Shipment.generateForm(id, 'label_qr_code')).forms;
    expect(code.form_url).toMatch(/\.png$/);
  });

  test('tracks, and deletes trackers', async () => {
    const tracker = await client.Tracker.create({ tracking_code: 'EZ4000000004' });
    expect(tracker.status).toBe('delivered');
    const batch = await client.Tracker.retrieveBatch({ tracking_codes: ['EZ4000000004'] });
    expect(batch.trackers).toMatchObject([{ id: tracker.id }]);
    expect((await client.Tracker.all()).trackers).toHaveLength(1);
    await client.Tracker.delete(tracker.id);
    await expect(client.Tracker.retrieve(tracker.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('buys a batch, its labels and its scan form', async () => {
    const shipment = { ...domesticShipment, carrier: 'USPS', service: 'Priority' };
    const { id } = await client.Batch.create({ shipments: [shipment, shipment] });
    const settle = async () => {
      clock.advance(30 * second);
      return client.Batch.retrieve(id);
    };
    expect(await settle()).toMatchObject({ state: 'created', num_shipments: 2 });
    await client.Batch.buy(id);
    expect(await settle()).toMatchObject({ state: 'purchased' });
    await client.Batch.createScanForm(id);
    expect((await settle()).scan_form).toMatchObject({ status: 'created' });
    await client.Batch.generateLabel(id, 'PDF');
    const { label_url } = await settle();
    expect((await fetch(label_url)).status).toBe(200);
    expect((await client.Batch.all()).batches).toHaveLength(1);
    const more = await client.Batch.create({ shipments: [] });
    const quoted = await client.Shipment.create(domesticShipment);
    expect(await client.Batch.addShipments(more.id, [quoted.id])).toMatchObject({ num_shipments: 1 });
    expect(await client.Batch.removeShipments(more.id, [quoted.id])).toMatchObject({ num_shipments: 0 });
  });

  test('manifests and refunds single shipments', async () => {
    const [manifested, refunded] = [await buy(), await buy()];
    const form = await client.ScanForm.create({ shipments: [{ id: manifested.id }] });
    clock.advance(30 * second);
    expect(await client.ScanForm.retrieve(form.id)).toMatchObject({
      tracking_codes: [manifested.tracking_code],
    });
    expect((await client.ScanForm.all()).scan_forms).toHaveLength(1);
    const [refund] = await client.Refund.create({
      carrier: 'USPS',
      tracking_codes: [refunded.tracking_code],
    });
    expect(await client.Refund.retrieve(refund.id)).toMatchObject({ status: 'submitted' });
    expect((await client.Refund.all()).refunds).toHaveLength(1);
  });

  test('buys and cancels a pickup', async () => {
    const shipment = await buy();
    const pickup = await client.Pickup.create({
      address: sanFrancisco,
      shipment: { id: shipment.id },
      min_datetime: day,
      max_datetime: '2025-03-11',
    });
    const { carrier, service } = pickup.pickup_rates[0];
    expect(await client.Pickup.buy(pickup.id, carrier, service)).toMatchObject({ status: 'scheduled' });
    expect(await client.Pickup.cancel(pickup.id)).toMatchObject({ status: 'canceled' });
    expect(await client.Pickup.retrieve(pickup.id)).toMatchObject({ id: pickup.id });
    expect((await client.Pickup.all()).pickups).toHaveLength(1);
  });

  test('insures a parcel and claims on the insurance of a label', async () => {
    const insurance = await client.Insurance.create({
      to_address: redondoBeach,
      from_address: sanFrancisco,
      tracking_code: 'EZ1000000001',
      carrier: 'USPS',
      amount: '100',
    });
    expect(await client.Insurance.retrieve(insurance.id)).toMatchObject({ amount: '100.00000' });
    expect(await client.Insurance.refund(insurance.id)).toMatchObject({ status: 'cancelled' });
    expect((await client.Insurance.all()).insurances).toHaveLength(1);
    const { id, tracking_code } = await buy();
    await client.Shipment.insure(id, 100);
    const damage = { type: 'damage', description: 'Broken', tracking_code, amount: '100.00' };
    const claim = await client.Claim.create(damage);
    expect(claim).toMatchObject({ status: 'submitted', shipment_id: id, requested_amount: '100.00' });
    expect((await client.Claim.all()).claims).toMatchObject([{ id: claim.id }]);
    expect(await client.Claim.cancel(claim.id)).toMatchObject({ status: 'cancelled' });
    expect(await client.Claim.retrieve(claim.id)).toMatchObject({ history: [{}, { status: 'cancelled' }] });
    await expect(client.Claim.create({ ...damage, amount: '101' })).rejects.toMatchObject({
      statusCode: 422,
    });
  });

  test('buys an order of several parcels', async () => {
    const order = await client.Order.create({
      to_address: redondoBeach,
      from_address: sanFrancisco,
      shipments: [{ parcel }, { parcel }],
    });
    expect((await client.Order.getRates(order.id)).rates).not.toHaveLength(0);
    const bought = await client.Order.buy(order.id, 'USPS', 'Priority');
    expect(bought.shipments).toHaveLength(2);
    expect(await client.Order.retrieve(order.id)).toMatchObject({ id: order.id });
  });

  test('reads carrier accounts, types and metadata', async () => {
    const [account] = await client.CarrierAccount.all();
    expect(await client.CarrierAccount.retrieve(account.id)).toMatchObject({ type: 'UspsAccount' });
    expect((await client.CarrierType.all())[0]).toMatchObject({ type: 'UspsAccount' });
    const [usps, ...others] = await client.CarrierMetadata.retrieve(['usps'], ['service_levels']);
    expect(others).toEqual([]);
    expect(usps.service_levels.map((each: Loose) => each.name)).toContain('GroundAdvantage');
    expect(usps).not.toHaveProperty('predefined_packages');
    expect(await client.CarrierMetadata.retrieve()).toHaveLength(4);
  });

  test('makes reports, each once', async () => {
    const { id } = await buy();
    const period = { start_date: '2025-03-01', end_date: '2025-03-31' };
    const report = await client.Report.create({ type: 'shipment', ...period });
    expect(report).toMatchObject({ object: 'ShipmentReport', status: 'new' });
    clock.advance(2 * second);
    const { status, url } = await client.Report.retrieve(report.id);
    expect([status, (await (await fetch(url)).text()).split('\n')[1]]).toEqual([
      'available',
      expect.stringContaining(id),
    ]);
    expect((await client.Report.all({ type: 'shipment' })).reports).toHaveLength(1);
    await expect(client.Report.create({ type: 'shipment', ...period })).rejects.toMatchObject({
      code: 'REPORT.ALREADY_EXISTS',
      statusCode: 409,
    });
  });

  test('registers webhooks and reads events', async () => {
    const webhook = await client.Webhook.create({ url: 'https://example.com/hook', webhook_secret: 'one' });
    expect(await client.Webhook.update(webhook.id, { webhook_secret: 'two' })).toMatchObject({
      id: webhook.id,
    });
    expect((await client.Webhook.all()).webhooks).toHaveLength(1);
    await client.Tracker.create({ tracking_code: 'EZ1000000001' });
    const [event] = (await client.Event.all()).events;
    expect(await client.Event.retrieve(event.id)).toMatchObject({ description: 'tracker.created' });
    expect(await client.Event.retrieveAllPayloads(event.id)).toBeDefined();
    await client.Webhook.delete(webhook.id);
    expect((await client.Webhook.all()).webhooks).toEqual([]);
  });
});
