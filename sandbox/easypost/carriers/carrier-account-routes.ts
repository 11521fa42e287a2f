import { notFound } from '../api-error.ts';
import { ok, type Api } from '../http.ts';
import type { CarrierAccount } from './carrier-account.ts';

export function addCarrierAccountRoutes({ state, addRoute, limitList }: Api) {
  // A bare array, unlike every other list.
  addRoute('GET', '/v2/carrier_accounts', ({ caller }) => {
    limitList(caller);
    return ok(state.accounts.map(render));
  });
  // Guess: the fields. Another bare array (recorded).
  addRoute('GET', '/v2/carrier_types', () =>
    ok(
      state.accounts.map(({ type, readable }) => ({
        object: 'CarrierType',
        type,
        readable,
        logo: null,
        fields: {},
      })),
    ),
  );
  addRoute('GET', '/v2/carrier_accounts/:id', ({ id }) => {
    const account = state.accounts.find((each) => each.id === id);
    if (account === undefined) throw notFound();
    return ok(render(account));
  });
}

const render = ({ id, type, readable, billing }: CarrierAccount) => ({
  id,
  object: 'CarrierAccount',
  type,
  clone: false,
  created_at: '2025-01-01T00:00:00Z',
  updated_at: '2025-01-01T00:00:00Z',
  description: `${readable} Account`,
  reference: null,
  billing_type: billing,
  readable,
  logo: null,
  fields: [],
  credentials: {},
  test_credentials: {},
});
