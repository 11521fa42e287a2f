// What each section of the console shows of the state: lists of nodes.

import { accounts, allAccounts, isNearlyUsed, needsCertificate } from './accounts.js';
import { badge, count, element, items, muted, sum, text, time, words } from './elements.js';
import { sparkline } from './plots.js';

/** The content of each section, by its id. */
export const sections = { unresolved, accounts, latency, failures, deliveries, shipments };

/** Counts what needs attention, each as a link to its section. */
export function attention(state) {
  const all = allAccounts(state);
  const breakers = sum(all, (account) => account.breakers.length);
  const quotas = sum(all, (account) => account.quotas.filter(isNearlyUsed).length);
  const certificates = state.accounts.filter(({ expiries }) => needsCertificate(expiries, state.at)).length;
  const failed = sum(state.own.webhookEndpoints ?? [], (endpoint) => endpoint.deliveries.totalCount);
  const counts = [
    [
      'unresolved',
      state.unresolved.length,
      'purchase or operation is unresolved',
      'purchases or operations are unresolved',
    ],
    ['accounts', breakers, 'circuit breaker is open', 'circuit breakers are open'],
    ['accounts', quotas, 'quota is nearly used up', 'quotas are nearly used up'],
    ['accounts', certificates, 'certificate has to be replaced', 'certificates have to be replaced'],
    ['deliveries', failed, 'webhook delivery failed', 'webhook deliveries failed'],
  ].filter(([, number]) => number > 0);
  if (counts.length === 0) return [element('li', 'Nothing needs attention.')];
  return counts.map(([id, number, one, many]) =>
    element('li', element('a', { href: `#${id}` }, `${number} ${number === 1 ? one : many}`)),
  );
}

function unresolved({ unresolved, howToResolve }) {
  const list = items(
    unresolved,
    ({ id, kind, tenant, account, provider, since, code, hint }) => [
      text(element('strong', id), ' ', badge('UNCERTAIN', true), code && ` ${code}`),
      hint && text(hint),
      muted(`${kind} · ${account} (${provider}) · ${tenant} · since `, time(since)),
    ],
    'The outcome of every purchase and operation is known.',
  );
  return unresolved.length > 0 ? [text(howToResolve), ...list] : list;
}

function latency({ latency, at }) {
  if (latency.length === 0) return [muted('No calls in the last hour.')];
  const cards = latency.map((times) =>
    element(
      'article',
      element('h3', times.provider),
      text(
        element('span', { class: 'p50' }, `median ${times.p50} ms`),
        ' · ',
        element('span', { class: 'p95' }, `95th percentile ${times.p95} ms`),
      ),
      sparkline(times, at),
      muted(`${count(times.calls, 'call')} of this process in the last hour`),
    ),
  );
  return [element('div', { class: 'cards' }, ...cards)];
}

function failures({ failures }) {
  return items(
    failures,
    ({ tenant, account, provider, api, code, providerCode, message, hint, count: times, at, requestId }) => [
      text(badge(code, true), ` ${message}`, providerCode && ` (${providerCode})`),
      hint && text(hint),
      muted(
        `${account} (${provider}) · ${api} · ${tenant} · ${times === 1 ? '' : `${times} times, last `}`,
        time(at),
        requestId && ` · request ${requestId}`,
      ),
    ],
    'No call of this process has failed.',
  );
}

function deliveries({ own: { forbidden, webhookEndpoints } }, { redeliver }) {
  if (forbidden) return [muted(forbidden)];
  const shown = webhookEndpoints.flatMap(({ url, active, deliveries }) =>
    deliveries.nodes.map((delivery) => ({ host: new URL(url).host, active, ...delivery })),
  );
  const more = sum(webhookEndpoints, ({ deliveries }) => deliveries.totalCount) - shown.length;
  return [
    ...items(shown, (delivery) => deliveryOf(delivery, redeliver), 'No delivery of your tenant failed.'),
    more > 0 ? muted(`${more} more`) : '',
  ];
}

function deliveryOf(
  { id, host, active, event, status, attempts, lastError, nextAttemptAt, createdAt },
  redeliver,
) {
  const name = `Redeliver ${words(event)} to ${host}`;
  const click = ({ currentTarget }) => redeliver(id, currentTarget);
  return [
    text(element('strong', host), ' ', badge(status, status === 'DEAD'), ` ${words(event)}`),
    muted(
      `${count(attempts, 'attempt')}${lastError ? `, the last one: ${lastError}` : ''} · created `,
      time(createdAt),
      ...(nextAttemptAt ? [' · next attempt ', time(nextAttemptAt)] : []),
      active ? '' : ' · the receiver is gone',
    ),
    element('button', { type: 'button', 'aria-label': name, click }, 'Redeliver'),
  ];
}

function shipments({ own: { forbidden, shipments } }) {
  if (forbidden) return [muted(forbidden)];
  return items(
    shipments.nodes,
    ({ id, status, carrier, service, createdAt, account, parcels }) => [
      text(
        element('strong', `${carrier} ${service.name}`),
        ' ',
        badge(status, ['FAILED', 'UNCERTAIN'].includes(status)),
      ),
      muted(`${id} · ${account.id} · `, time(createdAt)),
      ...parcels.map(parcelLinks),
    ],
    'Your tenant has no shipments.',
  );
}

const parcelLinks = ({ trackingNumber, label }) =>
  element(
    'p',
    { class: 'links' },
    trackingNumber ? element('a', { href: `/track#${trackingNumber}` }, `Track ${trackingNumber}`) : '',
    label ? element('a', { href: label.url }, `Label (${label.format})`) : '',
  );
