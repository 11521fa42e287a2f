import {
  created,
  idOf,
  isBlank,
  isFields,
  listOf,
  notFound,
  numberOf,
  ok,
  refused,
  textOf,
  unwrap,
  wrongType,
  type Fields,
  type On,
} from '../http.ts';
import { head, openCollection, type Entry, type Owner, type EasyPostState } from '../state.ts';

export interface Parcel {
  length: number | null;
  width: number | null;
  height: number | null;
  predefined_package: string | null;
  weight: number;
}

/** What is shipped: parcels, and the customs papers that go with them. */
export interface Contents {
  parcel(owner: Owner, given: unknown): Entry<Parcel>;
  findParcel(owner: Owner, id: string): Entry<Parcel>;
  /** The id of the papers, or null for blank ones, which EasyPost takes for none. */
  customs(owner: Owner, given: unknown): string | null;
  renderParcel(owner: Owner, id: string): Fields;
  renderCustoms(owner: Owner, id: string): Fields;
}

export function contents(world: EasyPostState, on: On): Contents {
  const parcels = openCollection<Parcel>(world, 'parcel', 'prcl');
  const items = openCollection<Fields>(world, 'customs-item', 'cstitem');
  const papers = openCollection<Fields>(world, 'customs-info', 'cstinfo');

  const found = <T>(entry: Entry<T> | undefined) => {
    if (entry === undefined) throw notFound();
    return entry;
  };
  const addItem = (owner: Owner, given: unknown) => {
    const id = idOf(given);
    if (id !== undefined) return found(items.find(owner, id));
    if (!isFields(given)) throw wrongType('customs_items', 'an object');
    return items.add(owner, readItem(given));
  };
  const addPapers = (owner: Owner, fields: Fields) =>
    papers.add(owner, {
      ...readPapers(fields),
      customs_items: listOf(fields, 'customs_items').map((item) => addItem(owner, item).id),
    });
  const renderItem = (entry: Entry<Fields>) => ({ ...head('CustomsItem', entry), ...entry.body });
  const renderPapers = (entry: Entry<Fields>) => ({
    ...head('CustomsInfo', entry),
    ...entry.body,
    customs_items: (entry.body.customs_items as string[]).map((id) =>
      renderItem(found(items.find(entry, id))),
    ),
  });
  const renderParcel = (entry: Entry<Parcel>) => ({ ...head('Parcel', entry), ...entry.body });

  on('POST', '/v2/parcels', ({ caller, body }) =>
    created(renderParcel(parcels.add(caller, readParcel(unwrap(body, 'parcel')))), 'parcels'),
  );
  on('GET', '/v2/parcels/:id', ({ caller, id }) => ok(renderParcel(found(parcels.find(caller, id)))));
  on('POST', '/v2/customs_items', ({ caller, body }) =>
    created(renderItem(addItem(caller, unwrap(body, 'customs_item', { bare: true }))), 'customs_items'),
  );
  on('GET', '/v2/customs_items/:id', ({ caller, id }) => ok(renderItem(found(items.find(caller, id)))));
  on('POST', '/v2/customs_infos', ({ caller, body }) =>
    created(renderPapers(addPapers(caller, unwrap(body, 'customs_info'))), 'customs_infos'),
  );
  on('GET', '/v2/customs_infos/:id', ({ caller, id }) => ok(renderPapers(found(papers.find(caller, id)))));

  return {
    parcel(owner, given) {
      const id = idOf(given);
      if (id !== undefined) return found(parcels.find(owner, id));
      if (!isFields(given)) throw wrongType('parcel', 'an object');
      return parcels.add(owner, readParcel(given));
    },
    findParcel: (owner, id) => found(parcels.find(owner, id)),
    customs(owner, given) {
      if (isBlank(given)) return null;
      const id = idOf(given);
      if (id !== undefined) return found(papers.find(owner, id)).id;
      if (!isFields(given)) throw wrongType('customs_info', 'an object');
      return addPapers(owner, given).id;
    },
    renderParcel: (owner, id) => renderParcel(found(parcels.find(owner, id))),
    renderCustoms: (owner, id) => renderPapers(found(papers.find(owner, id))),
  };
}

/** Ounces and inches, to a tenth. Guess: the code is documented, its occasions are not. */
export function readParcel(fields: Fields): Parcel {
  const measure = (name: string) => {
    const value = numberOf(fields, name);
    if (value !== null && value <= 0) throw badParcel(name, 'must be greater than 0');
    return value === null ? null : Math.max(0.1, Math.round(value * 10) / 10);
  };
  const weight = measure('weight');
  if (weight === null) throw badParcel('weight', 'cannot be blank');
  return {
    length: measure('length'),
    width: measure('width'),
    height: measure('height'),
    predefined_package: textOf(fields, 'predefined_package') || null,
    weight,
  };
}

const badParcel = (field: string, message: string) =>
  refused('PARCEL.PARAMETERS.INVALID', 'Wrong or missing parcel parameters.', [{ field, message }]);

/** `value` and `weight` are of the whole line; the value comes back as text. */
const readItem = (fields: Fields): Fields => ({
  description: textOf(fields, 'description'),
  hs_tariff_number: textOf(fields, 'hs_tariff_number'),
  origin_country: textOf(fields, 'origin_country'),
  quantity: numberOf(fields, 'quantity'),
  value: numberOf(fields, 'value')?.toFixed(2) ?? null,
  weight: numberOf(fields, 'weight'),
  code: textOf(fields, 'code'),
  manufacturer: textOf(fields, 'manufacturer'),
  currency: textOf(fields, 'currency'),
  eccn: textOf(fields, 'eccn'),
  printed_commodity_identifier: textOf(fields, 'printed_commodity_identifier'),
});

const contentTypes = ['documents', 'gift', 'merchandise', 'returned_goods', 'sample', 'other'];

function readPapers(fields: Fields): Fields {
  const explanation = textOf(fields, 'contents_explanation');
  const type = textOf(fields, 'contents_type');
  // Guess: the words and that `other` is to be explained are documented, the code is not.
  if (type && !contentTypes.includes(type)) throw badPapers('contents_type', 'is not included in the list');
  if (type === 'other' && !explanation) throw badPapers('contents_explanation', 'cannot be blank');
  if (explanation !== null && explanation.length > 255) {
    throw badPapers('contents_explanation', 'is too long (maximum is 255 characters)');
  }
  return {
    contents_explanation: explanation,
    contents_type: type,
    customs_certify: isBlank(fields.customs_certify)
      ? null
      : fields.customs_certify === true || fields.customs_certify === 'true',
    customs_signer: textOf(fields, 'customs_signer'),
    eel_pfc: textOf(fields, 'eel_pfc'),
    non_delivery_option: textOf(fields, 'non_delivery_option') || 'return',
    restriction_comments: textOf(fields, 'restriction_comments'),
    restriction_type: textOf(fields, 'restriction_type'),
    declaration: textOf(fields, 'declaration'),
  };
}

const badPapers = (field: string, message: string) =>
  refused('PARAMETER.INVALID', 'The parameters you provided are invalid.', [{ field, message }]);
