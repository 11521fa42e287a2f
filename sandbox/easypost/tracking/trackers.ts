import {
  created,
  listOf,
  missing,
  notFound,
  ok,
  refused,
  textOf,
  unwrap,
  type Drawn,
  type Fields,
  type On,
} from '../http.ts';
import { nothingYet, notATestCode, paceOf, testStory, travel, type Progress } from './tracking-simulation.ts';
import { page } from '../pagination.ts';
import {
  isoTime,
  monthsAfter,
  openCollection,
  type Entry,
  type Owner,
  type EasyPostState,
} from '../state.ts';

export interface Tracker {
  tracking_code: string;
  carrier: string;
  shipment_id: string | null;
  /** Of the label, when it was bought here. */
  service: string | null;
  charged: boolean;
  deleted?: boolean;
  /** The status that webhooks told last. */
  told: string;
}

export interface Trackers {
  /** The tracker that comes with a bought label. */
  start(
    owner: Owner,
    label: { code: string; carrier: string; service: string; shipment: string },
  ): Entry<Tracker>;
  /** By code, or a new one. */
  follow(owner: Owner, code: string, carrier: string | null): { entry: Entry<Tracker>; isNew: boolean };
  find(owner: Owner, id: string): Entry<Tracker>;
  progress(entry: Entry<Tracker>): Progress;
  render(entry: Entry<Tracker>): Fields;
  /** As the answer to a purchase shows it, before the carrier was asked. */
  renderFresh(entry: Entry<Tracker>): Fields;
  /** Tells webhooks of every tracker whose status changed since. */
  tell(): void;
}

/** Names that a tracker takes. Guess: the true list has some hundred more. */
const carriers = new Set(
  [
    'USPS',
    'UPS',
    'UPSDAP',
    'UPSMailInnovations',
    'FedEx',
    'FedExDefault',
    'FedExSmartPost',
    'DhlEcs',
    'DHLExpress',
  ].concat(
    [
      'CanadaPost',
      'Canpar',
      'DPD',
      'DPDUK',
      'OnTrac',
      'LaserShip',
      'LaserShipV2',
      'AmazonMws',
      'AustraliaPost',
    ],
    [
      'RoyalMail',
      'Purolator',
      'LSO',
      'GSO',
      'Veho',
      'Estafeta',
      'OSMWorldwide',
      'Asendia',
      'APC',
      'GlobalPost',
    ],
  ),
);

/** The numbers that name their carrier. */
const forms: readonly (readonly [form: RegExp, carrier: string])[] = [
  [/^EZ[1-7]0{8}[1-7]$/, 'USPS'],
  [/^1Z[0-9A-Z]{16}$/, 'UPS'],
  [/^(9\d{21}|9\d{25}|420\d{5}(\d{4})?9\d{21}|[A-Z]{2}\d{9}US)$/, 'USPS'],
  [/^(\d{12}|\d{15})$/, 'FedEx'],
  [/^(\d{10}|JJD\d{16,18})$/, 'DHLExpress'],
];

export function trackers(world: EasyPostState, on: On, limitList: (owner: Owner) => void): Trackers {
  const kept = openCollection<Tracker>(world, 'tracker', 'trk');
  const codes = 'easypost/tracker-by-code';
  const codeKey = (owner: Owner, code: string, carrier: string) =>
    [owner.user, owner.mode, code, carrier].join(' ');

  const add = (owner: Owner, tracker: Omit<Tracker, 'told' | 'charged'>, charged: boolean) => {
    const entry = kept.add(owner, { ...tracker, charged, told: 'unknown' });
    for (const carrier of [tracker.carrier, '']) {
      world.store.put(codes, codeKey(owner, tracker.tracking_code, carrier), entry.id);
    }
    return entry;
  };
  const byCode = (owner: Owner, code: string, carrier: string | null) => {
    const id = world.store.get<string>(codes, codeKey(owner, code, carrier ?? ''));
    const entry = id === undefined ? undefined : kept.find(owner, id);
    return entry?.body.deleted ? undefined : entry;
  };
  const find = (owner: Owner, id: string) => {
    const entry = kept.find(owner, id);
    if (entry === undefined || entry.body.deleted) throw notFound();
    return entry;
  };

  function progress(entry: Entry<Tracker>): Progress {
    const { tracking_code: code, carrier, shipment_id: shipment, service } = entry.body;
    const now = world.clock.now();
    if (shipment !== null) {
      return travel(carrier, service ?? '', entry.created, now, paceOf(entry.mode, world.pace));
    }
    if (entry.mode === 'production') return nothingYet(entry.created);
    return testStory(code, entry.created) ?? notATestCode(entry.created);
  }

  function draw(entry: Entry<Tracker>, seen: Progress): Drawn {
    const { updated, ...shown } = seen;
    const amount = entry.mode === 'test' ? '0.00000' : '0.02000';
    return {
      id: entry.id,
      object: 'Tracker',
      mode: entry.mode,
      tracking_code: entry.body.tracking_code,
      created_at: isoTime(entry.created),
      updated_at: isoTime(updated),
      shipment_id: entry.body.shipment_id,
      carrier: entry.body.carrier,
      ...shown,
      delivery_evidence: [],
      fees: entry.body.charged
        ? [
            {
              object: 'Fee',
              type: 'TrackerFee',
              amount,
              charged: entry.mode === 'production',
              refunded: false,
            },
          ]
        : [],
      public_url: `https://track.easypost.com/${Buffer.from(`v1:${entry.id}`).toString('base64')}`,
    };
  }

  /** POST alone adds two fields, and writes null where later readings have an empty text (recorded in 2025). */
  function drawPosted(entry: Entry<Tracker>, seen: Progress): Drawn {
    const tracking_details = seen.tracking_details.map((each) => ({
      ...each,
      description: null,
      carrier_code: null,
    }));
    return { ...draw(entry, { ...seen, tracking_details }), finalized: true, is_return: false };
  }

  function follow(owner: Owner, code: string, carrier: string | null) {
    const old = byCode(owner, code, carrier);
    if (old !== undefined && monthsAfter(old.created, 3) > world.clock.now())
      return { entry: old, isNew: false };
    if (carrier !== null && !carriers.has(carrier)) {
      throw refused('TRACKER.UNSUPPORTED_CARRIER', `Tracking is not supported for carrier ${carrier}.`);
    }
    const isTestCode = testStory(code, 0) !== undefined;
    if (owner.mode === 'production' && isTestCode) {
      throw refused('TRACKER.INVALID_TEST_CODE', 'Test tracking codes are valid in test mode only.');
    }
    const guessed = carrier ?? forms.find(([form]) => form.test(code))?.[1];
    // Guess: test mode takes any text, since it answers with an error tracker anyway.
    if (guessed === undefined && owner.mode === 'production') {
      throw refused('TRACKER.NO_CARRIER_FOR_CODE', 'No carrier matches this tracking code.');
    }
    const entry = add(
      owner,
      { tracking_code: code, carrier: guessed ?? 'USPS', shipment_id: null, service: null },
      true,
    );
    world.announce(owner, 'tracker.created', drawPosted(entry, progress(entry)));
    return { entry, isNew: true };
  }

  on('POST', '/v2/trackers', ({ caller, body }) => {
    const fields = unwrap(body, 'tracker');
    const code = textOf(fields, 'tracking_code')?.replace(/\s/g, '');
    if (!code) throw missing('tracking_code');
    const { entry, isNew } = follow(caller, code, textOf(fields, 'carrier') || null);
    const seen = progress(entry);
    // What is wrong with a code is found out after the answer.
    const shown = drawPosted(entry, isNew && seen.status === 'error' ? nothingYet(entry.created) : seen);
    // Recorded: a tracker that was there already comes without fees.
    const { fees, ...rest } = shown;
    return { ...created(isNew ? { ...rest, fees } : rest, 'trackers'), status: isNew ? 201 : 200 };
  });

  on('GET', '/v2/trackers', ({ caller, query }) => {
    limitList(caller);
    const only = filters(query);
    const rows = kept.list(caller).filter(({ body }) => !body.deleted && only(body));
    return page(world, rows, query, 'trackers', render);
  });

  on('POST', '/v2/trackers/batch', ({ caller, body }) => {
    const asked = listOf(body, 'tracking_codes').map(String);
    if (asked.length === 0) throw missing('tracking_codes');
    const carrier = textOf(body, 'carrier') || null;
    const found = asked.flatMap((code) => byCode(caller, code, carrier) ?? []);
    return ok({ trackers: found.map(render), has_more: false });
  });

  on('GET', '/v2/trackers/:id', ({ caller, id }) => ok(render(find(caller, id))));

  on('DELETE', '/v2/trackers/:id', ({ caller, id }) => {
    const entry = find(caller, id);
    entry.body.deleted = true;
    kept.save(entry);
    return ok({ success: true });
  });

  const render = (entry: Entry<Tracker>) => draw(entry, progress(entry));

  return {
    start(owner, { code, carrier, service, shipment }) {
      const entry = add(owner, { tracking_code: code, carrier, shipment_id: shipment, service }, false);
      world.announce(owner, 'tracker.created', draw(entry, nothingYet(entry.created)));
      return entry;
    },
    follow,
    find,
    progress,
    render,
    renderFresh: (entry) => draw(entry, nothingYet(entry.created)),
    tell() {
      for (const entry of kept.all()) {
        const seen = progress(entry);
        if (entry.body.deleted || seen.status === entry.body.told) continue;
        const before = { status: entry.body.told };
        entry.body.told = seen.status;
        kept.save(entry);
        world.announce(entry, 'tracker.updated', drawPosted(entry, seen), before);
      }
    },
  };
}

/**
 * `tracking_code`, `carrier` and `tracking_codes`. Guess: the array is read from `tracking_codes[]`, and of the bare
 * name only the last counts, which would explain the one row of EasyPost/easypost-python#362.
 */
function filters(query: Fields): (tracker: Tracker) => boolean {
  const last = (value: unknown) => String(Array.isArray(value) ? value.at(-1) : value);
  const several = query['tracking_codes[]'] ?? (query.tracking_codes && last(query.tracking_codes));
  const codes = several === undefined ? undefined : [several].flat().map(String);
  return (tracker) =>
    (query.tracking_code === undefined || tracker.tracking_code === last(query.tracking_code)) &&
    (query.carrier === undefined || tracker.carrier === last(query.carrier)) &&
    (codes === undefined || codes.includes(tracker.tracking_code));
}
