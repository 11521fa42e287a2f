import { outcome, type Outcome } from '../domain/errors.ts';

/** Asks one question a call, so many at once; a provider's failure stays in its own slot. */
export async function fanOut<Q, A>(
  questions: readonly Q[],
  ask: (question: Q) => Promise<A>,
  atOnce = 8,
): Promise<Outcome<A>[]> {
  const answers: Outcome<A>[] = new Array<Outcome<A>>(questions.length);
  const waiting = questions.entries();
  const work = async () => {
    for (const [index, question] of waiting) answers[index] = await outcome(() => ask(question));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, questions.length) }, work));
  return answers;
}
