import { startCheckout, type Checkout } from './checkout.ts';
import { startCheckoutRates, type Warehouse } from './checkout-rates.ts';
import { compose } from './compose.ts';
import { startOrders, type Order } from './orders.ts';
import { together } from './subgraph.ts';

/** What the shop has. */
export interface Shop {
  orders(): readonly Order[];
  checkouts(): readonly Checkout[];
  readonly warehouse: Warehouse;
}

/** Starts the subgraphs of a shop beside a shipping server, and composes them with it. */
export async function startSubgraphs(shippingUrl: string, { orders, checkouts, warehouse }: Shop) {
  const { subgraphs: own, close } = together({
    orders: await startOrders(orders),
    checkout: await startCheckout(checkouts),
    'checkout-rates': await startCheckoutRates(shippingUrl, warehouse),
  });
  const subgraphs = [{ name: 'shipping', url: shippingUrl }, ...own];
  return { subgraphs, ...(await compose(subgraphs)), close };
}
