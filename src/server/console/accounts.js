// Shows the accounts of all tenants: what they can do, their credentials, breakers and calls.

import { badge, count, element, muted, sum, text, time, words } from './elements.js';
import { hourBars } from './plots.js';

const dayMs = 86_400_000;
/** A certificate is replaced by hand, in a portal: a month leaves time for that. */
const certificateWarningDays = 30;
/** A quota is nearly used up from this part on. */
const quotaWarning = 0.9;

export const allAccounts = ({ tenants }) =>
  tenants.flatMap((tenant) => tenant.accounts.map((account) => ({ tenant, ...account })));

export const isNearlyUsed = ({ limit, remaining }) => 1 - remaining / limit >= quotaWarning;

/** Tells whether a certificate can't be presented, or soon can't. */
export const needsCertificate = ({ certificate, certificateFault } = {}, at) =>
  certificateFault !== undefined ||
  (certificate !== undefined && daysUntil(certificate, at) <= certificateWarningDays);

const daysUntil = (expiry, at) => Math.floor((Date.parse(expiry) - Date.parse(at)) / dayMs);

export function accounts(state) {
  const cards = allAccounts(state).map((account) => {
    const isSame = (other) => other.tenant === account.tenant.id && other.account === account.id;
    return card(account, state.accounts.find(isSame), state.at);
  });
  return [element('div', { class: 'cards' }, ...cards)];
}

function card(account, { expiries, hours }, at) {
  const { id, tenant, name, environment, operations, quotas, breakers } = account;
  return element(
    'article',
    element('h3', `${id} `, badge(environment)),
    muted(`${name} · ${tenant.name}`),
    element(
      'dl',
      ...field('Operations', operations.map(words).join(', ')),
      ...field('Credentials', ...credentials(expiries, at)),
      ...field('Circuit breakers', ...(breakers.length > 0 ? breakers.map(breaker) : ['closed'])),
    ),
    ...usage(quotas, hours, at),
  );
}

const field = (name, ...content) => [element('dt', name), element('dd', ...content)];

function credentials(expiries, at) {
  if (!expiries) return ['an API key, which does not expire'];
  const { token, certificate, certificateFault } = expiries;
  return [
    token === undefined
      ? text('no token: the next call fetches one')
      : text(`token ${token > at ? 'valid until' : 'expired'} `, time(token)),
    certificateFault && text(badge('certificate', true), ` ${certificateFault}`),
    certificate &&
      text(
        `certificate expires in ${count(daysUntil(certificate, at), 'day')} `,
        needsCertificate(expiries, at) ? badge('replace it', true) : '',
      ),
  ];
}

const breaker = ({ api, state, reason, retryAt }) =>
  text(
    badge(words(state), true),
    ` ${api}: ${reason}; a call tests it `,
    ...(retryAt ? ['from ', time(retryAt, { timeStyle: 'medium' })] : ['now']),
  );

/** The API products of an account that were called, each with its quota; those that were not are counted. */
function usage(quotas, hours, at) {
  const apis = [...new Set([...quotas, ...hours].map(({ api }) => api))];
  const rows = apis.flatMap((api) => {
    const quota = quotas.find((each) => each.api === api);
    const called = hours.filter((hour) => hour.api === api);
    const isUsed = called.length > 0 || quota.remaining < quota.limit;
    return isUsed ? [element('li', ...usageOf(api, quota, called, at))] : [];
  });
  if (rows.length === 0) return [muted('No calls in the last 24 hours.')];
  const unused = apis.length - rows.length;
  return [
    element('ul', { class: 'usage' }, ...rows),
    unused > 0 ? muted(`${count(unused, 'more API product')} without calls`) : '',
  ];
}

function usageOf(api, quota, hours, at) {
  const isNearly = quota !== undefined && isNearlyUsed(quota);
  const name = element('span', `${api} `, isNearly ? badge('nearly used up', true) : '');
  if (quota === undefined) {
    const calls = count(
      sum(hours, (hour) => hour.calls),
      'call',
    );
    return [name, hourBars(hours, at), muted(`${calls} in 24 hours; the provider counts no quota`)];
  }
  const { limit, remaining } = quota;
  const value = limit - remaining;
  const bar = {
    min: 0,
    max: limit,
    value,
    high: quotaWarning * limit,
    optimum: 0,
    'aria-label': `Quota of ${api}`,
  };
  return [name, hourBars(hours, at), element('meter', bar), muted(`${value} of ${limit} used`)];
}
