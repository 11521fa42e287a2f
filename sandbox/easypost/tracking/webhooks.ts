import { createHmac } from 'node:crypto';
import {
  ApiError,
  isBlank,
  listOf,
  notFound,
  ok,
  refused,
  textOf,
  toJson,
  unwrap,
  type Drawn,
  type Fields,
  type On,
} from '../http.ts';
import { page } from '../pagination.ts';
import { isoTime, newId, openCollection, type Entry, type Owner, type EasyPostState } from '../state.ts';

interface Hook {
  url: string;
  secret: string | null;
  headers: { name: string; value: string }[];
  disabled: number | null;
  deleted?: boolean;
}

interface Event {
  description: string;
  result: Fields;
  before: Fields;
  /** Whom it is still to reach. */
  pending: { hook: string; due: number; attempts: number }[];
  completed: string[];
  failed: boolean;
  payloads: Fields[];
}

/** Guess: how long it waits before each of its six retries, in minutes. */
const retries = [1, 5, 15, 60, 240, 720];

export interface Webhooks {
  announce: EasyPostState['announce'];
  /** Sends what is due. */
  deliver(): Promise<void>;
}

/** Webhooks, the events that they tell of, and the telling. */
export function webhooks(world: EasyPostState, on: On, limitList: (owner: Owner) => void): Webhooks {
  const hooks = openCollection<Hook>(world, 'webhook', 'hook');
  const events = openCollection<Event>(world, 'event', 'evt');

  const find = (owner: Owner, id: string) => {
    const entry = hooks.find(owner, id);
    if (entry === undefined || entry.body.deleted) throw notFound();
    return entry;
  };
  const drawHook = (entry: Entry<Hook>): Drawn => ({
    id: entry.id,
    object: 'Webhook',
    mode: entry.mode,
    url: entry.body.url,
    created_at: isoTime(entry.created),
    disabled_at: entry.body.disabled === null ? null : isoTime(entry.body.disabled),
    custom_headers: entry.body.headers,
  });
  const headersOf = (fields: Fields) => listOf(fields, 'custom_headers') as Hook['headers'];

  on('POST', '/v2/webhooks', ({ caller, body }) => {
    const fields = unwrap(body, 'webhook', { bare: true });
    const url = fields.url;
    if (typeof url !== 'string' || url === '') throw invalid('must be present; must be a string');
    if (!URL.canParse(url)) throw invalid('must be a URL');
    const entry = hooks.add(caller, {
      url,
      secret: textOf(fields, 'webhook_secret') || null,
      headers: headersOf(fields),
      disabled: null,
    });
    return { status: 201, body: drawHook(entry) };
  });
  on('GET', '/v2/webhooks', ({ caller }) => {
    limitList(caller);
    return ok({
      webhooks: hooks
        .list(caller)
        .filter(({ body }) => !body.deleted)
        .map(drawHook),
    });
  });
  on('GET', '/v2/webhooks/:id', ({ caller, id }) => ok(drawHook(find(caller, id))));
  for (const method of ['PATCH', 'PUT'] as const) {
    on(method, '/v2/webhooks/:id', ({ caller, id, body }) => {
      const entry = find(caller, id);
      const fields = isBlank(body.webhook) ? body : unwrap(body, 'webhook');
      if ('webhook_secret' in fields) entry.body.secret = textOf(fields, 'webhook_secret') || null;
      if ('custom_headers' in fields) entry.body.headers = headersOf(fields);
      entry.body.disabled = null;
      hooks.save(entry);
      return { status: 201, body: drawHook(entry) };
    });
  }
  on('DELETE', '/v2/webhooks/:id', ({ caller, id }) => {
    const entry = find(caller, id);
    entry.body.deleted = true;
    hooks.save(entry);
    return ok({});
  });

  const statusOf = ({ pending, completed, failed }: Event) =>
    failed ? 'failed' : pending.length === 0 ? (completed.length > 0 ? 'completed' : 'pending') : 'in_queue';
  const urlsOf = (entry: Entry<Event>) =>
    entry.body.pending.map(({ hook }) => hooks.find(entry, hook)?.body.url ?? '').filter(Boolean);
  const time = (at: number) => new Date(at).toISOString();
  const drawEvent = (entry: Entry<Event>): Drawn => ({
    description: entry.body.description,
    mode: entry.mode,
    previous_attributes: entry.body.before,
    created_at: time(entry.created),
    pending_urls: urlsOf(entry),
    completed_urls: entry.body.completed,
    updated_at: time(entry.updated),
    id: entry.id,
    user_id: entry.user,
    status: statusOf(entry.body),
    object: 'Event',
  });
  const findEvent = (owner: Owner, id: string) => {
    const entry = events.find(owner, id);
    if (entry === undefined) throw notFound();
    return entry;
  };
  on('GET', '/v2/events', ({ caller, query }) => {
    limitList(caller);
    return page(world, events.list(caller), query, 'events', (entry) => {
      const { description, id, user_id, status, created_at, mode, object } = drawEvent(entry);
      return { description, id, user_id, status, created_at, mode, object };
    });
  });
  // Never with its `result`: who comes late fetches the object itself.
  on('GET', '/v2/events/:id', ({ caller, id }) => ok(drawEvent(findEvent(caller, id))));
  on('GET', '/v2/events/:id/payloads', ({ caller, id }) =>
    ok({ payloads: findEvent(caller, id).body.payloads }),
  );
  on('GET', '/v2/events/:id/payloads/:payload', ({ caller, id, params }) => {
    const found = findEvent(caller, id).body.payloads.find((each) => each.id === params.payload);
    if (found === undefined)
      throw new ApiError(404, 'PAYLOAD.NOT_FOUND', 'The payload(s) could not be found.');
    return ok(found);
  });

  async function attempt(event: Entry<Event>, hook: Entry<Hook>): Promise<boolean> {
    const body = toJson({ ...drawEvent(event), result: event.body.result });
    const url = new URL(hook.body.url);
    const { username, password } = url;
    url.username = url.password = '';
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'user-agent': 'easypost-sandbox',
      ...Object.fromEntries(hook.body.headers.map(({ name, value }) => [name, value])),
      ...(username && {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      }),
      ...(hook.body.secret !== null && signatures(hook.body.secret, world.clock.now(), url.pathname, body)),
    };
    let code = 0;
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(7000) });
      code = response.status;
      await response.body?.cancel();
    } catch {
      code = 0;
    }
    event.body.payloads.push({
      id: newId('payload'),
      object: 'Payload',
      created_at: time(world.clock.now()),
      updated_at: time(world.clock.now()),
      request_url: hook.body.url,
      request_headers: headers,
      request_body: body,
      response_headers: {},
      response_body: '',
      response_code: code,
      total_time: 0,
    });
    return code >= 200 && code < 300;
  }

  async function deliver(): Promise<void> {
    for (const event of events.all()) {
      for (const pending of event.body.pending.filter(({ due }) => due <= world.clock.now())) {
        const hook = hooks.find(event, pending.hook);
        const drop = () => (event.body.pending = event.body.pending.filter((each) => each !== pending));
        if (hook === undefined || hook.body.deleted || hook.body.disabled !== null) {
          drop();
        } else if (await attempt(event, hook)) {
          drop();
          event.body.completed.push(hook.body.url);
        } else if (pending.attempts < retries.length) {
          pending.due = world.clock.now() + retries[pending.attempts++]! * 60_000;
        } else {
          drop();
          event.body.failed = true;
          // Guess: one event that never got through is enough to be disabled.
          hook.body.disabled = world.clock.now();
          hooks.save(hook);
        }
        events.save(event);
      }
    }
  }

  return {
    announce(owner, description, result, before = {}) {
      const due = world.clock.now();
      const pending = hooks
        .list(owner)
        .filter(({ body }) => !body.deleted && body.disabled === null)
        .map(({ id }) => ({ hook: id, due, attempts: 0 }));
      const none = { completed: [], failed: false, payloads: [] };
      events.add(owner, {
        description,
        result: result as Fields,
        before: before as Fields,
        pending,
        ...none,
      });
    },
    deliver,
  };
}

const invalid = (message: string) =>
  refused('WEBHOOK.INVALID_PARAMS', 'The parameters you provided are invalid.', [{ field: 'url', message }]);

/**
 * Both generations of signatures. The first signs the body alone, and its vectors are known; of the second the rule is
 * published, and the prefix and the normal form of the secret are guesses.
 */
export function signatures(secret: string, now: number, path: string, body: string): Record<string, string> {
  const sign = (text: string) =>
    `hmac-sha256-hex=${createHmac('sha256', secret.normalize('NFKD')).update(text).digest('hex')}`;
  const timestamp = new Date(now).toUTCString().replace('GMT', '-0000');
  return {
    'x-hmac-signature': sign(body),
    'x-timestamp': timestamp,
    'x-path': path,
    'x-hmac-signature-v2': sign(`${timestamp}POST${path}${body}`),
  };
}
