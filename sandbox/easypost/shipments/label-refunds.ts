import { unprocessable } from '../api-error.ts';
import type { Entry } from '../collection.ts';
import type { EasyPostState } from '../state.ts';
import type { Trackers } from '../tracking/trackers.ts';
import type { Shipment } from './shipment.ts';
import type { Shipments } from './shipments.ts';

/** The refunds of labels, one per shipment. */
export interface LabelRefunds {
  /** Requests a refund; throws `SHIPMENT.REFUND.UNAVAILABLE` without a label or while another refund is open. */
  request(entry: Entry<Shipment>): void;
  /** Returns the refund status; null where no refund was requested. */
  status(entry: Entry<Shipment>): 'submitted' | 'refunded' | 'rejected' | null;
}

const refundPeriodMs = 15 * 86_400_000;

export function createLabelRefunds(
  { clock }: EasyPostState,
  { shipments, trackers }: { shipments: Shipments; trackers: Trackers },
): LabelRefunds {
  const status: LabelRefunds['status'] = ({ body: { refund } }) => {
    if (refund === null) return null;
    if (clock.now() < refund.asked + refundPeriodMs) return 'submitted';
    return refund.scanned ? 'rejected' : 'refunded';
  };
  return {
    status,
    request(entry) {
      const { label } = entry.body;
      if (label === null) throw unavailable('Unable to request refund for shipment without a postage label.');
      const current = status(entry);
      // Guess: a second request is refused. Documented: a rejected refund may be requested again.
      if (current !== null && current !== 'rejected') {
        throw unavailable('A refund was already requested for this shipment.');
      }
      const progress = trackers.progress(trackers.get(entry, label.tracker)).status;
      entry.body.refund = { asked: clock.now(), scanned: progress !== 'pre_transit' };
      shipments.save(entry);
    },
  };
}

const unavailable = (message: string) => unprocessable('SHIPMENT.REFUND.UNAVAILABLE', message);
