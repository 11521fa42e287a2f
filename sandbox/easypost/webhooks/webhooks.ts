import { notFound, unprocessable } from '../api-error.ts';
import { openCollection, type Entry } from '../collection.ts';
import { isoTime } from '../dates.ts';
import { isBlank, listOf, textOf, unwrap, type Fields } from '../fields.ts';
import { ok, type Api, type ApiObject } from '../http.ts';
import type { EasyPostState, Owner } from '../state.ts';

export interface Webhook {
  url: string;
  secret: string | null;
  headers: { name: string; value: string }[];
  /** The time when it was disabled; null while it is enabled. */
  disabled: number | null;
  deleted?: boolean;
}

/** The stored webhooks of all users. */
export interface Webhooks {
  add(owner: Owner, webhook: Webhook): Entry<Webhook>;
  /** Returns a deleted webhook, too. */
  find(owner: Owner, id: string): Entry<Webhook> | undefined;
  /** Throws `NOT_FOUND` for an unknown or deleted webhook. */
  get(owner: Owner, id: string): Entry<Webhook>;
  list(owner: Owner): Entry<Webhook>[];
  save(entry: Entry<Webhook>): void;
}

export function createWebhooks(state: EasyPostState): Webhooks {
  const { add, find, list, save } = openCollection<Webhook>(state, 'webhook', 'hook');
  return {
    add,
    find,
    get(owner, id) {
      const entry = find(owner, id);
      if (entry === undefined || entry.body.deleted) throw notFound();
      return entry;
    },
    list: (owner) => list(owner).filter(({ body }) => !body.deleted),
    save,
  };
}

export function addWebhookRoutes({ addRoute, limitList }: Api, webhooks: Webhooks) {
  addRoute('POST', '/v2/webhooks', ({ caller, body }) => {
    const fields = unwrap(body, 'webhook', { bare: true });
    const url = fields.url;
    if (typeof url !== 'string' || url === '') throw invalidUrl('must be present; must be a string');
    if (!URL.canParse(url)) throw invalidUrl('must be a URL');
    const entry = webhooks.add(caller, {
      url,
      secret: textOf(fields, 'webhook_secret') || null,
      headers: readHeaders(fields),
      disabled: null,
    });
    return { status: 201, body: render(entry) };
  });
  addRoute('GET', '/v2/webhooks', ({ caller }) => {
    limitList(caller);
    return ok({ webhooks: webhooks.list(caller).map(render) });
  });
  addRoute('GET', '/v2/webhooks/:id', ({ caller, id }) => ok(render(webhooks.get(caller, id))));
  for (const method of ['PATCH', 'PUT'] as const) {
    addRoute(method, '/v2/webhooks/:id', ({ caller, id, body }) => {
      const entry = webhooks.get(caller, id);
      const fields = isBlank(body.webhook) ? body : unwrap(body, 'webhook');
      if ('webhook_secret' in fields) entry.body.secret = textOf(fields, 'webhook_secret') || null;
      if ('custom_headers' in fields) entry.body.headers = readHeaders(fields);
      entry.body.disabled = null;
      webhooks.save(entry);
      return { status: 201, body: render(entry) };
    });
  }
  addRoute('DELETE', '/v2/webhooks/:id', ({ caller, id }) => {
    const entry = webhooks.get(caller, id);
    entry.body.deleted = true;
    webhooks.save(entry);
    return ok({});
  });
}

const readHeaders = (fields: Fields) => listOf(fields, 'custom_headers') as Webhook['headers'];

const invalidUrl = (message: string) =>
  unprocessable('WEBHOOK.INVALID_PARAMS', 'The parameters you provided are invalid.', [
    { field: 'url', message },
  ]);

const render = (entry: Entry<Webhook>): ApiObject => ({
  id: entry.id,
  object: 'Webhook',
  mode: entry.mode,
  url: entry.body.url,
  created_at: isoTime(entry.created),
  disabled_at: entry.body.disabled === null ? null : isoTime(entry.body.disabled),
  custom_headers: entry.body.headers,
});
