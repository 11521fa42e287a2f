import type { RateRequest } from '../../domain/rate.ts';
import type { Call } from '../carrier.ts';
import { fanOut } from '../fan-out.ts';
import { accountsOf } from './accounts.ts';
import type { EasyPost } from './client.ts';
import { quoteOrder } from './orders.ts';
import { quoteShipment } from './shipments.ts';

/** Something is made at EasyPost for each question: a shipment, or an order where there are several parcels. */
export const quote = (easypost: EasyPost) => {
  const askAccountsOf = accountsOf(easypost);
  return (requests: readonly RateRequest[], call: Call) =>
    fanOut(requests, (request) =>
      askAccountsOf(request.carriers, (accounts) =>
        request.parcels.length === 1
          ? quoteShipment(easypost, request, accounts, call)
          : quoteOrder(easypost, request, accounts, call),
      ),
    );
};
