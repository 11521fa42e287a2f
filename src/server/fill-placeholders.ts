/** The part of Monaco, GraphiQL's editor, that the page uses. */
interface Model {
  readonly uri: { readonly path: string };
  getValue(): string;
  setValue(text: string): void;
  onDidChangeContent(listener: () => void): void;
}
interface Monaco {
  readonly editor: {
    getModels(): readonly Model[];
    onDidCreateModel(listener: (model: Model) => void): void;
  };
}

/**
 * Fills the placeholders of GraphiQL's variables from the responses before, and replaces what it filled in when a newer
 * response gives another value. It runs in the page, so it refers to nothing outside of it.
 */
export function fillPlaceholders(placeholders: Readonly<Record<string, string>>): void {
  const page = globalThis as unknown as { fetch: typeof globalThis.fetch; monaco?: Monaco };
  /** The value of each placeholder, and the values that it had before. */
  const values: Record<string, { text: string; before: string[] }> = {};
  const set = (name: string, text: string) => {
    const { text: last, before } = values[name] ?? { text: placeholders[name]!, before: [] };
    values[name] = { text, before: [...before, last] };
  };
  const fresh = (name: string) => `${name}-${Math.random().toString(36).slice(2, 10)}`;
  const fill = (model: Model) => {
    const text = model.getValue();
    let filled = text;
    for (const { text: value, before } of Object.values(values)) {
      for (const old of before) filled = filled.replaceAll(JSON.stringify(old), JSON.stringify(value));
    }
    if (filled !== text) model.setValue(filled);
  };
  const variables = () => (page.monaco?.editor.getModels() ?? []).filter(({ uri }) => uri.path.includes('variables')); // prettier-ignore
  const watched = new WeakSet<Model>();
  /** GraphiQL creates its models after the page has loaded, and sets their text when another tab is chosen. */
  const watch = () => {
    for (const model of variables()) {
      if (!watched.has(model)) model.onDidChangeContent(() => setTimeout(() => fill(model)));
      watched.add(model);
      fill(model);
    }
  };

  const day = new Date(Date.now() + 24 * 60 * 60 * 1000);
  // Carriers collect on weekdays.
  while ([0, 6].includes(day.getUTCDay())) day.setUTCDate(day.getUTCDate() + 1);
  set('pickupDay', day.toISOString().slice(0, 10));

  interface Data {
    rates?: { rates?: { id?: string }[] };
    shipmentPurchase?: { shipment?: { id?: string } | null } | null;
    tenants?: { id?: string }[];
  }
  const learn = ({ rates, shipmentPurchase, tenants }: Data) => {
    const rateId = rates?.rates?.[0]?.id;
    if (rateId !== undefined) {
      set('rateId', rateId);
      set('purchaseKey', fresh('order'));
    }
    const shipmentId = shipmentPurchase?.shipment?.id;
    if (shipmentId !== undefined) {
      set('shipmentId', shipmentId);
      set('pickupKey', fresh('pickup'));
      set('manifestKey', fresh('manifest'));
    }
    const tenantId = tenants?.[0]?.id;
    if (tenantId !== undefined) set('tenantId', tenantId);
    watch();
  };
  const send = page.fetch;
  page.fetch = async (...request) => {
    const response = await send(...request);
    // A subscription has no end, and a copy of its response would keep all of it.
    if (!response.headers.get('content-type')?.includes('json')) return response;
    const body = response.clone().json() as Promise<{ data?: Data | null }>;
    body.then(({ data }) => data && learn(data)).catch(() => {});
    return response;
  };
}
