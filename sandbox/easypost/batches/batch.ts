import type { LabelFormat } from '../label-formats.ts';
import type { Caller } from '../state.ts';

/** A shipment in a batch; `shipment` is empty where its creation failed. */
export interface BatchMember {
  shipment: string;
  service: string | null;
  carrier: string | null;
  status:
    'created' | 'queued_for_purchase' | 'creation_failed' | 'postage_purchased' | 'postage_purchase_failed';
  message: string | null;
}

/** Work that continues after the response until it is due. */
export interface BatchTask {
  kind: 'create' | 'buy' | 'label' | 'scan form';
  due: number;
  caller: Caller;
  /** The shipments to create. */
  given: unknown[];
  format?: LabelFormat;
}

export interface Batch {
  state: string;
  reference: string | null;
  count: number;
  members: BatchMember[];
  task: BatchTask | null;
  /** The path of the file with all labels. */
  label: string | null;
  scanForm: string | null;
}
