import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHouse, type House } from './support/house.ts';
let house: House;
beforeAll(async () => void (house = await openHouse()));
afterAll(() => house.close());
it('works', async () => {
  const { data } = await house.ask('{ providerAccounts { id } }');
  expect(data).toEqual({ providerAccounts: [{ id: 'usps' }, { id: 'easypost' }] });
});
