/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** The input of `labelDocument`. */
export type LabelDocumentInput = {
  /** The file format: `PDF`, which takes labels in PDF and PNG, or `ZPL`, which takes labels in ZPL. */
  readonly format: LabelFormat;
  /** The arrangement on pages of a `PDF`. Default: `SINGLE`. */
  readonly layout?: LabelLayout | null | undefined;
  /** The ids of the shipments, 1 to 1,000, in the order in which their labels are printed. A shipment of several parcels has its labels one after the other. */
  readonly shipmentIds: ReadonlyArray<string>;
};

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

/** The arrangement of labels on pages. */
export type LabelLayout =
  /** Four labels on an A4 sheet, from left to right and top to bottom, at about nine tenths of their size. A page that is much larger than 4x6 inches stands alone. */
  | 'FOUR_PER_A4'
  /** Four labels on a Letter sheet, from left to right and top to bottom, at about seven eighths of their size. A page that is much larger than 4x6 inches stands alone. */
  | 'FOUR_PER_LETTER'
  /** Each label on a page of its own size, 4x6 inches mostly. */
  | 'SINGLE';

/** The input of `labelReprint`. */
export type LabelReprintInput = {
  /** The file format of the label to return. */
  readonly format: LabelFormat;
  /** The id of the purchased shipment. */
  readonly shipmentId: string;
};

/** A unit of length. */
export type LengthUnit =
  /** The centimeter. */
  | 'CENTIMETER'
  /** The international inch: 2.54 centimeters. */
  | 'INCH';

/** The input of `manifestCreate`. The shipments belong to one account and leave from one address. A label on a manifest can no longer be voided. */
export type ManifestCreateInput = {
  /** A key of your choice, 1 to 255 characters. Repeated calls with the same key create one manifest and return the same result. */
  readonly idempotencyKey: string;
  /** The ids of 1 to 1,000 purchased shipments. Each may be on one manifest only. */
  readonly shipmentIds: ReadonlyArray<string>;
};

/** The status of a manifest. */
export type ManifestStatus =
  /** The manifest exists; its form can be printed. */
  | 'CREATED'
  /** The provider is still creating the manifest. */
  | 'CREATING'
  /** No manifest was created. Call again with the same idempotency key to retry. */
  | 'FAILED'
  /** The provider's response was lost, and the provider offers no way to look it up. Check the provider's website before you retry with a new key. */
  | 'UNCERTAIN';

/** An exact amount of money. */
export type MoneyInput = {
  /** The amount in the currency's main unit. Example: `"7.40"`. */
  readonly amount: string;
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

/** The input of `pickupCancel`. */
export type PickupCancelInput = {
  /** The id of the pickup to cancel. */
  readonly id: string;
};

/** The input of `pickupSchedule`: the parcels to collect, the place and the time. */
export type PickupScheduleInput = {
  /** The account that purchased the labels. Default: the account of the shipments. */
  readonly accountId?: string | null | undefined;
  /** The place at which the parcels are collected. It needs a name or company, a street, a city and, depending on the country, a state and a postal code. */
  readonly address: AddressInput;
  /** The day of the pickup in local time: today or later, at most a year ahead. */
  readonly date: string;
  /** A key of your choice, 1 to 255 characters. Repeated calls with the same key schedule one pickup and return the same result. */
  readonly idempotencyKey: string;
  /** Instructions for the carrier's driver, at most 255 characters. */
  readonly instructions?: string | null | undefined;
  /** The highest price that you accept. Default: zero, so that only free pickups are scheduled. */
  readonly maxPrice?: MoneyInput | null | undefined;
  /**
   * The place where the parcels lie: `FRONT_DOOR`, `BACK_DOOR`, `SIDE_DOOR`, `KNOCK_ON_DOOR`, `MAIL_ROOM`, `OFFICE`,
   * `PORCH`, `RECEPTION`, `MAILBOX` or `OTHER`. `OTHER` requires `instructions`. Default: `FRONT_DOOR`.
   */
  readonly packageLocation?: string | null | undefined;
  /** The local time from which the parcels are ready, on the day of the pickup. Default: the whole day. Not every carrier keeps to a time. */
  readonly readyFrom?: string | null | undefined;
  /** The local time until which the parcels can be collected, on the day of the pickup. Default: the whole day. Not every carrier keeps to a time. */
  readonly readyUntil?: string | null | undefined;
  /** The ids of 1 to 1,000 purchased shipments, all of one account. */
  readonly shipmentIds: ReadonlyArray<string>;
};

/** The status of a pickup. */
export type PickupStatus =
  /** The pickup was cancelled. */
  | 'CANCELLED'
  /** The provider reported that the carrier came. No provider reports this yet. */
  | 'COMPLETED'
  /** No pickup was scheduled. Call again with the same idempotency key to retry. */
  | 'FAILED'
  /** The carrier confirmed the pickup. It keeps this status after its day, unless the provider reports that the carrier came. */
  | 'SCHEDULED'
  /** The provider's response was lost, and the provider offers no way to look it up. Check the provider's website before you retry with a new key. */
  | 'UNCERTAIN';

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

/** Conditions on shipments. A shipment must meet all that are given. */
export type ShipmentFilter = {
  /** The shipment belongs to one of these accounts. */
  readonly accountIds?: ReadonlyArray<string> | null | undefined;
  /** The shipment was created at this time or later. */
  readonly createdAfter?: string | null | undefined;
  /** The shipment was created before this time. */
  readonly createdBefore?: string | null | undefined;
  /** The shipment has exactly this reference. */
  readonly reference?: string | null | undefined;
  /** The shipment has one of these statuses. */
  readonly status?: ReadonlyArray<ShipmentStatus> | null | undefined;
  /** A parcel of the shipment has this tracking number. Spaces and letter case do not matter. */
  readonly trackingNumber?: string | null | undefined;
};

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

export type FailureFragment = { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null };

export type UserErrorFragment = { readonly code: ShippingUserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string };

export type PriceFragment = { readonly amount: string, readonly currencyCode: string };

export type FileFragment = { readonly format: LabelFormat, readonly url: string, readonly contentType: string, readonly expiresAt: string };

export type TrackerStateFragment = { readonly id: string, readonly trackingNumber: string, readonly carrier: string | null, readonly status: TrackingStatus, readonly statusText: string | null, readonly estimatedDelivery: string | null, readonly estimatedDeliveryDate: string | null, readonly asOf: string | null, readonly stale: boolean, readonly events: ReadonlyArray<{ readonly id: string, readonly status: TrackingStatus, readonly description: string, readonly occurredAt: string | null, readonly occurredAtLocal: string | null, readonly location: { readonly city: string | null, readonly state: string | null, readonly postalCode: string | null, readonly country: string | null } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null };

export type ShipmentStateFragment = { readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly reference: string | null, readonly createdAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } | null, readonly parcels: ReadonlyArray<{ readonly status: ShipmentStatus, readonly trackingNumber: string | null, readonly label: { readonly format: LabelFormat, readonly url: string, readonly contentType: string, readonly expiresAt: string } | null, readonly refund: { readonly status: RefundStatus } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null };

export type QuoteFragment = { readonly rates: ReadonlyArray<{ readonly id: string, readonly carrier: string, readonly packaging: string | null, readonly estimatedDays: number | null, readonly estimatedDeliveryDate: string | null, readonly requires: ReadonlyArray<string>, readonly expiresAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } }>, readonly failures: ReadonlyArray<{ readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null }> };

export type ShipmentPurchaseMutationVariables = Exact<{
  input: ShipmentPurchaseInput;
}>;


export type ShipmentPurchaseMutation = { readonly shipmentPurchase: { readonly shipment: { readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly reference: string | null, readonly createdAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } | null, readonly parcels: ReadonlyArray<{ readonly status: ShipmentStatus, readonly trackingNumber: string | null, readonly label: { readonly format: LabelFormat, readonly url: string, readonly contentType: string, readonly expiresAt: string } | null, readonly refund: { readonly status: RefundStatus } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ShippingUserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null };

export type ShipmentVoidMutationVariables = Exact<{
  input: ShipmentVoidInput;
}>;


export type ShipmentVoidMutation = { readonly shipmentVoid: { readonly shipment: { readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly reference: string | null, readonly createdAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } | null, readonly parcels: ReadonlyArray<{ readonly status: ShipmentStatus, readonly trackingNumber: string | null, readonly label: { readonly format: LabelFormat, readonly url: string, readonly contentType: string, readonly expiresAt: string } | null, readonly refund: { readonly status: RefundStatus } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ShippingUserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null };

export type LabelReprintMutationVariables = Exact<{
  input: LabelReprintInput;
}>;


export type LabelReprintMutation = { readonly labelReprint: { readonly shipment: { readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly reference: string | null, readonly createdAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } | null, readonly parcels: ReadonlyArray<{ readonly status: ShipmentStatus, readonly trackingNumber: string | null, readonly label: { readonly format: LabelFormat, readonly url: string, readonly contentType: string, readonly expiresAt: string } | null, readonly refund: { readonly status: RefundStatus } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ShippingUserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null };

export type PickupScheduleMutationVariables = Exact<{
  input: PickupScheduleInput;
}>;


export type PickupScheduleMutation = { readonly pickupSchedule: { readonly pickup: { readonly id: string, readonly status: PickupStatus, readonly confirmation: string | null, readonly date: string, readonly price: { readonly amount: string, readonly currencyCode: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ShippingUserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null };

export type PickupCancelMutationVariables = Exact<{
  input: PickupCancelInput;
}>;


export type PickupCancelMutation = { readonly pickupCancel: { readonly pickup: { readonly id: string, readonly status: PickupStatus } | null, readonly userErrors: ReadonlyArray<{ readonly code: ShippingUserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null };

export type ManifestCreateMutationVariables = Exact<{
  input: ManifestCreateInput;
}>;


export type ManifestCreateMutation = { readonly manifestCreate: { readonly manifest: { readonly id: string, readonly status: ManifestStatus, readonly account: { readonly id: string }, readonly form: { readonly format: LabelFormat, readonly url: string, readonly contentType: string, readonly expiresAt: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly code: ShippingUserErrorCode, readonly field: ReadonlyArray<string> | null, readonly message: string }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null };

export type ProviderAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type ProviderAccountsQuery = { readonly providerAccounts: ReadonlyArray<{ readonly id: string, readonly provider: string, readonly name: string, readonly environment: ProviderEnvironment, readonly operations: ReadonlyArray<ProviderOperation>, readonly quotas: ReadonlyArray<{ readonly api: string, readonly limit: number, readonly remaining: number, readonly resetsAt: string | null }> }> };

export type AddressVerificationsQueryVariables = Exact<{
  addresses: ReadonlyArray<AddressInput> | AddressInput;
  accountId?: string | null | undefined;
}>;


export type AddressVerificationsQuery = { readonly addressVerifications: ReadonlyArray<{ readonly status: VerificationStatus, readonly address: { readonly company: string | null, readonly street1: string | null, readonly street2: string | null, readonly city: string | null, readonly state: string | null, readonly postalCode: string | null, readonly country: string | null, readonly urbanization: string | null } | null, readonly changes: ReadonlyArray<{ readonly field: string, readonly from: string | null, readonly to: string | null }>, readonly messages: ReadonlyArray<{ readonly code: string | null, readonly field: string | null, readonly message: string, readonly suggestion: string | null }>, readonly failures: ReadonlyArray<{ readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null }> }> | null };

export type RatesQueryVariables = Exact<{
  input: RatesInput;
}>;


export type RatesQuery = { readonly rates: { readonly rates: ReadonlyArray<{ readonly id: string, readonly carrier: string, readonly packaging: string | null, readonly estimatedDays: number | null, readonly estimatedDeliveryDate: string | null, readonly requires: ReadonlyArray<string>, readonly expiresAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } }>, readonly failures: ReadonlyArray<{ readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null }> } | null };

export type ShipmentQueryVariables = Exact<{
  id: string;
}>;


export type ShipmentQuery = { readonly shipment: { readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly reference: string | null, readonly createdAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } | null, readonly parcels: ReadonlyArray<{ readonly status: ShipmentStatus, readonly trackingNumber: string | null, readonly label: { readonly format: LabelFormat, readonly url: string, readonly contentType: string, readonly expiresAt: string } | null, readonly refund: { readonly status: RefundStatus } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } | null };

export type ShipmentsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: ShipmentFilter | null | undefined;
}>;


export type ShipmentsQuery = { readonly shipments: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly status: ShipmentStatus, readonly carrier: string, readonly reference: string | null, readonly createdAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } | null, readonly parcels: ReadonlyArray<{ readonly status: ShipmentStatus, readonly trackingNumber: string | null, readonly label: { readonly format: LabelFormat, readonly url: string, readonly contentType: string, readonly expiresAt: string } | null, readonly refund: { readonly status: RefundStatus } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type TrackersQueryVariables = Exact<{
  numbers: ReadonlyArray<TrackingNumberInput> | TrackingNumberInput;
  maxAgeSeconds?: number | null | undefined;
}>;


export type TrackersQuery = { readonly trackers: ReadonlyArray<{ readonly id: string, readonly trackingNumber: string, readonly carrier: string | null, readonly status: TrackingStatus, readonly statusText: string | null, readonly estimatedDelivery: string | null, readonly estimatedDeliveryDate: string | null, readonly asOf: string | null, readonly stale: boolean, readonly events: ReadonlyArray<{ readonly id: string, readonly status: TrackingStatus, readonly description: string, readonly occurredAt: string | null, readonly occurredAtLocal: string | null, readonly location: { readonly city: string | null, readonly state: string | null, readonly postalCode: string | null, readonly country: string | null } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null }> | null };

export type LabelDocumentQueryVariables = Exact<{
  input: LabelDocumentInput;
}>;


export type LabelDocumentQuery = { readonly labelDocument: { readonly url: string, readonly contentType: string, readonly expiresAt: string, readonly labels: number, readonly skipped: ReadonlyArray<{ readonly shipmentId: string, readonly reason: string }> } | null };

export type TrackerUpdatedSubscriptionVariables = Exact<{
  numbers: ReadonlyArray<TrackingNumberInput> | TrackingNumberInput;
  after?: string | null | undefined;
}>;


export type TrackerUpdatedSubscription = { readonly trackerUpdated: { readonly cursor: string, readonly id: string, readonly trackingNumber: string, readonly carrier: string | null, readonly status: TrackingStatus, readonly statusText: string | null, readonly estimatedDelivery: string | null, readonly estimatedDeliveryDate: string | null, readonly asOf: string | null, readonly stale: boolean, readonly events: ReadonlyArray<{ readonly id: string, readonly status: TrackingStatus, readonly description: string, readonly occurredAt: string | null, readonly occurredAtLocal: string | null, readonly location: { readonly city: string | null, readonly state: string | null, readonly postalCode: string | null, readonly country: string | null } | null }>, readonly failure: { readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null } | null } };

export type RatesStreamSubscriptionVariables = Exact<{
  input: RatesInput;
}>;


export type RatesStreamSubscription = { readonly ratesStream: { readonly pending: ReadonlyArray<{ readonly id: string }>, readonly rates: ReadonlyArray<{ readonly id: string, readonly carrier: string, readonly packaging: string | null, readonly estimatedDays: number | null, readonly estimatedDeliveryDate: string | null, readonly requires: ReadonlyArray<string>, readonly expiresAt: string, readonly account: { readonly id: string }, readonly service: { readonly code: string, readonly name: string }, readonly price: { readonly amount: string, readonly currencyCode: string } }>, readonly failures: ReadonlyArray<{ readonly code: ProviderFailureCode, readonly message: string, readonly hint: string | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly field: ReadonlyArray<string> | null, readonly requestId: string | null, readonly account: { readonly id: string } | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const UserErrorFragmentDoc = new TypedDocumentString(`
    fragment UserError on ShippingUserError {
  code
  field
  message
}
    `, {"fragmentName":"UserError"}) as unknown as TypedDocumentString<UserErrorFragment, unknown>;
export const FailureFragmentDoc = new TypedDocumentString(`
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
    `, {"fragmentName":"Failure"}) as unknown as TypedDocumentString<FailureFragment, unknown>;
export const TrackerStateFragmentDoc = new TypedDocumentString(`
    fragment TrackerState on Tracker {
  id
  trackingNumber
  carrier
  status
  statusText
  estimatedDelivery
  estimatedDeliveryDate
  asOf
  stale
  events {
    id
    status
    description
    occurredAt
    occurredAtLocal
    location {
      city
      state
      postalCode
      country
    }
  }
  failure {
    ...Failure
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}`, {"fragmentName":"TrackerState"}) as unknown as TypedDocumentString<TrackerStateFragment, unknown>;
export const PriceFragmentDoc = new TypedDocumentString(`
    fragment Price on Money {
  amount
  currencyCode
}
    `, {"fragmentName":"Price"}) as unknown as TypedDocumentString<PriceFragment, unknown>;
export const FileFragmentDoc = new TypedDocumentString(`
    fragment File on Label {
  format
  url
  contentType
  expiresAt
}
    `, {"fragmentName":"File"}) as unknown as TypedDocumentString<FileFragment, unknown>;
export const ShipmentStateFragmentDoc = new TypedDocumentString(`
    fragment ShipmentState on Shipment {
  id
  status
  account {
    id
  }
  carrier
  service {
    code
    name
  }
  reference
  price {
    ...Price
  }
  createdAt
  parcels {
    status
    trackingNumber
    label {
      ...File
    }
    refund {
      status
    }
  }
  failure {
    ...Failure
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment Price on Money {
  amount
  currencyCode
}
fragment File on Label {
  format
  url
  contentType
  expiresAt
}`, {"fragmentName":"ShipmentState"}) as unknown as TypedDocumentString<ShipmentStateFragment, unknown>;
export const QuoteFragmentDoc = new TypedDocumentString(`
    fragment Quote on RateQuote {
  rates {
    id
    account {
      id
    }
    carrier
    service {
      code
      name
    }
    packaging
    price {
      ...Price
    }
    estimatedDays
    estimatedDeliveryDate
    requires
    expiresAt
  }
  failures {
    ...Failure
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment Price on Money {
  amount
  currencyCode
}`, {"fragmentName":"Quote"}) as unknown as TypedDocumentString<QuoteFragment, unknown>;
export const ShipmentPurchaseDocument = new TypedDocumentString(`
    mutation ShipmentPurchase($input: ShipmentPurchaseInput!) {
  shipmentPurchase(input: $input) {
    shipment {
      ...ShipmentState
    }
    userErrors {
      ...UserError
    }
    failure {
      ...Failure
    }
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment UserError on ShippingUserError {
  code
  field
  message
}
fragment Price on Money {
  amount
  currencyCode
}
fragment File on Label {
  format
  url
  contentType
  expiresAt
}
fragment ShipmentState on Shipment {
  id
  status
  account {
    id
  }
  carrier
  service {
    code
    name
  }
  reference
  price {
    ...Price
  }
  createdAt
  parcels {
    status
    trackingNumber
    label {
      ...File
    }
    refund {
      status
    }
  }
  failure {
    ...Failure
  }
}`) as unknown as TypedDocumentString<ShipmentPurchaseMutation, ShipmentPurchaseMutationVariables>;
export const ShipmentVoidDocument = new TypedDocumentString(`
    mutation ShipmentVoid($input: ShipmentVoidInput!) {
  shipmentVoid(input: $input) {
    shipment {
      ...ShipmentState
    }
    userErrors {
      ...UserError
    }
    failure {
      ...Failure
    }
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment UserError on ShippingUserError {
  code
  field
  message
}
fragment Price on Money {
  amount
  currencyCode
}
fragment File on Label {
  format
  url
  contentType
  expiresAt
}
fragment ShipmentState on Shipment {
  id
  status
  account {
    id
  }
  carrier
  service {
    code
    name
  }
  reference
  price {
    ...Price
  }
  createdAt
  parcels {
    status
    trackingNumber
    label {
      ...File
    }
    refund {
      status
    }
  }
  failure {
    ...Failure
  }
}`) as unknown as TypedDocumentString<ShipmentVoidMutation, ShipmentVoidMutationVariables>;
export const LabelReprintDocument = new TypedDocumentString(`
    mutation LabelReprint($input: LabelReprintInput!) {
  labelReprint(input: $input) {
    shipment {
      ...ShipmentState
    }
    userErrors {
      ...UserError
    }
    failure {
      ...Failure
    }
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment UserError on ShippingUserError {
  code
  field
  message
}
fragment Price on Money {
  amount
  currencyCode
}
fragment File on Label {
  format
  url
  contentType
  expiresAt
}
fragment ShipmentState on Shipment {
  id
  status
  account {
    id
  }
  carrier
  service {
    code
    name
  }
  reference
  price {
    ...Price
  }
  createdAt
  parcels {
    status
    trackingNumber
    label {
      ...File
    }
    refund {
      status
    }
  }
  failure {
    ...Failure
  }
}`) as unknown as TypedDocumentString<LabelReprintMutation, LabelReprintMutationVariables>;
export const PickupScheduleDocument = new TypedDocumentString(`
    mutation PickupSchedule($input: PickupScheduleInput!) {
  pickupSchedule(input: $input) {
    pickup {
      id
      status
      confirmation
      date
      price {
        ...Price
      }
    }
    userErrors {
      ...UserError
    }
    failure {
      ...Failure
    }
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment UserError on ShippingUserError {
  code
  field
  message
}
fragment Price on Money {
  amount
  currencyCode
}`) as unknown as TypedDocumentString<PickupScheduleMutation, PickupScheduleMutationVariables>;
export const PickupCancelDocument = new TypedDocumentString(`
    mutation PickupCancel($input: PickupCancelInput!) {
  pickupCancel(input: $input) {
    pickup {
      id
      status
    }
    userErrors {
      ...UserError
    }
    failure {
      ...Failure
    }
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment UserError on ShippingUserError {
  code
  field
  message
}`) as unknown as TypedDocumentString<PickupCancelMutation, PickupCancelMutationVariables>;
export const ManifestCreateDocument = new TypedDocumentString(`
    mutation ManifestCreate($input: ManifestCreateInput!) {
  manifestCreate(input: $input) {
    manifest {
      id
      status
      account {
        id
      }
      form {
        ...File
      }
    }
    userErrors {
      ...UserError
    }
    failure {
      ...Failure
    }
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment UserError on ShippingUserError {
  code
  field
  message
}
fragment File on Label {
  format
  url
  contentType
  expiresAt
}`) as unknown as TypedDocumentString<ManifestCreateMutation, ManifestCreateMutationVariables>;
export const ProviderAccountsDocument = new TypedDocumentString(`
    query ProviderAccounts {
  providerAccounts {
    id
    provider
    name
    environment
    operations
    quotas {
      api
      limit
      remaining
      resetsAt
    }
  }
}
    `) as unknown as TypedDocumentString<ProviderAccountsQuery, ProviderAccountsQueryVariables>;
export const AddressVerificationsDocument = new TypedDocumentString(`
    query AddressVerifications($addresses: [AddressInput!]!, $accountId: ID) {
  addressVerifications(addresses: $addresses, accountId: $accountId) {
    status
    address {
      company
      street1
      street2
      city
      state
      postalCode
      country
      urbanization
    }
    changes {
      field
      from
      to
    }
    messages {
      code
      field
      message
      suggestion
    }
    failures {
      ...Failure
    }
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}`) as unknown as TypedDocumentString<AddressVerificationsQuery, AddressVerificationsQueryVariables>;
export const RatesDocument = new TypedDocumentString(`
    query Rates($input: RatesInput!) {
  rates(input: $input) {
    ...Quote
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment Price on Money {
  amount
  currencyCode
}
fragment Quote on RateQuote {
  rates {
    id
    account {
      id
    }
    carrier
    service {
      code
      name
    }
    packaging
    price {
      ...Price
    }
    estimatedDays
    estimatedDeliveryDate
    requires
    expiresAt
  }
  failures {
    ...Failure
  }
}`) as unknown as TypedDocumentString<RatesQuery, RatesQueryVariables>;
export const ShipmentDocument = new TypedDocumentString(`
    query Shipment($id: ID!) {
  shipment(id: $id) {
    ...ShipmentState
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment Price on Money {
  amount
  currencyCode
}
fragment File on Label {
  format
  url
  contentType
  expiresAt
}
fragment ShipmentState on Shipment {
  id
  status
  account {
    id
  }
  carrier
  service {
    code
    name
  }
  reference
  price {
    ...Price
  }
  createdAt
  parcels {
    status
    trackingNumber
    label {
      ...File
    }
    refund {
      status
    }
  }
  failure {
    ...Failure
  }
}`) as unknown as TypedDocumentString<ShipmentQuery, ShipmentQueryVariables>;
export const ShipmentsDocument = new TypedDocumentString(`
    query Shipments($first: Int, $after: String, $filter: ShipmentFilter) {
  shipments(first: $first, after: $after, filter: $filter) {
    nodes {
      ...ShipmentState
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment Price on Money {
  amount
  currencyCode
}
fragment File on Label {
  format
  url
  contentType
  expiresAt
}
fragment ShipmentState on Shipment {
  id
  status
  account {
    id
  }
  carrier
  service {
    code
    name
  }
  reference
  price {
    ...Price
  }
  createdAt
  parcels {
    status
    trackingNumber
    label {
      ...File
    }
    refund {
      status
    }
  }
  failure {
    ...Failure
  }
}`) as unknown as TypedDocumentString<ShipmentsQuery, ShipmentsQueryVariables>;
export const TrackersDocument = new TypedDocumentString(`
    query Trackers($numbers: [TrackingNumberInput!]!, $maxAgeSeconds: Int) {
  trackers(numbers: $numbers, maxAgeSeconds: $maxAgeSeconds) {
    ...TrackerState
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment TrackerState on Tracker {
  id
  trackingNumber
  carrier
  status
  statusText
  estimatedDelivery
  estimatedDeliveryDate
  asOf
  stale
  events {
    id
    status
    description
    occurredAt
    occurredAtLocal
    location {
      city
      state
      postalCode
      country
    }
  }
  failure {
    ...Failure
  }
}`) as unknown as TypedDocumentString<TrackersQuery, TrackersQueryVariables>;
export const LabelDocumentDocument = new TypedDocumentString(`
    query LabelDocument($input: LabelDocumentInput!) {
  labelDocument(input: $input) {
    url
    contentType
    expiresAt
    labels
    skipped {
      shipmentId
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<LabelDocumentQuery, LabelDocumentQueryVariables>;
export const TrackerUpdatedDocument = new TypedDocumentString(`
    subscription TrackerUpdated($numbers: [TrackingNumberInput!]!, $after: String) {
  trackerUpdated(numbers: $numbers, after: $after) {
    ...TrackerState
    cursor
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment TrackerState on Tracker {
  id
  trackingNumber
  carrier
  status
  statusText
  estimatedDelivery
  estimatedDeliveryDate
  asOf
  stale
  events {
    id
    status
    description
    occurredAt
    occurredAtLocal
    location {
      city
      state
      postalCode
      country
    }
  }
  failure {
    ...Failure
  }
}`) as unknown as TypedDocumentString<TrackerUpdatedSubscription, TrackerUpdatedSubscriptionVariables>;
export const RatesStreamDocument = new TypedDocumentString(`
    subscription RatesStream($input: RatesInput!) {
  ratesStream(input: $input) {
    ...Quote
    pending {
      id
    }
  }
}
    fragment Failure on ProviderFailure {
  account {
    id
  }
  code
  message
  hint
  retryable
  retryAfterSeconds
  field
  requestId
}
fragment Price on Money {
  amount
  currencyCode
}
fragment Quote on RateQuote {
  rates {
    id
    account {
      id
    }
    carrier
    service {
      code
      name
    }
    packaging
    price {
      ...Price
    }
    estimatedDays
    estimatedDeliveryDate
    requires
    expiresAt
  }
  failures {
    ...Failure
  }
}`) as unknown as TypedDocumentString<RatesStreamSubscription, RatesStreamSubscriptionVariables>;