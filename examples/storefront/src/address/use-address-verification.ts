import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';

import { AddressVerificationDocument, type AddressInput } from '../generated/graphql.ts';

const pauseMs = 600;

/** Returns a value once it has not changed for a while. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

const isComplete = ({ street1, city, state, postalCode }: AddressInput) =>
  Boolean(street1 && (/^\d{5}/.test(postalCode ?? '') || (city && state)));

/**
 * Verifies a place once its typing pauses. A change aborts the question before; one that was asked already is answered from
 * the cache. `accepted` is the suggestion that was taken, as JSON: it needs no question.
 */
export function useAddressVerification(place: AddressInput, accepted: string | undefined) {
  const current = JSON.stringify(place);
  const settled = useSettled(current);
  const address = JSON.parse(settled) as AddressInput;
  const isAccepted = current === accepted;
  const skip = isAccepted || settled === accepted || !isComplete(address);
  const { data, error, loading } = useQuery(AddressVerificationDocument, { variables: { address }, skip });
  return {
    isAccepted,
    isChecking: isComplete(place) && (loading || settled !== current),
    verification: skip ? undefined : (data?.addressVerification ?? undefined),
    error: skip ? undefined : error,
  };
}
