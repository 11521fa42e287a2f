import { newId, type Collection, type Entry } from '../collection.ts';
import { serialize } from '../json.ts';
import type { EasyPostState } from '../state.ts';
import { renderEvent, type Event, type PendingDelivery } from './events.ts';
import { signatures } from './signatures.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

/** Guess: the delays before the six retries, in minutes. */
const retryDelays = [1, 5, 15, 60, 240, 720];
const timeoutMs = 7000;

/** Sends every event that is due to its webhooks. */
export async function deliverEvents(state: EasyPostState, events: Collection<Event>, webhooks: Webhooks) {
  for (const event of events.all()) {
    for (const pending of event.body.pending.filter(({ due }) => due <= state.clock.now())) {
      await deliver(state, event, pending, webhooks);
      events.save(event);
    }
  }
}

async function deliver(
  state: EasyPostState,
  event: Entry<Event>,
  pending: PendingDelivery,
  webhooks: Webhooks,
) {
  const webhook = webhooks.find(event, pending.hook);
  const remove = () => (event.body.pending = event.body.pending.filter((each) => each !== pending));
  if (webhook === undefined || webhook.body.deleted || webhook.body.disabled !== null) {
    remove();
  } else if (await send(state, event, webhook, webhooks)) {
    remove();
    event.body.completed.push(webhook.body.url);
  } else if (pending.attempts < retryDelays.length) {
    pending.due = state.clock.now() + retryDelays[pending.attempts++]! * 60_000;
  } else {
    remove();
    event.body.failed = true;
    // Guess: one event that fails all its retries disables the webhook.
    webhook.body.disabled = state.clock.now();
    webhooks.save(webhook);
  }
}

/** Sends an event to a webhook and records the payload; true for a response with a 2xx status. */
async function send(
  { clock }: EasyPostState,
  event: Entry<Event>,
  { body: webhook }: Entry<Webhook>,
  webhooks: Webhooks,
): Promise<boolean> {
  const body = serialize({ ...renderEvent(event, webhooks), result: event.body.result });
  const url = new URL(webhook.url);
  const { username, password } = url;
  url.username = url.password = '';
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'easypost-sandbox',
    ...Object.fromEntries(webhook.headers.map(({ name, value }) => [name, value])),
    ...(username && {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    }),
    ...(webhook.secret !== null && signatures(webhook.secret, clock.now(), url.pathname, body)),
  };
  const status = await post(url, headers, body);
  const time = new Date(clock.now()).toISOString();
  event.body.payloads.push({
    id: newId('payload'),
    object: 'Payload',
    created_at: time,
    updated_at: time,
    request_url: webhook.url,
    request_headers: headers,
    request_body: body,
    response_headers: {},
    response_body: '',
    response_code: status,
    total_time: 0,
  });
  return status >= 200 && status < 300;
}

/** Returns the status of the response; 0 where there is none. */
async function post(url: URL, headers: Record<string, string>, body: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
