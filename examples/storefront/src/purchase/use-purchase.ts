import { useMutation } from '@apollo/client/react';
import { useCallback, useEffect, useState } from 'react';

import { explainError, explainFailure, isRefusal } from '../failures.ts';
import { sentence } from '../format.ts';
import {
  ShipmentPurchaseDocument,
  type ShipmentPurchaseInput,
  type ShipmentPurchaseMutation,
} from '../generated/graphql.ts';

export type Purchase =
  | { readonly status: 'idle' | 'buying' }
  /** The label may have been bought. Repeating is safe: the same key buys once. */
  | { readonly status: 'uncertain'; readonly message: string }
  /** Nothing was bought. An outdated rate can't be bought any more, or not at its price. */
  | { readonly status: 'refused'; readonly message: string; readonly isOutdated: boolean }
  | { readonly status: 'bought'; readonly shipmentId: string };

/** The purchase that has no answer yet, so that a page that is loaded again goes on with it. */
const storageKey = 'purchase';
const readUnanswered = () => {
  const stored = sessionStorage.getItem(storageKey);
  return stored === null ? undefined : (JSON.parse(stored) as ShipmentPurchaseInput);
};

/** Buys a label once, through lost connections and a page that is loaded again. */
export function usePurchase() {
  const [mutate] = useMutation(ShipmentPurchaseDocument);
  const [purchase, setPurchase] = useState<Purchase>({ status: readUnanswered() ? 'buying' : 'idle' });

  const send = useCallback(
    async (input: ShipmentPurchaseInput): Promise<Purchase> => {
      sessionStorage.setItem(storageKey, JSON.stringify(input));
      setPurchase({ status: 'buying' });
      const result = await mutate({ variables: { input } }).then(
        ({ data }) => readPayload(data?.shipmentPurchase ?? null),
        readError,
      );
      if (result.status !== 'uncertain') sessionStorage.removeItem(storageKey);
      setPurchase(result);
      return result;
    },
    [mutate],
  );
  const repeat = useCallback(async () => {
    const unanswered = readUnanswered();
    if (unanswered) await send(unanswered);
  }, [send]);
  useEffect(() => void repeat(), [repeat]);

  return {
    purchase,
    /** True until it is certain that nothing was bought. */
    isOpen: purchase.status !== 'idle' && purchase.status !== 'refused',
    /** The label is a PNG, since no phone shows a PDF within a page. */
    buy: (rateId: string) => send({ idempotencyKey: randomKey(), rateId, label: { format: 'PNG' } }),
    /** Sends the purchase that has no answer again, if there is one. */
    repeat,
    reset: () => setPurchase({ status: 'idle' }),
  };
}

/** `crypto.randomUUID` is there on https and this machine only. */
const randomKey = () => crypto.getRandomValues(new BigUint64Array(2)).join('-');

function readPayload(payload: ShipmentPurchaseMutation['shipmentPurchase']): Purchase {
  const { shipment = null, failure = null, userErrors = [] } = payload ?? {};
  const [userError] = userErrors;
  if (userError) {
    const isOutdated = userError.code.startsWith('RATE_');
    return { status: 'refused', message: sentence(userError.message), isOutdated };
  }
  if (shipment?.status === 'PURCHASED') return { status: 'bought', shipmentId: shipment.id };
  const reason = failure ?? shipment?.failure;
  const message = reason ? explainFailure(reason, 'sell this label') : 'The label was not bought.';
  if (shipment?.status === 'UNCERTAIN' || shipment?.status === 'PURCHASING') {
    return { status: 'uncertain', message };
  }
  return { status: 'refused', message, isOutdated: reason?.code === 'PRICE_CHANGED' };
}

const readError = (error: Error): Purchase =>
  isRefusal(error)
    ? { status: 'refused', message: explainError(error), isOutdated: false }
    : { status: 'uncertain', message: explainError(error) };
