/** Node has it; TypeScript's library does not declare it yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };
const measures = new Set(['weight', 'length', 'width', 'height']);

/**
 * Serializes JSON as EasyPost does: measures carry a decimal (`"weight":136.0`), so that a webhook signature does not
 * match a body that was parsed and serialized again (EasyPost/easypost-node#467).
 */
export const serialize = (body: unknown): string =>
  JSON.stringify(body, (key, value: unknown) =>
    measures.has(key) && Number.isInteger(value) ? rawJSON(`${String(value)}.0`) : value,
  );
