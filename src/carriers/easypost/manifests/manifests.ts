import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import type { LabelledParcel } from '../../../domain/label.ts';
import { shareOrigin } from '../../../domain/shippable-parcel.ts';
import type { CreatedManifest } from '../../../domain/manifest.ts';
import type { CallOptions, ManifestApi } from '../../adapter.ts';
import type { EasyPostClient } from '../client.ts';
import { unreadable } from '../errors.ts';
import { toShipmentReferences } from '../shipments/shipment-references.ts';

const optionalText = z.string().nullish();
const scanFormSchema = z.object({
  id: z.string(),
  status: z.string(),
  message: optionalText,
  form_url: optionalText,
  confirmation: optionalText,
  tracking_codes: z.array(z.string()).nullish(),
});
type ScanForm = z.infer<typeof scanFormSchema>;
const scanFormList = z.object({ scan_forms: z.array(scanFormSchema), has_more: z.boolean().nullish() });
const preparedRequest = z.object({
  shipments: z.array(z.object({ id: z.string() })),
  trackingNumbers: z.array(z.string()),
  /** Epoch milliseconds. */
  preparedAt: z.number(),
});
const scanFormRef = z.object({ scanForm: z.string() });

/** How far EasyPost's clock may be behind ours. */
const clockSkewMs = 60 * 60 * 1000;

/** Creates scan forms. A label is on one form at most, so a form of exactly the same parcels is the requested one. */
export function createManifestApi(client: EasyPostClient): ManifestApi {
  return {
    async prepare({ parcels }) {
      if (!shareOrigin(parcels)) {
        throw new ProviderError('REJECTED', 'the parcels leave from several addresses', {
          field: ['shipmentIds'],
          hint: 'Create one manifest for each address.',
        });
      }
      const trackingNumbers = parcels.map(requireTrackingNumber);
      const preparedAt = client.clock.now();
      return {
        attemptId: randomUUID(),
        request: { shipments: toShipmentReferences(parcels), trackingNumbers, preparedAt },
      };
    },
    async perform(prepared, call) {
      const { shipments } = preparedRequest.parse(prepared.request);
      const request = {
        method: 'POST',
        path: '/scan_forms',
        json: { shipments },
        timeoutMs: 60_000,
      } as const;
      const manifest = fromScanForm(await client.request(scanFormSchema, request, call.signal));
      if (manifest.failure) throw manifest.failure;
      return manifest;
    },
    async reconcile(prepared, call) {
      const { trackingNumbers, preparedAt } = preparedRequest.parse(prepared.request);
      const forms = await listSince(client, preparedAt - clockSkewMs, call);
      const found = forms.find(({ tracking_codes }) => sameNumbers(tracking_codes ?? [], trackingNumbers));
      if (found) return fromScanForm(found);
      if (!forms.some(({ status }) => status === 'creating')) return undefined;
      // A form in creation has no tracking codes yet.
      throw new ProviderError('UNAVAILABLE', 'EasyPost is creating a scan form, which may be this one', {
        hint: 'Try again in a minute.',
        refused: false,
      });
    },
    async refresh({ providerRef }, call) {
      const { scanForm: id } = scanFormRef.parse(providerRef);
      return fromScanForm(await client.request(scanFormSchema, { path: `/scan_forms/${id}` }, call.signal));
    },
    fetchDocument: async (source, call) => client.download(new URL(source), call.signal),
  };
}

/** Guess: a scan form lists tracking numbers, so a letter without one needs none and is refused. */
function requireTrackingNumber({ trackingNumber }: LabelledParcel): string {
  if (trackingNumber !== undefined) return trackingNumber;
  throw new ProviderError('REJECTED', 'a parcel has no tracking number, which a manifest lists it by', {
    field: ['shipmentIds'],
    hint: 'Leave out shipments whose `trackingNumber` is null: they are handed over without a manifest.',
  });
}

/** Lists the scan forms created since a time in epoch milliseconds, newest first. */
async function listSince(client: EasyPostClient, since: number, call: CallOptions): Promise<ScanForm[]> {
  const forms: ScanForm[] = [];
  const query = new URLSearchParams({ page_size: '100', start_datetime: new Date(since).toISOString() });
  for (;;) {
    const path = `/scan_forms?${query.toString()}`;
    const page = await client.request(scanFormList, { path }, call.signal);
    forms.push(...page.scan_forms);
    const last = page.scan_forms.at(-1);
    if (!page.has_more || last === undefined) return forms;
    query.set('before_id', last.id);
  }
}

const sameNumbers = (a: readonly string[], b: readonly string[]) =>
  JSON.stringify([...new Set(a)].sort()) === JSON.stringify([...new Set(b)].sort());

function fromScanForm({ id, status, message, form_url, confirmation }: ScanForm): CreatedManifest {
  const manifest = {
    reference: confirmation ?? id,
    providerRef: { scanForm: id } satisfies z.infer<typeof scanFormRef>,
  };
  switch (status) {
    case 'creating':
      return manifest;
    case 'created':
      if (!form_url) throw unreadable('a scan form');
      return { ...manifest, form: { format: 'PDF', source: form_url } };
    case 'failed':
      return { ...manifest, failure: creationFailed(message) };
    default:
      throw unreadable('a scan form');
  }
}

const creationFailed = (message: string | null | undefined) =>
  new ProviderError('REJECTED', `EasyPost created no scan form${message ? `: ${message}` : ''}`, {
    hint: 'The parcels are unchanged: try again.',
    providerMessage: message ?? undefined,
  });
