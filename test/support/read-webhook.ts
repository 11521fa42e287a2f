import type { WebhookApi, WebhookRequest } from '../../src/carriers/webhooks.ts';

/** Verifies a request and reads it, as the server does. */
export function readWebhook(webhooks: WebhookApi, request: WebhookRequest, now: number) {
  webhooks.verify(request, now);
  return webhooks.parse(request.body, now);
}
