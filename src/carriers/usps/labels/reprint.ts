import type { LabelReference } from '../../../domain/label.ts';
import type { LabelFormat } from '../../../domain/shipment.ts';
import type { CallOptions } from '../../adapter.ts';
import { isOk, type Usps, type UspsRequest } from '../client.ts';
import { failureOf } from '../errors.ts';
import { endpoints, labelTarget, labelTimeoutMs } from './endpoints.ts';
import { noCustomsAsPng, toImageInfo, withoutPostage } from './label-request.ts';
import { fromReprintResponse } from './label-response.ts';
import { readPrepared } from './prepared-label.ts';
import { readReprintSource } from './reprint-source.ts';

/** Prints a label in a format. USPS allows this three times, until the mailing date. */
export async function reprintLabel(
  usps: Usps,
  label: LabelReference,
  format: LabelFormat,
  call: CallOptions,
): Promise<Uint8Array> {
  const { direction } = readPrepared(label.prepared.request);
  if (direction === 'international' && format === 'PNG') throw noCustomsAsPng(['format']);
  const { api, reprint } = endpoints[direction];
  return sendReprint(usps, { api, ...labelTarget(reprint, label) }, format, call);
}

/** Fetches a label of which the source alone is known; a reprint like any other. */
export function fetchReprint(usps: Usps, source: string, call: CallOptions): Promise<Uint8Array> {
  const { trackingNumber, format } = readReprintSource(source);
  // Tracking numbers of domestic labels have digits only.
  const { api, reprint } = endpoints[/^\d+$/.test(trackingNumber) ? 'outbound' : 'international'];
  return sendReprint(usps, { api, path: `${reprint}/${encodeURIComponent(trackingNumber)}` }, format, call);
}

async function sendReprint(
  usps: Usps,
  target: Pick<UspsRequest, 'api' | 'path' | 'headers'>,
  format: LabelFormat,
  call: CallOptions,
): Promise<Uint8Array> {
  const json = { imageInfo: { ...toImageInfo(format), ...withoutPostage } };
  const response = await usps.send(
    { ...target, method: 'POST', json, timeoutMs: labelTimeoutMs },
    call.signal,
  );
  if (!isOk(response)) throw failureOf(response, usps.clock.now(), { imageType: ['format'] });
  return fromReprintResponse(response);
}
