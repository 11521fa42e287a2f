import type { RateRequest } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import { fanOut } from '../../fan-out.ts';
import { carrierAccounts } from './carrier-accounts.ts';
import type { EasyPost } from '../client.ts';
import { quoteOrder } from '../shipments/orders.ts';
import { quoteShipment } from '../shipments/shipments.ts';

/** Something is made at EasyPost for each question: a shipment, or an order where there are several parcels. */
export const quoteRates = (easypost: EasyPost) => {
  const askAccountsOf = carrierAccounts(easypost);
  return (requests: readonly RateRequest[], call: CallOptions) =>
    fanOut(requests, (request) =>
      askAccountsOf(request.carriers, (accounts) =>
        request.parcels.length === 1
          ? quoteShipment(easypost, request, accounts, call)
          : quoteOrder(easypost, request, accounts, call),
      ),
    );
};
