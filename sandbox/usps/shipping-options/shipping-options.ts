import type { FastifyInstance } from 'fastify';
import { dateAt, zoneBetween } from '../addresses/places.ts';
import { businessError, gatewayFault } from '../errors.ts';
import type { UspsClient } from '../oauth/clients.ts';
import { authorizeRequest, clientOf } from '../oauth/gateway.ts';
import type { UspsState } from '../state.ts';
import { openApiError, openApiMessages } from '../validation.ts';
import { domesticOptions } from './domestic-options.ts';
import { internationalOptions } from './international-options.ts';
import { domesticSchema, internationalSchema, type DomesticRequest, type InternationalRequest, type PricingOption } from './shipping-options-schema.ts'; // prettier-ignore

const version = '/shipments/v3';

/** `POST /shipments/v3/options/search`: domestic and international prices with their delivery days. */
export function shippingOptionRoutes(app: FastifyInstance, state: UspsState) {
  app.post(
    '/shipments/v3/options/search',
    { onRequest: authorizeRequest(state, 'shipments', version) },
    async (request) => {
      const body = validateOneOf(request.body);
      const client = clientOf(request);
      const origin = body.originZIPCode.slice(0, 5);
      if (zoneBetween(origin, origin) === undefined) {
        throw businessError(version, '160243', 'ZIP Code is not valid', 'originZIPCode');
      }
      checkMailingDate(state, origin, body.packageDescription.mailingDate);
      for (const option of body.pricingOptions)
        checkAccount(client, option, body.packageDescription.mailClass);
      return 'destinationZIPCode' in body ? domesticOptions(state, body) : internationalOptions(state, body);
    },
  );
}

/** The body is a `oneOf`: one with fields of both kinds matches neither (USPS/api-examples#62). */
function validateOneOf(body: unknown): DomesticRequest | InternationalRequest {
  const domestic = domesticSchema.safeParse(body, { reportInput: true });
  if (domestic.success) return domestic.data;
  const international = internationalSchema.safeParse(body, { reportInput: true });
  if (international.success) return international.data;
  const reasons = [domestic, international].flatMap(({ error }, index) =>
    openApiMessages(error.issues).map((fault) => fault.replace('ERROR - ', `ERROR - /oneOf/${index}: `)),
  );
  throw openApiError(version, [
    'ERROR - Instance failed to match exactly one schema (matched 0 out of 2): []',
    ...reasons,
  ]);
}

/** Throws unless the mailing date is today to 30 days ahead, by the calendar of the origin. */
function checkMailingDate(state: UspsState, origin: string, mailingDate: string | undefined) {
  if (mailingDate === undefined) return;
  const now = state.clock.now();
  const first = dateAt(now, origin);
  const last = dateAt(now + 30 * 86_400_000, origin);
  const date = mailingDate.slice(0, 10);
  if (first <= date && date <= last) return;
  const american = (day: string) => day.replace(/(\d{4})-(\d\d)-(\d\d)/, '$2/$3/$1');
  throw businessError(
    version,
    '040002',
    `Invalid AcceptDate ${american(date)}. AcceptDate must be between ${american(first)} and ${american(last)}.`,
    'packageDescription.mailingDate',
  );
}

function checkAccount(client: UspsClient, option: PricingOption, mailClass: string) {
  if (option.priceType !== 'CONTRACT') return;
  const account = option.paymentAccount;
  if (account?.accountNumber === undefined) {
    throw businessError(version, '160154', "required when priceType is 'CONTRACT'", 'paymentAccount');
  }
  if (account.accountType === 'MID' && !mailClass.endsWith('RETURN_SERVICE') && mailClass !== 'ALL_RETURNS') {
    throw businessError(
      version,
      '160392',
      'MID is not a valid account type for Outbound Mail Classes; accountType EPS, PERMIT, or METER is required.',
      'packageDescription.mailClass',
    );
  }
  // Recorded for an account without a contract (USPS/api-examples#22).
  if (account.accountNumber !== client.contractAccount && account.accountNumber !== client.mid)
    throw gatewayFault();
}
