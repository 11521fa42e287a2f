import { providers } from './registry.ts';

/** A tracking number for the examples in GraphiQL. */
export interface ExampleNumber {
  /** The name of the provider that knows it. */
  readonly provider: string;
  readonly trackingNumber: string;
}

/** The numbers that providers' documents give. */
export const exampleNumbers: readonly ExampleNumber[] = providers.flatMap(({ name, exampleNumber }) =>
  exampleNumber === undefined ? [] : [{ provider: name, trackingNumber: exampleNumber }],
);
