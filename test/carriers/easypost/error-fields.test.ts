import { describe, expect, it } from 'vitest';

import { toInputField } from '../../../src/carriers/easypost/error-fields.ts';

describe('a field that EasyPost names', () => {
  it.each([
    ['to_address', 'to'],
    ['shipment.to_address.zip', 'to.postalCode'],
    ['order.from_address.street1', 'from.street1'],
    ['address.street1', 'street1'],
    ['zip', 'postalCode'],
    ['pickup.address.zip', 'address.postalCode'],
    ['pickup.min_datetime', 'readyFrom'],
    ['parcel', 'parcels.0'],
    ['parcel.weight', 'parcels.0.weight'],
    ['shipment.parcel.length', 'parcels.0.dimensions.length'],
    ['parcel.predefined_package', 'parcels.0.packaging'],
    ['order.shipments.2.parcel.weight', 'parcels.2.weight'],
    ['order.shipments[2].parcel.height', 'parcels.2.dimensions.height'],
    ['customs_info.customs_items.0.code', 'customs.items.0.hsTariffNumber'],
    ['shipment.customs_info.customs_items[11].hs_tariff_number', 'customs.items.11.hsTariffNumber'],
    ['customs_info.customs_items.3.value', 'customs.items.3.totalValue.amount'],
    ['customs_info.eel_pfc', 'customs.eelPfc'],
    ['customs_info.restriction_type', 'customs'],
    ['to_address.verifications.zip4', 'to'],
    ['options.delivery_confirmation', 'options.signature'],
    ['tracker.tracking_code', 'trackingNumber'],
  ])('%s is %s in our input', (theirs, ours) => {
    expect(toInputField(theirs)?.join('.')).toBe(ours);
  });

  it.each(['shipment', 'existing_report', 'constructor', '', '...', 'parcels', 'carrier_accounts.0'])(
    '%j is no field of our input',
    (theirs) => {
      expect(toInputField(theirs)).toBeUndefined();
    },
  );
});
