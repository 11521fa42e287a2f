import { verifyAddress } from './tools/addresses.ts';
import { quoteRates } from './tools/rates.ts';
import { confirmPurchase, getShipment, planPurchase, voidShipment } from './tools/shipments.ts';
import type { Tool } from './tools/tool.ts';
import { trackParcels } from './tools/tracking.ts';

/** The tools of `/mcp`, in the order in which they are used. */
export const tools: readonly Tool[] = [
  verifyAddress,
  quoteRates,
  planPurchase,
  confirmPurchase,
  getShipment,
  trackParcels,
  voidShipment,
];

/** The documents that the tools execute: operations that every tenant may send. */
export const toolDocuments: ReadonlySet<string> = new Set(tools.map(({ document }) => document));
