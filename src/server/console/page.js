// Reads the state of the server every few seconds while the page is visible, and shows it.

import { element, time } from './elements.js';
import { attention, sections } from './sections.js';

const refreshMs = 10_000;
const timeoutMs = 15_000;
const storedKey = 'parcelgraph console key';

const byId = (id) => document.getElementById(id);
const sandboxKey = document.body.dataset.key;

/** What the caller's permission `admin` allows to read. */
const tenantsQuery = `query Console {
  tenants {
    id name
    accounts {
      id provider name environment operations
      quotas { api limit remaining resetsAt }
      breakers { api state reason retryAt }
    }
  }
}`;
/** What concerns the caller's own tenant. No field of it calls a provider. */
const ownQuery = `query ConsoleOwn {
  shipments(first: 10) {
    nodes { id status carrier service { name } createdAt account { id } parcels { trackingNumber label { url format } } }
  }
  webhookEndpoints {
    id url active
    deliveries(first: 10, failedOnly: true) {
      totalCount
      nodes { id event status attempts lastStatusCode lastError nextAttemptAt createdAt }
    }
  }
}`;
const redeliverMutation = `mutation ConsoleRedeliver($id: ID!) {
  webhookRedeliver(input: { deliveryId: $id }) { delivery { status lastError } userErrors { message } }
}`;

const readKey = () => sandboxKey ?? sessionStorage.getItem(storedKey);

async function send(path, options = {}) {
  const response = await fetch(path, {
    ...options,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${readKey()}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const { errors, ...body } = await response.json();
  if (errors) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions?.code });
  return body;
}

const ask = async (query, variables) =>
  (await send('/graphql', { method: 'POST', body: JSON.stringify({ query, variables }) })).data;

/** The caller's own shipments and deliveries; `forbidden` where its key may not read them. */
const askOwn = () =>
  ask(ownQuery).catch((error) => {
    if (error.code === 'FORBIDDEN') return { forbidden: error.message };
    throw error;
  });

async function readState() {
  // First and alone: it is refused to whoever may not read the others.
  const data = await send('/console/data');
  const [{ tenants }, own] = await Promise.all([ask(tenantsQuery), askOwn()]);
  return { ...data, tenants, own };
}

let timer;
/** Counts refreshes: one that was overtaken by the next shows nothing. */
let latest = 0;

async function refresh() {
  clearTimeout(timer);
  const own = ++latest;
  if (!readKey()) return askForKey('');
  try {
    const state = await readState();
    if (own !== latest) return;
    show(state);
  } catch (error) {
    if (own !== latest) return;
    if (['UNAUTHENTICATED', 'FORBIDDEN'].includes(error.code)) return askForKey(error.message);
    byId('content').classList.add('stale');
    say(sentence(`The last refresh failed: ${error.message}`));
  }
  if (document.visibilityState === 'visible') timer = setTimeout(refresh, refreshMs);
}

function askForKey(message) {
  sessionStorage.removeItem(storedKey);
  say(message && sentence(message));
  byId('refreshed').replaceChildren();
  byId('content').hidden = true;
  byId('forget').hidden = true;
  byId('login').hidden = Boolean(sandboxKey);
}

const sentence = (text) => (text.endsWith('.') ? text : `${text}.`);

const say = (text) => {
  // A live region is read out when it changes.
  if (byId('message').textContent !== text) byId('message').textContent = text;
};

function show(state) {
  if (byId('content').classList.contains('stale') || byId('content').hidden) say('');
  byId('content').classList.remove('stale');
  byId('content').hidden = false;
  byId('login').hidden = true;
  byId('forget').hidden = Boolean(sandboxKey);
  byId('refreshed').replaceChildren('Refreshed ', time(new Date().toISOString(), { timeStyle: 'medium' }));
  render(byId('attention'), attention(state));
  for (const [id, section] of Object.entries(sections)) {
    render(byId(`${id}-content`), section(state, { redeliver }));
  }
}

/** Replaces the content where it has changed, so that nobody loses the focus for nothing. */
function render(parent, children) {
  const next = element('div', ...children);
  // Each link to a label is another one, and valid for a day.
  const links = /href="[^"]*\/labels\/[^"]*"/g;
  if (parent.innerHTML.replace(links, '') !== next.innerHTML.replace(links, ''))
    parent.replaceChildren(...next.childNodes);
}

async function redeliver(id, button) {
  button.disabled = true;
  try {
    const { delivery, userErrors } = (await ask(redeliverMutation, { id })).webhookRedeliver;
    const failure = userErrors[0]?.message ?? delivery.lastError;
    const arrived = delivery?.status === 'DELIVERED';
    say(arrived ? 'The delivery arrived.' : sentence(`The delivery failed again: ${failure}`));
  } catch (error) {
    say(sentence(`The delivery was not sent: ${error.message}`));
  }
  button.disabled = false;
  await refresh();
}

byId('login').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(storedKey, byId('key').value.trim());
  byId('key').value = '';
  void refresh();
});
byId('forget').addEventListener('click', () => {
  sessionStorage.removeItem(storedKey);
  void refresh();
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh();
});
void refresh();
