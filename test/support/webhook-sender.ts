import { createSealer } from '../../src/domain/seal.ts';
import { createWebhookTarget } from '../../src/transport/webhook-target.ts';

/** What workflows need to send webhooks to this machine. */
export const webhookSender = {
  sealer: createSealer('a secret of more than thirty-two characters'),
  target: createWebhookTarget(true),
};
