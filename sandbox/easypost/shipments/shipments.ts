import { Big } from 'big.js';
import type { LabelDesign } from '../../label-image.ts';
import type { Address, Addresses } from '../addresses/addresses.ts';
import type { Contents } from './contents.ts';
import { fee, insuranceFee, insured, isBeyond, labelDate, refuseToShip, type Fee } from './purchase-rules.ts';
import {
  created,
  idOf,
  isBlank,
  isFields,
  isTruthy,
  listOf,
  missing,
  notFound,
  numberOf,
  ok,
  refused,
  textOf,
  unwrap,
  type Drawn,
  type Fields,
  type On,
} from '../http.ts';
import { isLabelFormat, labelFormats, type Files, type LabelFormat } from './labels.ts';
import { trackingNumber } from '../tracking/tracking-numbers.ts';
import { page } from '../pagination.ts';
import { accountsOf, isUs, rate, readOptions, type Message, type Quote } from '../rates/rates.ts';
import type { Trackers } from '../tracking/trackers.ts';
import {
  head,
  isoTime,
  newId,
  openCollection,
  type Caller,
  type Entry,
  type Owner,
  type EasyPostState,
} from '../state.ts';

export interface Rate extends Quote {
  id: string;
  created: number;
}

interface Label {
  id: string;
  tracking_code: string;
  tracker: string;
  rate: Rate;
  bought: number;
  date: string;
  size: string;
  format: LabelFormat;
  files: Partial<Record<LabelFormat, string>>;
  design: LabelDesign;
}

export interface Shipment {
  to: string;
  from: string;
  returnTo: string;
  buyer: string;
  parcel: string;
  customs: string | null;
  options: Fields;
  reference: string | null;
  is_return: boolean;
  taxIdentifiers: unknown[];
  accounts: string[];
  rates: Rate[];
  messages: Message[];
  zone: number | null;
  insurance: string | null;
  /** Zero was asked for when it was made, so that the account's own amount does not come in. */
  uninsured: boolean;
  order: string | null;
  batch: { id: string; status: string; message: string | null } | null;
  scanForm: string | null;
  label: Label | null;
  refund: { asked: number; scanned: boolean } | null;
  fees: Fee[];
  forms: { id: string; made: number; type: string; path: string }[];
}

export interface Charge {
  shipment: string;
  trackingCode: string;
  amount: string;
}

export interface Shipments {
  create(owner: Owner, fields: Fields, order?: string | null): Entry<Shipment>;
  find(owner: Owner, id: string): Entry<Shipment>;
  peek(owner: Owner, id: string): Entry<Shipment> | undefined;
  /** The one that bears this label. */
  byCode(owner: Owner, code: string): Entry<Shipment> | undefined;
  save(entry: Entry<Shipment>): void;
  buy(caller: Caller, entry: Entry<Shipment>, rate: Rate, insurance?: unknown): void;
  refund(entry: Entry<Shipment>): void;
  refundStatus(entry: Entry<Shipment>): string | null;
  /** `fresh` as the answer to a purchase, whose tracker has nothing to tell yet. */
  render(entry: Entry<Shipment>, fresh?: boolean): Drawn;
  renderRate(entry: Entry<Shipment>, rate: Rate): Fields;
}

const refundDays = 15;
const charges = 'easypost/charge';

export const chargesOf = (world: EasyPostState) => world.store.all<Charge>(charges);

export function shipments(
  world: EasyPostState,
  on: On,
  limitList: (owner: Owner) => void,
  parts: { addresses: Addresses; contents: Contents; trackers: Trackers; files: Files },
): Shipments {
  const { addresses, contents, trackers, files } = parts;
  const kept = openCollection<Shipment>(world, 'shipment', 'shp');
  const byRate = 'easypost/shipment-by-rate';
  const byLabel = 'easypost/shipment-by-code';

  const find = (owner: Owner, id: string) => {
    const entry = kept.find(owner, id);
    if (entry === undefined) throw notFound();
    return entry;
  };

  const mustBeUnbought = (entry: Entry<Shipment>) => {
    if (entry.body.label === null) return;
    throw refused('SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.');
  };

  function create(owner: Owner, fields: Fields, order: string | null = null): Entry<Shipment> {
    for (const field of ['to_address', 'from_address', 'parcel']) {
      if (isBlank(fields[field])) throw missing(field);
    }
    const to = addresses.take(owner, fields.to_address, 'to_address').id;
    const from = addresses.take(owner, fields.from_address, 'from_address').id;
    const other = (field: string, same: string) =>
      isBlank(fields[field]) ? same : addresses.take(owner, fields[field], field).id;
    const shipment: Shipment = {
      to,
      from,
      returnTo: other('return_address', from),
      buyer: other('buyer_address', to),
      parcel: contents.parcel(owner, fields.parcel).id,
      customs: contents.customs(owner, fields.customs_info),
      options: readOptions(fields.options),
      reference: textOf(fields, 'reference') || null,
      is_return: isTruthy(fields.is_return),
      // Recorded: the number itself is never shown again.
      taxIdentifiers: listOf(fields, 'tax_identifiers').map(
        (each) => isFields(each) && { ...each, tax_id: 'HIDDEN' },
      ),
      accounts: accountsOf(world, fields).map(({ id }) => id),
      rates: [],
      messages: [],
      zone: null,
      insurance: insured(fields.insurance, null),
      // Recorded for a purchase in one call; that it lasts until a later purchase is a guess.
      uninsured: !isBlank(fields.insurance) && numberOf(fields, 'insurance') === 0,
      order,
      batch: null,
      scanForm: null,
      label: null,
      refund: null,
      fees: [],
      forms: [],
    };
    const entry = kept.add(owner, shipment);
    quote(entry);
    return entry;
  }

  /** A return goes the other way (docs.easypost.com/docs/shipments/returns): `to_address` stays the customer's, and sends. */
  function endsOf(entry: Entry<Shipment>) {
    const [to, from] = [addresses.find(entry, entry.body.to), addresses.find(entry, entry.body.from)];
    return entry.body.is_return ? { sender: to, receiver: from } : { sender: from, receiver: to };
  }

  /** Prices it anew: the rates before are gone, and their ids with them. */
  function quote(entry: Entry<Shipment>) {
    const { parcel, options, accounts } = entry.body;
    const { receiver, sender } = endsOf(entry);
    const now = world.clock.now();
    const { quotes, messages, zone } = rate({
      to: receiver.body,
      from: sender.body,
      parcel: contents.findParcel(entry, parcel).body,
      options,
      accounts: world.accounts.filter(({ id }) => accounts.includes(id)),
      now,
      surcharge: world.surcharge,
      failing: world.failing,
    });
    entry.body.rates = quotes.map((each) => ({ id: newId('rate'), created: now, ...each }));
    entry.body.messages = messages;
    entry.body.zone = zone;
    for (const { id } of entry.body.rates) world.store.put(byRate, id, entry.id);
    kept.save(entry);
  }

  function buy(caller: Caller, entry: Entry<Shipment>, chosen: Rate, insurance?: unknown) {
    const shipment = entry.body;
    mustBeUnbought(entry);
    const asked = (textOf(shipment.options, 'label_format') || 'PNG').toUpperCase();
    if (!isLabelFormat(asked)) throw refused('SHIPMENT.POSTAGE.INVALID_FORMAT', 'Invalid label format.');
    const { receiver, sender } = endsOf(entry);
    const abroad = !isUs(receiver.body) || !isUs(sender.body);
    refuseToShip(chosen.carrier, receiver.body, sender.body);
    if ((abroad || isBeyond(receiver.body) !== isBeyond(sender.body)) && shipment.customs === null) {
      throw refused('SHIPMENT.CUSTOMS_INFO.REQUIRED', 'Customs information is required for this shipment.');
    }
    const cover = insured(
      insurance ?? shipment.insurance ?? undefined,
      shipment.uninsured ? null : caller.defaultInsurance,
    );
    addresses.correct(receiver);

    const now = world.clock.now();
    const serial = (world.store.get<number>('easypost/serial', 'label') ?? 0) + 1;
    world.store.put('easypost/serial', 'label', serial);
    const code = trackingNumber(chosen.carrier, chosen.service, abroad, serial);
    const tracker = trackers.start(entry, {
      code,
      carrier: chosen.carrier,
      service: chosen.service,
      shipment: entry.id,
    });
    const design = designOf(entry, chosen, code);
    shipment.label = {
      id: newId('pl'),
      tracking_code: code,
      tracker: tracker.id,
      rate: chosen,
      bought: now,
      date: labelDate(shipment.options, now),
      size: textOf(shipment.options, 'label_size') || (abroad ? '6x4' : '4x6'),
      format: asked,
      files: { [asked]: files.publish('postage_label', asked, design) },
      design,
    };
    shipment.insurance = cover;
    shipment.fees = [
      fee('LabelFee', '0'),
      fee('PostageFee', chosen.rate),
      ...(cover === null ? [] : [fee('InsuranceFee', insuranceFee(cover))]),
    ];
    if (abroad) {
      const path = files.publish('form', 'PDF', { ...design, title: 'COMMERCIAL INVOICE' });
      shipment.forms.push({ id: newId('form'), made: now, type: 'commercial_invoice', path });
    }
    kept.save(entry);
    world.store.put(byLabel, code, entry.id);
    const amount = shipment.fees.reduce((sum, each) => sum.plus(each.amount), new Big(0)).toFixed(2);
    world.store.put<Charge>(charges, entry.id, { shipment: entry.id, trackingCode: code, amount });
  }

  function designOf(entry: Entry<Shipment>, { carrier, service }: Rate, code: string): LabelDesign {
    const { parcel, reference, options } = entry.body;
    const { sender, receiver } = endsOf(entry);
    const printed = ({ body }: Entry<Address>) => {
      const { name, company, street1, street2, city, state, zip, country } = body;
      const town = [city, state, zip].filter(Boolean).join(' ');
      return [name, company, street1, street2, town, country === 'US' ? null : country].filter(
        (line) => !!line,
      ) as string[];
    };
    const zip = receiver.body.zip?.slice(0, 5);
    const weight = contents.findParcel(entry, parcel).body.weight;
    const usps = carrier === 'USPS' && /^9\d{21}$/.test(code);
    return {
      title: `${carrier} ${service}`.toUpperCase(),
      from: printed(sender),
      to: printed(receiver),
      trackingNumber: code,
      details: [
        `Weight ${weight} oz`,
        ...(reference === null ? [] : [`Reference ${reference}`]),
        ...['print_custom_1', 'print_custom_2', 'print_custom_3'].flatMap(
          (name) => textOf(options, name) || [],
        ),
      ],
      ...(usps
        ? { barcode: 'gs1-128' as const, ...(zip && { routing: zip }) }
        : { barcode: 'code128' as const }),
    };
  }

  function refund(entry: Entry<Shipment>) {
    const { label } = entry.body;
    if (label === null) {
      throw refused(
        'SHIPMENT.REFUND.UNAVAILABLE',
        'Unable to request refund for shipment without a postage label.',
      );
    }
    const status = refundStatus(entry);
    // Guess: asking twice is refused; a rejected one may be asked again, as documented.
    if (status !== null && status !== 'rejected') {
      throw refused('SHIPMENT.REFUND.UNAVAILABLE', 'A refund was already requested for this shipment.');
    }
    const seen = trackers.progress(trackers.find(entry, label.tracker)).status;
    entry.body.refund = { asked: world.clock.now(), scanned: seen !== 'pre_transit' };
    kept.save(entry);
  }

  function refundStatus(entry: Entry<Shipment>): string | null {
    const { refund: asked } = entry.body;
    if (asked === null) return null;
    if (world.clock.now() < asked.asked + refundDays * 86_400_000) return 'submitted';
    return asked.scanned ? 'rejected' : 'refunded';
  }

  function renderRate(entry: Entry<Shipment>, { created: made, id, ...quoted }: Rate): Fields {
    const at = isoTime(made);
    return {
      id,
      object: 'Rate',
      created_at: at,
      updated_at: at,
      mode: entry.mode,
      ...quoted,
      shipment_id: entry.id,
    };
  }

  function renderLabel({ id, bought, date, size, format, files: paths }: Label, updated: number): Fields {
    const url = (name: LabelFormat) => (paths[name] === undefined ? null : files.urlOf(paths[name]));
    return {
      object: 'PostageLabel',
      id,
      created_at: isoTime(bought),
      updated_at: isoTime(updated),
      date_advance: 0,
      integrated_form: 'none',
      label_date: date,
      label_resolution: 300,
      label_size: size,
      label_type: 'default',
      label_file_type: labelFormats[format].type,
      label_url: url(format),
      label_pdf_url: url('PDF'),
      label_zpl_url: url('ZPL'),
      label_epl2_url: url('EPL2'),
      label_file: null,
    };
  }

  function render(entry: Entry<Shipment>, fresh = false): Drawn {
    const { body } = entry;
    const { label } = body;
    const tracker = label === null ? null : trackers.find(entry, label.tracker);
    const seen = tracker === null || fresh ? 'unknown' : trackers.progress(tracker).status;
    const address = (id: string) => addresses.render(addresses.find(entry, id));
    const refundIs = refundStatus(entry);
    return {
      ...head('Shipment', entry),
      is_return: body.is_return,
      messages: body.messages,
      options: body.options,
      reference: body.reference,
      // Recorded: a shipment whose parcel was not scanned yet stays `unknown`.
      status: seen === 'pre_transit' ? 'unknown' : seen,
      tracking_code: label?.tracking_code ?? null,
      batch_id: body.batch?.id ?? null,
      batch_status: body.batch?.status ?? null,
      batch_message: body.batch?.message ?? null,
      customs_info: body.customs === null ? null : contents.renderCustoms(entry, body.customs),
      from_address: address(body.from),
      to_address: address(body.to),
      return_address: address(body.returnTo),
      buyer_address: address(body.buyer),
      insurance: body.insurance,
      order_id: body.order,
      parcel: contents.renderParcel(entry, body.parcel),
      postage_label: label && renderLabel(label, entry.updated),
      rates: body.rates.map((each) => renderRate(entry, each)),
      refund_status: refundIs,
      scan_form: body.scanForm,
      selected_rate: label && renderRate(entry, label.rate),
      tracker: tracker && (fresh ? trackers.renderFresh(tracker) : trackers.render(tracker)),
      usps_zone: body.zone,
      forms: body.forms.map(({ id, made, type, path }) => ({
        object: 'Form',
        id,
        created_at: isoTime(made),
        updated_at: isoTime(made),
        mode: entry.mode,
        form_type: type,
        form_url: files.urlOf(path),
        submitted_electronically: type === 'commercial_invoice',
      })),
      fees: body.fees.map((each) => ({
        ...each,
        refunded: refundIs === 'refunded' && each.type === 'PostageFee',
      })),
      ...(body.taxIdentifiers.length > 0 && { tax_identifiers: body.taxIdentifiers }),
    };
  }

  const bought = (entry: Entry<Shipment>) => {
    if (entry.body.label === null) {
      throw refused('SHIPMENT.POSTAGE.REQUIRED', 'Postage is required to complete this operation.');
    }
    return entry.body.label;
  };

  on('POST', '/v2/shipments', ({ caller, body }) => {
    const fields = unwrap(body, 'shipment');
    const entry = create(caller, fields);
    const service = textOf(fields, 'service');
    if (!service) return created(render(entry), 'shipments');
    // One-call buy: the service is named at once, with the one carrier account that sells it.
    const chosen = entry.body.rates.find((each) => each.service === service);
    if (listOf(fields, 'carrier_accounts').length !== 1) {
      throw refused('SHIPMENT.INVALID_PARAMS', 'A purchase in one call needs exactly one carrier account.');
    }
    if (chosen === undefined) {
      throw refused('SHIPMENT.RATES.UNAVAILABLE', 'The requested service has no rate for this shipment.');
    }
    buy(caller, entry, chosen, fields.insurance);
    return created(render(entry, true), 'shipments');
  });

  on('GET', '/v2/shipments', ({ caller, query }) => {
    limitList(caller);
    const all = String(query.purchased ?? 'true') === 'false';
    const rows = kept.list(caller).filter(({ body }) => all || body.label !== null);
    return page(world, rows, query, 'shipments', (entry) => render(entry));
  });

  on('GET', '/v2/shipments/:id', ({ caller, id }) => ok(render(find(caller, id))));

  on('POST', '/v2/shipments/:id/rerate', ({ caller, id }) => {
    const entry = find(caller, id);
    quote(entry);
    return ok({ rates: entry.body.rates.map((each) => renderRate(entry, each)) });
  });

  on('POST', '/v2/shipments/:id/buy', ({ caller, id, body }) => {
    const entry = find(caller, id);
    if (isBlank(body.rate)) throw missing('rate');
    const endShipper = textOf(body, 'end_shipper_id');
    if (endShipper && world.store.get('easypost/end-shipper', endShipper) === undefined) throw notFound();
    mustBeUnbought(entry);
    const chosen = entry.body.rates.find((each) => each.id === idOf(body.rate));
    if (chosen === undefined) {
      throw refused(
        'SHIPMENT.MISSING_RATE',
        'The rate does not belong to this shipment or is no longer valid.',
      );
    }
    buy(caller, entry, chosen, body.insurance);
    return ok(render(entry, true));
  });

  on('GET', '/v2/shipments/:id/label', ({ caller, id, query }) => {
    const entry = find(caller, id);
    const label = bought(entry);
    const asked = String(query.file_format ?? 'PNG').toUpperCase();
    if (!isLabelFormat(asked)) throw refused('SHIPMENT.POSTAGE.INVALID_FORMAT', 'Invalid label format.');
    if (asked !== label.format && label.format !== 'PNG') {
      throw refused('SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE', 'Only PNG labels can be converted.');
    }
    if (label.files[asked] === undefined) {
      label.files[asked] = files.publish('postage_label', asked, label.design);
      kept.save(entry);
    }
    return ok(render(entry));
  });

  on('POST', '/v2/shipments/:id/insure', ({ caller, id, body }) => {
    const entry = find(caller, id);
    bought(entry);
    if (entry.body.insurance !== null) {
      throw refused(
        'SHIPMENT.INSURANCE.ALREADY_PURCHASED',
        'Insurance was already purchased for this shipment.',
      );
    }
    if (isBlank(body.amount)) throw missing('amount');
    const cover = insured(body.amount, null);
    if (cover !== null) {
      entry.body.insurance = cover;
      entry.body.fees.push(fee('InsuranceFee', insuranceFee(cover)));
      kept.save(entry);
    }
    return ok(render(entry));
  });

  on('POST', '/v2/shipments/:id/refund', ({ caller, id }) => {
    const entry = find(caller, id);
    refund(entry);
    return ok(render(entry));
  });

  on('GET', '/v2/rates/:id', ({ caller, id }) => {
    const owner = world.store.get<string>(byRate, id);
    const entry = owner === undefined ? undefined : kept.find(caller, owner);
    // Guess: one that a rerate replaced is gone.
    const found = entry?.body.rates.find((each) => each.id === id);
    if (entry === undefined || found === undefined) throw notFound();
    return ok(renderRate(entry, found));
  });

  return {
    create,
    find,
    peek: kept.find,
    byCode(owner, code) {
      const id = world.store.get<string>(byLabel, code);
      return id === undefined ? undefined : kept.find(owner, id);
    },
    save: kept.save,
    buy,
    refund,
    refundStatus,
    render,
    renderRate,
  };
}
