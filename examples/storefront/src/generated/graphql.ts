/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/**
 * A postal address and the person or company there. Each operation checks the parts that it needs: rates need a country
 * and its postal code; a label also needs a name or company, a street and a city. Each text has at most 200 characters, a
 * postal code at most 12; a provider may take fewer, which is its failure: USPS takes 50 of a street and 28 of a city.
 */
export type AddressInput = {
  /** The city or town. */
  readonly city?: string | null | undefined;
  /** The name of the company or organization. A label needs `name` or `company`. */
  readonly company?: string | null | undefined;
  /** The country. A US territory may be given as the country or as the state of the US; it is read as the state. */
  readonly country: string;
  /** The email address. Some carriers send notifications there. */
  readonly email?: string | null | undefined;
  /** The name of the person. A label needs `name` or `company`. */
  readonly name?: string | null | undefined;
  /** The phone number, of 6 to 20 digits. Some services need the recipient's, mostly across borders. */
  readonly phone?: string | null | undefined;
  /** The postal code, as printed in its country. Examples: `94104`, `94104-1234`, `SW1A 1AA`. */
  readonly postalCode?: string | null | undefined;
  /** True for a home, false for a business. Some carriers charge more for a home. Default: unknown. */
  readonly residential?: boolean | null | undefined;
  /** The state or province. US and Canadian ones by their code or name, in any case. Examples: `CA`, `California`, `Armed Forces Pacific`. */
  readonly state?: string | null | undefined;
  /** The first line: house number and street. Example: `417 Montgomery St`. */
  readonly street1?: string | null | undefined;
  /** The second line: apartment, suite or floor. Example: `Floor 5`. */
  readonly street2?: string | null | undefined;
  /** The urbanization of an address in Puerto Rico. It may stand on a street line instead. Example: `URB Las Gladiolas`. */
  readonly urbanization?: string | null | undefined;
};

/** The category of a parcel's contents on the customs form. */
export type CustomsContents =
  /** Dangerous goods. */
  | 'DANGEROUS_GOODS'
  /** Documents without commercial value. */
  | 'DOCUMENTS'
  /** A gift. */
  | 'GIFT'
  /** A humanitarian donation. */
  | 'HUMANITARIAN_DONATION'
  /** Goods that were sold. */
  | 'MERCHANDISE'
  /** Anything else. Requires `explanation`. */
  | 'OTHER'
  /** Goods that are returned to their seller. */
  | 'RETURNED_GOODS'
  /** A commercial sample. */
  | 'SAMPLE';

/**
 * The customs declaration. A label that crosses a customs border requires it, also one to a US territory or to overseas
 * military post. A quote does not.
 */
export type CustomsInput = {
  /** The category of the contents. */
  readonly contents: CustomsContents;
  /** The exemption or filing number under US export law. Example: `NOEEI 30.36`. Default: `NOEEI 30.37(a)`, which applies up to a value of 2,500 US dollars. */
  readonly eelPfc?: string | null | undefined;
  /** The description of the contents. Required if `contents` is `OTHER`. */
  readonly explanation?: string | null | undefined;
  /** The party that pays duties and taxes. At USPS, `DDP` adds them to the price. Default: the provider's own, mostly the receiver. */
  readonly incoterm?: Incoterm | null | undefined;
  /** The lines of the form, 1 to 30. USPS refuses lines that weigh more together than the parcel. */
  readonly items: ReadonlyArray<CustomsItemInput>;
  /** The treatment of a parcel that can't be delivered. Default: `RETURN`. */
  readonly nonDelivery?: NonDelivery | null | undefined;
  /** The tax ids of the receiver. USPS has room for one, EasyPost for several. */
  readonly receiverTaxIds?: ReadonlyArray<TaxIdInput> | null | undefined;
  /** The tax ids of the sender. USPS has room for one, EasyPost for several. */
  readonly senderTaxIds?: ReadonlyArray<TaxIdInput> | null | undefined;
  /** The name of the person who signs the declaration. Default: the sender. */
  readonly signer?: string | null | undefined;
};

/** One line of the customs form. Value and weight are totals over all units of the line. */
export type CustomsItemInput = {
  /** The goods, in plain words. Example: `Cotton T-shirt`. */
  readonly description: string;
  /** The tariff number of the Harmonized System, 6 to 14 digits. Example: `610910`. */
  readonly hsTariffNumber?: string | null | undefined;
  /** The country in which the goods were made. */
  readonly originCountry: string;
  /** The number of units. */
  readonly quantity: number;
  /** The value of all units together. */
  readonly totalValue: MoneyInput;
  /** The net weight of all units together. */
  readonly totalWeight: WeightInput;
};

/** The outer dimensions of a parcel, in any order. */
export type DimensionsInput = {
  /** The height in `unit`, more than zero, at most 1,000 centimeters. */
  readonly height: number;
  /** The length in `unit`, more than zero, at most 1,000 centimeters. */
  readonly length: number;
  /** The unit of all three. */
  readonly unit: LengthUnit;
  /** The width in `unit`, more than zero, at most 1,000 centimeters. */
  readonly width: number;
};

/** The party that pays duties and taxes. */
export type Incoterm =
  /** Delivered at place: the receiver pays. */
  | 'DAP'
  /** Delivered duties paid: the sender pays. */
  | 'DDP'
  /** Delivered duties unpaid: the receiver pays. The older name of `DAP`. */
  | 'DDU';

/** The file format of a label. */
export type LabelFormat =
  /** A PDF document. */
  | 'PDF'
  /** A PNG image. */
  | 'PNG'
  /** A program in ZPL, the language of Zebra label printers. */
  | 'ZPL';

/** The form in which a label is delivered. */
export type LabelInput = {
  /** The file format. */
  readonly format?: LabelFormat;
};

/** A unit of length. */
export type LengthUnit =
  /** The centimeter. */
  | 'CENTIMETER'
  /** The international inch: 2.54 centimeters. */
  | 'INCH';

/** An exact amount of money. */
export type MoneyInput = {
  /** The amount in the currency's main unit. Example: `"7.40"`. */
  readonly amount: `${number}`;
  /** The currency. */
  readonly currencyCode: string;
};

/** The treatment of a parcel that can't be delivered abroad. */
export type NonDelivery =
  /** The parcel is abandoned. */
  | 'ABANDON'
  /** The parcel is returned to the sender. */
  | 'RETURN';

/**
 * A parcel to ship. Without `packaging` it is the sender's own box. A carrier's flat-rate services are quoted only if their
 * packaging is named.
 */
export type ParcelInput = {
  /** The outer dimensions. Most providers price by size, and some quote nothing without it; give it unless `packaging` is named. */
  readonly dimensions?: DimensionsInput | null | undefined;
  /**
   * The carrier's packaging: `FLAT_RATE_ENVELOPE`, `LEGAL_FLAT_RATE_ENVELOPE`, `PADDED_FLAT_RATE_ENVELOPE`,
   * `SMALL_FLAT_RATE_BOX`, `MEDIUM_FLAT_RATE_BOX` or `LARGE_FLAT_RATE_BOX`. The names are the same at every provider, and
   * no dimensions are needed with them. Default: the sender's own box.
   */
  readonly packaging?: string | null | undefined;
  /** The weight of the packed parcel. */
  readonly weight: WeightInput;
};

/** The environment of a provider account. */
export type ProviderEnvironment =
  /** The provider's production environment. Labels are charged. */
  | 'PRODUCTION'
  /** The emulated provider that is included in this server. Nothing is shipped or charged. */
  | 'SANDBOX'
  /** The provider's test environment. Labels are samples, and nothing is charged. */
  | 'TEST';

/** The kind of a provider failure. Values may be added. */
export type ProviderFailureCode =
  /** The account may not perform the operation, or may not see this parcel. Have the provider permit it, or name another account. */
  | 'ACCOUNT_NOT_AUTHORIZED'
  /** None of your accounts can be asked. Add one, or the credentials that the message names. */
  | 'CREDENTIALS_MISSING'
  /** The provider rejected the credentials. Replace them in the account; `npm run doctor` says which. */
  | 'CREDENTIALS_REJECTED'
  /** The provider has no such object. Check the number or id; a carrier knows a parcel from its first scan on. */
  | 'NOT_FOUND'
  /** The provider does not offer this operation. Name an account whose `operations` include it. */
  | 'NOT_SUPPORTED'
  /** The provider did not authorize the payment, or the balance is insufficient. Add funds, or correct the payer of the account. */
  | 'PAYMENT_NOT_AUTHORIZED'
  /** The price is higher than the quoted price, or than `maxPrice`. Request rates again, or allow the price with `maxPrice`. */
  | 'PRICE_CHANGED'
  /** The provider's quota is used up, and the provider was not called. Wait `retryAfterSeconds`; `ProviderAccount.quotas` has what is left. */
  | 'QUOTA_EXHAUSTED'
  /** The provider is called too often. Wait `retryAfterSeconds`. */
  | 'RATE_LIMITED'
  /** The provider, or a carrier behind it, rejected the request. Change the value that `field` or `providerMessage` names. */
  | 'REJECTED'
  /** The provider has retired the host that the account is configured with. Remove the base URL from the account, so that the present host is called. */
  | 'RETIRED_HOST'
  /** The credentials do not include access to this API. Have the provider add it to the app. */
  | 'SCOPE_MISSING'
  /** The provider did not respond in time. Call again, with the same idempotency key: a purchase is not made twice. */
  | 'TIMEOUT'
  /** The provider can't be reached, or failed on its side. Call again later, with the same idempotency key. */
  | 'UNAVAILABLE'
  /** The provider's response can't be parsed. Report it with `requestId`. */
  | 'UNREADABLE'
  /** The credentials belong to another environment. Use those of the environment of the account. */
  | 'WRONG_ENVIRONMENT';

/** An operation that a provider account can support. Values may be added. */
export type ProviderOperation =
  /** Creates manifests: `manifestCreate`. */
  | 'CREATE_MANIFEST'
  /** Lists drop-off locations: `dropOffLocations`. */
  | 'FIND_LOCATIONS'
  /** Purchases labels: `shipmentPurchase`. */
  | 'PURCHASE_LABEL'
  /** Quotes rates: `rates`. */
  | 'QUOTE_RATES'
  /** Returns purchased labels in another format: `labelReprint`. */
  | 'REPRINT_LABEL'
  /** Schedules and cancels pickups: `pickupSchedule`, `pickupCancel`. */
  | 'SCHEDULE_PICKUP'
  /** Sends documents as mail: `mailJobCreate`, `mailJobs`, `mailJob`. */
  | 'SEND_MAIL'
  /** Tracks parcels: `tracker`, `trackers`. */
  | 'TRACK'
  /** Verifies addresses: `addressVerification`, `addressVerifications`. */
  | 'VERIFY_ADDRESS'
  /** Voids labels or requests their refund: `shipmentVoid`. */
  | 'VOID_LABEL';

/** The input of `rates`: the shipment to quote, and the accounts and carriers to ask. */
export type RatesInput = {
  /** The accounts to ask. Default: every account that quotes rates. */
  readonly accountIds?: ReadonlyArray<string> | null | undefined;
  /** The carriers to quote, in any common spelling. Default: all. An account that has no rate of these carriers is listed in `failures`. */
  readonly carriers?: ReadonlyArray<string> | null | undefined;
  /** The customs declaration. Give it if the label will need it: a rate without it can't be purchased across a customs border. */
  readonly customs?: CustomsInput | null | undefined;
  /** The time in milliseconds within which the response is due, at most 60000; a twentieth of it, and at most 50 ms, is kept for the response itself. An account that has not responded by then is listed in `failures` as `TIMEOUT`. Default: 15000. */
  readonly deadlineMs?: number | null | undefined;
  /** The sender. Needs a country and, in most countries, a postal code. */
  readonly from: AddressInput;
  /** The greatest age of a shared answer in seconds: 0 prices anew. An answer that is under way counts as new. Default and maximum: what the account is configured with. */
  readonly maxAgeSeconds?: number | null | undefined;
  /** Options beyond plain carriage. Default: none. */
  readonly options?: ShipmentOptionsInput | null | undefined;
  /** The parcels that are shipped together, 1 to 30. Each gets a label and a tracking number of its own. */
  readonly parcels: ReadonlyArray<ParcelInput>;
  /** The day on which the carrier receives the parcels, in the sender's local time. Default: today. */
  readonly shipDate?: string | null | undefined;
  /** The recipient. Needs a country and, in most countries, a postal code. */
  readonly to: AddressInput;
};

/** The status of a refund. */
export type RefundStatus =
  /** The carrier charges a label only when it scans the parcel, so there is nothing to refund. */
  | 'NOT_APPLICABLE'
  /** The money was refunded, or the label was never charged. */
  | 'REFUNDED'
  /** The provider refused the refund. */
  | 'REFUSED'
  /** The refund is requested. The provider decides within days or weeks. */
  | 'REQUESTED';

/** Options beyond plain carriage. Only services that offer all of them are quoted, with their cost included in the price. */
export type ShipmentOptionsInput = {
  /** Delivery against the signature of a person of at least 21 years. Default: false. */
  readonly adultSignature?: boolean | null | undefined;
  /** The value for which each parcel is insured, more than zero. Providers that charge for insurance at purchase show its fee in the shipment's `charges` only; some insure one parcel per quote. Default: no insurance. */
  readonly insuredValue?: MoneyInput | null | undefined;
  /** True for a parcel that a customer returns: `from` is the customer, `to` is the merchant, who pays. Default: false. */
  readonly isReturn?: boolean | null | undefined;
  /** Delivery on a Saturday. Default: false. */
  readonly saturdayDelivery?: boolean | null | undefined;
  /** Delivery against a signature. Default: false. */
  readonly signature?: boolean | null | undefined;
};

/** The input of `shipmentPurchase`. */
export type ShipmentPurchaseInput = {
  /** The contact at the quoted sender's address. It may add name, company, phone and email. Any other field, if given, must equal the quoted one. */
  readonly from?: AddressInput | null | undefined;
  /** A key of your choice, 1 to 255 characters. Repeated calls with the same key purchase once and return the same shipment. */
  readonly idempotencyKey: string;
  /** The form in which the label is delivered. Default: PDF. */
  readonly label?: LabelInput | null | undefined;
  /** The highest price that you accept if the price has risen since the quote, not less than the rate's `price`. Default: the rate's `price`. A higher price fails with `PRICE_CHANGED`. */
  readonly maxPrice?: MoneyInput | null | undefined;
  /** The id of the rate to purchase. */
  readonly rateId: string;
  /** Your own reference, at most 100 characters. `shipments` can filter by it. */
  readonly reference?: string | null | undefined;
  /** The contact at the quoted recipient's address. It may add name, company, phone and email. Any other field, if given, must equal the quoted one. */
  readonly to?: AddressInput | null | undefined;
};

/** The status of a shipment's purchase. */
export type ShipmentStatus =
  /** Nothing was purchased. Call again with the same idempotency key to retry. */
  | 'FAILED'
  /** The label is purchased and can be used. */
  | 'PURCHASED'
  /** The purchase is in progress. */
  | 'PURCHASING'
  /** The provider's response was lost, and the outcome is being determined. Call again with the same idempotency key, never with a new one. */
  | 'UNCERTAIN'
  /** The label is voided. Do not use it. */
  | 'VOIDED';

/** The input of `shipmentVoid`. */
export type ShipmentVoidInput = {
  /** The id of the shipment to void. */
  readonly id: string;
};

/** The kind of an input error. Values may be added. */
export type ShippingUserErrorCode =
  /** The idempotency key was used with another input. Choose a new key for a new purchase, or send the first input again. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The value is not valid. The message says what is. */
  | 'INVALID'
  /** The state of the object does not allow the operation. The message gives the state. */
  | 'NOT_ALLOWED'
  /** You have no object with this id. Check the id, and that the key belongs to the tenant that has the object. */
  | 'NOT_FOUND'
  /** The shipment has no label that can be voided. Its status says why. */
  | 'NOT_VOIDABLE'
  /** The plan has expired, and nothing was purchased by it. Plan the purchase again. */
  | 'PLAN_EXPIRED'
  /** The plan id was altered, is no plan id, was issued to another API key, or by an incompatible earlier version. Plan the purchase again. */
  | 'PLAN_INVALID'
  /** The rate is older than 24 hours. Request rates again. */
  | 'RATE_EXPIRED'
  /** The rate id was altered, is no rate id, belongs to another tenant, or was issued by an incompatible earlier version. Request rates again. */
  | 'RATE_INVALID'
  /** The rate was purchased with another idempotency key, or by another plan. Use that key to get its shipment, or request rates again for another label. */
  | 'RATE_USED'
  /** The value is missing. Add it. */
  | 'REQUIRED'
  /** The purchase would exceed what the API key may spend on labels in a day. The message says what is left, and when the day ends. */
  | 'SPEND_LIMIT_EXCEEDED'
  /** The list is longer than allowed. Split it. */
  | 'TOO_MANY';

/** A number by which customs or a tax office knows the sender or the receiver. */
export type TaxIdInput = {
  /** The country that issued the number. USPS has no field for it and prints the number alone. */
  readonly issuingCountry?: string | null | undefined;
  /** The number, as it was issued. */
  readonly number: string;
  /** The kind of the number. */
  readonly type: TaxIdType;
};

/** The kind of a tax id. */
export type TaxIdType =
  /** An employer identification number of the United States. */
  | 'EIN'
  /** A number by which customs of the European Union or the United Kingdom know a trader. */
  | 'EORI'
  /** A number of the Import One-Stop Shop: value-added tax was paid at the sale. */
  | 'IOSS'
  /** Any other number. */
  | 'OTHER'
  /** A number for value-added tax. */
  | 'VAT';

/** A parcel to track. */
export type TrackingNumberInput = {
  /** The account to ask. Default: the account that purchased the label, then one that is connected to the carrier directly, then any that can track it. */
  readonly accountId?: string | null | undefined;
  /** The carrier, in any common spelling. Default: recognized by the form of the number, if only one carrier's numbers have that form. */
  readonly carrier?: string | null | undefined;
  /** The tracking number. Spaces and letter case do not matter. */
  readonly trackingNumber: string;
};

/** The status of a parcel on its way. */
export type TrackingStatus =
  /** The carrier accepted the parcel. */
  | 'ACCEPTED'
  /** The parcel waits for the recipient at a pickup point. */
  | 'AVAILABLE_FOR_PICKUP'
  /** The shipment was cancelled before the carrier moved it. */
  | 'CANCELLED'
  /** The parcel was delivered. */
  | 'DELIVERED'
  /** The carrier tried to deliver the parcel and failed. */
  | 'DELIVERY_ATTEMPTED'
  /** A problem stops the parcel, such as damage, a refusal or a wrong address. */
  | 'EXCEPTION'
  /** The parcel is on its way. */
  | 'IN_TRANSIT'
  /** The parcel is with the driver, for delivery today. */
  | 'OUT_FOR_DELIVERY'
  /** The label exists; the carrier does not have the parcel yet. */
  | 'PRE_TRANSIT'
  /** The parcel is back at the sender. */
  | 'RETURNED'
  /** The parcel is on its way back to the sender. */
  | 'RETURNING'
  /** Nothing is known of the parcel; `failure` gives the reason. */
  | 'UNKNOWN';

/** The result of verifying an address. */
export type VerificationStatus =
  /** The building exists, but a part such as the apartment is missing, or several addresses match. */
  | 'AMBIGUOUS'
  /** The address is deliverable in its standardized form; `changes` lists what was corrected. */
  | 'CORRECTED'
  /** No such address exists. */
  | 'UNDELIVERABLE'
  /** No provider verified the address; `failures` gives the reason. */
  | 'UNVERIFIED'
  /** The address is deliverable as given. `messages` says where the postal service itself does not deliver. */
  | 'VERIFIED';

/** A weight in any of the units. */
export type WeightInput = {
  /** The unit. */
  readonly unit: WeightUnit;
  /** The number of units: more than zero, and for a parcel at most 1,000 kilograms. */
  readonly value: number;
};

/** A unit of weight. */
export type WeightUnit =
  /** The gram. */
  | 'GRAM'
  /** The kilogram: 1,000 grams. */
  | 'KILOGRAM'
  /** The avoirdupois ounce: 28.349523125 grams. */
  | 'OUNCE'
  /** The avoirdupois pound: 453.59237 grams. */
  | 'POUND';

export type QuotingAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type QuotingAccountsQuery = { readonly __typename: 'Query', readonly providerAccounts: ReadonlyArray<{ readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string, readonly environment: ProviderEnvironment, readonly operations: ReadonlyArray<ProviderOperation> }> };

export type AddressVerificationQueryVariables = Exact<{
  address: AddressInput;
}>;


export type AddressVerificationQuery = { readonly __typename: 'Query', readonly addressVerification: { readonly __typename: 'AddressVerification', readonly status: VerificationStatus, readonly address: { readonly __typename: 'Address', readonly street1: string | null, readonly street2: string | null, readonly city: string | null, readonly state: string | null, readonly postalCode: string | null } | null, readonly changes: ReadonlyArray<{ readonly __typename: 'AddressChange', readonly field: string }>, readonly messages: ReadonlyArray<{ readonly __typename: 'AddressMessage', readonly code: string | null, readonly message: string, readonly suggestion: string | null }>, readonly failures: ReadonlyArray<{ readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null }> } | null };

export type RatesStreamSubscriptionVariables = Exact<{
  input: RatesInput;
}>;


export type RatesStreamSubscription = { readonly ratesStream: { readonly __typename: 'RateQuote', readonly rates: ReadonlyArray<{ readonly __typename: 'Rate', readonly id: string, readonly offerKey: string, readonly carrier: string, readonly estimatedDays: number | null, readonly estimatedDeliveryDate: string | null, readonly guaranteed: boolean, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string, readonly environment: ProviderEnvironment }, readonly service: { readonly __typename: 'ShippingService', readonly name: string }, readonly price: { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string }, readonly retailPrice: { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string } | null }>, readonly failures: ReadonlyArray<{ readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null }>, readonly pending: ReadonlyArray<{ readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string }> } };

export type ShipmentPurchaseMutationVariables = Exact<{
  input: ShipmentPurchaseInput;
}>;


export type ShipmentPurchaseMutation = { readonly __typename: 'Mutation', readonly shipmentPurchase: { readonly __typename: 'ShipmentPurchasePayload', readonly shipment: { readonly __typename: 'Shipment', readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly trackingNumber: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string, readonly environment: ProviderEnvironment }, readonly service: { readonly __typename: 'ShippingService', readonly name: string }, readonly to: { readonly __typename: 'Address', readonly name: string | null, readonly street1: string | null, readonly street2: string | null, readonly city: string | null, readonly state: string | null, readonly postalCode: string | null }, readonly price: { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string } | null, readonly label: { readonly __typename: 'Label', readonly url: string } | null, readonly refund: { readonly __typename: 'Refund', readonly status: RefundStatus } | null, readonly failure: { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null } | null } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'ShippingUserError', readonly code: ShippingUserErrorCode, readonly message: string }>, readonly failure: { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null } | null } | null };

export type ShipmentQueryVariables = Exact<{
  id: string;
}>;


export type ShipmentQuery = { readonly __typename: 'Query', readonly shipment: { readonly __typename: 'Shipment', readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly trackingNumber: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string, readonly environment: ProviderEnvironment }, readonly service: { readonly __typename: 'ShippingService', readonly name: string }, readonly to: { readonly __typename: 'Address', readonly name: string | null, readonly street1: string | null, readonly street2: string | null, readonly city: string | null, readonly state: string | null, readonly postalCode: string | null }, readonly price: { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string } | null, readonly label: { readonly __typename: 'Label', readonly url: string } | null, readonly refund: { readonly __typename: 'Refund', readonly status: RefundStatus } | null, readonly failure: { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null } | null } | null };

export type LabelPdfQueryVariables = Exact<{
  shipmentId: string;
}>;


export type LabelPdfQuery = { readonly __typename: 'Query', readonly labelDocument: { readonly __typename: 'LabelDocument', readonly url: string } | null };

export type ShipmentVoidMutationVariables = Exact<{
  input: ShipmentVoidInput;
}>;


export type ShipmentVoidMutation = { readonly __typename: 'Mutation', readonly shipmentVoid: { readonly __typename: 'ShipmentVoidPayload', readonly shipment: { readonly __typename: 'Shipment', readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly trackingNumber: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string, readonly environment: ProviderEnvironment }, readonly service: { readonly __typename: 'ShippingService', readonly name: string }, readonly to: { readonly __typename: 'Address', readonly name: string | null, readonly street1: string | null, readonly street2: string | null, readonly city: string | null, readonly state: string | null, readonly postalCode: string | null }, readonly price: { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string } | null, readonly label: { readonly __typename: 'Label', readonly url: string } | null, readonly refund: { readonly __typename: 'Refund', readonly status: RefundStatus } | null, readonly failure: { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null } | null } | null, readonly userErrors: ReadonlyArray<{ readonly __typename: 'ShippingUserError', readonly code: ShippingUserErrorCode, readonly message: string }>, readonly failure: { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null } | null } | null };

export type TrackerUpdatedSubscriptionVariables = Exact<{
  numbers: ReadonlyArray<TrackingNumberInput> | TrackingNumberInput;
  after?: string | null | undefined;
}>;


export type TrackerUpdatedSubscription = { readonly trackerUpdated: { readonly __typename: 'Tracker', readonly status: TrackingStatus, readonly statusText: string | null, readonly estimatedDelivery: string | null, readonly estimatedDeliveryDate: string | null, readonly cursor: string, readonly events: ReadonlyArray<{ readonly __typename: 'TrackingEvent', readonly id: string, readonly status: TrackingStatus, readonly description: string, readonly occurredAt: string | null, readonly occurredAtLocal: string | null, readonly location: { readonly __typename: 'Address', readonly city: string | null, readonly state: string | null, readonly country: string | null } | null }>, readonly failure: { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null } | null } };

export type ProviderFailureFragment = { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null };

export type MoneyFragment = { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string };

export type RateFragment = { readonly __typename: 'Rate', readonly id: string, readonly offerKey: string, readonly carrier: string, readonly estimatedDays: number | null, readonly estimatedDeliveryDate: string | null, readonly guaranteed: boolean, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string, readonly environment: ProviderEnvironment }, readonly service: { readonly __typename: 'ShippingService', readonly name: string }, readonly price: { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string }, readonly retailPrice: { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string } | null };

export type ShipmentFragment = { readonly __typename: 'Shipment', readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly trackingNumber: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string, readonly environment: ProviderEnvironment }, readonly service: { readonly __typename: 'ShippingService', readonly name: string }, readonly to: { readonly __typename: 'Address', readonly name: string | null, readonly street1: string | null, readonly street2: string | null, readonly city: string | null, readonly state: string | null, readonly postalCode: string | null }, readonly price: { readonly __typename: 'Money', readonly amount: `${number}`, readonly currencyCode: string } | null, readonly label: { readonly __typename: 'Label', readonly url: string } | null, readonly refund: { readonly __typename: 'Refund', readonly status: RefundStatus } | null, readonly failure: { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null } | null };

export type TrackerFragment = { readonly __typename: 'Tracker', readonly status: TrackingStatus, readonly statusText: string | null, readonly estimatedDelivery: string | null, readonly estimatedDeliveryDate: string | null, readonly cursor: string, readonly events: ReadonlyArray<{ readonly __typename: 'TrackingEvent', readonly id: string, readonly status: TrackingStatus, readonly description: string, readonly occurredAt: string | null, readonly occurredAtLocal: string | null, readonly location: { readonly __typename: 'Address', readonly city: string | null, readonly state: string | null, readonly country: string | null } | null }>, readonly failure: { readonly __typename: 'ProviderFailure', readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly requestId: string | null, readonly account: { readonly __typename: 'ProviderAccount', readonly id: string, readonly name: string } | null } | null };

export const MoneyFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Money"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}}]} as unknown as DocumentNode<MoneyFragment, unknown>;
export const RateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Rate"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Rate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"offerKey"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}}]}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"price"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Money"}}]}},{"kind":"Field","name":{"kind":"Name","value":"retailPrice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Money"}}]}},{"kind":"Field","name":{"kind":"Name","value":"estimatedDays"}},{"kind":"Field","name":{"kind":"Name","value":"estimatedDeliveryDate"}},{"kind":"Field","name":{"kind":"Name","value":"guaranteed"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Money"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}}]} as unknown as DocumentNode<RateFragment, unknown>;
export const ProviderFailureFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}}]} as unknown as DocumentNode<ProviderFailureFragment, unknown>;
export const ShipmentFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Shipment"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Shipment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}}]}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"to"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"street1"}},{"kind":"Field","name":{"kind":"Name","value":"street2"}},{"kind":"Field","name":{"kind":"Name","value":"city"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"postalCode"}}]}},{"kind":"Field","name":{"kind":"Name","value":"price"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Money"}}]}},{"kind":"Field","name":{"kind":"Name","value":"label"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"trackingNumber"}},{"kind":"Field","name":{"kind":"Name","value":"refund"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Money"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}}]} as unknown as DocumentNode<ShipmentFragment, unknown>;
export const TrackerFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tracker"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Tracker"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusText"}},{"kind":"Field","name":{"kind":"Name","value":"estimatedDelivery"}},{"kind":"Field","name":{"kind":"Name","value":"estimatedDeliveryDate"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAtLocal"}},{"kind":"Field","name":{"kind":"Name","value":"location"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"city"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"country"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}}]} as unknown as DocumentNode<TrackerFragment, unknown>;
export const QuotingAccountsDocument = {"__meta__":{"hash":"sha256:f9596f2e6ac21d6e1b2039931a10a9c76f8f2191d89d5abae1ad0833d3cd846a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"QuotingAccounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"providerAccounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}},{"kind":"Field","name":{"kind":"Name","value":"operations"}}]}}]}}]} as unknown as DocumentNode<QuotingAccountsQuery, QuotingAccountsQueryVariables>;
export const AddressVerificationDocument = {"__meta__":{"hash":"sha256:9ce6cc75f5add041c2d21705b11f4d8d8165f60c7fb2aa1c2d41d17272b9bb2a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AddressVerification"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"address"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AddressInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"addressVerification"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"address"},"value":{"kind":"Variable","name":{"kind":"Name","value":"address"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"address"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"street1"}},{"kind":"Field","name":{"kind":"Name","value":"street2"}},{"kind":"Field","name":{"kind":"Name","value":"city"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"postalCode"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}},{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"suggestion"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}}]} as unknown as DocumentNode<AddressVerificationQuery, AddressVerificationQueryVariables>;
export const RatesStreamDocument = {"__meta__":{"hash":"sha256:d0ff29d2a80c1d17fa93233371ba4a899535a66d6b7f8dbab304e527b60aa055"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"RatesStream"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RatesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ratesStream"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"rates"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Rate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failures"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pending"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Money"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Rate"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Rate"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"offerKey"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}}]}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"price"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Money"}}]}},{"kind":"Field","name":{"kind":"Name","value":"retailPrice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Money"}}]}},{"kind":"Field","name":{"kind":"Name","value":"estimatedDays"}},{"kind":"Field","name":{"kind":"Name","value":"estimatedDeliveryDate"}},{"kind":"Field","name":{"kind":"Name","value":"guaranteed"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}}]} as unknown as DocumentNode<RatesStreamSubscription, RatesStreamSubscriptionVariables>;
export const ShipmentPurchaseDocument = {"__meta__":{"hash":"sha256:303be90b2f5574a2404dcbb31d0b1c26457f7dd4d847a95f141f009e0315120d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ShipmentPurchase"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ShipmentPurchaseInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"shipmentPurchase"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"shipment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Shipment"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Money"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Shipment"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Shipment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}}]}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"to"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"street1"}},{"kind":"Field","name":{"kind":"Name","value":"street2"}},{"kind":"Field","name":{"kind":"Name","value":"city"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"postalCode"}}]}},{"kind":"Field","name":{"kind":"Name","value":"price"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Money"}}]}},{"kind":"Field","name":{"kind":"Name","value":"label"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"trackingNumber"}},{"kind":"Field","name":{"kind":"Name","value":"refund"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}}]}}]} as unknown as DocumentNode<ShipmentPurchaseMutation, ShipmentPurchaseMutationVariables>;
export const ShipmentDocument = {"__meta__":{"hash":"sha256:b8477b65f3a53ca70c3b0ff010f89e310069256858e7690413f2716c4e52c344"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Shipment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"shipment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Shipment"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Money"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Shipment"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Shipment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}}]}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"to"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"street1"}},{"kind":"Field","name":{"kind":"Name","value":"street2"}},{"kind":"Field","name":{"kind":"Name","value":"city"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"postalCode"}}]}},{"kind":"Field","name":{"kind":"Name","value":"price"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Money"}}]}},{"kind":"Field","name":{"kind":"Name","value":"label"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"trackingNumber"}},{"kind":"Field","name":{"kind":"Name","value":"refund"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}}]}}]} as unknown as DocumentNode<ShipmentQuery, ShipmentQueryVariables>;
export const LabelPdfDocument = {"__meta__":{"hash":"sha256:51b3417acc4ca50fde0583f0b6e9241d3a831a093b20024b79736332b35ea64c"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LabelPdf"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"shipmentId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"labelDocument"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"shipmentIds"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"shipmentId"}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"format"},"value":{"kind":"EnumValue","value":"PDF"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}}]} as unknown as DocumentNode<LabelPdfQuery, LabelPdfQueryVariables>;
export const ShipmentVoidDocument = {"__meta__":{"hash":"sha256:6c04f543413dc3ad0f66dd311313aa62a5d833c4ea1c6196e70bf73b24ba8eda"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ShipmentVoid"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ShipmentVoidInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"shipmentVoid"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"shipment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Shipment"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Money"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Shipment"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Shipment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}}]}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"to"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"street1"}},{"kind":"Field","name":{"kind":"Name","value":"street2"}},{"kind":"Field","name":{"kind":"Name","value":"city"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"postalCode"}}]}},{"kind":"Field","name":{"kind":"Name","value":"price"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Money"}}]}},{"kind":"Field","name":{"kind":"Name","value":"label"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"trackingNumber"}},{"kind":"Field","name":{"kind":"Name","value":"refund"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}}]}}]} as unknown as DocumentNode<ShipmentVoidMutation, ShipmentVoidMutationVariables>;
export const TrackerUpdatedDocument = {"__meta__":{"hash":"sha256:ef83838a6b40b8d9f46d4b2ca6ebd8249b9c906c141f525a4aa0c8dacce82e8b"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"TrackerUpdated"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"numbers"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"TrackingNumberInput"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"trackerUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"numbers"},"value":{"kind":"Variable","name":{"kind":"Name","value":"numbers"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Tracker"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderFailure"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderFailure"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"hint"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Tracker"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Tracker"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusText"}},{"kind":"Field","name":{"kind":"Name","value":"estimatedDelivery"}},{"kind":"Field","name":{"kind":"Name","value":"estimatedDeliveryDate"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAtLocal"}},{"kind":"Field","name":{"kind":"Name","value":"location"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"city"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"country"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderFailure"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}}]} as unknown as DocumentNode<TrackerUpdatedSubscription, TrackerUpdatedSubscriptionVariables>;