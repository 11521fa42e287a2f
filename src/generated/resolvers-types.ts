import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { MailJobSource } from '../resolvers/operations/mail.ts';
import type { Account } from '../accounts/account.ts';
import type { Failure } from '../resolvers/provider.ts';
import type { Quota } from '../transport/quota.ts';
import type { OpenRate } from '../resolvers/rate.ts';
import type { StoredShipment } from '../storage/shipments.ts';
import type { StoredOperation } from '../workflows/operations.ts';
import type { ShipmentEventSource, ShippedParcelSource } from '../resolvers/shipments/shipment.ts';
import type { StoredRefund } from '../storage/tables.ts';
import type { KnownTracker } from '../loaders/trackers.ts';
import type { EventOf } from '../resolvers/tracking.ts';
import type { Context } from '../auth/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A country by its ISO 3166-1 alpha-2 code: `US`. */
  CountryCode: { input: string; output: string; }
  /** A currency by its ISO 4217 code: `USD`. */
  CurrencyCode: { input: string; output: string; }
  /** A calendar date: `2026-11-20`. */
  Date: { input: string; output: string; }
  /** An instant with its zone, as RFC 3339 writes it: `2026-11-20T07:31:00-05:00`. */
  DateTime: { input: string; output: string; }
  /** An exact decimal number, written as a string: `"7.40"`. Numbers are taken as input too. */
  Decimal: { input: string; output: string; }
  /** A wall-clock time without zone, as a carrier prints it: `2026-11-20T07:31:00`. */
  LocalDateTime: { input: string; output: string; }
  /** An absolute URL. */
  URL: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Who and where, at a provider or at a carrier. */
export type Address = {
  readonly __typename?: 'Address';
  readonly city?: Maybe<Scalars['String']['output']>;
  readonly company?: Maybe<Scalars['String']['output']>;
  readonly country?: Maybe<Scalars['CountryCode']['output']>;
  readonly email?: Maybe<Scalars['String']['output']>;
  readonly name?: Maybe<Scalars['String']['output']>;
  readonly phone?: Maybe<Scalars['String']['output']>;
  readonly postalCode?: Maybe<Scalars['String']['output']>;
  /** Null where nobody knows. */
  readonly residential?: Maybe<Scalars['Boolean']['output']>;
  /** State or province; of US addresses the two-letter code. */
  readonly state?: Maybe<Scalars['String']['output']>;
  readonly street1?: Maybe<Scalars['String']['output']>;
  readonly street2?: Maybe<Scalars['String']['output']>;
};

/** One part that standardisation changed. */
export type AddressChange = {
  readonly __typename?: 'AddressChange';
  /** A field of `Address`. */
  readonly field: Scalars['String']['output'];
  readonly from?: Maybe<Scalars['String']['output']>;
  readonly to?: Maybe<Scalars['String']['output']>;
};

/**
 * What an operation needs of an address is checked by that operation: a cart can be rated by country and postal code, a
 * label wants a name or company and a street.
 */
export type AddressInput = {
  readonly city?: InputMaybe<Scalars['String']['input']>;
  readonly company?: InputMaybe<Scalars['String']['input']>;
  readonly country: Scalars['CountryCode']['input'];
  readonly email?: InputMaybe<Scalars['String']['input']>;
  readonly name?: InputMaybe<Scalars['String']['input']>;
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  readonly postalCode?: InputMaybe<Scalars['String']['input']>;
  readonly residential?: InputMaybe<Scalars['Boolean']['input']>;
  /** State or province; of US addresses the two-letter code. */
  readonly state?: InputMaybe<Scalars['String']['input']>;
  readonly street1?: InputMaybe<Scalars['String']['input']>;
  readonly street2?: InputMaybe<Scalars['String']['input']>;
};

/** What a provider remarks on an address. */
export type AddressMessage = {
  readonly __typename?: 'AddressMessage';
  /** The provider's own code. */
  readonly code?: Maybe<Scalars['String']['output']>;
  /** A field of `Address`. */
  readonly field?: Maybe<Scalars['String']['output']>;
  readonly message: Scalars['String']['output'];
  readonly suggestion?: Maybe<Scalars['String']['output']>;
};

/** Whether an address exists, and how the post writes it. */
export type AddressVerification = {
  readonly __typename?: 'AddressVerification';
  /** Who answered. */
  readonly account?: Maybe<ProviderAccount>;
  /** Standardised; null where there is none. */
  readonly address?: Maybe<Address>;
  readonly changes: ReadonlyArray<AddressChange>;
  readonly failures: ReadonlyArray<ProviderFailure>;
  /** As it was asked. */
  readonly input: Address;
  /** Where the provider gives them; USPS does not. */
  readonly latitude?: Maybe<Scalars['Float']['output']>;
  readonly longitude?: Maybe<Scalars['Float']['output']>;
  readonly messages: ReadonlyArray<AddressMessage>;
  readonly status: VerificationStatus;
};

/** What the parcel holds, in the customs' words. */
export type CustomsContents =
  | 'DANGEROUS_GOODS'
  | 'DOCUMENTS'
  | 'GIFT'
  | 'HUMANITARIAN_DONATION'
  | 'MERCHANDISE'
  /** Say what in `explanation`. */
  | 'OTHER'
  | 'RETURNED_GOODS'
  | 'SAMPLE';

/**
 * What the customs are told. A label across a border wants it, one to a US territory or to overseas military post too; a
 * quote does not.
 */
export type CustomsInput = {
  readonly contents: CustomsContents;
  /** Exemption or filing number of US export law. "NOEEI 30.37(a)", for what is worth 2,500 dollars or less, when left out. */
  readonly eelPfc?: InputMaybe<Scalars['String']['input']>;
  /** What OTHER contents are. */
  readonly explanation?: InputMaybe<Scalars['String']['input']>;
  /** At most 30 lines, which weigh no more together than the parcel. */
  readonly items: ReadonlyArray<CustomsItemInput>;
  /** RETURN when left out. */
  readonly nonDelivery?: InputMaybe<NonDelivery>;
  /** Who vouches for it; the sender when left out. */
  readonly signer?: InputMaybe<Scalars['String']['input']>;
};

/** One line of the customs form: value and weight are those of the whole line, all its units. */
export type CustomsItemInput = {
  readonly description: Scalars['String']['input'];
  /** 6 to 14 digits of the Harmonized System. */
  readonly hsTariffNumber?: InputMaybe<Scalars['String']['input']>;
  /** Where it was made. */
  readonly originCountry: Scalars['CountryCode']['input'];
  readonly quantity: Scalars['Int']['input'];
  readonly totalValue: MoneyInput;
  readonly totalWeight: WeightInput;
};

/** The outer sides of a parcel, in any order. */
export type Dimensions = {
  readonly __typename?: 'Dimensions';
  readonly height: Scalars['Float']['output'];
  readonly length: Scalars['Float']['output'];
  readonly unit: LengthUnit;
  readonly width: Scalars['Float']['output'];
};

/** The outer sides of a parcel, in any order, each more than zero. */
export type DimensionsInput = {
  readonly height: Scalars['Float']['input'];
  readonly length: Scalars['Float']['input'];
  readonly unit: LengthUnit;
  readonly width: Scalars['Float']['input'];
};

/** A place where a parcel is handed over. */
export type DropOffLocation = {
  readonly __typename?: 'DropOffLocation';
  readonly address: Address;
  readonly distanceMiles?: Maybe<Scalars['Float']['output']>;
  /** A line a day, in the place's own time: `MONDAY 08:00-17:00`. */
  readonly hours: ReadonlyArray<Scalars['String']['output']>;
  /** The carrier's own word: POST_OFFICE, CONTRACT_POSTAL_UNIT ... */
  readonly kind: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
};

/** The label to print. */
export type Label = {
  readonly __typename?: 'Label';
  readonly contentType: Scalars['String']['output'];
  readonly expiresAt: Scalars['DateTime']['output'];
  readonly format: LabelFormat;
  /** Signed, served by us, good until `expiresAt`; ask again for a new one. */
  readonly url: Scalars['URL']['output'];
};

/** What a label is printed from. */
export type LabelFormat =
  | 'PDF'
  | 'PNG'
  /** For label printers: Zebra's language. */
  | 'ZPL';

/** How the label is wanted. */
export type LabelInput = {
  readonly format?: LabelFormat;
};

/** The international inch, and the centimeter. */
export type LengthUnit =
  | 'CENTIMETER'
  | 'INCH';

/** A mail job at EasyPost Connect: one document file sent through one workflow. Its status is the provider's own word. */
export type MailJob = {
  readonly __typename?: 'MailJob';
  readonly account: ProviderAccount;
  /** Newest first, where the provider tells any. */
  readonly events: ReadonlyArray<TrackingEvent>;
  /** Ours: it names the account and the provider's own id. */
  readonly id: Scalars['ID']['output'];
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  readonly status: Scalars['String']['output'];
  /** Where the file is to be put, while the provider waits for it. */
  readonly uploadUrl?: Maybe<Scalars['URL']['output']>;
  readonly workflowId?: Maybe<Scalars['ID']['output']>;
};

/** A page of mail jobs. */
export type MailJobConnection = {
  readonly __typename?: 'MailJobConnection';
  readonly edges: ReadonlyArray<MailJobEdge>;
  readonly nodes: ReadonlyArray<MailJob>;
  readonly pageInfo: PageInfo;
};

/** A job for one file, which is put to its `uploadUrl` afterwards. */
export type MailJobCreateInput = {
  /** May be left out where one account sends mail. */
  readonly accountId?: InputMaybe<Scalars['ID']['input']>;
  readonly fileName: Scalars['String']['input'];
  /** Yours, 1 to 255 characters: the same key makes one job, however often it is sent. */
  readonly idempotencyKey: Scalars['String']['input'];
  readonly metadata?: InputMaybe<ReadonlyArray<MetadataInput>>;
  /** A workflow that was validated in the provider's portal. */
  readonly workflowId: Scalars['ID']['input'];
};

/** What became of it: `userErrors` where it was not tried, `failure` where the provider refused or did not answer. */
export type MailJobCreatePayload = {
  readonly __typename?: 'MailJobCreatePayload';
  readonly failure?: Maybe<ProviderFailure>;
  readonly mailJob?: Maybe<MailJob>;
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** A mail job and its place in the list. */
export type MailJobEdge = {
  readonly __typename?: 'MailJobEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: MailJob;
};

/** A list of parcels that the carrier takes over with one scan; at USPS a SCAN form. */
export type Manifest = {
  readonly __typename?: 'Manifest';
  readonly account: ProviderAccount;
  readonly createdAt: Scalars['DateTime']['output'];
  /** Why it is FAILED or UNCERTAIN. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The form to print; its link is good until `expiresAt`. */
  readonly form?: Maybe<Label>;
  readonly id: Scalars['ID']['output'];
  /** At most 100 a page. */
  readonly shipments: ShipmentConnection;
  readonly status: ManifestStatus;
};


/** A list of parcels that the carrier takes over with one scan; at USPS a SCAN form. */
export type ManifestShipmentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** All shipments of one account, which leave from one address. A label in a manifest can't be given back any more. */
export type ManifestCreateInput = {
  /** Yours, 1 to 255 characters: the same key makes one manifest, however often it is sent. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** 1 to 1,000 bought labels. */
  readonly shipmentIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What became of it: `userErrors` where it was not tried, `failure` where the provider refused or did not answer. */
export type ManifestCreatePayload = {
  readonly __typename?: 'ManifestCreatePayload';
  readonly failure?: Maybe<ProviderFailure>;
  readonly manifest?: Maybe<Manifest>;
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** How a manifest stands. */
export type ManifestStatus =
  | 'CREATED'
  /** The provider is still making it. */
  | 'CREATING'
  /** Nothing was made; the idempotency key may try again. */
  | 'FAILED'
  /** The answer was lost, and the provider can't be asked. Look at its own site before trying again with a new key. */
  | 'UNCERTAIN';

/** One entry of what a workflow is told beside the file. */
export type MetadataInput = {
  readonly key: Scalars['String']['input'];
  readonly value: Scalars['String']['input'];
};

/** An exact amount of money. */
export type Money = {
  readonly __typename?: 'Money';
  readonly amount: Scalars['Decimal']['output'];
  readonly currencyCode: Scalars['CurrencyCode']['output'];
};

/** An exact amount of money. */
export type MoneyInput = {
  readonly amount: Scalars['Decimal']['input'];
  readonly currencyCode: Scalars['CurrencyCode']['input'];
};

/** What changes something, and may cost money. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Makes a mail job, once a key. */
  readonly mailJobCreate?: Maybe<MailJobCreatePayload>;
  /** Makes one list of parcels for the carrier, once a key. */
  readonly manifestCreate?: Maybe<ManifestCreatePayload>;
  /** Cancels a pickup that has not happened yet; harmless when repeated. */
  readonly pickupCancel?: Maybe<PickupCancelPayload>;
  /** Has parcels collected, once a key. */
  readonly pickupSchedule?: Maybe<PickupSchedulePayload>;
  /** Buys the label of a rate, once a key: through lost answers, repeated calls and restarts. */
  readonly shipmentPurchase?: Maybe<ShipmentPurchasePayload>;
  /**
   * Gives a label back. Where the carrier has not charged it yet, the shipment is VOIDED at once; later only a refund can be
   * asked for, and the shipment stays as it is until that is decided. Asking again tells how it stands.
   */
  readonly shipmentVoid?: Maybe<ShipmentVoidPayload>;
};


/** What changes something, and may cost money. */
export type MutationMailJobCreateArgs = {
  input: MailJobCreateInput;
};


/** What changes something, and may cost money. */
export type MutationManifestCreateArgs = {
  input: ManifestCreateInput;
};


/** What changes something, and may cost money. */
export type MutationPickupCancelArgs = {
  input: PickupCancelInput;
};


/** What changes something, and may cost money. */
export type MutationPickupScheduleArgs = {
  input: PickupScheduleInput;
};


/** What changes something, and may cost money. */
export type MutationShipmentPurchaseArgs = {
  input: ShipmentPurchaseInput;
};


/** What changes something, and may cost money. */
export type MutationShipmentVoidArgs = {
  input: ShipmentVoidInput;
};

/** What happens to a parcel that can't be delivered. */
export type NonDelivery =
  | 'ABANDON'
  | 'RETURN';

/** Where a page of a list begins and ends. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** A parcel as it was quoted. */
export type Parcel = {
  readonly __typename?: 'Parcel';
  readonly dimensions?: Maybe<Dimensions>;
  readonly packaging?: Maybe<Scalars['String']['output']>;
  readonly weight: Weight;
};

/**
 * A parcel in the sender's own box, unless a carrier's packaging is named: flat-rate offers are quoted only for the one
 * that is named.
 */
export type ParcelInput = {
  /** Most providers price by size too, and USPS quotes nothing without. */
  readonly dimensions?: InputMaybe<DimensionsInput>;
  /**
   * FLAT_RATE_ENVELOPE, LEGAL_FLAT_RATE_ENVELOPE, PADDED_FLAT_RATE_ENVELOPE, SMALL_FLAT_RATE_BOX, MEDIUM_FLAT_RATE_BOX or
   * LARGE_FLAT_RATE_BOX: one word at every provider, and no dimensions are needed beside it.
   */
  readonly packaging?: InputMaybe<Scalars['String']['input']>;
  readonly weight: WeightInput;
};

/** A carrier comes for parcels. */
export type Pickup = {
  readonly __typename?: 'Pickup';
  readonly account: ProviderAccount;
  /** The carrier's own number. */
  readonly confirmation?: Maybe<Scalars['String']['output']>;
  /** The day on which the carrier comes; it may be later than was asked for. */
  readonly date: Scalars['Date']['output'];
  /** Why it is FAILED or UNCERTAIN. */
  readonly failure?: Maybe<ProviderFailure>;
  readonly id: Scalars['ID']['output'];
  /** Null until it is known. */
  readonly price?: Maybe<Money>;
  readonly status: PickupStatus;
};

/** Which pickup is cancelled. */
export type PickupCancelInput = {
  readonly id: Scalars['ID']['input'];
};

/** What became of it: `userErrors` where there was nothing to cancel, `failure` where the provider refused. */
export type PickupCancelPayload = {
  readonly __typename?: 'PickupCancelPayload';
  readonly failure?: Maybe<ProviderFailure>;
  readonly pickup?: Maybe<Pickup>;
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** What is to be collected, where and when. */
export type PickupScheduleInput = {
  /** The account that bought the labels; it may be left out. */
  readonly accountId?: InputMaybe<Scalars['ID']['input']>;
  readonly address: AddressInput;
  /** At that place. */
  readonly date: Scalars['Date']['input'];
  /** Yours, 1 to 255 characters: the same key schedules once, however often it is sent. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** For the carrier's driver; at most 255 characters. */
  readonly instructions?: InputMaybe<Scalars['String']['input']>;
  /** What it may cost; nothing when left out. */
  readonly maxPrice?: InputMaybe<MoneyInput>;
  /**
   * Where they lie: FRONT_DOOR, BACK_DOOR, SIDE_DOOR, KNOCK_ON_DOOR, MAIL_ROOM, OFFICE, PORCH, RECEPTION, MAILBOX or OTHER,
   * which wants `instructions`. FRONT_DOOR when left out.
   */
  readonly packageLocation?: InputMaybe<Scalars['String']['input']>;
  /** The whole day when left out; not every carrier promises a time. */
  readonly readyFrom?: InputMaybe<Scalars['LocalDateTime']['input']>;
  readonly readyUntil?: InputMaybe<Scalars['LocalDateTime']['input']>;
  /** Bought labels, all of one account. */
  readonly shipmentIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What became of it: `userErrors` where it was not tried, `failure` where the provider refused or did not answer. */
export type PickupSchedulePayload = {
  readonly __typename?: 'PickupSchedulePayload';
  readonly failure?: Maybe<ProviderFailure>;
  readonly pickup?: Maybe<Pickup>;
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** How a pickup stands. */
export type PickupStatus =
  | 'CANCELLED'
  /** The carrier came, as a provider told. None tells so yet. */
  | 'COMPLETED'
  /** Nothing was scheduled; the idempotency key may try again. */
  | 'FAILED'
  /** Promised by the carrier. It stays so after its day, since no provider tells whether the carrier came. */
  | 'SCHEDULED'
  /** The answer was lost, and the provider can't be asked. Look at its own site before trying again with a new key. */
  | 'UNCERTAIN';

/** Which of a carrier's price lists a rate is from. */
export type PriceType =
  | 'COMMERCIAL'
  | 'CONTRACT'
  | 'RETAIL';

/** One tenant's credentials at one provider: what they open, and what is left of their quota. */
export type ProviderAccount = {
  readonly __typename?: 'ProviderAccount';
  /** False once the account is removed; past shipments still name it. */
  readonly active: Scalars['Boolean']['output'];
  readonly environment: ProviderEnvironment;
  /** The tenant's own alias, never reused: `usps`, `easypost`, `usps-west`. */
  readonly id: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
  /** What the account can do. */
  readonly operations: ReadonlyArray<ProviderOperation>;
  /** Who is called: `usps`, `easypost`. An open set, so a string. */
  readonly provider: Scalars['String']['output'];
  /** What is left, an entry for each API product that the provider counts apart; empty where it does not count. */
  readonly quotas: ReadonlyArray<ProviderQuota>;
};

/** Which of its worlds an account is in. */
export type ProviderEnvironment =
  | 'PRODUCTION'
  /** The emulated providers that come with the server. */
  | 'SANDBOX'
  | 'TEST';

/** Why one account gave no answer, beside the answers of the others. Never an empty list without a reason. */
export type ProviderFailure = {
  readonly __typename?: 'ProviderFailure';
  /** Null where no account of the caller could be asked. */
  readonly account?: Maybe<ProviderAccount>;
  readonly code: ProviderFailureCode;
  /** Path into the input, where the provider named one of its fields. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The next step that mends it. */
  readonly hint?: Maybe<Scalars['String']['output']>;
  /** For people. */
  readonly message: Scalars['String']['output'];
  /** The provider's own code, as sent. */
  readonly providerCode?: Maybe<Scalars['String']['output']>;
  /** The provider's own words, as sent. */
  readonly providerMessage?: Maybe<Scalars['String']['output']>;
  /** Ours, found again in the log. */
  readonly requestId?: Maybe<Scalars['ID']['output']>;
  readonly retryAfterSeconds?: Maybe<Scalars['Int']['output']>;
  /** Whether the same call may succeed later. */
  readonly retryable: Scalars['Boolean']['output'];
};

/** Why a provider gave no answer; more will come. */
export type ProviderFailureCode =
  /** The account may not do this, or not see this parcel. */
  | 'ACCOUNT_NOT_AUTHORIZED'
  /** The caller has no account that could be asked. */
  | 'CREDENTIALS_MISSING'
  /** The provider does not accept the credentials. */
  | 'CREDENTIALS_REJECTED'
  | 'NOT_FOUND'
  /** The provider has no such ability. */
  | 'NOT_SUPPORTED'
  /** The provider does not authorize the payment, or its funds do not suffice. */
  | 'PAYMENT_NOT_AUTHORIZED'
  /** The price is higher than quoted. */
  | 'PRICE_CHANGED'
  /** Our count of the provider's quota is used up; no call was made. */
  | 'QUOTA_EXHAUSTED'
  /** The provider says that it is asked too often. */
  | 'RATE_LIMITED'
  /** The provider, or a carrier behind it, refuses what was asked. */
  | 'REJECTED'
  /** The account's host has been switched off by its provider. */
  | 'RETIRED_HOST'
  /** The credentials were not granted this API. */
  | 'SCOPE_MISSING'
  | 'TIMEOUT'
  | 'UNAVAILABLE'
  /** The provider answered in a form that we can't read. */
  | 'UNREADABLE'
  /** The credentials belong to another environment. */
  | 'WRONG_ENVIRONMENT';

/** What an account can do; more will come. */
export type ProviderOperation =
  | 'CREATE_MANIFEST'
  | 'FIND_LOCATIONS'
  | 'PURCHASE_LABEL'
  | 'QUOTE_RATES'
  | 'SCHEDULE_PICKUP'
  | 'SEND_MAIL'
  | 'TRACK'
  | 'VERIFY_ADDRESS'
  | 'VOID_LABEL';

/** Calls to one API product in a rolling window, failed ones and token requests included. */
export type ProviderQuota = {
  readonly __typename?: 'ProviderQuota';
  readonly api: Scalars['String']['output'];
  readonly limit: Scalars['Int']['output'];
  readonly remaining: Scalars['Int']['output'];
  /** When more than now is allowed again; null where nothing is used. */
  readonly resetsAt?: Maybe<Scalars['DateTime']['output']>;
};

export type Query = {
  readonly __typename?: 'Query';
  /** Asks whether an address exists, and how the post writes it. `accountId` chooses who is asked. */
  readonly addressVerification?: Maybe<AddressVerification>;
  /** The same for up to 100 addresses of one operation, answered in the order asked. */
  readonly addressVerifications?: Maybe<ReadonlyArray<AddressVerification>>;
  /** Places near a US ZIP code, the nearest first. `accountId` chooses who is asked; the radius is 1 to 100. */
  readonly dropOffLocations?: Maybe<ReadonlyArray<DropOffLocation>>;
  readonly mailJob?: Maybe<MailJob>;
  /** Jobs by ascending start; at most 100 a page. */
  readonly mailJobs?: Maybe<MailJobConnection>;
  readonly manifest?: Maybe<Manifest>;
  readonly pickup?: Maybe<Pickup>;
  /** The caller's accounts at providers. */
  readonly providerAccounts: ReadonlyArray<ProviderAccount>;
  /** What the caller's accounts ask for a parcel. An account that does not answer stands among the failures. */
  readonly rates?: Maybe<RateQuote>;
  readonly shipment?: Maybe<Shipment>;
  /** The caller's shipments, newest first; at most 100 a page. */
  readonly shipments?: Maybe<ShipmentConnection>;
  /**
   * Where a parcel is. `maxAgeSeconds` is how old an answer may be before its provider is asked again: left out, 900 for a
   * parcel on its way and no limit for one that has arrived.
   */
  readonly tracker?: Maybe<Tracker>;
  /** The same for up to 1,000 numbers of one operation, answered in the order asked, with as few calls as the providers allow. */
  readonly trackers?: Maybe<ReadonlyArray<Tracker>>;
};


export type QueryAddressVerificationArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  address: AddressInput;
};


export type QueryAddressVerificationsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  addresses: ReadonlyArray<AddressInput>;
};


export type QueryDropOffLocationsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  postalCode: Scalars['String']['input'];
  radiusMiles?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryMailJobArgs = {
  id: Scalars['ID']['input'];
};


export type QueryMailJobsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryManifestArgs = {
  id: Scalars['ID']['input'];
};


export type QueryPickupArgs = {
  id: Scalars['ID']['input'];
};


export type QueryRatesArgs = {
  input: RatesInput;
};


export type QueryShipmentArgs = {
  id: Scalars['ID']['input'];
};


export type QueryShipmentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ShipmentFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryTrackerArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  carrier?: InputMaybe<Scalars['String']['input']>;
  maxAgeSeconds?: InputMaybe<Scalars['Int']['input']>;
  trackingNumber: Scalars['String']['input'];
};


export type QueryTrackersArgs = {
  maxAgeSeconds?: InputMaybe<Scalars['Int']['input']>;
  numbers: ReadonlyArray<TrackingNumberInput>;
};

/** One service that can be bought as asked. A cart may keep it by its id, and read it past its expiry. */
export type Rate = {
  readonly __typename?: 'Rate';
  /** Whose credentials priced it. */
  readonly account: ProviderAccount;
  /** Who hauls, in our words: USPS, UPS, FedEx, DHL ... */
  readonly carrier: Scalars['String']['output'];
  /** What the price is made of. */
  readonly charges: ReadonlyArray<ShippingCharge>;
  readonly estimatedDays?: Maybe<Scalars['Int']['output']>;
  readonly estimatedDeliveryDate?: Maybe<Scalars['Date']['output']>;
  readonly expiresAt: Scalars['DateTime']['output'];
  readonly guaranteed: Scalars['Boolean']['output'];
  /** Sealed: carries what buying needs, lives 24 hours, buys once. */
  readonly id: Scalars['ID']['output'];
  /** The published price, where it is told. */
  readonly listPrice?: Maybe<Money>;
  /** Stable for account, service and packaging: tells the same offer in a new quote. */
  readonly offerKey: Scalars['String']['output'];
  /** Null too where the parcels have different ones. */
  readonly packaging?: Maybe<Scalars['String']['output']>;
  /** Postage and the options asked for, of all parcels. */
  readonly price: Money;
  readonly priceType?: Maybe<PriceType>;
  /** The price at the counter, where it is told. */
  readonly retailPrice?: Maybe<Money>;
  readonly service: ShippingService;
  /** How many days parcels like this took: null where the provider does not say. A call of its own, made only where this is asked for. */
  readonly transitTimes?: Maybe<TransitTimes>;
  readonly zone?: Maybe<Scalars['String']['output']>;
};

/** What came by the deadline, and why the rest did not. */
export type RateQuote = {
  readonly __typename?: 'RateQuote';
  /** Why an account, or a carrier behind it, is not among the rates. */
  readonly failures: ReadonlyArray<ProviderFailure>;
  /** Who has still to answer: nobody, in a query. */
  readonly pending: ReadonlyArray<ProviderAccount>;
  /** Cheapest first. */
  readonly rates: ReadonlyArray<Rate>;
};

/** What is to be shipped, and whose prices are wanted. */
export type RatesInput = {
  /** Which credentials; all that can quote when left out. */
  readonly accountIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Only these carriers, in any spelling; all when left out. Whoever has nothing of them stands among the `failures`. */
  readonly carriers?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly customs?: InputMaybe<CustomsInput>;
  /** Whoever has not answered by then becomes a TIMEOUT failure. 15,000 when left out, at most 60,000. */
  readonly deadlineMs?: InputMaybe<Scalars['Int']['input']>;
  readonly from: AddressInput;
  readonly options?: InputMaybe<ShipmentOptionsInput>;
  /** What goes together, 1 to 30; a label and a number each. */
  readonly parcels: ReadonlyArray<ParcelInput>;
  /** Today at the sender's place when left out. */
  readonly shipDate?: InputMaybe<Scalars['Date']['input']>;
  readonly to: AddressInput;
};

/** A label that was given back. */
export type Refund = {
  readonly __typename?: 'Refund';
  /** Null where the provider does not say. */
  readonly amount?: Maybe<Money>;
  /** The provider's own reference. */
  readonly reference?: Maybe<Scalars['String']['output']>;
  readonly requestedAt: Scalars['DateTime']['output'];
  readonly status: RefundStatus;
};

/** How the money for a label that was given back stands. */
export type RefundStatus =
  /** The carrier charges when it scans, so that there is nothing to pay back. */
  | 'NOT_APPLICABLE'
  /** Paid back, or never charged. */
  | 'REFUNDED'
  | 'REFUSED'
  /** Asked for; the provider decides, days later. */
  | 'REQUESTED';

/** A label that was bought, or is being bought. */
export type Shipment = {
  readonly __typename?: 'Shipment';
  readonly account: ProviderAccount;
  readonly carrier: Scalars['String']['output'];
  readonly charges: ReadonlyArray<ShippingCharge>;
  readonly createdAt: Scalars['DateTime']['output'];
  /** Why it is FAILED or UNCERTAIN. */
  readonly failure?: Maybe<ProviderFailure>;
  /** What else is to be printed, of all parcels: customs papers that are no part of the label. */
  readonly forms: ReadonlyArray<ShippingForm>;
  readonly from: Address;
  /** What happened to it, oldest first. */
  readonly history: ReadonlyArray<ShipmentEvent>;
  readonly id: Scalars['ID']['output'];
  /** Whether it goes back to a merchant. */
  readonly isReturn: Scalars['Boolean']['output'];
  /** Of the only parcel; null where there are several, and where it was given back. */
  readonly label?: Maybe<Label>;
  /** One label, number and charge each. */
  readonly parcels: ReadonlyArray<ShippedParcel>;
  /** What is charged: postage, options, fees. Null until it is known. */
  readonly price?: Maybe<Money>;
  readonly quotedPrice: Money;
  /** What the buyer calls it. */
  readonly reference?: Maybe<Scalars['String']['output']>;
  /** Of the only parcel, where its label was given back; null where there are several. */
  readonly refund?: Maybe<Refund>;
  readonly service: ShippingService;
  readonly status: ShipmentStatus;
  readonly to: Address;
  /** Of the only parcel; null where there are several. */
  readonly tracker?: Maybe<Tracker>;
  /** Of the only parcel; null where there are several. */
  readonly trackingNumber?: Maybe<Scalars['String']['output']>;
};

/** A page of shipments. */
export type ShipmentConnection = {
  readonly __typename?: 'ShipmentConnection';
  readonly edges: ReadonlyArray<ShipmentEdge>;
  readonly nodes: ReadonlyArray<Shipment>;
  readonly pageInfo: PageInfo;
};

/** A shipment and its place in the list. */
export type ShipmentEdge = {
  readonly __typename?: 'ShipmentEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: Shipment;
};

/**
 * One entry of the record, which is only ever added to. `event` is ASKED, SENT, BOUGHT, REFUSED, FAILED, UNCERTAIN, RECALLED,
 * IMPORTED, VOID_ASKED, VOIDED, REFUND_HEARD or RESOLVED_BY_HAND; more will come.
 */
export type ShipmentEvent = {
  readonly __typename?: 'ShipmentEvent';
  readonly account: ProviderAccount;
  readonly at: Scalars['DateTime']['output'];
  /** The caller's key, by the beginning of its digest; null where the server did it by itself. */
  readonly by?: Maybe<Scalars['String']['output']>;
  /** A tracking number, a failure's code, an idempotency key. */
  readonly detail?: Maybe<Scalars['String']['output']>;
  readonly event: Scalars['String']['output'];
  /** Found again in the log. */
  readonly requestId?: Maybe<Scalars['ID']['output']>;
};

/** Only shipments that fit all that is given. */
export type ShipmentFilter = {
  readonly accountIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  readonly createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  readonly status?: InputMaybe<ReadonlyArray<ShipmentStatus>>;
  readonly trackingNumber?: InputMaybe<Scalars['String']['input']>;
};

/** What is asked for on top of carriage; only services that have it are quoted, and it is in their price. */
export type ShipmentOptionsInput = {
  /** By somebody of 21 years or more. */
  readonly adultSignature?: InputMaybe<Scalars['Boolean']['input']>;
  /** Of each parcel. What EasyPost takes for it shows in the shipment's charges only, and it insures one parcel a quote. */
  readonly insuredValue?: InputMaybe<MoneyInput>;
  /** The parcel goes back to a merchant: `from` is who returns it, `to` the merchant, who pays. */
  readonly isReturn?: InputMaybe<Scalars['Boolean']['input']>;
  readonly saturdayDelivery?: InputMaybe<Scalars['Boolean']['input']>;
  readonly signature?: InputMaybe<Scalars['Boolean']['input']>;
};

/** `from` and `to` may add name, company, phone and email to the address that was quoted, nothing else. */
export type ShipmentPurchaseInput = {
  readonly from?: InputMaybe<AddressInput>;
  /** Yours, 1 to 255 characters: the same key buys once, however often it is sent, and answers with the same shipment. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** PDF when left out. */
  readonly label?: InputMaybe<LabelInput>;
  /** What it may cost although it was quoted for less, so never less than the rate; more than quoted is refused with PRICE_CHANGED when left out. */
  readonly maxPrice?: InputMaybe<MoneyInput>;
  readonly rateId: Scalars['ID']['input'];
  /** What you call it; up to 100 characters, found again by the filter of `shipments`. */
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  readonly to?: InputMaybe<AddressInput>;
};

/**
 * What became of a purchase: `userErrors` where it was not tried, `failure` where the provider refused or did not
 * answer.
 */
export type ShipmentPurchasePayload = {
  readonly __typename?: 'ShipmentPurchasePayload';
  readonly failure?: Maybe<ProviderFailure>;
  readonly shipment?: Maybe<Shipment>;
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** How far a purchase is. */
export type ShipmentStatus =
  /** Nothing was bought; the idempotency key may try again. */
  | 'FAILED'
  | 'PURCHASED'
  /** The purchase is under way. */
  | 'PURCHASING'
  /** The answer was lost; it is being found out. Call again with the same key, never with a new one. */
  | 'UNCERTAIN'
  /** Do not use the label. */
  | 'VOIDED';

/** Which label is given back. */
export type ShipmentVoidInput = {
  readonly id: Scalars['ID']['input'];
};

/** What became of it: `userErrors` where there was nothing to ask, `failure` where the provider refused or was silent. */
export type ShipmentVoidPayload = {
  readonly __typename?: 'ShipmentVoidPayload';
  readonly failure?: Maybe<ProviderFailure>;
  readonly shipment?: Maybe<Shipment>;
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** One parcel of a shipment, with what was bought for it. */
export type ShippedParcel = {
  readonly __typename?: 'ShippedParcel';
  readonly forms: ReadonlyArray<ShippingForm>;
  readonly label?: Maybe<Label>;
  readonly parcel: Parcel;
  readonly price?: Maybe<Money>;
  readonly refund?: Maybe<Refund>;
  readonly status: ShipmentStatus;
  readonly tracker?: Maybe<Tracker>;
  readonly trackingNumber?: Maybe<Scalars['String']['output']>;
};

/** One line of a price. */
export type ShippingCharge = {
  readonly __typename?: 'ShippingCharge';
  readonly amount: Money;
  readonly name: Scalars['String']['output'];
};

/** A paper that goes with a parcel, apart from its label. */
export type ShippingForm = {
  readonly __typename?: 'ShippingForm';
  readonly contentType: Scalars['String']['output'];
  readonly expiresAt: Scalars['DateTime']['output'];
  readonly format: LabelFormat;
  /** For people: Commercial invoice. */
  readonly name: Scalars['String']['output'];
  /** Signed, served by us, good until `expiresAt`; ask again for a new one. */
  readonly url: Scalars['URL']['output'];
};

/** `code` is the carrier's own product, the same whichever provider sells it: PRIORITY_MAIL. */
export type ShippingService = {
  readonly __typename?: 'ShippingService';
  readonly code: Scalars['String']['output'];
  readonly name: Scalars['String']['output'];
  /** The seller's word. */
  readonly providerCode?: Maybe<Scalars['String']['output']>;
};

/** What we can judge without a provider, with the path into the input. */
export type ShippingUserError = {
  readonly __typename?: 'ShippingUserError';
  readonly code: ShippingUserErrorCode;
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  readonly message: Scalars['String']['output'];
};

/** What is wrong with an input; more will come. */
export type ShippingUserErrorCode =
  /** The idempotency key stands for another purchase. */
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'INVALID'
  | 'NOT_ALLOWED'
  | 'NOT_FOUND'
  /** There is no label to give back. */
  | 'NOT_VOIDABLE'
  /** The rate is older than 24 hours. */
  | 'RATE_EXPIRED'
  /** The rate id was altered, is not one, or is somebody else's. */
  | 'RATE_INVALID'
  /** The rate has been bought with another key. */
  | 'RATE_USED'
  | 'REQUIRED'
  | 'TOO_MANY';

/**
 * One parcel's journey: one for a tenant, carrier and number, whichever account answers. A number always resolves to
 * one: UNKNOWN with its failure where nothing is known, the last known state with its failure where asking failed.
 */
export type Tracker = {
  readonly __typename?: 'Tracker';
  /** Who answered. */
  readonly account?: Maybe<ProviderAccount>;
  /** When a provider was last heard; null if never. */
  readonly asOf?: Maybe<Scalars['DateTime']['output']>;
  /** In our words; null where neither caller nor number tells. */
  readonly carrier?: Maybe<Scalars['String']['output']>;
  readonly deliveryWindowEnd?: Maybe<Scalars['LocalDateTime']['output']>;
  readonly deliveryWindowStart?: Maybe<Scalars['LocalDateTime']['output']>;
  /** Where the carrier gives an instant. */
  readonly estimatedDelivery?: Maybe<Scalars['DateTime']['output']>;
  readonly estimatedDeliveryDate?: Maybe<Scalars['Date']['output']>;
  /** Newest first. */
  readonly events: ReadonlyArray<TrackingEvent>;
  /** Why it is unknown or stale. */
  readonly failure?: Maybe<ProviderFailure>;
  readonly id: Scalars['ID']['output'];
  /** Where we sold the label. */
  readonly shipment?: Maybe<Shipment>;
  readonly signedBy?: Maybe<Scalars['String']['output']>;
  /** Older than was asked for, because of a quota or an outage: still the best known. */
  readonly stale: Scalars['Boolean']['output'];
  readonly status: TrackingStatus;
  /** The carrier's own words. */
  readonly statusText?: Maybe<Scalars['String']['output']>;
  /** Normalised: no blanks, upper case. */
  readonly trackingNumber: Scalars['String']['output'];
  /** The carrier's public page. */
  readonly trackingUrl?: Maybe<Scalars['URL']['output']>;
};

/** One scan or message of the journey. */
export type TrackingEvent = {
  readonly __typename?: 'TrackingEvent';
  /** The carrier's own event code. */
  readonly carrierCode?: Maybe<Scalars['String']['output']>;
  readonly description: Scalars['String']['output'];
  /** Stable, made from its content. */
  readonly id: Scalars['ID']['output'];
  readonly location?: Maybe<Address>;
  /** Null where the carrier gives no zone. */
  readonly occurredAt?: Maybe<Scalars['DateTime']['output']>;
  readonly occurredAtLocal?: Maybe<Scalars['LocalDateTime']['output']>;
  readonly status: TrackingStatus;
};

/** A number, and who hauls it. */
export type TrackingNumberInput = {
  /** Which credentials; chosen when left out. */
  readonly accountId?: InputMaybe<Scalars['ID']['input']>;
  /** In any spelling; found out from the number's form when left out, where that tells. */
  readonly carrier?: InputMaybe<Scalars['String']['input']>;
  readonly trackingNumber: Scalars['String']['input'];
};

/** Where a parcel is on its way. */
export type TrackingStatus =
  | 'ACCEPTED'
  | 'AVAILABLE_FOR_PICKUP'
  | 'CANCELLED'
  | 'DELIVERED'
  | 'DELIVERY_ATTEMPTED'
  /** Something went wrong: damage, a refusal, a wrong address. */
  | 'EXCEPTION'
  | 'IN_TRANSIT'
  | 'OUT_FOR_DELIVERY'
  /** A label exists; the carrier does not have the parcel yet. */
  | 'PRE_TRANSIT'
  | 'RETURNED'
  | 'RETURNING'
  /** Nothing is known; `failure` says why. */
  | 'UNKNOWN';

/** Within how many days so many in a hundred parcels arrived; null where it is not known. */
export type TransitTimes = {
  readonly __typename?: 'TransitTimes';
  readonly percentile50?: Maybe<Scalars['Int']['output']>;
  readonly percentile75?: Maybe<Scalars['Int']['output']>;
  readonly percentile85?: Maybe<Scalars['Int']['output']>;
  readonly percentile90?: Maybe<Scalars['Int']['output']>;
  readonly percentile95?: Maybe<Scalars['Int']['output']>;
  readonly percentile97?: Maybe<Scalars['Int']['output']>;
  readonly percentile99?: Maybe<Scalars['Int']['output']>;
};

/** What a provider says of an address. */
export type VerificationStatus =
  /** The building is known, but something is missing or several places fit. */
  | 'AMBIGUOUS'
  /** Deliverable as standardised; `changes` says what was wrong. */
  | 'CORRECTED'
  /** No such address. */
  | 'UNDELIVERABLE'
  /** Nobody could be asked; `failures` says why. */
  | 'UNVERIFIED'
  /** Deliverable as it is. */
  | 'VERIFIED';

/** A weight in the unit that it was given in; each provider's own unit is reached by rounding up, once. */
export type Weight = {
  readonly __typename?: 'Weight';
  readonly unit: WeightUnit;
  readonly value: Scalars['Float']['output'];
};

/** A weight in any of the units. */
export type WeightInput = {
  readonly unit: WeightUnit;
  /** More than zero. */
  readonly value: Scalars['Float']['input'];
};

/** The international avoirdupois and metric units. */
export type WeightUnit =
  | 'GRAM'
  | 'KILOGRAM'
  | 'OUNCE'
  | 'POUND';



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Manifest: Manifest;
  Pickup: Pickup;
  Rate: Rate;
  Shipment: Shipment;
  Tracker: Tracker;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Manifest:
    ( { __typename: 'Manifest' }
    & GraphQLRecursivePick<FederationTypes['Manifest'], {"id":true}> );
  Pickup:
    ( { __typename: 'Pickup' }
    & GraphQLRecursivePick<FederationTypes['Pickup'], {"id":true}> );
  Rate:
    ( { __typename: 'Rate' }
    & GraphQLRecursivePick<FederationTypes['Rate'], {"id":true}> );
  Shipment:
    ( { __typename: 'Shipment' }
    & GraphQLRecursivePick<FederationTypes['Shipment'], {"id":true}> );
  Tracker:
    ( { __typename: 'Tracker' }
    & ( GraphQLRecursivePick<FederationTypes['Tracker'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Tracker'], {"trackingNumber":true,"carrier":true}> ) );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Address: ResolverTypeWrapper<Address>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  AddressChange: ResolverTypeWrapper<AddressChange>;
  AddressInput: AddressInput;
  AddressMessage: ResolverTypeWrapper<AddressMessage>;
  AddressVerification: ResolverTypeWrapper<Omit<AddressVerification, 'account' | 'failures'> & { account?: Maybe<ResolversTypes['ProviderAccount']>, failures: ReadonlyArray<ResolversTypes['ProviderFailure']> }>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  CountryCode: ResolverTypeWrapper<Scalars['CountryCode']['output']>;
  CurrencyCode: ResolverTypeWrapper<Scalars['CurrencyCode']['output']>;
  CustomsContents: CustomsContents;
  CustomsInput: CustomsInput;
  CustomsItemInput: CustomsItemInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  Dimensions: ResolverTypeWrapper<Dimensions>;
  DimensionsInput: DimensionsInput;
  DropOffLocation: ResolverTypeWrapper<DropOffLocation>;
  Label: ResolverTypeWrapper<Label>;
  LabelFormat: LabelFormat;
  LabelInput: LabelInput;
  LengthUnit: LengthUnit;
  LocalDateTime: ResolverTypeWrapper<Scalars['LocalDateTime']['output']>;
  MailJob: ResolverTypeWrapper<MailJobSource>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  MailJobConnection: ResolverTypeWrapper<Omit<MailJobConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['MailJobEdge']>, nodes: ReadonlyArray<ResolversTypes['MailJob']> }>;
  MailJobCreateInput: MailJobCreateInput;
  MailJobCreatePayload: ResolverTypeWrapper<Omit<MailJobCreatePayload, 'failure' | 'mailJob'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, mailJob?: Maybe<ResolversTypes['MailJob']> }>;
  MailJobEdge: ResolverTypeWrapper<Omit<MailJobEdge, 'node'> & { node: ResolversTypes['MailJob'] }>;
  Manifest: ResolverTypeWrapper<StoredOperation>;
  ManifestCreateInput: ManifestCreateInput;
  ManifestCreatePayload: ResolverTypeWrapper<Omit<ManifestCreatePayload, 'failure' | 'manifest'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, manifest?: Maybe<ResolversTypes['Manifest']> }>;
  ManifestStatus: ManifestStatus;
  MetadataInput: MetadataInput;
  Money: ResolverTypeWrapper<Money>;
  MoneyInput: MoneyInput;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  NonDelivery: NonDelivery;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Parcel: ResolverTypeWrapper<Parcel>;
  ParcelInput: ParcelInput;
  Pickup: ResolverTypeWrapper<StoredOperation>;
  PickupCancelInput: PickupCancelInput;
  PickupCancelPayload: ResolverTypeWrapper<Omit<PickupCancelPayload, 'failure' | 'pickup'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, pickup?: Maybe<ResolversTypes['Pickup']> }>;
  PickupScheduleInput: PickupScheduleInput;
  PickupSchedulePayload: ResolverTypeWrapper<Omit<PickupSchedulePayload, 'failure' | 'pickup'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, pickup?: Maybe<ResolversTypes['Pickup']> }>;
  PickupStatus: PickupStatus;
  PriceType: PriceType;
  ProviderAccount: ResolverTypeWrapper<Account>;
  ProviderEnvironment: ProviderEnvironment;
  ProviderFailure: ResolverTypeWrapper<Failure>;
  ProviderFailureCode: ProviderFailureCode;
  ProviderOperation: ProviderOperation;
  ProviderQuota: ResolverTypeWrapper<Quota>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Rate: ResolverTypeWrapper<OpenRate>;
  RateQuote: ResolverTypeWrapper<Omit<RateQuote, 'failures' | 'pending' | 'rates'> & { failures: ReadonlyArray<ResolversTypes['ProviderFailure']>, pending: ReadonlyArray<ResolversTypes['ProviderAccount']>, rates: ReadonlyArray<ResolversTypes['Rate']> }>;
  RatesInput: RatesInput;
  Refund: ResolverTypeWrapper<StoredRefund>;
  RefundStatus: RefundStatus;
  Shipment: ResolverTypeWrapper<StoredShipment>;
  ShipmentConnection: ResolverTypeWrapper<Omit<ShipmentConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ShipmentEdge']>, nodes: ReadonlyArray<ResolversTypes['Shipment']> }>;
  ShipmentEdge: ResolverTypeWrapper<Omit<ShipmentEdge, 'node'> & { node: ResolversTypes['Shipment'] }>;
  ShipmentEvent: ResolverTypeWrapper<ShipmentEventSource>;
  ShipmentFilter: ShipmentFilter;
  ShipmentOptionsInput: ShipmentOptionsInput;
  ShipmentPurchaseInput: ShipmentPurchaseInput;
  ShipmentPurchasePayload: ResolverTypeWrapper<Omit<ShipmentPurchasePayload, 'failure' | 'shipment'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, shipment?: Maybe<ResolversTypes['Shipment']> }>;
  ShipmentStatus: ShipmentStatus;
  ShipmentVoidInput: ShipmentVoidInput;
  ShipmentVoidPayload: ResolverTypeWrapper<Omit<ShipmentVoidPayload, 'failure' | 'shipment'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, shipment?: Maybe<ResolversTypes['Shipment']> }>;
  ShippedParcel: ResolverTypeWrapper<ShippedParcelSource>;
  ShippingCharge: ResolverTypeWrapper<ShippingCharge>;
  ShippingForm: ResolverTypeWrapper<ShippingForm>;
  ShippingService: ResolverTypeWrapper<ShippingService>;
  ShippingUserError: ResolverTypeWrapper<ShippingUserError>;
  ShippingUserErrorCode: ShippingUserErrorCode;
  Tracker: ResolverTypeWrapper<KnownTracker>;
  TrackingEvent: ResolverTypeWrapper<EventOf>;
  TrackingNumberInput: TrackingNumberInput;
  TrackingStatus: TrackingStatus;
  TransitTimes: ResolverTypeWrapper<TransitTimes>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  VerificationStatus: VerificationStatus;
  Weight: ResolverTypeWrapper<Weight>;
  WeightInput: WeightInput;
  WeightUnit: WeightUnit;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Address: Address;
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
  AddressChange: AddressChange;
  AddressInput: AddressInput;
  AddressMessage: AddressMessage;
  AddressVerification: Omit<AddressVerification, 'account' | 'failures'> & { account?: Maybe<ResolversParentTypes['ProviderAccount']>, failures: ReadonlyArray<ResolversParentTypes['ProviderFailure']> };
  Float: Scalars['Float']['output'];
  CountryCode: Scalars['CountryCode']['output'];
  CurrencyCode: Scalars['CurrencyCode']['output'];
  CustomsInput: CustomsInput;
  CustomsItemInput: CustomsItemInput;
  Int: Scalars['Int']['output'];
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  Decimal: Scalars['Decimal']['output'];
  Dimensions: Dimensions;
  DimensionsInput: DimensionsInput;
  DropOffLocation: DropOffLocation;
  Label: Label;
  LabelInput: LabelInput;
  LocalDateTime: Scalars['LocalDateTime']['output'];
  MailJob: MailJobSource;
  ID: Scalars['ID']['output'];
  MailJobConnection: Omit<MailJobConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['MailJobEdge']>, nodes: ReadonlyArray<ResolversParentTypes['MailJob']> };
  MailJobCreateInput: MailJobCreateInput;
  MailJobCreatePayload: Omit<MailJobCreatePayload, 'failure' | 'mailJob'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, mailJob?: Maybe<ResolversParentTypes['MailJob']> };
  MailJobEdge: Omit<MailJobEdge, 'node'> & { node: ResolversParentTypes['MailJob'] };
  Manifest: StoredOperation;
  ManifestCreateInput: ManifestCreateInput;
  ManifestCreatePayload: Omit<ManifestCreatePayload, 'failure' | 'manifest'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, manifest?: Maybe<ResolversParentTypes['Manifest']> };
  MetadataInput: MetadataInput;
  Money: Money;
  MoneyInput: MoneyInput;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  Parcel: Parcel;
  ParcelInput: ParcelInput;
  Pickup: StoredOperation;
  PickupCancelInput: PickupCancelInput;
  PickupCancelPayload: Omit<PickupCancelPayload, 'failure' | 'pickup'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, pickup?: Maybe<ResolversParentTypes['Pickup']> };
  PickupScheduleInput: PickupScheduleInput;
  PickupSchedulePayload: Omit<PickupSchedulePayload, 'failure' | 'pickup'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, pickup?: Maybe<ResolversParentTypes['Pickup']> };
  ProviderAccount: Account;
  ProviderFailure: Failure;
  ProviderQuota: Quota;
  Query: Record<PropertyKey, never>;
  Rate: OpenRate;
  RateQuote: Omit<RateQuote, 'failures' | 'pending' | 'rates'> & { failures: ReadonlyArray<ResolversParentTypes['ProviderFailure']>, pending: ReadonlyArray<ResolversParentTypes['ProviderAccount']>, rates: ReadonlyArray<ResolversParentTypes['Rate']> };
  RatesInput: RatesInput;
  Refund: StoredRefund;
  Shipment: StoredShipment;
  ShipmentConnection: Omit<ShipmentConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ShipmentEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Shipment']> };
  ShipmentEdge: Omit<ShipmentEdge, 'node'> & { node: ResolversParentTypes['Shipment'] };
  ShipmentEvent: ShipmentEventSource;
  ShipmentFilter: ShipmentFilter;
  ShipmentOptionsInput: ShipmentOptionsInput;
  ShipmentPurchaseInput: ShipmentPurchaseInput;
  ShipmentPurchasePayload: Omit<ShipmentPurchasePayload, 'failure' | 'shipment'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, shipment?: Maybe<ResolversParentTypes['Shipment']> };
  ShipmentVoidInput: ShipmentVoidInput;
  ShipmentVoidPayload: Omit<ShipmentVoidPayload, 'failure' | 'shipment'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, shipment?: Maybe<ResolversParentTypes['Shipment']> };
  ShippedParcel: ShippedParcelSource;
  ShippingCharge: ShippingCharge;
  ShippingForm: ShippingForm;
  ShippingService: ShippingService;
  ShippingUserError: ShippingUserError;
  Tracker: KnownTracker;
  TrackingEvent: EventOf;
  TrackingNumberInput: TrackingNumberInput;
  TransitTimes: TransitTimes;
  URL: Scalars['URL']['output'];
  Weight: Weight;
  WeightInput: WeightInput;
};

export type AddressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Address'] = ResolversParentTypes['Address']> = {
  city?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  company?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  country?: Resolver<Maybe<ResolversTypes['CountryCode']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  postalCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  residential?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  street1?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  street2?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AddressChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddressChange'] = ResolversParentTypes['AddressChange']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AddressMessageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddressMessage'] = ResolversParentTypes['AddressMessage']> = {
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  suggestion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AddressVerificationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AddressVerification'] = ResolversParentTypes['AddressVerification']> = {
  account?: Resolver<Maybe<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['Address']>, ParentType, ContextType>;
  changes?: Resolver<ReadonlyArray<ResolversTypes['AddressChange']>, ParentType, ContextType>;
  failures?: Resolver<ReadonlyArray<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  input?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  latitude?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  longitude?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  messages?: Resolver<ReadonlyArray<ResolversTypes['AddressMessage']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['VerificationStatus'], ParentType, ContextType>;
};

export interface CountryCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CountryCode'], any> {
  name: 'CountryCode';
}

export interface CurrencyCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CurrencyCode'], any> {
  name: 'CurrencyCode';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DecimalScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Decimal'], any> {
  name: 'Decimal';
}

export type DimensionsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Dimensions'] = ResolversParentTypes['Dimensions']> = {
  height?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  length?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  unit?: Resolver<ResolversTypes['LengthUnit'], ParentType, ContextType>;
  width?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type DropOffLocationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DropOffLocation'] = ResolversParentTypes['DropOffLocation']> = {
  address?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  distanceMiles?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  hours?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type LabelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Label'] = ResolversParentTypes['Label']> = {
  contentType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  format?: Resolver<ResolversTypes['LabelFormat'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
};

export interface LocalDateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['LocalDateTime'], any> {
  name: 'LocalDateTime';
}

export type MailJobResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MailJob'] = ResolversParentTypes['MailJob']> = {
  account?: Resolver<ResolversTypes['ProviderAccount'], ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['TrackingEvent']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  uploadUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
  workflowId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type MailJobConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MailJobConnection'] = ResolversParentTypes['MailJobConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['MailJobEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['MailJob']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type MailJobCreatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MailJobCreatePayload'] = ResolversParentTypes['MailJobCreatePayload']> = {
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  mailJob?: Resolver<Maybe<ResolversTypes['MailJob']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type MailJobEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MailJobEdge'] = ResolversParentTypes['MailJobEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['MailJob'], ParentType, ContextType>;
};

export type ManifestResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Manifest'] = ResolversParentTypes['Manifest'], FederationReferenceType extends FederationReferenceTypes['Manifest'] = FederationReferenceTypes['Manifest']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Manifest']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<ResolversTypes['ProviderAccount'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  form?: Resolver<Maybe<ResolversTypes['Label']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  shipments?: Resolver<ResolversTypes['ShipmentConnection'], ParentType, ContextType, RequireFields<ManifestShipmentsArgs, 'first'>>;
  status?: Resolver<ResolversTypes['ManifestStatus'], ParentType, ContextType>;
};

export type ManifestCreatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ManifestCreatePayload'] = ResolversParentTypes['ManifestCreatePayload']> = {
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  manifest?: Resolver<Maybe<ResolversTypes['Manifest']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currencyCode?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  mailJobCreate?: Resolver<Maybe<ResolversTypes['MailJobCreatePayload']>, ParentType, ContextType, RequireFields<MutationMailJobCreateArgs, 'input'>>;
  manifestCreate?: Resolver<Maybe<ResolversTypes['ManifestCreatePayload']>, ParentType, ContextType, RequireFields<MutationManifestCreateArgs, 'input'>>;
  pickupCancel?: Resolver<Maybe<ResolversTypes['PickupCancelPayload']>, ParentType, ContextType, RequireFields<MutationPickupCancelArgs, 'input'>>;
  pickupSchedule?: Resolver<Maybe<ResolversTypes['PickupSchedulePayload']>, ParentType, ContextType, RequireFields<MutationPickupScheduleArgs, 'input'>>;
  shipmentPurchase?: Resolver<Maybe<ResolversTypes['ShipmentPurchasePayload']>, ParentType, ContextType, RequireFields<MutationShipmentPurchaseArgs, 'input'>>;
  shipmentVoid?: Resolver<Maybe<ResolversTypes['ShipmentVoidPayload']>, ParentType, ContextType, RequireFields<MutationShipmentVoidArgs, 'input'>>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ParcelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Parcel'] = ResolversParentTypes['Parcel']> = {
  dimensions?: Resolver<Maybe<ResolversTypes['Dimensions']>, ParentType, ContextType>;
  packaging?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  weight?: Resolver<ResolversTypes['Weight'], ParentType, ContextType>;
};

export type PickupResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Pickup'] = ResolversParentTypes['Pickup'], FederationReferenceType extends FederationReferenceTypes['Pickup'] = FederationReferenceTypes['Pickup']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Pickup']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<ResolversTypes['ProviderAccount'], ParentType, ContextType>;
  confirmation?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  date?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  price?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PickupStatus'], ParentType, ContextType>;
};

export type PickupCancelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PickupCancelPayload'] = ResolversParentTypes['PickupCancelPayload']> = {
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  pickup?: Resolver<Maybe<ResolversTypes['Pickup']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type PickupSchedulePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PickupSchedulePayload'] = ResolversParentTypes['PickupSchedulePayload']> = {
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  pickup?: Resolver<Maybe<ResolversTypes['Pickup']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type ProviderAccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProviderAccount'] = ResolversParentTypes['ProviderAccount']> = {
  active?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  environment?: Resolver<ResolversTypes['ProviderEnvironment'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  operations?: Resolver<ReadonlyArray<ResolversTypes['ProviderOperation']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quotas?: Resolver<ReadonlyArray<ResolversTypes['ProviderQuota']>, ParentType, ContextType>;
};

export type ProviderFailureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProviderFailure'] = ResolversParentTypes['ProviderFailure']> = {
  account?: Resolver<Maybe<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  code?: Resolver<ResolversTypes['ProviderFailureCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  hint?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  providerCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  providerMessage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ProviderQuotaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProviderQuota'] = ResolversParentTypes['ProviderQuota']> = {
  api?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  resetsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  addressVerification?: Resolver<Maybe<ResolversTypes['AddressVerification']>, ParentType, ContextType, RequireFields<QueryAddressVerificationArgs, 'address'>>;
  addressVerifications?: Resolver<Maybe<ReadonlyArray<ResolversTypes['AddressVerification']>>, ParentType, ContextType, RequireFields<QueryAddressVerificationsArgs, 'addresses'>>;
  dropOffLocations?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DropOffLocation']>>, ParentType, ContextType, RequireFields<QueryDropOffLocationsArgs, 'postalCode' | 'radiusMiles'>>;
  mailJob?: Resolver<Maybe<ResolversTypes['MailJob']>, ParentType, ContextType, RequireFields<QueryMailJobArgs, 'id'>>;
  mailJobs?: Resolver<Maybe<ResolversTypes['MailJobConnection']>, ParentType, ContextType, RequireFields<QueryMailJobsArgs, 'first'>>;
  manifest?: Resolver<Maybe<ResolversTypes['Manifest']>, ParentType, ContextType, RequireFields<QueryManifestArgs, 'id'>>;
  pickup?: Resolver<Maybe<ResolversTypes['Pickup']>, ParentType, ContextType, RequireFields<QueryPickupArgs, 'id'>>;
  providerAccounts?: Resolver<ReadonlyArray<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  rates?: Resolver<Maybe<ResolversTypes['RateQuote']>, ParentType, ContextType, RequireFields<QueryRatesArgs, 'input'>>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType, RequireFields<QueryShipmentArgs, 'id'>>;
  shipments?: Resolver<Maybe<ResolversTypes['ShipmentConnection']>, ParentType, ContextType, RequireFields<QueryShipmentsArgs, 'first'>>;
  tracker?: Resolver<Maybe<ResolversTypes['Tracker']>, ParentType, ContextType, RequireFields<QueryTrackerArgs, 'trackingNumber'>>;
  trackers?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Tracker']>>, ParentType, ContextType, RequireFields<QueryTrackersArgs, 'numbers'>>;
};

export type RateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Rate'] = ResolversParentTypes['Rate'], FederationReferenceType extends FederationReferenceTypes['Rate'] = FederationReferenceTypes['Rate']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Rate']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<ResolversTypes['ProviderAccount'], ParentType, ContextType>;
  carrier?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  charges?: Resolver<ReadonlyArray<ResolversTypes['ShippingCharge']>, ParentType, ContextType>;
  estimatedDays?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  estimatedDeliveryDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  guaranteed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  listPrice?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  offerKey?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  packaging?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  priceType?: Resolver<Maybe<ResolversTypes['PriceType']>, ParentType, ContextType>;
  retailPrice?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  service?: Resolver<ResolversTypes['ShippingService'], ParentType, ContextType>;
  transitTimes?: Resolver<Maybe<ResolversTypes['TransitTimes']>, ParentType, ContextType>;
  zone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RateQuoteResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RateQuote'] = ResolversParentTypes['RateQuote']> = {
  failures?: Resolver<ReadonlyArray<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  pending?: Resolver<ReadonlyArray<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  rates?: Resolver<ReadonlyArray<ResolversTypes['Rate']>, ParentType, ContextType>;
};

export type RefundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Refund'] = ResolversParentTypes['Refund']> = {
  amount?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  reference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RefundStatus'], ParentType, ContextType>;
};

export type ShipmentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Shipment'] = ResolversParentTypes['Shipment'], FederationReferenceType extends FederationReferenceTypes['Shipment'] = FederationReferenceTypes['Shipment']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Shipment']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<ResolversTypes['ProviderAccount'], ParentType, ContextType>;
  carrier?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  charges?: Resolver<ReadonlyArray<ResolversTypes['ShippingCharge']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  forms?: Resolver<ReadonlyArray<ResolversTypes['ShippingForm']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  history?: Resolver<ReadonlyArray<ResolversTypes['ShipmentEvent']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isReturn?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  label?: Resolver<Maybe<ResolversTypes['Label']>, ParentType, ContextType>;
  parcels?: Resolver<ReadonlyArray<ResolversTypes['ShippedParcel']>, ParentType, ContextType>;
  price?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  quotedPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  reference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  refund?: Resolver<Maybe<ResolversTypes['Refund']>, ParentType, ContextType>;
  service?: Resolver<ResolversTypes['ShippingService'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ShipmentStatus'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  tracker?: Resolver<Maybe<ResolversTypes['Tracker']>, ParentType, ContextType>;
  trackingNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ShipmentConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentConnection'] = ResolversParentTypes['ShipmentConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ShipmentEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Shipment']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ShipmentEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentEdge'] = ResolversParentTypes['ShipmentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Shipment'], ParentType, ContextType>;
};

export type ShipmentEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentEvent'] = ResolversParentTypes['ShipmentEvent']> = {
  account?: Resolver<ResolversTypes['ProviderAccount'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  detail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  event?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type ShipmentPurchasePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentPurchasePayload'] = ResolversParentTypes['ShipmentPurchasePayload']> = {
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type ShipmentVoidPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentVoidPayload'] = ResolversParentTypes['ShipmentVoidPayload']> = {
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type ShippedParcelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShippedParcel'] = ResolversParentTypes['ShippedParcel']> = {
  forms?: Resolver<ReadonlyArray<ResolversTypes['ShippingForm']>, ParentType, ContextType>;
  label?: Resolver<Maybe<ResolversTypes['Label']>, ParentType, ContextType>;
  parcel?: Resolver<ResolversTypes['Parcel'], ParentType, ContextType>;
  price?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  refund?: Resolver<Maybe<ResolversTypes['Refund']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ShipmentStatus'], ParentType, ContextType>;
  tracker?: Resolver<Maybe<ResolversTypes['Tracker']>, ParentType, ContextType>;
  trackingNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ShippingChargeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShippingCharge'] = ResolversParentTypes['ShippingCharge']> = {
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ShippingFormResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShippingForm'] = ResolversParentTypes['ShippingForm']> = {
  contentType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  format?: Resolver<ResolversTypes['LabelFormat'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
};

export type ShippingServiceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShippingService'] = ResolversParentTypes['ShippingService']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  providerCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ShippingUserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShippingUserError'] = ResolversParentTypes['ShippingUserError']> = {
  code?: Resolver<ResolversTypes['ShippingUserErrorCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TrackerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tracker'] = ResolversParentTypes['Tracker'], FederationReferenceType extends FederationReferenceTypes['Tracker'] = FederationReferenceTypes['Tracker']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Tracker']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<Maybe<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  carrier?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  deliveryWindowEnd?: Resolver<Maybe<ResolversTypes['LocalDateTime']>, ParentType, ContextType>;
  deliveryWindowStart?: Resolver<Maybe<ResolversTypes['LocalDateTime']>, ParentType, ContextType>;
  estimatedDelivery?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  estimatedDeliveryDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['TrackingEvent']>, ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType>;
  signedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stale?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TrackingStatus'], ParentType, ContextType>;
  statusText?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  trackingNumber?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  trackingUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
};

export type TrackingEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrackingEvent'] = ResolversParentTypes['TrackingEvent']> = {
  carrierCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['Address']>, ParentType, ContextType>;
  occurredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  occurredAtLocal?: Resolver<Maybe<ResolversTypes['LocalDateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TrackingStatus'], ParentType, ContextType>;
};

export type TransitTimesResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TransitTimes'] = ResolversParentTypes['TransitTimes']> = {
  percentile50?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  percentile75?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  percentile85?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  percentile90?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  percentile95?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  percentile97?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  percentile99?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export type WeightResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Weight'] = ResolversParentTypes['Weight']> = {
  unit?: Resolver<ResolversTypes['WeightUnit'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Address?: AddressResolvers<ContextType>;
  AddressChange?: AddressChangeResolvers<ContextType>;
  AddressMessage?: AddressMessageResolvers<ContextType>;
  AddressVerification?: AddressVerificationResolvers<ContextType>;
  CountryCode?: GraphQLScalarType;
  CurrencyCode?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Decimal?: GraphQLScalarType;
  Dimensions?: DimensionsResolvers<ContextType>;
  DropOffLocation?: DropOffLocationResolvers<ContextType>;
  Label?: LabelResolvers<ContextType>;
  LocalDateTime?: GraphQLScalarType;
  MailJob?: MailJobResolvers<ContextType>;
  MailJobConnection?: MailJobConnectionResolvers<ContextType>;
  MailJobCreatePayload?: MailJobCreatePayloadResolvers<ContextType>;
  MailJobEdge?: MailJobEdgeResolvers<ContextType>;
  Manifest?: ManifestResolvers<ContextType>;
  ManifestCreatePayload?: ManifestCreatePayloadResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Parcel?: ParcelResolvers<ContextType>;
  Pickup?: PickupResolvers<ContextType>;
  PickupCancelPayload?: PickupCancelPayloadResolvers<ContextType>;
  PickupSchedulePayload?: PickupSchedulePayloadResolvers<ContextType>;
  ProviderAccount?: ProviderAccountResolvers<ContextType>;
  ProviderFailure?: ProviderFailureResolvers<ContextType>;
  ProviderQuota?: ProviderQuotaResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Rate?: RateResolvers<ContextType>;
  RateQuote?: RateQuoteResolvers<ContextType>;
  Refund?: RefundResolvers<ContextType>;
  Shipment?: ShipmentResolvers<ContextType>;
  ShipmentConnection?: ShipmentConnectionResolvers<ContextType>;
  ShipmentEdge?: ShipmentEdgeResolvers<ContextType>;
  ShipmentEvent?: ShipmentEventResolvers<ContextType>;
  ShipmentPurchasePayload?: ShipmentPurchasePayloadResolvers<ContextType>;
  ShipmentVoidPayload?: ShipmentVoidPayloadResolvers<ContextType>;
  ShippedParcel?: ShippedParcelResolvers<ContextType>;
  ShippingCharge?: ShippingChargeResolvers<ContextType>;
  ShippingForm?: ShippingFormResolvers<ContextType>;
  ShippingService?: ShippingServiceResolvers<ContextType>;
  ShippingUserError?: ShippingUserErrorResolvers<ContextType>;
  Tracker?: TrackerResolvers<ContextType>;
  TrackingEvent?: TrackingEventResolvers<ContextType>;
  TransitTimes?: TransitTimesResolvers<ContextType>;
  URL?: GraphQLScalarType;
  Weight?: WeightResolvers<ContextType>;
};

