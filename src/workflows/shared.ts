/** Returns a function that does work of one name once for all callers that ask for it meanwhile. */
export function createShared<T>(): (name: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (name, work) => {
    const result = running.get(name) ?? work().finally(() => running.delete(name));
    running.set(name, result);
    return result;
  };
}
