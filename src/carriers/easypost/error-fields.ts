/** A field of EasyPost and the field of our input, both as paths with dots. */
type FieldPair = readonly [theirs: string, ours: string];

const addressFields: readonly FieldPair[] = [
  ...[
    'name',
    'company',
    'street1',
    'street2',
    'city',
    'state',
    'country',
    'phone',
    'email',
    'residential',
  ].map((name) => [name, name] as const),
  ['zip', 'postalCode'],
];
const parcelFields: readonly FieldPair[] = [
  ['weight', 'weight'],
  ['length', 'dimensions.length'],
  ['width', 'dimensions.width'],
  ['height', 'dimensions.height'],
  ['predefined_package', 'packaging'],
];
const nested = (theirs: string, ours: string, fields: readonly FieldPair[]): FieldPair[] => [
  [theirs, ours],
  ...fields.map(([name, own]) => [`${theirs}.${name}`, `${ours}.${own}`] as const),
];

/** Fields of EasyPost, and of our inputs for rates, addresses, tracking numbers and pickups. `*` is a list index. */
const inputFields: ReadonlyMap<string, string> = new Map([
  ...addressFields,
  // Of a pickup. `address` alone is left out: it is also the wrapper of an address that is verified.
  ...nested('address', 'address', addressFields).slice(1),
  ...nested('from_address', 'from', addressFields),
  ...nested('to_address', 'to', addressFields),
  ...nested('parcel', 'parcels.0', parcelFields),
  ...nested('shipments.*.parcel', 'parcels.*', parcelFields),
  ...nested('customs_info', 'customs', [
    ['contents_type', 'contents'],
    ['contents_explanation', 'explanation'],
    ['customs_signer', 'signer'],
    ['non_delivery_option', 'nonDelivery'],
    ['eel_pfc', 'eelPfc'],
    ['customs_items', 'items'],
    ...nested('customs_items.*', 'items.*', [
      ['description', 'description'],
      ['quantity', 'quantity'],
      ['value', 'totalValue.amount'],
      ['currency', 'totalValue.currencyCode'],
      ['weight', 'totalWeight'],
      ['code', 'hsTariffNumber'],
      ['hs_tariff_number', 'hsTariffNumber'],
      ['origin_country', 'originCountry'],
    ]),
  ]),
  ['insurance', 'options.insuredValue'],
  ['is_return', 'options.isReturn'],
  ['reference', 'reference'],
  ['options.incoterm', 'customs.incoterm'],
  ['tax_identifiers', 'customs'],
  ['options.label_date', 'shipDate'],
  ['options.delivery_confirmation', 'options.signature'],
  ['options.saturday_delivery', 'options.saturdayDelivery'],
  ['tracking_code', 'trackingNumber'],
  ['carrier', 'carrier'],
  ['min_datetime', 'readyFrom'],
  ['max_datetime', 'readyUntil'],
  ['instructions', 'instructions'],
]);

/** Request bodies are wrapped in the name of the object they create. */
const wrapper = /^(shipment|order|address|tracker|pickup)\./;

/**
 * Maps a field that EasyPost names to a path in our input: "shipment.to_address.zip" to `['to', 'postalCode']`. Maps to
 * the nearest parent that our input has; undefined where it has none.
 */
export function toInputField(field: string): readonly string[] | undefined {
  const steps = field.replace(/\[(\w+)\]/g, '.$1').replace(wrapper, '').split('.'); // prettier-ignore
  const indexes = steps.filter((step) => /^\d+$/.test(step));
  for (let depth = steps.length; depth > 0; depth--) {
    const theirs = steps.slice(0, depth).map((step) => (/^\d+$/.test(step) ? '*' : step));
    const ours = inputFields.get(theirs.join('.'));
    if (ours) return ours.split('.').map((step) => (step === '*' ? indexes.shift()! : step));
  }
  return undefined;
}

/** Words for the properties of an address, in the order in which they are looked for. */
const propertyWords: readonly (readonly [RegExp, string])[] = [
  [/company( name)?/, 'company'],
  [/(phone|telephone)( number)?/, 'phone'],
  [/e-?mail( address)?/, 'email'],
  [/(zip|postal)( ?code)?|postcode/, 'postalCode'],
  [/city/, 'city'],
  [/state|province/, 'state'],
  [/country( code)?/, 'country'],
  [/street( address)?|address line ?1/, 'street1'],
  [/name/, 'name'],
];
const fault = String.raw`(?:invalid|missing|incorrect)`;
const defect = String.raw`(?:is|are)? ?(?:invalid|missing|required|too long|not valid)`;

/**
 * Finds the property of an address that a refusal names in words alone: "Invalid name." of a pickup is `address.name`.
 * Undefined where its words name none, or no side of a shipment.
 */
export function fieldInWords(errorCode: string, words: string): readonly string[] | undefined {
  const text = words.toLowerCase();
  const found = propertyWords.find(([{ source }]) => {
    const property = String.raw`(?:\w+ ){0,2}?\b(?:${source})\b`;
    return new RegExp(String.raw`\b${fault} ${property}|\b(?:${source}) ${defect}\b`).test(text);
  });
  if (!found) return undefined;
  if (errorCode.startsWith('PICKUP.')) return ['address', found[1]];
  if (errorCode.startsWith('ADDRESS.')) return [found[1]];
  if (/\b(recipient|receiver|consignee|ship ?to|to address|destination)\b/.test(text))
    return ['to', found[1]];
  if (/\b(shipper|sender|ship ?from|from address|origin)\b/.test(text)) return ['from', found[1]];
  return undefined;
}
