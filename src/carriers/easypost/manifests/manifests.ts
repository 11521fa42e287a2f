import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import { shareOrigin, type CreatedManifest } from '../../../domain/handover.ts';
import type { CallOptions, ManifestApi } from '../../adapter.ts';
import type { EasyPost } from '../client.ts';
import { unreadable } from '../errors.ts';
import { toShipments } from '../shipments/shipment-references.ts';

const words = z.string().nullish();
const scanForm = z.object({
  id: z.string(),
  status: z.string(),
  message: words,
  form_url: words,
  confirmation: words,
  tracking_codes: z.array(z.string()).nullish(),
});
type ScanForm = z.infer<typeof scanForm>;
const scanForms = z.object({ scan_forms: z.array(scanForm), has_more: z.boolean().nullish() });
const preparedRequest = z.object({
  shipments: z.array(z.object({ id: z.string() })),
  trackingNumbers: z.array(z.string()),
  /** Epoch milliseconds. */
  preparedAt: z.number(),
});
const ticketSchema = z.object({ scanForm: z.string() });

/** EasyPost's clock may be behind ours by less than this. */
const clockSkewMs = 60 * 60 * 1000;

/** Scan forms. A label is in one form at most, so a form with exactly our parcels is the one that we asked for. */
export function createManifestApi(easypost: EasyPost): ManifestApi {
  return {
    async prepare({ parcels }) {
      if (!shareOrigin(parcels)) {
        throw new ProviderError('REJECTED', 'the parcels leave from several addresses', {
          field: ['shipmentIds'],
          hint: 'Make one manifest for each address.',
        });
      }
      const trackingNumbers = parcels.map(({ trackingNumber }) => trackingNumber);
      const preparedAt = easypost.clock.now();
      return {
        attemptId: randomUUID(),
        request: { shipments: toShipments(parcels), trackingNumbers, preparedAt },
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
      const made = fromScanForm(await easypost.ask(scanForm, request, call.signal));
      if (made.failure) throw made.failure;
      return made;
    },
    async reconcile(prepared, call) {
      const { trackingNumbers, preparedAt } = preparedRequest.parse(prepared.request);
      const forms = await listSince(easypost, preparedAt - clockSkewMs, call);
      const ours = forms.find(({ tracking_codes }) => sameNumbers(tracking_codes ?? [], trackingNumbers));
      if (ours) return fromScanForm(ours);
      if (!forms.some(({ status }) => status === 'creating')) return undefined;
      // One that is being made names no parcels yet, so it may be ours.
      throw new ProviderError('UNAVAILABLE', 'EasyPost is still making a scan form, which may be this one', {
        hint: 'Ask again in a minute.',
        refused: false,
      });
    },
    async refresh({ providerRef }, call) {
      const { scanForm: id } = ticketSchema.parse(providerRef);
      return fromScanForm(await easypost.ask(scanForm, { path: `/scan_forms/${id}` }, call.signal));
    },
    fetchDocument: async (source, call) => easypost.download(new URL(source), call.signal),
  };
}

/** All forms since then, newest first. */
async function listSince(easypost: EasyPost, since: number, call: CallOptions): Promise<ScanForm[]> {
  const found: ScanForm[] = [];
  const query = new URLSearchParams({ page_size: '100', start_datetime: new Date(since).toISOString() });
  for (;;) {
    const page = await easypost.ask(scanForms, { path: `/scan_forms?${query.toString()}` }, call.signal);
    found.push(...page.scan_forms);
    const last = page.scan_forms.at(-1);
    if (!page.has_more || last === undefined) return found;
    query.set('before_id', last.id);
  }
}

const sameNumbers = (some: readonly string[], others: readonly string[]) =>
  JSON.stringify([...new Set(some)].sort()) === JSON.stringify([...new Set(others)].sort());

function fromScanForm(form: ScanForm): CreatedManifest {
  const { id, status, message, form_url, confirmation } = form;
  const known = {
    reference: confirmation ?? id,
    providerRef: { scanForm: id } satisfies z.infer<typeof ticketSchema>,
  };
  switch (status) {
    case 'creating':
      return known;
    case 'created':
      if (!form_url) throw unreadable('a scan form');
      return { ...known, form: { format: 'PDF', source: form_url } };
    case 'failed':
      return { ...known, failure: failed(message) };
    default:
      throw unreadable('a scan form');
  }
}

function failed(message: string | null | undefined): ProviderError {
  return new ProviderError('REJECTED', `EasyPost made no scan form${message ? `: ${message}` : ''}`, {
    hint: 'The parcels are as they were: try again.',
    providerMessage: message ?? undefined,
  });
}
