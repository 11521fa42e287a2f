/**
 * Carriers that sell no label without the phone numbers of both ends, although they quote one: EasyPost answers
 * `shipment.to_address.phone: Required` (EasyPost/easypost-node#118 and reports of UPS, FedEx and DHL Express).
 */
const phoneCarriers: ReadonlySet<string> = new Set(['UPS', 'FedEx', 'DHL']);

/** Returns the paths that labels of a carrier, in our spelling, need beyond those of others. */
export const requirementsOf = (carrier: string): readonly string[] | undefined =>
  phoneCarriers.has(carrier) ? ['from.phone', 'to.phone'] : undefined;
