import { toApiKeyConfig } from '../../../src/config/api-key.ts';
import type { Config } from '../../../src/config/config.ts';
import { createRandom } from '../../support/random.ts';
import { createHostileAgent, type Plan } from './hostile-agent.ts';
import { moves } from './moves.ts';
import { openReplicas, type Replicas } from './replicas.ts';

/** What happened in all episodes. */
export interface Report {
  readonly episodes: number;
  readonly replicas: number;
  readonly moves: Counts;
  readonly plans: number;
  /** Plans that their agent confirmed in time. */
  readonly confirmedPlans: number;
  /** Plans that bought a label. */
  readonly purchases: number;
  /**
   * Plans that stay UNCERTAIN, for an operator to look up: their answer was lost, and then the EasyPost quote sold its one
   * label to another plan, or the mailing date passed before USPS was asked again. They count in the agent's limit.
   */
  readonly unresolved: number;
  /** Labels that the emulated providers charge. */
  readonly charges: number;
  /** How often each answer came to a confirmation, or to a plan that was refused. */
  readonly answers: Counts;
}

type Counts = Readonly<Record<string, number>>;

/** An agent of one episode, with what its key may spend. */
interface Spender {
  readonly key: string;
  readonly limit: string;
  readonly plans: Plan[];
}

/** The keys of an agent of the same tenant, and of one of another tenant. */
const victims = ['another-agent', 'foreign-agent'];
const moveNames = Object.keys(moves);
/** What agents may spend: two labels or so, several, or none. */
const limits = ['20.00', '100.00', '5.00'];
/** The rates that agents buy; the others exceed most limits. */
const cheapest = 6;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Runs episodes, each with an agent and a spend limit of its own; as many as there are moves see every move. Then it
 * settles all plans after a restart. Throws where a plan bought twice, an agent exceeded its limit, or a label was bought
 * without a plan that was confirmed in time.
 */
export async function runEpisodes(
  storage: Config['storage'],
  episodes: number,
  seed: number,
  onProgress: (done: number) => void = () => {},
): Promise<Report> {
  const spenders = Array.from({ length: episodes }, (_, index): Spender => {
    return {
      key: `hostile-agent-${index}`,
      limit: limits[Math.floor(index / moveNames.length) % limits.length]!,
      plans: [],
    };
  });
  const [another, foreign] = victims.map((key) => toApiKeyConfig(key));
  const replicas = await openReplicas(storage, {
    shop: [another!, ...spenders.map(toKey)],
    foreign: [foreign!],
  });
  const random = createRandom(seed);
  const counts = { moves: new Map<string, number>(), answers: new Map<string, number>() };
  try {
    for (const [index, spender] of spenders.entries()) {
      await runEpisode(replicas, spender, moveNames[index % moveNames.length]!, random, counts);
      onProgress(index + 1);
    }
    await settle(replicas, spenders, random);
    const charges = check(replicas, spenders, seed);
    const plans = spenders.flatMap((spender) => spender.plans);
    return {
      episodes,
      replicas: replicas.urls.length,
      moves: toCounts(counts.moves),
      plans: plans.length,
      confirmedPlans: plans.filter(({ isConfirmed }) => isConfirmed).length,
      purchases: plans.filter(({ trackingNumber }) => trackingNumber).length,
      unresolved: plans.filter(({ answers }) => answers.at(-1) === 'UNCERTAIN').length,
      charges,
      answers: toCounts(counts.answers),
    };
  } finally {
    await replicas.close();
  }
}

const toKey = ({ key, limit }: Spender) =>
  toApiKeyConfig({ key, spendLimitPerDay: { amount: limit, currencyCode: 'USD' } });

async function runEpisode(
  replicas: Replicas,
  { key, plans }: Spender,
  firstMove: string,
  random: () => number,
  counts: { readonly moves: Map<string, number>; readonly answers: Map<string, number> },
): Promise<void> {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]) => values[below(values.length)]!;
  // The limit is a day's: no episode sees two days.
  const untilMidnight = dayMs - (replicas.clock.now() % dayMs);
  if (untilMidnight < dayMs / 12) replicas.clock.advance(untilMidnight);

  const connect = (of: string) => createHostileAgent(replicas, of, random);
  const agent = await connect(key);
  const connectVictim = () => connect(pick(victims));
  const provider = pick(['usps', 'easypost'] as const);
  const rateIds = (await agent.quote(provider)).slice(0, cheapest);
  const furtherMoves = Array.from({ length: 1 + below(4) }, () => pick(moveNames));
  for (const name of [firstMove, ...furtherMoves]) {
    add(counts.moves, name, 1);
    await moves[name]!({ agent, connectVictim, provider, rateIds, replicas, below, pick });
  }
  plans.push(...agent.plans);
  for (const [answer, times] of agent.answers) add(counts.answers, answer, times);
  await agent.close();
}

/** Asks for the outcome of every plan that was confirmed; all have expired by now, so that none buys anything. */
async function settle(replicas: Replicas, spenders: readonly Spender[], random: () => number): Promise<void> {
  replicas.clock.advance(10 * 60_000);
  await replicas.restart();
  for (const { key, plans } of spenders) {
    const open = plans.filter(({ isConfirmed, trackingNumber }) => isConfirmed && !trackingNumber);
    if (open.length === 0) continue;
    const agent = await createHostileAgent(replicas, key, random);
    for (const plan of open) await agent.confirm(plan);
    await agent.close();
  }
}

/** Compares what was bought with what the providers charge, and returns the number of charges. */
function check({ sandbox }: Replicas, spenders: readonly Spender[], seed: number): number {
  const charges = [
    ...sandbox.usps.charges().map(({ trackingNumber, amount }) => ({ trackingNumber, amount })),
    ...sandbox.easypost.charges().map(({ trackingCode, amount }) => ({ trackingNumber: trackingCode, amount: Number(amount) })), // prettier-ignore
  ];
  const fail = (what: string, plan: object) => {
    throw new Error(`seed ${seed}: ${what}: ${JSON.stringify({ ...plan, id: undefined })}`);
  };
  for (const { key, limit, plans } of spenders) {
    let cents = 0;
    for (const plan of plans) {
      const own = charges.filter(({ trackingNumber }) => trackingNumber === plan.trackingNumber);
      if (own.length !== (plan.trackingNumber ? 1 : 0))
        fail(`${own.length} charges of a plan of ${key}`, plan);
      if (plan.shipmentIds.size > 1) fail(`several shipments of a plan of ${key}`, plan);
      if (plan.trackingNumber && !plan.isConfirmed) fail(`a purchase by an unconfirmed plan of ${key}`, plan);
      for (const { amount } of own) cents += Math.round(amount * 100);
    }
    if (cents > Number(limit) * 100) fail(`${cents} cents spent by ${key}, of ${limit}`, plans);
  }
  const purchases = spenders.flatMap(({ plans }) => plans).filter(({ trackingNumber }) => trackingNumber);
  if (charges.length !== purchases.length)
    fail(`${charges.length} charges for ${purchases.length} purchases`, charges);
  return charges.length;
}

const add = (counts: Map<string, number>, name: string, times: number) =>
  counts.set(name, (counts.get(name) ?? 0) + times);

const toCounts = (counts: ReadonlyMap<string, number>): Counts =>
  Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
