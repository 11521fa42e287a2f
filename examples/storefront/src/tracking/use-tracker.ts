import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { defer, map, repeat, retry, timer } from 'rxjs';

import { TrackerUpdatedDocument, type TrackerFragment } from '../generated/graphql.ts';

const longestWaitMs = 30_000;
/** Waits one second before the first attempt, and twice as long before each further one. */
const backoff = (attempt: number) => timer(Math.min(1000 * 2 ** (attempt - 1), longestWaitMs));

/** Follows a parcel. A connection that is lost is opened again after the last state, so that no state since is missed. */
export function useTracker(trackingNumber: string, carrier: string) {
  const client = useApolloClient();
  const [tracker, setTracker] = useState<TrackerFragment>();
  const [isConnected, setConnected] = useState(true);
  useEffect(() => {
    let after: string | undefined;
    const numbers = [{ trackingNumber, carrier }];
    const states = defer(() =>
      client.subscribe({
        query: TrackerUpdatedDocument,
        variables: { numbers, after },
        fetchPolicy: 'no-cache',
      }),
    ).pipe(
      map(({ data, error }) => {
        if (!data) throw error ?? new Error('the message has no data');
        return data.trackerUpdated;
      }),
      retry({
        delay: (_, attempt) => {
          setConnected(false);
          return backoff(attempt);
        },
        resetOnSuccess: true,
      }),
      repeat({ delay: () => backoff(1) }),
    );
    const subscription = states.subscribe((state) => {
      after = state.cursor;
      setTracker(state);
      setConnected(true);
    });
    return () => subscription.unsubscribe();
  }, [client, trackingNumber, carrier]);
  return { tracker, isConnected };
}
