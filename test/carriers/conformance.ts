import { afterAll, beforeAll, describe, it } from 'vitest';

import { addressRules } from './conformance/addresses.ts';
import { adapterRules } from './conformance/adapter.ts';
import { failureRules } from './conformance/failures.ts';
import { labelRules } from './conformance/labels.ts';
import { manifestRules } from './conformance/manifests.ts';
import { pickupRules } from './conformance/pickups.ts';
import { rateRules } from './conformance/rates.ts';
import type { Rules, Subject } from './conformance/subject.ts';
import { trackingRules } from './conformance/tracking.ts';
import { unreadableRules } from './conformance/unreadable.ts';

export { toLabelRequest } from './conformance/requests.ts';

/** The rules of the contract in `src/carriers/adapter.ts`, by ability. */
const chapters = {
  adapter: adapterRules,
  addresses: addressRules,
  rates: rateRules,
  labels: labelRules,
  tracking: trackingRules,
  pickups: pickupRules,
  manifests: manifestRules,
  failures: failureRules,
  unreadable: unreadableRules,
} satisfies Readonly<Record<string, Rules>>;
type Chapter = keyof typeof chapters;

export interface ConformanceOptions {
  /** The chapters of what the provider is for. Default: all. */
  readonly chapters?: readonly Chapter[];
  /** The reason why a rule, named by its title, can't apply. */
  readonly skips?: Partial<Record<string, string>>;
}

/**
 * Runs the rules of the adapter contract against one provider: the adapter that `open` returns, in front of an emulated
 * provider.
 */
export function conformance(
  provider: string,
  open: () => Promise<Subject>,
  { chapters: abilities = Object.keys(chapters) as Chapter[], skips = {} }: ConformanceOptions = {},
): void {
  describe(`the ${provider} adapter conforms to the contract`, () => {
    let subject: Subject;
    beforeAll(async () => void (subject = await open()));
    afterAll(() => subject.close());

    for (const ability of abilities) {
      describe(ability, () =>
        chapters[ability]((title, test) => {
          const reason = skips[title];
          const shown = reason ? `${title} (skipped: ${reason})` : title;
          // The rules about unreadable responses repeat an operation for each value of its response.
          it.skipIf(reason)(shown, { timeout: 120_000 }, () => test(subject));
        }),
      );
    }
  });
}
