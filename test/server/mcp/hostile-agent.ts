import { box, receiver, sender } from '../../support/test-server.ts';
import { connectMcp, type McpClient } from './mcp-client.ts';
import type { Replicas } from './replicas.ts';

/** A plan that an agent has made, and what its confirmations said. */
export interface Plan {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** True once the agent has confirmed it in time. */
  isConfirmed: boolean;
  /** `PURCHASED`, `UNCERTAIN`, the code of a refusal, or `LOST` where no answer came. */
  readonly answers: string[];
  readonly shipmentIds: Set<string>;
  trackingNumber?: string;
}

export type Provider = 'usps' | 'easypost';

/** An agent whose calls go to any replica. */
export interface HostileAgent {
  readonly plans: readonly Plan[];
  /** How often each answer came that `Plan.answers` names. */
  readonly answers: ReadonlyMap<string, number>;
  /** Returns the ids of rates. */
  quote(provider: Provider): Promise<readonly string[]>;
  plan(rateId: string): Promise<Plan>;
  /** Plans with an id that is no rate. */
  planId(rateId: string): Promise<void>;
  /** Confirms a plan of its own; its connection is closed after `loseAfterMs`, if given. */
  confirm(plan: Plan, loseAfterMs?: number): Promise<void>;
  /** Confirms an id that may be anything. */
  confirmId(planId: string): Promise<void>;
  track(trackingNumber: string): ReturnType<McpClient['call']>;
  close(): Promise<void>;
}

export async function createHostileAgent(
  { urls, clock }: Replicas,
  key: string,
  random: () => number,
): Promise<HostileAgent> {
  const connections = await Promise.all(urls.map((url) => connectMcp(url, key)));
  const call: McpClient['call'] = (...args) =>
    connections[Math.floor(random() * connections.length)]!.call(...args);
  const plans: Plan[] = [];
  const answers = new Map<string, number>();
  const count = (answer: string) => {
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
    return answer;
  };

  return {
    plans,
    answers,
    async quote(provider) {
      // Some services ask for phones.
      const [from, to] = [sender, receiver].map((party) => ({ ...party, phone: '2025550100' }));
      const args = { from, to, parcels: [box], accountIds: [provider] };
      const { data } = await call('quote_rates', args);
      return data.rates.rates.map(({ id }: { id: string }) => id);
    },
    async plan(rateId) {
      const { data, text } = await call('plan_purchase', { rateId });
      if (!data.shipmentPurchasePlan) throw new Error(text);
      const { planId: id, expiresAt } = data.shipmentPurchasePlan;
      const plan = { id, expiresAt: Date.parse(expiresAt), isConfirmed: false, answers: [], shipmentIds: new Set<string>() }; // prettier-ignore
      plans.push(plan);
      return plan;
    },
    planId: async (rateId) => void count(codeOf((await call('plan_purchase', { rateId })).text)),
    async confirm(plan, loseAfterMs) {
      plan.isConfirmed ||= clock.now() < plan.expiresAt;
      const signal = loseAfterMs === undefined ? undefined : AbortSignal.timeout(loseAfterMs);
      const confirmed = call('confirm_purchase', { planId: plan.id }, signal);
      const result = await (signal ? confirmed.catch(() => undefined) : confirmed);
      plan.answers.push(count(result ? readAnswer(plan, result) : 'LOST'));
    },
    async confirmId(planId) {
      const { isError, text } = await call('confirm_purchase', { planId });
      count(isError ? codeOf(text) : 'PURCHASED');
    },
    track: (trackingNumber) => call('track_parcels', { numbers: [{ trackingNumber }] }),
    close: async () => void (await Promise.all(connections.map((connection) => connection.close()))),
  };
}

function readAnswer(plan: Plan, { text, data }: Awaited<ReturnType<McpClient['call']>>): string {
  // An operation that fails as a whole has no payload, and says nothing about the outcome.
  const { shipment, failure } = data.shipmentPurchaseConfirm ?? {};
  if (shipment) plan.shipmentIds.add(shipment.id);
  if (shipment?.status === 'PURCHASED') plan.trackingNumber = shipment.parcels[0].trackingNumber;
  if (shipment && shipment.status !== 'FAILED') return shipment.status;
  return failure?.code ?? codeOf(text);
}

/** The code with which the sentence of a refusal begins. */
const codeOf = (text: string) => /^[A-Z_]+(?=:)/.exec(text)?.[0] ?? text;
