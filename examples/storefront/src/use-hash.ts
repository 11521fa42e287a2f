import { useSyncExternalStore } from 'react';

const subscribe = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

/** Returns what follows # in the URL. */
export const useHash = (): string => useSyncExternalStore(subscribe, () => location.hash.slice(1));
