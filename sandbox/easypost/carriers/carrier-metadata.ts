import { isBlank, textOf, type Fields } from '../fields.ts';
import { ok, type Api } from '../http.ts';
import type { CarrierAccount } from './carrier-account.ts';
import { serviceTitle } from './service-titles.ts';

const kinds = ['service_levels', 'predefined_packages', 'shipment_options', 'supported_features'] as const;

/** The names of carriers in metadata, which differ from those in rates (recorded). */
const metadataNames: Record<string, string> = {
  USPS: 'usps',
  UPSDAP: 'ups',
  FedExDefault: 'fedex',
  DhlEcs: 'dhlecommercesolutions',
};

/** The services and packages of the carriers that the sandbox emulates, in the form of the recorded table. */
export function addCarrierMetadataRoutes({ state, addRoute }: Api) {
  addRoute('GET', '/v2/metadata/carriers', ({ query }) => {
    const carriers = namesIn(query, 'carriers');
    const types = namesIn(query, 'types');
    const shown = state.accounts
      .map((account) => ({ account, name: metadataNames[account.carrier] ?? account.carrier.toLowerCase() }))
      .filter(({ name }) => carriers === undefined || carriers.includes(name));
    return ok({
      carriers: shown.map(({ account, name }) => {
        const all = metadataOf(account, name);
        const kept = kinds.filter((kind) => types === undefined || types.includes(kind));
        return {
          name,
          human_readable: account.readable,
          ...Object.fromEntries(kept.map((kind) => [kind, all[kind]])),
        };
      }),
    });
  });
}

/** Reads a list such as `usps,ups`; undefined for none. */
const namesIn = (query: Fields, name: string) =>
  isBlank(query[name]) ? undefined : textOf(query, name)!.split(',');

function metadataOf(account: CarrierAccount, carrier: string) {
  const services = [...account.domestic, ...account.international];
  return {
    service_levels: services.map(({ name, maxOunces }) => ({
      carrier,
      name,
      human_readable: serviceTitle(account.carrier, name),
      description: null,
      dimensions: [`Combined Length and Girth < ${account.maxLengthAndGirth}in`],
      max_weight: maxOunces ?? account.maxOunces,
    })),
    predefined_packages: Object.keys(account.flat).map((name) => ({
      carrier,
      name,
      human_readable: null,
      description: null,
      dimensions: [],
      max_weight: null,
    })),
    shipment_options: ['delivery_confirmation', 'saturday_delivery', 'label_format'].map((name) => ({
      carrier,
      name,
      human_readable: null,
      description: null,
      deprecated: false,
      type: 'string',
    })),
    supported_features: ['scan_form', 'pickup'].map((name) => ({
      carrier,
      name,
      description: null,
      supported: name === 'pickup' || carrier === 'usps',
    })),
  };
}
