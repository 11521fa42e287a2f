import { unprocessable, wrongType } from '../api-error.ts';
import { commonFields, openCollection, type Entry } from '../collection.ts';
import { idOf, isBlank, isFields, listOf, numberOf, textOf, unwrap, type Fields } from '../fields.ts';
import { created, ok, type Api, type ApiObject } from '../http.ts';
import type { EasyPostState, Owner } from '../state.ts';

/** The stored customs forms and their items of all users. */
export interface Customs {
  addItem(owner: Owner, value: unknown): Entry<Fields>;
  getItem(owner: Owner, id: string): Entry<Fields>;
  add(owner: Owner, fields: Fields): Entry<Fields>;
  get(owner: Owner, id: string): Entry<Fields>;
  /** Returns the id of the form; null for a blank value, which EasyPost treats as none. */
  findOrAdd(owner: Owner, value: unknown): string | null;
  render(entry: Entry<Fields>): ApiObject;
  /** Returns a form with its items. */
  read(owner: Owner, id: string): CustomsForm;
}

/** A customs form as it is printed. */
export interface CustomsForm {
  form: Fields;
  items: readonly Fields[];
}

export function createCustoms(state: EasyPostState): Customs {
  const items = openCollection<Fields>(state, 'customs-item', 'cstitem');
  const forms = openCollection<Fields>(state, 'customs-info', 'cstinfo');

  const addItem = (owner: Owner, value: unknown) => {
    const id = idOf(value);
    if (id !== undefined) return items.get(owner, id);
    if (!isFields(value)) throw wrongType('customs_items', 'an object');
    return items.add(owner, readItem(value));
  };
  const add = (owner: Owner, fields: Fields) =>
    forms.add(owner, {
      ...readCustomsInfo(fields),
      customs_items: listOf(fields, 'customs_items').map((item) => addItem(owner, item).id),
    });
  return {
    addItem,
    getItem: items.get,
    add,
    get: forms.get,
    findOrAdd(owner, value) {
      if (isBlank(value)) return null;
      const id = idOf(value);
      if (id !== undefined) return forms.get(owner, id).id;
      if (!isFields(value)) throw wrongType('customs_info', 'an object');
      return add(owner, value).id;
    },
    read(owner, id) {
      const form = forms.get(owner, id);
      const lines = (form.body.customs_items as string[]).map((item) => items.get(form, item).body);
      return { form: form.body, items: lines };
    },
    render: (entry) => ({
      ...commonFields('CustomsInfo', entry),
      ...entry.body,
      customs_items: (entry.body.customs_items as string[]).map((id) => renderItem(items.get(entry, id))),
    }),
  };
}

export function addCustomsRoutes({ addRoute }: Api, customs: Customs) {
  addRoute('POST', '/v2/customs_items', ({ caller, body }) => {
    const item = customs.addItem(caller, unwrap(body, 'customs_item', { bare: true }));
    return created(renderItem(item), 'customs_items');
  });
  addRoute('GET', '/v2/customs_items/:id', ({ caller, id }) => ok(renderItem(customs.getItem(caller, id))));
  addRoute('POST', '/v2/customs_infos', ({ caller, body }) =>
    created(customs.render(customs.add(caller, unwrap(body, 'customs_info'))), 'customs_infos'),
  );
  addRoute('GET', '/v2/customs_infos/:id', ({ caller, id }) => ok(customs.render(customs.get(caller, id))));
}

const renderItem = (entry: Entry<Fields>) => ({ ...commonFields('CustomsItem', entry), ...entry.body });

/** Reads a customs item: `value` and `weight` are those of the whole line; the value is rendered as a string. */
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

function readCustomsInfo(fields: Fields): Fields {
  const explanation = textOf(fields, 'contents_explanation');
  const type = textOf(fields, 'contents_type');
  // Guess: the values, and that `other` requires an explanation, are documented; the code is not.
  if (type && !contentTypes.includes(type))
    throw invalidCustomsInfo('contents_type', 'is not included in the list');
  if (type === 'other' && !explanation) throw invalidCustomsInfo('contents_explanation', 'cannot be blank');
  if (explanation !== null && explanation.length > 255) {
    throw invalidCustomsInfo('contents_explanation', 'is too long (maximum is 255 characters)');
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

const invalidCustomsInfo = (field: string, message: string) =>
  unprocessable('PARAMETER.INVALID', 'The parameters you provided are invalid.', [{ field, message }]);
