import { notFound, unprocessable } from '../api-error.ts';
import { openCollection, type Entry } from '../collection.ts';
import { isoTime, monthsAfter } from '../dates.ts';
import type { ApiObject } from '../http.ts';
import type { EasyPostState, Owner } from '../state.ts';
import { detectCarrier, isTracked } from './carrier-detection.ts';
import { initialProgress, type Progress } from './progress.ts';
import { invalidCodeProgress, isTestCode, testCodeProgress } from './test-codes.ts';
import { simulateTransit, type Travel } from './tracking-simulation.ts';

export interface Tracker {
  tracking_code: string;
  carrier: string;
  /** Null for a label that was not purchased here. */
  shipment_id: string | null;
  service: string | null;
  charged: boolean;
  deleted?: boolean;
  /** Set where the parcel was sent along. */
  travel?: Travel;
  /** The status of the latest event. */
  reported: string;
}

/** The stored trackers of all users. */
export interface Trackers {
  /** Creates the tracker of a purchased label. */
  createForLabel(
    owner: Owner,
    label: { code: string; carrier: string; service: string; shipment: string },
  ): Entry<Tracker>;
  /** Returns the tracker of a code if it is younger than three months, otherwise creates one. */
  findOrCreate(owner: Owner, code: string, carrier: string | null): { entry: Entry<Tracker>; isNew: boolean };
  findByCode(owner: Owner, code: string, carrier: string | null): Entry<Tracker> | undefined;
  /** Throws `NOT_FOUND` for an unknown or deleted tracker. */
  get(owner: Owner, id: string): Entry<Tracker>;
  list(owner: Owner): Entry<Tracker>[];
  remove(entry: Entry<Tracker>): void;
  progress(entry: Entry<Tracker>): Progress;
  render(entry: Entry<Tracker>): ApiObject;
  /** Renders a tracker in the form of events and of the response to its creation. */
  renderCreated(entry: Entry<Tracker>, progress: Progress): ApiObject;
  /** Renders a tracker in its initial state, which the response to a purchase has. */
  renderInitial(entry: Entry<Tracker>): ApiObject;
  /** Makes the parcel of a label complete its journey in this time; false where there is no label with this code. */
  travel(code: string, milliseconds: number): boolean;
  /** Emits `tracker.updated` for every tracker whose status has changed. */
  emitUpdates(): void;
}

export function createTrackers(state: EasyPostState): Trackers {
  const collection = openCollection<Tracker>(state, 'tracker', 'trk');
  const codeIndex = 'easypost/tracker-by-code';
  const codeKey = (owner: Owner, code: string, carrier: string) =>
    [owner.user, owner.mode, code, haulerOf(carrier)].join(' ');

  const add = (owner: Owner, tracker: Omit<Tracker, 'reported'>) => {
    const entry = collection.add(owner, { ...tracker, reported: 'unknown' });
    for (const carrier of [tracker.carrier, '']) {
      state.store.put(codeIndex, codeKey(owner, tracker.tracking_code, carrier), entry.id);
    }
    return entry;
  };
  const findByCode = (owner: Owner, code: string, carrier: string | null) => {
    const id = state.store.get<string>(codeIndex, codeKey(owner, code, carrier ?? ''));
    const entry = id === undefined ? undefined : collection.find(owner, id);
    return entry?.body.deleted ? undefined : entry;
  };
  const progress = (entry: Entry<Tracker>) => progressOf(state, entry);

  function findOrCreate(owner: Owner, code: string, carrier: string | null) {
    const existing = findByCode(owner, code, carrier);
    if (existing !== undefined && monthsAfter(existing.created, 3) > state.clock.now()) {
      return { entry: existing, isNew: false };
    }
    const tracker = {
      tracking_code: code,
      carrier: selectCarrier(owner, code, carrier),
      shipment_id: null,
      service: null,
      charged: true,
    };
    const entry = add(owner, tracker);
    state.emit(owner, 'tracker.created', renderCreated(entry, progress(entry)));
    return { entry, isNew: true };
  }

  return {
    createForLabel(owner, { code, carrier, service, shipment }) {
      const tracker = { tracking_code: code, carrier, shipment_id: shipment, service, charged: false };
      const entry = add(owner, tracker);
      state.emit(owner, 'tracker.created', renderWith(entry, initialProgress(entry.created)));
      return entry;
    },
    findOrCreate,
    findByCode,
    get(owner, id) {
      const entry = collection.get(owner, id);
      if (entry.body.deleted) throw notFound();
      return entry;
    },
    list: (owner) => collection.list(owner).filter(({ body }) => !body.deleted),
    remove(entry) {
      entry.body.deleted = true;
      collection.save(entry);
    },
    progress,
    render: (entry) => renderWith(entry, progress(entry)),
    renderCreated,
    renderInitial: (entry) => renderWith(entry, initialProgress(entry.created)),
    travel(code, milliseconds) {
      const ofLabel = ({ body }: Entry<Tracker>) => body.tracking_code === code && body.shipment_id !== null;
      const entries = collection.all().filter(ofLabel);
      for (const entry of entries) {
        entry.body.travel = { from: state.clock.now(), milliseconds };
        collection.save(entry);
      }
      return entries.length > 0;
    },
    emitUpdates() {
      for (const entry of collection.all()) {
        const current = progress(entry);
        if (entry.body.deleted || current.status === entry.body.reported) continue;
        const previousAttributes = { status: entry.body.reported };
        entry.body.reported = current.status;
        collection.save(entry);
        state.emit(entry, 'tracker.updated', renderCreated(entry, current), previousAttributes);
      }
    },
  };
}

/** The company behind a carrier: a label of `UPSDAP` is tracked as `UPS`, one of `FedExDefault` as `FedEx`. */
const haulerOf = (carrier: string) => ({ UPSDAP: 'UPS', FedExDefault: 'FedEx' })[carrier] ?? carrier;

/** Guess: the default pace in production mode is that of a real parcel. */
function progressOf({ clock, pace, speed }: EasyPostState, entry: Entry<Tracker>): Progress {
  const { tracking_code: code, carrier, shipment_id: shipment, service, travel } = entry.body;
  if (shipment !== null) {
    const label = { carrier, service: service ?? '', purchased: entry.created };
    return simulateTransit(label, clock.now(), {
      pace: travel ? 'lifelike' : (pace ?? (entry.mode === 'test' ? 'recorded' : 'lifelike')),
      speed,
      travel,
    });
  }
  if (entry.mode === 'production') return initialProgress(entry.created);
  return testCodeProgress(code, entry.created) ?? invalidCodeProgress(entry.created);
}

/** Validates code and carrier of a new tracker and returns its carrier. */
function selectCarrier({ mode }: Owner, code: string, carrier: string | null): string {
  if (carrier !== null && !isTracked(carrier)) {
    throw unprocessable('TRACKER.UNSUPPORTED_CARRIER', `Tracking is not supported for carrier ${carrier}.`);
  }
  if (mode === 'production' && isTestCode(code)) {
    throw unprocessable('TRACKER.INVALID_TEST_CODE', 'Test tracking codes are valid in test mode only.');
  }
  const selected = carrier ?? detectCarrier(code);
  // Guess: test mode accepts any code, since an unknown one becomes an error tracker.
  if (selected === undefined && mode === 'production') {
    throw unprocessable('TRACKER.NO_CARRIER_FOR_CODE', 'No carrier matches this tracking code.');
  }
  return selected ?? 'USPS';
}

function renderWith(entry: Entry<Tracker>, progress: Progress): ApiObject {
  const { updated, ...shown } = progress;
  const amount = entry.mode === 'test' ? '0.00000' : '0.02000';
  const charged = entry.mode === 'production';
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
    fees: entry.body.charged ? [{ object: 'Fee', type: 'TrackerFee', amount, charged, refunded: false }] : [],
    public_url: `https://track.easypost.com/${Buffer.from(`v1:${entry.id}`).toString('base64')}`,
  };
}

/** Recorded in 2025: POST adds two fields, and has null where later reads have an empty string. */
function renderCreated(entry: Entry<Tracker>, progress: Progress): ApiObject {
  const tracking_details = progress.tracking_details.map((detail) => ({
    ...detail,
    description: null,
    carrier_code: null,
  }));
  return { ...renderWith(entry, { ...progress, tracking_details }), finalized: true, is_return: false };
}
