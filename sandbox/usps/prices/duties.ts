/** Guess: the document names no amounts. */
export const dutiesFee = 2.5;

/** Duty and tax of goods of a value in dollars. Guess: 5 % and 10 %, whatever the country. */
export const dutiesOf = (value: number) => ({
  dutyPrice: Math.round(value * 5) / 100,
  taxPrice: Math.round(value * 10) / 100,
});
