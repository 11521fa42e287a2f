import type { CallOptions } from '../../adapter.ts';
import { isOk, type Usps } from '../client.ts';
import { failureOf } from '../errors.ts';
import { endpoints, labelTimeoutMs } from './endpoints.ts';
import { toImageInfo, withoutPostage } from './label-request.ts';
import { fromReprintResponse } from './label-response.ts';
import { readReprintSource } from './reprint-source.ts';

/** Fetches the document of a label again. USPS allows this three times, until the mailing date. */
export async function reprint(usps: Usps, source: string, call: CallOptions): Promise<Uint8Array> {
  const { trackingNumber, format } = readReprintSource(source);
  // Tracking numbers of domestic labels have digits only.
  const { api, reprint: path } = endpoints[/^\d+$/.test(trackingNumber) ? 'outbound' : 'international'];
  const response = await usps.send(
    {
      api,
      method: 'POST',
      path: `${path}/${encodeURIComponent(trackingNumber)}`,
      json: { imageInfo: { ...toImageInfo(format), ...withoutPostage } },
      timeoutMs: labelTimeoutMs,
    },
    call.signal,
  );
  if (!isOk(response)) throw failureOf(response, usps.clock.now());
  return fromReprintResponse(response);
}
