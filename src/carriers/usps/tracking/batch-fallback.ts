import type { HttpResponse, HttpRequest } from '../../../transport/http.ts';
import type { UspsOptions } from '../credentials.ts';
import { readErrorBody, unauthorizedCause } from '../error-response.ts';
import { isUnknownNumber } from './tracking-errors.ts';

/** Path of the v3r2 product, which tracks several numbers a call. */
export const batchPath = '/tracking/v3r2/tracking';

/** Returns true where a response of the batch product shows that the app lacks it, and `options` allow the v3 product. */
export const lacksBatch = (response: HttpResponse, { tracking }: UspsOptions) =>
  tracking === 'auto' && refusesProduct(response);

/** Returns true where the numbers of a refused batch request are tracked by the v3 product instead. */
export const fallsBack = (response: HttpResponse, { url }: HttpRequest, options: UspsOptions) =>
  url.pathname === batchPath && lacksBatch(response, options);

/** USPS refuses a product by a gateway error, by "client application identifier", or by a 404 that names no number. */
function refusesProduct(response: HttpResponse): boolean {
  const body = readErrorBody(response);
  if (body.shape === 'gateway' && response.status < 500) return true;
  if (unauthorizedCause(response) === 'product') return true;
  return response.status === 404 && !isUnknownNumber(body);
}
