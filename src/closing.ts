/** The steps that close what has been opened. */
export interface Closing {
  add(step: () => Promise<void>): void;
  /** Takes the steps, the last that was added first. */
  close(): Promise<void>;
  /** Returns the result of `work`. Where it fails, everything is closed before its error is thrown. */
  onError<T>(work: () => Promise<T>): Promise<T>;
}

export function createClosing(): Closing {
  const steps: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  return {
    add: (step) => void steps.push(step),
    close,
    async onError(work) {
      try {
        return await work();
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}
