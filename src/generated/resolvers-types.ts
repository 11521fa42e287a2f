import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { MailJobSource } from '../resolvers/operations/mail-jobs.ts';
import type { Account, AccountFailure, Caller } from '../accounts/account.ts';
import type { Usage } from '../storage/usage.ts';
import type { Quota } from '../transport/quota-window.ts';
import type { Breaker } from '../transport/breaker.ts';
import type { SealedRate } from '../resolvers/rates/sealed-rate.ts';
import type { StoredShipment } from '../storage/shipments.ts';
import type { StoredOperation } from '../storage/records/operations.ts';
import type { PlannedPurchase } from '../resolvers/shipments/purchase-plan.ts';
import type { ShipmentConnectionSource } from '../resolvers/shipments/shipment-page.ts';
import type { OperationConnectionSource } from '../resolvers/operations/operation-page.ts';
import type { ShipmentEventSource, ShippedParcelSource } from '../resolvers/shipments/shipments.ts';
import type { StoredRefund, ApiKeyRow, WebhookEndpointRow, WebhookDeliveryRow } from '../storage/tables.ts';
import type { AccountDiagnostic } from '../resolvers/accounts/account-changes.ts';
import type { DeliveryConnectionSource } from '../resolvers/webhooks/endpoints.ts';
import type { KnownTracker } from '../loaders/trackers.ts';
import type { TrackingEventSource } from '../resolvers/tracking/trackers.ts';
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
  /** A country by its ISO 3166-1 alpha-2 code. Example: `US`. Input also accepts lower case. */
  CountryCode: { input: string; output: string; }
  /** A currency by its ISO 4217 code. Example: `USD`. Input also accepts lower case. */
  CurrencyCode: { input: string; output: string; }
  /** A calendar date, in ISO 8601 format. Example: `2026-11-20`. */
  Date: { input: string; output: string; }
  /** An instant with its time zone, in RFC 3339 format. Example: `2026-11-20T07:31:00-05:00`. */
  DateTime: { input: string; output: string; }
  /** An exact decimal number, serialized as a string. Example: `"7.40"`. Input also accepts JSON numbers. */
  Decimal: { input: string; output: string; }
  /** Any JSON value. Example: `{ "clientId": "example" }`. */
  JSON: { input: unknown; output: unknown; }
  /** A local date and time without a time zone, in ISO 8601 format. Example: `2026-11-20T07:31:00`. */
  LocalDateTime: { input: string; output: string; }
  /** An absolute URL. Example: `https://example.com/`. */
  URL: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** A postal address and the person or company there. */
export type Address = {
  readonly __typename?: 'Address';
  /** The city or town. */
  readonly city?: Maybe<Scalars['String']['output']>;
  /** The name of the company or organization. */
  readonly company?: Maybe<Scalars['String']['output']>;
  /** The country. Null if the provider names a place without its country. */
  readonly country?: Maybe<Scalars['CountryCode']['output']>;
  /** The email address. */
  readonly email?: Maybe<Scalars['String']['output']>;
  /** The name of the person. Example: `Ada Lovelace`. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** The phone number, as it was given. */
  readonly phone?: Maybe<Scalars['String']['output']>;
  /** The postal code, as printed in its country. Examples: `94104`, `94104-1234`, `SW1A 1AA`. */
  readonly postalCode?: Maybe<Scalars['String']['output']>;
  /** True for a home, false for a business, null if unknown. */
  readonly residential?: Maybe<Scalars['Boolean']['output']>;
  /** The state or province. US and Canadian ones by their two-letter code. Example: `CA`. */
  readonly state?: Maybe<Scalars['String']['output']>;
  /** The first line: house number and street. Example: `417 Montgomery St`. */
  readonly street1?: Maybe<Scalars['String']['output']>;
  /** The second line: apartment, suite or floor. Example: `Floor 5`. */
  readonly street2?: Maybe<Scalars['String']['output']>;
  /** The urbanization, which tells streets of the same name in one city of Puerto Rico apart. Example: `URB Las Gladiolas`. */
  readonly urbanization?: Maybe<Scalars['String']['output']>;
};

/** One part of an address that standardization changed. */
export type AddressChange = {
  readonly __typename?: 'AddressChange';
  /** The changed field of `Address`. Example: `postalCode`. */
  readonly field: Scalars['String']['output'];
  /** The value as given. Null if it was missing. */
  readonly from?: Maybe<Scalars['String']['output']>;
  /** The standardized value. Null if it was removed. */
  readonly to?: Maybe<Scalars['String']['output']>;
};

/**
 * A postal address and the person or company there. Each operation checks the parts that it needs: rates need a country
 * and its postal code; a label also needs a name or company, a street and a city. Each text has at most 200 characters, a
 * postal code at most 12; a provider may take fewer, which is its failure: USPS takes 50 of a street and 28 of a city.
 */
export type AddressInput = {
  /** The city or town. */
  readonly city?: InputMaybe<Scalars['String']['input']>;
  /** The name of the company or organization. A label needs `name` or `company`. */
  readonly company?: InputMaybe<Scalars['String']['input']>;
  /** The country. A US territory may be given as the country or as the state of the US; it is read as the state. */
  readonly country: Scalars['CountryCode']['input'];
  /** The email address. Some carriers send notifications there. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
  /** The name of the person. A label needs `name` or `company`. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** The phone number, of 6 to 20 digits. Some services need the recipient's, mostly across borders. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** The postal code, as printed in its country. Examples: `94104`, `94104-1234`, `SW1A 1AA`. */
  readonly postalCode?: InputMaybe<Scalars['String']['input']>;
  /** True for a home, false for a business. Some carriers charge more for a home. Default: unknown. */
  readonly residential?: InputMaybe<Scalars['Boolean']['input']>;
  /** The state or province. US and Canadian ones by their code or name, in any case. Examples: `CA`, `California`, `Armed Forces Pacific`. */
  readonly state?: InputMaybe<Scalars['String']['input']>;
  /** The first line: house number and street. Example: `417 Montgomery St`. */
  readonly street1?: InputMaybe<Scalars['String']['input']>;
  /** The second line: apartment, suite or floor. Example: `Floor 5`. */
  readonly street2?: InputMaybe<Scalars['String']['input']>;
  /** The urbanization of an address in Puerto Rico. It may stand on a street line instead. Example: `URB Las Gladiolas`. */
  readonly urbanization?: InputMaybe<Scalars['String']['input']>;
};

/** A provider's remark on an address. */
export type AddressMessage = {
  readonly __typename?: 'AddressMessage';
  /** The provider's own code. Null if it has none. */
  readonly code?: Maybe<Scalars['String']['output']>;
  /** The field of `Address` that the remark is about. Null if it is about the whole address. */
  readonly field?: Maybe<Scalars['String']['output']>;
  /** The remark, in words for people. */
  readonly message: Scalars['String']['output'];
  /** The provider's suggested correction. Null if it has none. */
  readonly suggestion?: Maybe<Scalars['String']['output']>;
};

/** The result of verifying one address: whether mail can be delivered there, and its standardized form. */
export type AddressVerification = {
  readonly __typename?: 'AddressVerification';
  /** The account that answered, or for `UNVERIFIED` the one that was asked first. Null if no account of yours verifies addresses in this country. */
  readonly account?: Maybe<ProviderAccount>;
  /** The address in the postal service's standardized form. Null if there is none. */
  readonly address?: Maybe<Address>;
  /** The parts in which `address` differs from `input`, letter case aside. */
  readonly changes: ReadonlyArray<AddressChange>;
  /** The reason for `UNVERIFIED`, or why an account that was asked before did not answer: its provider does not let it verify addresses. */
  readonly failures: ReadonlyArray<ProviderFailure>;
  /** The address as given, with surplus spaces removed, a US territory written as a state, and the urbanization apart from the street. */
  readonly input: Address;
  /** The latitude in decimal degrees. Null if the provider does not return coordinates. */
  readonly latitude?: Maybe<Scalars['Float']['output']>;
  /** The longitude in decimal degrees. Null if the provider does not return coordinates. */
  readonly longitude?: Maybe<Scalars['Float']['output']>;
  /** The provider's remarks on the address. */
  readonly messages: ReadonlyArray<AddressMessage>;
  /** The result. */
  readonly status: VerificationStatus;
};

/** An API key that was created at run time. The key itself is shown once, by `apiKeyCreate` and `apiKeyRotate`. */
export type ApiKey = {
  readonly __typename?: 'ApiKey';
  /** When the key was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When the key stops working. Null if it does not expire. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** The id of the key, which stays when the key is rotated. */
  readonly id: Scalars['ID']['output'];
  /** When the key was last used, within a minute. Null if it never was. */
  readonly lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  /** What the key may do. */
  readonly permissions: ReadonlyArray<Permission>;
  /** The first characters of the key, to recognise it by. Example: `pg_live_1a2b3c4d`. */
  readonly prefix: Scalars['String']['output'];
  /** The most that purchases with the key may cost in a day, which ends at midnight UTC. Null if there is no limit. */
  readonly spendLimitPerDay?: Maybe<Money>;
};

/** A new API key. */
export type ApiKeyCreateInput = {
  /** When the key stops working. Default: never. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** What the key may do: at least one permission. */
  readonly permissions: ReadonlyArray<Permission>;
  /** The most that purchases with the key may cost in a day, which ends at midnight UTC. Default: no limit. */
  readonly spendLimitPerDay?: InputMaybe<MoneyInput>;
  /** The tenant that the key belongs to. */
  readonly tenantId: Scalars['ID']['input'];
};

/** Names a key to delete. */
export type ApiKeyDeleteInput = {
  /** The id of the key. */
  readonly id: Scalars['ID']['input'];
};

/** An API key, and the key itself where the operation made one. */
export type ApiKeyPayload = {
  readonly __typename?: 'ApiKeyPayload';
  /** The API key. Null if the input has errors. */
  readonly apiKey?: Maybe<ApiKey>;
  /** The key that callers send. Shown once. */
  readonly key?: Maybe<Scalars['String']['output']>;
  /** The errors in the input. If there are any, nothing was changed. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** Names a key to replace. */
export type ApiKeyRotateInput = {
  /** The id of the key. */
  readonly id: Scalars['ID']['input'];
  /** For how many seconds the old key still works, from 0 to 2592000. Default: 86400. */
  readonly overlapSeconds?: InputMaybe<Scalars['Int']['input']>;
};

/** The state of a circuit breaker. */
export type BreakerState =
  /** Calls are sent. Closed breakers are not listed. */
  | 'CLOSED'
  /** One call is under way as a probe. Other calls fail at once. */
  | 'HALF_OPEN'
  /** Calls fail at once. */
  | 'OPEN';

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
  readonly eelPfc?: InputMaybe<Scalars['String']['input']>;
  /** The description of the contents. Required if `contents` is `OTHER`. */
  readonly explanation?: InputMaybe<Scalars['String']['input']>;
  /** The party that pays duties and taxes. At USPS, `DDP` adds them to the price. Default: the provider's own, mostly the receiver. */
  readonly incoterm?: InputMaybe<Incoterm>;
  /** The lines of the form, 1 to 30. USPS refuses lines that weigh more together than the parcel. */
  readonly items: ReadonlyArray<CustomsItemInput>;
  /** The treatment of a parcel that can't be delivered. Default: `RETURN`. */
  readonly nonDelivery?: InputMaybe<NonDelivery>;
  /** The tax ids of the receiver. USPS has room for one, EasyPost for several. */
  readonly receiverTaxIds?: InputMaybe<ReadonlyArray<TaxIdInput>>;
  /** The tax ids of the sender. USPS has room for one, EasyPost for several. */
  readonly senderTaxIds?: InputMaybe<ReadonlyArray<TaxIdInput>>;
  /** The name of the person who signs the declaration. Default: the sender. */
  readonly signer?: InputMaybe<Scalars['String']['input']>;
};

/** One line of the customs form. Value and weight are totals over all units of the line. */
export type CustomsItemInput = {
  /** The goods, in plain words. Example: `Cotton T-shirt`. */
  readonly description: Scalars['String']['input'];
  /** The tariff number of the Harmonized System, 6 to 14 digits. Example: `610910`. */
  readonly hsTariffNumber?: InputMaybe<Scalars['String']['input']>;
  /** The country in which the goods were made. */
  readonly originCountry: Scalars['CountryCode']['input'];
  /** The number of units. */
  readonly quantity: Scalars['Int']['input'];
  /** The value of all units together. */
  readonly totalValue: MoneyInput;
  /** The net weight of all units together. */
  readonly totalWeight: WeightInput;
};

/** The result of one check of a provider account. */
export type Diagnostic = {
  readonly __typename?: 'Diagnostic';
  /** The account that was checked. Null for credentials that were not put to use. */
  readonly account?: Maybe<ProviderAccount>;
  /**
   * What was checked: `configuration` and `host` for each account; at USPS also `token`, `environment`, `scopes`, `license`,
   * `identifiers`, `payment`, `quota` and `clock`; at EasyPost `key`, `environment` and `clock`; at EasyPost Connect
   * `environment`, `certificate`, `handshake`, `token`, `key` and `clock`. Checks may be added.
   */
  readonly check: Scalars['String']['output'];
  /** The next step that solves the problem. Null if there is none. */
  readonly hint?: Maybe<Scalars['String']['output']>;
  /** What was found, in words for people. */
  readonly message: Scalars['String']['output'];
  /** The outcome of the check. */
  readonly status: DiagnosticStatus;
};

/** The outcome of a check. */
export type DiagnosticStatus =
  /** The account does not work. */
  | 'FAILED'
  /** Everything is in order. */
  | 'OK'
  /** The check is not possible, or an earlier one answers it. */
  | 'SKIPPED'
  /** The account works, but not everything that it could do, or not for long. */
  | 'WARNING';

/** The outer dimensions of a parcel, in any order. */
export type Dimensions = {
  readonly __typename?: 'Dimensions';
  /** The height in `unit`. */
  readonly height: Scalars['Float']['output'];
  /** The length in `unit`. */
  readonly length: Scalars['Float']['output'];
  /** The unit of all three. */
  readonly unit: LengthUnit;
  /** The width in `unit`. */
  readonly width: Scalars['Float']['output'];
};

/** The outer dimensions of a parcel, in any order. */
export type DimensionsInput = {
  /** The height in `unit`, more than zero, at most 1,000 centimeters. */
  readonly height: Scalars['Float']['input'];
  /** The length in `unit`, more than zero, at most 1,000 centimeters. */
  readonly length: Scalars['Float']['input'];
  /** The unit of all three. */
  readonly unit: LengthUnit;
  /** The width in `unit`, more than zero, at most 1,000 centimeters. */
  readonly width: Scalars['Float']['input'];
};

/** A place where parcels can be dropped off, such as a post office. */
export type DropOffLocation = {
  readonly __typename?: 'DropOffLocation';
  /** The address of the place. */
  readonly address: Address;
  /** The distance from the postal code, in miles. Null if the provider does not return it. */
  readonly distanceMiles?: Maybe<Scalars['Float']['output']>;
  /** The opening hours in local time, one line per day. Example: `MONDAY 08:00-17:00`. */
  readonly hours: ReadonlyArray<Scalars['String']['output']>;
  /** The kind of place, in the carrier's own word. Examples: `POST_OFFICE`, `CONTRACT_POSTAL_UNIT`. */
  readonly kind: Scalars['String']['output'];
  /** The name of the place. */
  readonly name: Scalars['String']['output'];
};

/** The party that pays duties and taxes. */
export type Incoterm =
  /** Delivered at place: the receiver pays. */
  | 'DAP'
  /** Delivered duties paid: the sender pays. */
  | 'DDP'
  /** Delivered duties unpaid: the receiver pays. The older name of `DAP`. */
  | 'DDU';

/** A shipping label, or another document to print. */
export type Label = {
  readonly __typename?: 'Label';
  /** The media type of the file. Example: `application/pdf`. */
  readonly contentType: Scalars['String']['output'];
  /** The time at which `url` expires, 24 hours after it was issued. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** The file format. */
  readonly format: LabelFormat;
  /** The signed download URL. It needs no API key and expires at `expiresAt`; read the object again for a new one. */
  readonly url: Scalars['URL']['output'];
};

/**
 * One file of many labels. Forms beside the labels are not part of it: `forms` of each shipment has them. If a label could not
 * be included, the last page is a slip that lists the shipment and the reason; a label that is voided before the download is
 * listed there too.
 */
export type LabelDocument = {
  readonly __typename?: 'LabelDocument';
  /** The media type of the file: `application/pdf` or `application/zpl`. */
  readonly contentType: Scalars['String']['output'];
  /** The time at which `url` expires, 24 hours after it was issued. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** The number of labels in the file: one for each parcel. */
  readonly labels: Scalars['Int']['output'];
  /** The shipments, or parcels of them, that the file does not include. */
  readonly skipped: ReadonlyArray<LabelDocumentSkip>;
  /** The signed download URL. It needs no API key and expires at `expiresAt`; ask for the document again for a new one. */
  readonly url: Scalars['URL']['output'];
};

/** The input of `labelDocument`. */
export type LabelDocumentInput = {
  /** The file format: `PDF`, which takes labels in PDF and PNG, or `ZPL`, which takes labels in ZPL. */
  readonly format: LabelFormat;
  /** The arrangement on pages of a `PDF`. Default: `SINGLE`. */
  readonly layout?: InputMaybe<LabelLayout>;
  /** The ids of the shipments, 1 to 1,000, in the order in which their labels are printed. A shipment of several parcels has its labels one after the other. */
  readonly shipmentIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** A shipment that is missing in a document. */
export type LabelDocumentSkip = {
  readonly __typename?: 'LabelDocumentSkip';
  /** The reason, and the next step where there is one. */
  readonly reason: Scalars['String']['output'];
  /** The id as it was given. */
  readonly shipmentId: Scalars['ID']['output'];
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
  readonly shipmentId: Scalars['ID']['input'];
};

/** A unit of length. */
export type LengthUnit =
  /** The centimeter. */
  | 'CENTIMETER'
  /** The international inch: 2.54 centimeters. */
  | 'INCH';

/** A mail job: one document file that a provider prints and sends through one of its workflows. */
export type MailJob = {
  readonly __typename?: 'MailJob';
  /** The account that sends the mail. */
  readonly account: ProviderAccount;
  /** The events of the job, newest first. Empty if the provider returns none. */
  readonly events: ReadonlyArray<TrackingEvent>;
  /** The id of the job. It names the account and the provider's own id. */
  readonly id: Scalars['ID']['output'];
  /** The time at which the job started. Null if the provider does not return it. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The status, in the provider's own word. */
  readonly status: Scalars['String']['output'];
  /** The URL to which the file is uploaded with PUT. Null once the provider no longer waits for the file. */
  readonly uploadUrl?: Maybe<Scalars['URL']['output']>;
  /** The workflow that the job runs. */
  readonly workflowId?: Maybe<Scalars['ID']['output']>;
};

/** A page of mail jobs. */
export type MailJobConnection = {
  readonly __typename?: 'MailJobConnection';
  /** The jobs of this page with their cursors. */
  readonly edges: ReadonlyArray<MailJobEdge>;
  /** The jobs of this page. */
  readonly nodes: ReadonlyArray<MailJob>;
  /** Information about the page, for pagination. */
  readonly pageInfo: PageInfo;
};

/** The input of `mailJobCreate`. */
export type MailJobCreateInput = {
  /** The account that sends the mail. Default: the only account that can; required if several can. */
  readonly accountId?: InputMaybe<Scalars['ID']['input']>;
  /** The name of the file. Example: `invoice-1042.pdf`. */
  readonly fileName: Scalars['String']['input'];
  /** A key of your choice, 1 to 255 characters. Repeated calls with the same key create one job and return the same result. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** Entries that the workflow receives with the file. Default: none. */
  readonly metadata?: InputMaybe<ReadonlyArray<MetadataInput>>;
  /** The workflow to run, as validated in the provider's portal. */
  readonly workflowId: Scalars['ID']['input'];
};

/** The result of `mailJobCreate`. */
export type MailJobCreatePayload = {
  readonly __typename?: 'MailJobCreatePayload';
  /** The reason why the provider rejected the job or did not respond. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The job. Null if none was created, or if the provider's response was lost. */
  readonly mailJob?: Maybe<MailJob>;
  /** The errors in the input. If there are any, the provider was not called. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** A mail job in a list. */
export type MailJobEdge = {
  readonly __typename?: 'MailJobEdge';
  /** The position of the job in the list, for `after`. */
  readonly cursor: Scalars['String']['output'];
  /** The mail job. */
  readonly node: MailJob;
};

/** A list of parcels that the carrier accepts with a single scan. At USPS, a SCAN form. */
export type Manifest = {
  readonly __typename?: 'Manifest';
  /** The account that purchased the labels. */
  readonly account: ProviderAccount;
  /** The time at which the manifest was requested. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The reason for `FAILED` or `UNCERTAIN`. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The form to print. Null until it exists. Its link expires at `expiresAt`. */
  readonly form?: Maybe<Label>;
  /** The id of the manifest. */
  readonly id: Scalars['ID']['output'];
  /** The shipments on the manifest, newest first. */
  readonly shipments: ShipmentConnection;
  /** The status. */
  readonly status: ManifestStatus;
};


/** A list of parcels that the carrier accepts with a single scan. At USPS, a SCAN form. */
export type ManifestShipmentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of manifests. */
export type ManifestConnection = {
  readonly __typename?: 'ManifestConnection';
  /** The manifests of this page with their cursors. */
  readonly edges: ReadonlyArray<ManifestEdge>;
  /** The manifests of this page. */
  readonly nodes: ReadonlyArray<Manifest>;
  /** Information about the page, for pagination. */
  readonly pageInfo: PageInfo;
  /** The number of manifests in the whole list. */
  readonly totalCount: Scalars['Int']['output'];
};

/** The input of `manifestCreate`. The shipments belong to one account and leave from one address. A label on a manifest can no longer be voided. */
export type ManifestCreateInput = {
  /** A key of your choice, 1 to 255 characters. Repeated calls with the same key create one manifest and return the same result. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The ids of 1 to 1,000 purchased shipments. Each may be on one manifest only. */
  readonly shipmentIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** The result of `manifestCreate`. */
export type ManifestCreatePayload = {
  readonly __typename?: 'ManifestCreatePayload';
  /** The reason why the provider rejected the manifest or did not respond. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The manifest. Null if the input has errors, or the account can't create manifests. */
  readonly manifest?: Maybe<Manifest>;
  /** The errors in the input. If there are any, the provider was not called. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** A manifest in a list. */
export type ManifestEdge = {
  readonly __typename?: 'ManifestEdge';
  /** The position of the manifest in the list, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The manifest. */
  readonly node: Manifest;
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

/** One entry of the metadata that a workflow receives with the file. */
export type MetadataInput = {
  /** The name of the entry. Each name occurs once. */
  readonly key: Scalars['String']['input'];
  /** The value of the entry. */
  readonly value: Scalars['String']['input'];
};

/** An exact amount of money. */
export type Money = {
  readonly __typename?: 'Money';
  /** The amount in the currency's main unit. Example: `"7.40"`. */
  readonly amount: Scalars['Decimal']['output'];
  /** The currency. */
  readonly currencyCode: Scalars['CurrencyCode']['output'];
};

/** An exact amount of money. */
export type MoneyInput = {
  /** The amount in the currency's main unit. Example: `"7.40"`. */
  readonly amount: Scalars['Decimal']['input'];
  /** The currency. */
  readonly currencyCode: Scalars['CurrencyCode']['input'];
};

/** Changes. A mutation may cost money. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Creates an API key of a tenant. Every replica accepts it at once. */
  readonly apiKeyCreate?: Maybe<ApiKeyPayload>;
  /** Deletes an API key, the one before its last rotation too. No replica accepts it a second later. */
  readonly apiKeyDelete?: Maybe<ApiKeyPayload>;
  /** Replaces an API key. The old one still works for `overlapSeconds`. */
  readonly apiKeyRotate?: Maybe<ApiKeyPayload>;
  /**
   * Returns the labels of a purchased shipment in another format, where the provider can make it: `label` then has this
   * format, and so have later reads. It costs nothing. A format that was returned before is not asked for again, since a
   * provider may limit reprints: USPS to three, until the mailing date.
   */
  readonly labelReprint?: Maybe<ShipmentPurchasePayload>;
  /** Creates a mail job, once per idempotency key. Upload the file to the job's `uploadUrl` afterwards. */
  readonly mailJobCreate?: Maybe<MailJobCreatePayload>;
  /** Creates a manifest for the carrier, once per idempotency key. */
  readonly manifestCreate?: Maybe<ManifestCreatePayload>;
  /** Cancels a scheduled pickup. Repeated calls have no further effect. */
  readonly pickupCancel?: Maybe<PickupCancelPayload>;
  /** Schedules a pickup of purchased parcels, once per idempotency key. */
  readonly pickupSchedule?: Maybe<PickupSchedulePayload>;
  /** Removes an account from a tenant: within a second no replica lists or selects it. Purchases and refunds under way are completed with it, and past shipments still name it. */
  readonly providerAccountRemove?: Maybe<ProviderAccountPayload>;
  /**
   * Adds an account to a tenant, or replaces the options and credentials of one. The new credentials are checked at the provider
   * first; if a check fails, the account stays as it was. Calls under way end with the old credentials. Every replica uses the
   * new ones within a second.
   */
  readonly providerAccountSet?: Maybe<ProviderAccountPayload>;
  /** Purchases the labels of a rate, once per idempotency key: lost responses, repeated calls and restarts never purchase twice. */
  readonly shipmentPurchase?: Maybe<ShipmentPurchasePayload>;
  /**
   * Purchases what was planned, once per plan: repeated calls, also at the same moment, return the same shipment, even after
   * the plan has expired. An expired plan purchases nothing new.
   */
  readonly shipmentPurchaseConfirm?: Maybe<ShipmentPurchasePayload>;
  /**
   * Voids a shipment's labels. If the carrier has not charged them yet, the shipment is `VOIDED` at once. Otherwise a
   * refund is requested, and the shipment keeps its status until the provider decides. Repeated calls return the current
   * state.
   */
  readonly shipmentVoid?: Maybe<ShipmentVoidPayload>;
  /** Creates a tenant without accounts and keys. Every replica knows it within a second. */
  readonly tenantCreate?: Maybe<TenantPayload>;
  /** Deletes a tenant: within a second no replica accepts its keys. Purchases and refunds under way are completed, and shipments stay in the ledger. */
  readonly tenantDelete?: Maybe<TenantPayload>;
  /** Ends the watch of parcels. One that is not watched is no error. */
  readonly trackerUnwatch?: Maybe<TrackerWatchPayload>;
  /** Watches parcels: the server asks for each by itself until it has arrived, or has not changed for 30 days. A parcel that is watched already stays so; one that has arrived is not watched. Parcels of shipments that are purchased here are watched without it. */
  readonly trackerWatch?: Maybe<TrackerWatchPayload>;
  /** Creates an endpoint, at most 20 a tenant. Its changes from now on are sent to it. */
  readonly webhookEndpointCreate?: Maybe<WebhookEndpointPayload>;
  /** Deletes an endpoint and its deliveries. */
  readonly webhookEndpointDelete?: Maybe<WebhookEndpointPayload>;
  /** Replaces an endpoint's secret. Requests are signed with the previous one too for 24 hours. */
  readonly webhookEndpointRotate?: Maybe<WebhookEndpointPayload>;
  /** Sends an event of the endpoint's first kind whose `data` is `{"test": true}`, and returns the delivery after its attempt. */
  readonly webhookEndpointTest?: Maybe<WebhookDeliveryPayload>;
  /** Sends a delivery again under its id, whatever its status, and returns it after the attempt. */
  readonly webhookRedeliver?: Maybe<WebhookDeliveryPayload>;
};


/** Changes. A mutation may cost money. */
export type MutationApiKeyCreateArgs = {
  input: ApiKeyCreateInput;
};


/** Changes. A mutation may cost money. */
export type MutationApiKeyDeleteArgs = {
  input: ApiKeyDeleteInput;
};


/** Changes. A mutation may cost money. */
export type MutationApiKeyRotateArgs = {
  input: ApiKeyRotateInput;
};


/** Changes. A mutation may cost money. */
export type MutationLabelReprintArgs = {
  input: LabelReprintInput;
};


/** Changes. A mutation may cost money. */
export type MutationMailJobCreateArgs = {
  input: MailJobCreateInput;
};


/** Changes. A mutation may cost money. */
export type MutationManifestCreateArgs = {
  input: ManifestCreateInput;
};


/** Changes. A mutation may cost money. */
export type MutationPickupCancelArgs = {
  input: PickupCancelInput;
};


/** Changes. A mutation may cost money. */
export type MutationPickupScheduleArgs = {
  input: PickupScheduleInput;
};


/** Changes. A mutation may cost money. */
export type MutationProviderAccountRemoveArgs = {
  input: ProviderAccountRemoveInput;
};


/** Changes. A mutation may cost money. */
export type MutationProviderAccountSetArgs = {
  input: ProviderAccountSetInput;
};


/** Changes. A mutation may cost money. */
export type MutationShipmentPurchaseArgs = {
  input: ShipmentPurchaseInput;
};


/** Changes. A mutation may cost money. */
export type MutationShipmentPurchaseConfirmArgs = {
  input: ShipmentPurchaseConfirmInput;
};


/** Changes. A mutation may cost money. */
export type MutationShipmentVoidArgs = {
  input: ShipmentVoidInput;
};


/** Changes. A mutation may cost money. */
export type MutationTenantCreateArgs = {
  input: TenantCreateInput;
};


/** Changes. A mutation may cost money. */
export type MutationTenantDeleteArgs = {
  input: TenantDeleteInput;
};


/** Changes. A mutation may cost money. */
export type MutationTrackerUnwatchArgs = {
  input: TrackerWatchInput;
};


/** Changes. A mutation may cost money. */
export type MutationTrackerWatchArgs = {
  input: TrackerWatchInput;
};


/** Changes. A mutation may cost money. */
export type MutationWebhookEndpointCreateArgs = {
  input: WebhookEndpointCreateInput;
};


/** Changes. A mutation may cost money. */
export type MutationWebhookEndpointDeleteArgs = {
  input: WebhookEndpointInput;
};


/** Changes. A mutation may cost money. */
export type MutationWebhookEndpointRotateArgs = {
  input: WebhookEndpointInput;
};


/** Changes. A mutation may cost money. */
export type MutationWebhookEndpointTestArgs = {
  input: WebhookEndpointInput;
};


/** Changes. A mutation may cost money. */
export type MutationWebhookRedeliverArgs = {
  input: WebhookRedeliverInput;
};

/** The treatment of a parcel that can't be delivered abroad. */
export type NonDelivery =
  /** The parcel is abandoned. */
  | 'ABANDON'
  /** The parcel is returned to the sender. */
  | 'RETURN';

/** Information about a page of a list, for pagination. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the last entry, for `after` of the next page. Null if the page is empty. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** True if the list continues after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** True if the list has entries before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first entry. Null if the page is empty. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** A parcel as it was quoted. */
export type Parcel = {
  readonly __typename?: 'Parcel';
  /** The outer dimensions. Null if they were not given. */
  readonly dimensions?: Maybe<Dimensions>;
  /** The carrier's packaging, as named in `ParcelInput.packaging`. Null for the sender's own box. */
  readonly packaging?: Maybe<Scalars['String']['output']>;
  /** The weight of the packed parcel. */
  readonly weight: Weight;
};

/**
 * A parcel to ship. Without `packaging` it is the sender's own box. A carrier's flat-rate services are quoted only if their
 * packaging is named.
 */
export type ParcelInput = {
  /** The outer dimensions. Most providers price by size, and some quote nothing without it; give it unless `packaging` is named. */
  readonly dimensions?: InputMaybe<DimensionsInput>;
  /**
   * The carrier's packaging: `FLAT_RATE_ENVELOPE`, `LEGAL_FLAT_RATE_ENVELOPE`, `PADDED_FLAT_RATE_ENVELOPE`,
   * `SMALL_FLAT_RATE_BOX`, `MEDIUM_FLAT_RATE_BOX` or `LARGE_FLAT_RATE_BOX`. The names are the same at every provider, and
   * no dimensions are needed with them. Default: the sender's own box.
   */
  readonly packaging?: InputMaybe<Scalars['String']['input']>;
  /** The weight of the packed parcel. */
  readonly weight: WeightInput;
};

/** What a caller may do. `@requiresScopes` names the same in lower case: `rates:read`. */
export type Permission =
  /** `addresses:read`: address verification and drop-off locations. */
  | 'ADDRESSES_READ'
  /** `admin`: the tenants of this server, their API keys, and the console. */
  | 'ADMIN'
  /** `labels:write`: buying, voiding and reading shipments and their labels. */
  | 'LABELS_WRITE'
  /** `mail:write`: mail jobs. */
  | 'MAIL_WRITE'
  /** `pickups:write`: pickups and manifests. */
  | 'PICKUPS_WRITE'
  /** `rates:read`: rates. */
  | 'RATES_READ'
  /** `tracking:read`: trackers. */
  | 'TRACKING_READ';

/** An appointment at which the carrier collects parcels. */
export type Pickup = {
  readonly __typename?: 'Pickup';
  /** The account that purchased the labels. */
  readonly account: ProviderAccount;
  /** The carrier's confirmation number. Null until the pickup is confirmed, and if the carrier gives none. */
  readonly confirmation?: Maybe<Scalars['String']['output']>;
  /** The day on which the carrier comes. It may be later than the requested day. */
  readonly date: Scalars['Date']['output'];
  /** The reason for `FAILED` or `UNCERTAIN`. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The id of the pickup. */
  readonly id: Scalars['ID']['output'];
  /** The price of the pickup. Null until it is known. */
  readonly price?: Maybe<Money>;
  /** The status. */
  readonly status: PickupStatus;
};

/** The input of `pickupCancel`. */
export type PickupCancelInput = {
  /** The id of the pickup to cancel. */
  readonly id: Scalars['ID']['input'];
};

/** The result of `pickupCancel`. */
export type PickupCancelPayload = {
  readonly __typename?: 'PickupCancelPayload';
  /** The reason why the provider rejected the cancellation or did not respond. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The pickup as it is now. Null if the input has errors. */
  readonly pickup?: Maybe<Pickup>;
  /** The errors in the input. If there are any, the provider was not called. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** A page of pickups. */
export type PickupConnection = {
  readonly __typename?: 'PickupConnection';
  /** The pickups of this page with their cursors. */
  readonly edges: ReadonlyArray<PickupEdge>;
  /** The pickups of this page. */
  readonly nodes: ReadonlyArray<Pickup>;
  /** Information about the page, for pagination. */
  readonly pageInfo: PageInfo;
  /** The number of pickups in the whole list. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A pickup in a list. */
export type PickupEdge = {
  readonly __typename?: 'PickupEdge';
  /** The position of the pickup in the list, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The pickup. */
  readonly node: Pickup;
};

/** The input of `pickupSchedule`: the parcels to collect, the place and the time. */
export type PickupScheduleInput = {
  /** The account that purchased the labels. Default: the account of the shipments. */
  readonly accountId?: InputMaybe<Scalars['ID']['input']>;
  /** The place at which the parcels are collected. It needs a name or company, a street, a city and, depending on the country, a state and a postal code. */
  readonly address: AddressInput;
  /** The day of the pickup in local time: today or later, at most a year ahead. */
  readonly date: Scalars['Date']['input'];
  /** A key of your choice, 1 to 255 characters. Repeated calls with the same key schedule one pickup and return the same result. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** Instructions for the carrier's driver, at most 255 characters. */
  readonly instructions?: InputMaybe<Scalars['String']['input']>;
  /** The highest price that you accept. Default: zero, so that only free pickups are scheduled. */
  readonly maxPrice?: InputMaybe<MoneyInput>;
  /**
   * The place where the parcels lie: `FRONT_DOOR`, `BACK_DOOR`, `SIDE_DOOR`, `KNOCK_ON_DOOR`, `MAIL_ROOM`, `OFFICE`,
   * `PORCH`, `RECEPTION`, `MAILBOX` or `OTHER`. `OTHER` requires `instructions`. Default: `FRONT_DOOR`.
   */
  readonly packageLocation?: InputMaybe<Scalars['String']['input']>;
  /** The local time from which the parcels are ready, on the day of the pickup. Default: the whole day. Not every carrier keeps to a time. */
  readonly readyFrom?: InputMaybe<Scalars['LocalDateTime']['input']>;
  /** The local time until which the parcels can be collected, on the day of the pickup. Default: the whole day. Not every carrier keeps to a time. */
  readonly readyUntil?: InputMaybe<Scalars['LocalDateTime']['input']>;
  /** The ids of 1 to 1,000 purchased shipments, all of one account. */
  readonly shipmentIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** The result of `pickupSchedule`. */
export type PickupSchedulePayload = {
  readonly __typename?: 'PickupSchedulePayload';
  /** The reason why the provider rejected the pickup or did not respond. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The pickup. Null if the input has errors, or the account can't schedule pickups. */
  readonly pickup?: Maybe<Pickup>;
  /** The errors in the input. If there are any, the provider was not called. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
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

/** The price list that a rate comes from. */
export type PriceType =
  /** The carrier's published price for business customers. */
  | 'COMMERCIAL'
  /** The price that the account negotiated. */
  | 'CONTRACT'
  /** The price at the carrier's counter. */
  | 'RETAIL';

/** An account at a shipping provider: the credentials of one tenant, the operations that they allow and the remaining quota. */
export type ProviderAccount = {
  readonly __typename?: 'ProviderAccount';
  /** False after the account was removed. Past shipments still refer to it. */
  readonly active: Scalars['Boolean']['output'];
  /** The circuit breakers that are not closed, one entry per API product. Empty while the provider responds. */
  readonly breakers: ReadonlyArray<ProviderBreaker>;
  /** The environment in which the account operates. */
  readonly environment: ProviderEnvironment;
  /** The alias of the account, chosen by the tenant and never reused. Examples: `usps`, `easypost`, `usps-west`. */
  readonly id: Scalars['ID']['output'];
  /** The display name of the account. */
  readonly name: Scalars['String']['output'];
  /** The operations that the account supports. Empty after it was removed. */
  readonly operations: ReadonlyArray<ProviderOperation>;
  /** The provider that is called. Examples: `usps`, `easypost`. A string, since providers are added without a new version of the schema. */
  readonly provider: Scalars['String']['output'];
  /** The remaining calls, one entry per API product that the provider counts separately. Empty if the provider has no quota. */
  readonly quotas: ReadonlyArray<ProviderQuota>;
  /** The calls of this account since the beginning of an hour, kept for 400 days: one entry per API product, operation and client, most calls first. */
  readonly usage: ReadonlyArray<ProviderUsage>;
};


/** An account at a shipping provider: the credentials of one tenant, the operations that they allow and the remaining quota. */
export type ProviderAccountUsageArgs = {
  since: Scalars['DateTime']['input'];
};

/** A provider account after a change. */
export type ProviderAccountPayload = {
  readonly __typename?: 'ProviderAccountPayload';
  /** The account. Null if the input has errors, or a check failed. */
  readonly account?: Maybe<ProviderAccount>;
  /** What the checks of the new credentials found. If one is FAILED, nothing was changed. */
  readonly diagnostics: ReadonlyArray<Diagnostic>;
  /** The errors in the input. If there are any, nothing was checked or changed. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** Names an account to remove. */
export type ProviderAccountRemoveInput = {
  /** The alias of the account. */
  readonly id: Scalars['ID']['input'];
  /** The tenant that the account belongs to. */
  readonly tenantId: Scalars['ID']['input'];
};

/** An account at a shipping provider: a new one, or what replaces an account of the tenant. */
export type ProviderAccountSetInput = {
  /** The credentials, by the names that the provider's accounts have in the tenants file. Example: `{ "apiKey": "EZTK..." }`. They are encrypted and never shown again. Send them as a variable. */
  readonly credentials: Scalars['JSON']['input'];
  /** The environment of the credentials. An account keeps the one that it was first set with. `SANDBOX` is for a server that runs the emulated providers. */
  readonly environment: ProviderEnvironment;
  /** The alias of the account: 1 to 63 characters of a-z, 0-9, - and _, the first one a letter or digit. */
  readonly id: Scalars['ID']['input'];
  /** The other settings of the account, by their names in the tenants file. Example: `{ "name": "USPS West", "quota": { "default": 600 } }`. Default: those of the provider. */
  readonly options?: InputMaybe<Scalars['JSON']['input']>;
  /** The provider. Examples: `usps`, `easypost`. An account keeps the one that it was first set with. */
  readonly provider: Scalars['String']['input'];
  /** The tenant that the account belongs to. It was created by `tenantCreate`. */
  readonly tenantId: Scalars['ID']['input'];
};

/**
 * An account's circuit breaker for one API product. It opens when the provider does not respond several times in a row;
 * calls then fail with UNAVAILABLE at once, until one of them is sent as a probe and gets a response.
 */
export type ProviderBreaker = {
  readonly __typename?: 'ProviderBreaker';
  /** The API product, in the provider's own word. Example: `tracking`. */
  readonly api: Scalars['String']['output'];
  /** The failure that opened the breaker. Null if it is closed. */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** The time at which the next call is sent as a probe. Null while a probe is under way. */
  readonly retryAt?: Maybe<Scalars['DateTime']['output']>;
  /** Whether calls are sent. */
  readonly state: BreakerState;
};

/** The environment of a provider account. */
export type ProviderEnvironment =
  /** The provider's production environment. Labels are charged. */
  | 'PRODUCTION'
  /** The emulated provider that is included in this server. Nothing is shipped or charged. */
  | 'SANDBOX'
  /** The provider's test environment. Labels are samples, and nothing is charged. */
  | 'TEST';

/**
 * The reason why one account returned no result. Failures are returned beside the results of other accounts, so that an
 * empty list always comes with a reason.
 */
export type ProviderFailure = {
  readonly __typename?: 'ProviderFailure';
  /** The account that failed. Null if none of your accounts could be asked. */
  readonly account?: Maybe<ProviderAccount>;
  /** The kind of failure. */
  readonly code: ProviderFailureCode;
  /** The path of the input field that the provider rejected. Example: `["input", "to", "postalCode"]`. Null if it named none, and for a value that is no argument of this operation, such as the key of an entity: the message names it. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The next step that resolves the failure. Null if there is none. */
  readonly hint?: Maybe<Scalars['String']['output']>;
  /** The failure in words for people. Do not parse it; use `code`. */
  readonly message: Scalars['String']['output'];
  /** The provider's own error code, unchanged. */
  readonly providerCode?: Maybe<Scalars['String']['output']>;
  /** The provider's own error message, unchanged. */
  readonly providerMessage?: Maybe<Scalars['String']['output']>;
  /** The id of this request, for support. It is also sent as the `x-request-id` header and written to the log. */
  readonly requestId?: Maybe<Scalars['ID']['output']>;
  /** The number of seconds to wait before the next attempt. Null if unknown. */
  readonly retryAfterSeconds?: Maybe<Scalars['Int']['output']>;
  /** True if the same call may succeed later. */
  readonly retryable: Scalars['Boolean']['output'];
};

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

/** The quota of one API product: calls within a rolling window. Failed calls and token requests count too. */
export type ProviderQuota = {
  readonly __typename?: 'ProviderQuota';
  /** The API product, in the provider's own word. Example: `tracking`. */
  readonly api: Scalars['String']['output'];
  /** The number of calls that the window allows. */
  readonly limit: Scalars['Int']['output'];
  /** The number of calls left in the window. Calls that another replica has taken ahead of need, at most a hundredth, count as used. */
  readonly remaining: Scalars['Int']['output'];
  /** The time at which `remaining` next increases. Null if no call was made within the window. */
  readonly resetsAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Calls of one API product, by the operation and the client that caused them. */
export type ProviderUsage = {
  readonly __typename?: 'ProviderUsage';
  /** The API product, in the provider's own word. Example: `tracking`. */
  readonly api: Scalars['String']['output'];
  /** Calls to the provider, each resend and each token among them. */
  readonly calls: Scalars['Int']['output'];
  /** The name and version of the client, as the headers `apollographql-client-name` and `apollographql-client-version` give them. Null without them. */
  readonly client?: Maybe<Scalars['String']['output']>;
  /** The calls among them that failed: without a response, or with a status of 400 and above. */
  readonly failed: Scalars['Int']['output'];
  /** Questions that were answered by a call of another operation, asked at the same time. */
  readonly joined: Scalars['Int']['output'];
  /** The name of the GraphQL operation. Null for background work and for operations without a name; `other` beyond 100 names of operations and clients. */
  readonly operation?: Maybe<Scalars['String']['output']>;
};

/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type Query = {
  readonly __typename?: 'Query';
  /** Checks the caller's accounts at their providers, as `npm run doctor` does, by a few calls for each. */
  readonly accountDiagnostics: ReadonlyArray<Diagnostic>;
  /** Verifies an address: whether mail can be delivered there, and its standardized form. */
  readonly addressVerification?: Maybe<AddressVerification>;
  /** Verifies up to 100 addresses, counted over the whole operation. Results are in the order of the input; an address that is not valid is `UNVERIFIED` with a failure for each error. */
  readonly addressVerifications?: Maybe<ReadonlyArray<AddressVerification>>;
  /** Lists places near a US ZIP code where parcels can be dropped off, nearest first. */
  readonly dropOffLocations?: Maybe<ReadonlyArray<DropOffLocation>>;
  /** Returns the labels of many shipments as one file, in the order given. Null if there is an error in the input. */
  readonly labelDocument?: Maybe<LabelDocument>;
  /** Returns a mail job by its id. Null if you have no such job. */
  readonly mailJob?: Maybe<MailJob>;
  /** Lists the mail jobs of an account, by ascending start. */
  readonly mailJobs?: Maybe<MailJobConnection>;
  /** Returns a manifest by its id. Null if you have no such manifest. */
  readonly manifest?: Maybe<Manifest>;
  /** Lists your manifests, newest first, as the ledger holds them. `manifest` also asks the provider about one that is `CREATING`. */
  readonly manifests?: Maybe<ManifestConnection>;
  /** Returns a pickup by its id. Null if you have no such pickup. */
  readonly pickup?: Maybe<Pickup>;
  /** Lists your pickups, the most recently scheduled first. */
  readonly pickups?: Maybe<PickupConnection>;
  /** Lists your accounts at shipping providers. */
  readonly providerAccounts: ReadonlyArray<ProviderAccount>;
  /** Quotes the price of a shipment at your accounts. An account that fails is listed in `failures` and does not affect the others. */
  readonly rates?: Maybe<RateQuote>;
  /** Returns a shipment by its id. Null if you have no such shipment. */
  readonly shipment?: Maybe<Shipment>;
  /**
   * Plans a purchase, the first of two steps: checks it as `shipmentPurchase` does, and binds the rate, the price and the
   * addresses. `shipmentPurchaseConfirm` purchases it. Planning calls no provider and writes nothing. Null if there is an
   * error in the input.
   */
  readonly shipmentPurchasePlan?: Maybe<ShipmentPurchasePlan>;
  /** Lists your shipments, newest first. */
  readonly shipments?: Maybe<ShipmentConnection>;
  /** Returns a tenant, null if there is none with this id. */
  readonly tenant?: Maybe<Tenant>;
  /** Lists the tenants of this server. */
  readonly tenants: ReadonlyArray<Tenant>;
  /** Returns the tracker of a parcel. */
  readonly tracker?: Maybe<Tracker>;
  /** Returns the trackers of up to 1,000 parcels, counted over the whole operation, with as few provider calls as possible. Results are in the order of the input; a number that is not valid is a tracker with status `UNKNOWN` and a `failure`. */
  readonly trackers?: Maybe<ReadonlyArray<Tracker>>;
  /** The caller's webhook endpoints, oldest first. */
  readonly webhookEndpoints: ReadonlyArray<WebhookEndpoint>;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryAccountDiagnosticsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryAddressVerificationArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  address: AddressInput;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryAddressVerificationsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  addresses: ReadonlyArray<AddressInput>;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryDropOffLocationsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  postalCode: Scalars['String']['input'];
  radiusMiles?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryLabelDocumentArgs = {
  input: LabelDocumentInput;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryMailJobArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryMailJobsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryManifestArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryManifestsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryPickupArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryPickupsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryRatesArgs = {
  input: RatesInput;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryShipmentArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryShipmentPurchasePlanArgs = {
  input: ShipmentPurchasePlanInput;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryShipmentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ShipmentFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryTenantArgs = {
  id: Scalars['ID']['input'];
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryTrackerArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  carrier?: InputMaybe<Scalars['String']['input']>;
  maxAgeSeconds?: InputMaybe<Scalars['Int']['input']>;
  trackingNumber: Scalars['String']['input'];
};


/**
 * Reads. A query may call providers but changes nothing at the carrier and costs no postage. All fields except
 * introspection need an API key.
 */
export type QueryTrackersArgs = {
  maxAgeSeconds?: InputMaybe<Scalars['Int']['input']>;
  numbers: ReadonlyArray<TrackingNumberInput>;
};

/** A price at which a service can be purchased. A rate can be read by its id after it has expired, but not purchased. */
export type Rate = {
  readonly __typename?: 'Rate';
  /** The account that quoted the rate and is charged for the label. */
  readonly account: ProviderAccount;
  /** The time at which the provider was asked for the price. Requests that the provider prices alike share an answer for a while, as the account is configured. A purchase asks again for a price that may have changed since. */
  readonly asOf: Scalars['DateTime']['output'];
  /** The carrier that hauls the parcels, in the API's own spelling. Examples: `USPS`, `UPS`, `FedEx`, `DHL`. */
  readonly carrier: Scalars['String']['output'];
  /** The lines of the price. */
  readonly charges: ReadonlyArray<ShippingCharge>;
  /** True if the price is reckoned from the provider's answers to other requests, in the same zone and at the same charged weight, as the account allows it. Such a rate tells no day of delivery, and `asOf` is when an answer last agreed with these prices. A purchase asks for its price first, and is refused as PRICE_CHANGED where it is higher. */
  readonly estimated: Scalars['Boolean']['output'];
  /** The estimated number of days until delivery. */
  readonly estimatedDays?: Maybe<Scalars['Int']['output']>;
  /** The estimated day of delivery. */
  readonly estimatedDeliveryDate?: Maybe<Scalars['Date']['output']>;
  /** The time after which the rate can't be purchased: 24 hours after `asOf`. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** True if the carrier guarantees the day of delivery. */
  readonly guaranteed: Scalars['Boolean']['output'];
  /** The id of the rate, for `shipmentPurchase`. It contains the rate in encrypted form, is shorter than 8 KiB, expires 24 hours after `asOf` and can be purchased once. */
  readonly id: Scalars['ID']['output'];
  /** The carrier's published price. Null if the provider does not return it. */
  readonly listPrice?: Maybe<Money>;
  /** A key that is the same for the same account, service, packaging and currency in every quote. Use it to find an offer again in a new quote. */
  readonly offerKey: Scalars['String']['output'];
  /** The carrier's packaging. Null for the sender's own box, and if the parcels have different packaging. */
  readonly packaging?: Maybe<Scalars['String']['output']>;
  /** The price of all parcels: postage and the requested options. */
  readonly price: Money;
  /** The price list that `price` comes from. Null if the provider does not return it. */
  readonly priceType?: Maybe<PriceType>;
  /** The paths into the input of `rates` that a purchase of this rate needs and that were not given. Contacts may be added to the purchase; anything else takes new rates. Example: `to.phone`. */
  readonly requires: ReadonlyArray<Scalars['String']['output']>;
  /** The price at the carrier's counter. Null if the provider does not return it. */
  readonly retailPrice?: Maybe<Money>;
  /** The carrier's service. */
  readonly service: ShippingService;
  /** Statistics on how long similar parcels took. Null if the provider has none. Requesting this field makes an additional call to the provider. */
  readonly transitTimes?: Maybe<TransitTimes>;
  /** The carrier's price zone. Example: `04`. */
  readonly zone?: Maybe<Scalars['String']['output']>;
};

/** The rates that were returned before the deadline, and the failures of the accounts that returned none. */
export type RateQuote = {
  readonly __typename?: 'RateQuote';
  /** The reasons why an account, or a carrier behind it, has no rate in the list. */
  readonly failures: ReadonlyArray<ProviderFailure>;
  /** The accounts that have not responded yet. Always empty in a query, and in the last message of `ratesStream`. */
  readonly pending: ReadonlyArray<ProviderAccount>;
  /** The rates, cheapest first within a currency; amounts of different currencies are not compared. A service that is sold in several currencies has a rate in each. */
  readonly rates: ReadonlyArray<Rate>;
};

/** The input of `rates`: the shipment to quote, and the accounts and carriers to ask. */
export type RatesInput = {
  /** The accounts to ask. Default: every account that quotes rates. */
  readonly accountIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** The carriers to quote, in any common spelling. Default: all. An account that has no rate of these carriers is listed in `failures`. */
  readonly carriers?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The customs declaration. Give it if the label will need it: a rate without it can't be purchased across a customs border. */
  readonly customs?: InputMaybe<CustomsInput>;
  /** The time in milliseconds within which the response is due, at most 60000; a twentieth of it, and at most 50 ms, is kept for the response itself. An account that has not responded by then is listed in `failures` as `TIMEOUT`. Default: 15000. */
  readonly deadlineMs?: InputMaybe<Scalars['Int']['input']>;
  /** The sender. Needs a country and, in most countries, a postal code. */
  readonly from: AddressInput;
  /** The greatest age of a shared answer in seconds: 0 prices anew. An answer that is under way counts as new. Default and maximum: what the account is configured with. */
  readonly maxAgeSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** Options beyond plain carriage. Default: none. */
  readonly options?: InputMaybe<ShipmentOptionsInput>;
  /** The parcels that are shipped together, 1 to 30. Each gets a label and a tracking number of its own. */
  readonly parcels: ReadonlyArray<ParcelInput>;
  /** The day on which the carrier receives the parcels, in the sender's local time. Default: today. */
  readonly shipDate?: InputMaybe<Scalars['Date']['input']>;
  /** The recipient. Needs a country and, in most countries, a postal code. */
  readonly to: AddressInput;
};

/** The refund of a voided label. */
export type Refund = {
  readonly __typename?: 'Refund';
  /** The refunded amount. Null if the provider does not return it. */
  readonly amount?: Maybe<Money>;
  /** The provider's own reference of the refund. */
  readonly reference?: Maybe<Scalars['String']['output']>;
  /** The time at which the refund was requested. */
  readonly requestedAt: Scalars['DateTime']['output'];
  /** The status. */
  readonly status: RefundStatus;
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

/** A purchase of shipping labels: one shipment of one or more parcels. */
export type Shipment = {
  readonly __typename?: 'Shipment';
  /** The account that is charged. */
  readonly account: ProviderAccount;
  /** The carrier that hauls the parcels, in the API's own spelling. Examples: `USPS`, `UPS`, `FedEx`, `DHL`. */
  readonly carrier: Scalars['String']['output'];
  /** The lines of the price, of all parcels. */
  readonly charges: ReadonlyArray<ShippingCharge>;
  /** The time at which the purchase was requested, or, for an imported shipment, created at the provider. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The reason for `FAILED` or `UNCERTAIN`. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The documents to print in addition to the labels, of all parcels, such as a customs form that is not part of the label. */
  readonly forms: ReadonlyArray<ShippingForm>;
  /** The sender. */
  readonly from: Address;
  /** The history of the shipment, oldest entry first. */
  readonly history: ReadonlyArray<ShipmentEvent>;
  /** The id of the shipment. */
  readonly id: Scalars['ID']['output'];
  /** True if a customer returns the parcels to a merchant. */
  readonly isReturn: Scalars['Boolean']['output'];
  /** The label of the only parcel. Null if there are several parcels, or the label can't be used, such as after it was voided. */
  readonly label?: Maybe<Label>;
  /** The parcels, each with a label, a tracking number and charges of its own. */
  readonly parcels: ReadonlyArray<ShippedParcel>;
  /** The charged price of all parcels: postage, options and fees. Null until it is known. */
  readonly price?: Maybe<Money>;
  /** The price of the rate that was purchased. Null for a label bought elsewhere whose provider does not tell its price. */
  readonly quotedPrice?: Maybe<Money>;
  /** Your reference, as given at purchase. */
  readonly reference?: Maybe<Scalars['String']['output']>;
  /** The refund of the only parcel, if its label was voided. Null if there are several parcels. */
  readonly refund?: Maybe<Refund>;
  /** The carrier's service. */
  readonly service: ShippingService;
  /** The status of the purchase. */
  readonly status: ShipmentStatus;
  /** The recipient. */
  readonly to: Address;
  /** The tracker of the only parcel. Null if there are several parcels, or it has no tracking number. */
  readonly tracker?: Maybe<Tracker>;
  /** The tracking number of the only parcel. Null if there are several parcels, or the carrier does not track it, as with letters. */
  readonly trackingNumber?: Maybe<Scalars['String']['output']>;
};

/** A page of shipments. */
export type ShipmentConnection = {
  readonly __typename?: 'ShipmentConnection';
  /** The shipments of this page with their cursors. */
  readonly edges: ReadonlyArray<ShipmentEdge>;
  /** The shipments of this page. */
  readonly nodes: ReadonlyArray<Shipment>;
  /** Information about the page, for pagination. */
  readonly pageInfo: PageInfo;
  /** The number of shipments in the whole list that meet the filter. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A shipment in a list. */
export type ShipmentEdge = {
  readonly __typename?: 'ShipmentEdge';
  /** The position of the shipment in the list, for `after` and `before`. */
  readonly cursor: Scalars['String']['output'];
  /** The shipment. */
  readonly node: Shipment;
};

/** An entry in the history of a shipment. Entries are never changed or removed. */
export type ShipmentEvent = {
  readonly __typename?: 'ShipmentEvent';
  /** The account at which it happened. */
  readonly account: ProviderAccount;
  /** The time of the event. */
  readonly at: Scalars['DateTime']['output'];
  /** The origin of the event: an API key, as `key:` and the first eight hexadecimal digits of its SHA-256, or an operator on the server, as `os:` and the user name. Null if the server acted by itself. */
  readonly by?: Maybe<Scalars['String']['output']>;
  /** A detail that depends on the event: a tracking number, a failure code or an idempotency key. */
  readonly detail?: Maybe<Scalars['String']['output']>;
  /**
   * The kind of event. Values may be added.
   *
   * - `ASKED`: the purchase was requested.
   * - `SENT`: the purchase was sent to the provider.
   * - `BOUGHT`: the label was purchased.
   * - `REFUSED`: the provider rejected the purchase of a parcel.
   * - `FAILED`: the purchase failed; nothing was purchased.
   * - `UNCERTAIN`: the provider's response was lost.
   * - `RECALLED`: a lost response was recovered from the provider.
   * - `IMPORTED`: a label purchased outside this API was imported.
   * - `REPRINTED`: the label was returned in another format.
   * - `VOID_ASKED`: voiding the label was requested.
   * - `VOIDED`: the label was voided.
   * - `REFUND_HEARD`: the provider decided on the refund.
   * - `RESOLVED_BY_HAND`: an operator resolved an uncertain outcome.
   */
  readonly event: Scalars['String']['output'];
  /** The id of the request that caused the event, as in the log. Null if the server acted by itself. */
  readonly requestId?: Maybe<Scalars['ID']['output']>;
};

/** Conditions on shipments. A shipment must meet all that are given. */
export type ShipmentFilter = {
  /** The shipment belongs to one of these accounts. */
  readonly accountIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** The shipment was created at this time or later. */
  readonly createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** The shipment was created before this time. */
  readonly createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** The shipment has exactly this reference. */
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  /** The shipment has one of these statuses. */
  readonly status?: InputMaybe<ReadonlyArray<ShipmentStatus>>;
  /** A parcel of the shipment has this tracking number. Spaces and letter case do not matter. */
  readonly trackingNumber?: InputMaybe<Scalars['String']['input']>;
};

/** Options beyond plain carriage. Only services that offer all of them are quoted, with their cost included in the price. */
export type ShipmentOptionsInput = {
  /** Delivery against the signature of a person of at least 21 years. Default: false. */
  readonly adultSignature?: InputMaybe<Scalars['Boolean']['input']>;
  /** The value for which each parcel is insured, more than zero. Providers that charge for insurance at purchase show its fee in the shipment's `charges` only; some insure one parcel per quote. Default: no insurance. */
  readonly insuredValue?: InputMaybe<MoneyInput>;
  /** True for a parcel that a customer returns: `from` is the customer, `to` is the merchant, who pays. Default: false. */
  readonly isReturn?: InputMaybe<Scalars['Boolean']['input']>;
  /** Delivery on a Saturday. Default: false. */
  readonly saturdayDelivery?: InputMaybe<Scalars['Boolean']['input']>;
  /** Delivery against a signature. Default: false. */
  readonly signature?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The input of `shipmentPurchaseConfirm`. */
export type ShipmentPurchaseConfirmInput = {
  /** The id of the plan: `ShipmentPurchasePlan.id`. */
  readonly planId: Scalars['ID']['input'];
};

/** The input of `shipmentPurchase`. */
export type ShipmentPurchaseInput = {
  /** The contact at the quoted sender's address. It may add name, company, phone and email. Any other field, if given, must equal the quoted one. */
  readonly from?: InputMaybe<AddressInput>;
  /** A key of your choice, 1 to 255 characters. Repeated calls with the same key purchase once and return the same shipment. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The form in which the label is delivered. Default: PDF. */
  readonly label?: InputMaybe<LabelInput>;
  /** The highest price that you accept if the price has risen since the quote, not less than the rate's `price`. Default: the rate's `price`. A higher price fails with `PRICE_CHANGED`. */
  readonly maxPrice?: InputMaybe<MoneyInput>;
  /** The id of the rate to purchase. */
  readonly rateId: Scalars['ID']['input'];
  /** Your own reference, at most 100 characters. `shipments` can filter by it. */
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  /** The contact at the quoted recipient's address. It may add name, company, phone and email. Any other field, if given, must equal the quoted one. */
  readonly to?: InputMaybe<AddressInput>;
};

/** The result of `shipmentPurchase`, `shipmentPurchaseConfirm` and `labelReprint`. */
export type ShipmentPurchasePayload = {
  readonly __typename?: 'ShipmentPurchasePayload';
  /** The reason why the provider rejected the purchase or the reprint, or did not respond. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The shipment. Null if the purchase was not started, or the input has errors. */
  readonly shipment?: Maybe<Shipment>;
  /** The errors in the input. If there are any, the provider was not called. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** A purchase that was checked and waits for its confirmation. Nothing is purchased or reserved yet. */
export type ShipmentPurchasePlan = {
  readonly __typename?: 'ShipmentPurchasePlan';
  /** The time at which the plan expires: ten minutes after it was made, or when its rate expires. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** The sender, as the label will have it. */
  readonly from: Address;
  /** The id of the plan, for `shipmentPurchaseConfirm`. It contains the plan in encrypted form. Only the API key that planned the purchase, or the subject of its token, can confirm it. */
  readonly id: Scalars['ID']['output'];
  /** The file format of the labels. */
  readonly labelFormat: LabelFormat;
  /** The highest price at which the purchase is made: the rate's `price`. A higher one fails with `PRICE_CHANGED`. */
  readonly maxPrice: Money;
  /** The parcels. Each gets a label and a tracking number of its own. */
  readonly parcels: ReadonlyArray<Parcel>;
  /** The rate that will be purchased. */
  readonly rate: Rate;
  /** Your own reference. */
  readonly reference?: Maybe<Scalars['String']['output']>;
  /** The recipient, as the label will have it. */
  readonly to: Address;
};

/** The input of `shipmentPurchasePlan`. */
export type ShipmentPurchasePlanInput = {
  /** The contact at the quoted sender's address. It may add name, company, phone and email. Any other field, if given, must equal the quoted one. */
  readonly from?: InputMaybe<AddressInput>;
  /** The form in which the label is delivered. Default: PDF. */
  readonly label?: InputMaybe<LabelInput>;
  /** The id of the rate to purchase. */
  readonly rateId: Scalars['ID']['input'];
  /** Your own reference, at most 100 characters. `shipments` can filter by it. */
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  /** The contact at the quoted recipient's address. It may add name, company, phone and email. Any other field, if given, must equal the quoted one. */
  readonly to?: InputMaybe<AddressInput>;
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
  readonly id: Scalars['ID']['input'];
};

/** The result of `shipmentVoid`. */
export type ShipmentVoidPayload = {
  readonly __typename?: 'ShipmentVoidPayload';
  /** The reason why the provider rejected the request or did not respond. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The shipment as it is now. Null if the input has errors. */
  readonly shipment?: Maybe<Shipment>;
  /** The errors in the input. If there are any, the provider was not called. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** One parcel of a shipment, with its label. */
export type ShippedParcel = {
  readonly __typename?: 'ShippedParcel';
  /** The documents to print in addition to the label. */
  readonly forms: ReadonlyArray<ShippingForm>;
  /** The label. Null if there is none, or it can't be used, such as after it was voided. */
  readonly label?: Maybe<Label>;
  /** The weight, dimensions and packaging. */
  readonly parcel: Parcel;
  /** The charged price: postage, options and fees. Null until it is known. */
  readonly price?: Maybe<Money>;
  /** The refund, if the label was voided. */
  readonly refund?: Maybe<Refund>;
  /** The status of this parcel's purchase. */
  readonly status: ShipmentStatus;
  /** The tracker. Null until the tracking number is known. */
  readonly tracker?: Maybe<Tracker>;
  /** The tracking number. Null until it is known, and where the carrier does not track the parcel, as with letters. */
  readonly trackingNumber?: Maybe<Scalars['String']['output']>;
};

/** One line of a price. */
export type ShippingCharge = {
  readonly __typename?: 'ShippingCharge';
  /** The amount. */
  readonly amount: Money;
  /** The name of the charge. Example: `Postage`. */
  readonly name: Scalars['String']['output'];
};

/** A document that accompanies a parcel in addition to its label. */
export type ShippingForm = {
  readonly __typename?: 'ShippingForm';
  /** The media type of the file. Example: `application/pdf`. */
  readonly contentType: Scalars['String']['output'];
  /** The time at which `url` expires, 24 hours after it was issued. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** The file format. */
  readonly format: LabelFormat;
  /** The display name. Example: `Commercial invoice`. */
  readonly name: Scalars['String']['output'];
  /** The signed download URL. It needs no API key and expires at `expiresAt`; read the shipment again for a new one. */
  readonly url: Scalars['URL']['output'];
};

/** A carrier's service. */
export type ShippingService = {
  readonly __typename?: 'ShippingService';
  /** The code of the service, the same whichever provider sells it. Example: `PRIORITY_MAIL`. */
  readonly code: Scalars['String']['output'];
  /** The display name. Example: `Priority Mail`. */
  readonly name: Scalars['String']['output'];
  /** The provider's own code for the service. */
  readonly providerCode?: Maybe<Scalars['String']['output']>;
};

/** An error in the input of a mutation, found without a call to a provider. */
export type ShippingUserError = {
  readonly __typename?: 'ShippingUserError';
  /** The kind of error. */
  readonly code: ShippingUserErrorCode;
  /** The path of the input field. Example: `["input", "rateId"]`. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The error in words for people. Do not parse it; use `code`. */
  readonly message: Scalars['String']['output'];
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

/**
 * Changes, as they happen. A subscription comes through the WebSocket protocol of graphql-ws, or as a response that stays open
 * (`accept: text/event-stream`). It needs an API key, and calls a provider only where a description says so.
 */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /** Quotes as `rates` does. Each account that responds is a message of its own, with the rates and failures of that account; the fastest comes first. The last message has nothing `pending`; `deadlineMs` ends the wait. */
  readonly ratesStream: RateQuote;
  /**
   * Returns the present state of each parcel, then each state that a webhook, a query or a poll finds to be different. States
   * that follow each other closely may arrive as the last of them; its `events` have what happened between. A parcel whose
   * state is known costs no provider call; one that nobody asked for before is asked for once, as by `tracker`.
   */
  readonly trackerUpdated: Tracker;
};


/**
 * Changes, as they happen. A subscription comes through the WebSocket protocol of graphql-ws, or as a response that stays open
 * (`accept: text/event-stream`). It needs an API key, and calls a provider only where a description says so.
 */
export type SubscriptionRatesStreamArgs = {
  input: RatesInput;
};


/**
 * Changes, as they happen. A subscription comes through the WebSocket protocol of graphql-ws, or as a response that stays open
 * (`accept: text/event-stream`). It needs an API key, and calls a provider only where a description says so.
 */
export type SubscriptionTrackerUpdatedArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  numbers: ReadonlyArray<TrackingNumberInput>;
};

/** A number by which customs or a tax office knows the sender or the receiver. */
export type TaxIdInput = {
  /** The country that issued the number. USPS has no field for it and prints the number alone. */
  readonly issuingCountry?: InputMaybe<Scalars['CountryCode']['input']>;
  /** The number, as it was issued. */
  readonly number: Scalars['String']['input'];
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

/** A customer of this server, with accounts and API keys of its own. */
export type Tenant = {
  readonly __typename?: 'Tenant';
  /** The tenant's accounts at shipping providers. */
  readonly accounts: ReadonlyArray<ProviderAccount>;
  /** The API keys that were created by `apiKeyCreate`, oldest first. Those of the configuration are not listed. */
  readonly apiKeys: ReadonlyArray<ApiKey>;
  /** When the tenant was created by `tenantCreate`. Null for a tenant of the server's configuration, which alone changes it. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** The id of the tenant. */
  readonly id: Scalars['ID']['output'];
  /** The display name of the tenant. */
  readonly name: Scalars['String']['output'];
};

/** A new tenant. */
export type TenantCreateInput = {
  /** The id of the tenant: 1 to 63 characters of a-z, 0-9, - and _, the first one a letter or digit. The id of a deleted tenant can't be used again. */
  readonly id: Scalars['ID']['input'];
  /** The display name of the tenant: 1 to 100 characters. */
  readonly name: Scalars['String']['input'];
};

/** Names a tenant to delete. */
export type TenantDeleteInput = {
  /** The id of the tenant. */
  readonly id: Scalars['ID']['input'];
};

/** A tenant. */
export type TenantPayload = {
  readonly __typename?: 'TenantPayload';
  /** The tenant; after its deletion as it was before. Null if the input has errors. */
  readonly tenant?: Maybe<Tenant>;
  /** The errors in the input. If there are any, nothing was changed. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/**
 * The tracking of one parcel. There is one tracker per tenant, carrier and tracking number, whichever account returned it.
 * A tracking number always resolves to a tracker: if nothing is known, its status is `UNKNOWN` with a `failure`; if the
 * provider failed, it holds the last known state with a `failure`.
 */
export type Tracker = {
  readonly __typename?: 'Tracker';
  /** The account that returned this state. */
  readonly account?: Maybe<ProviderAccount>;
  /** The time at which a provider last returned the state. Null if none has. */
  readonly asOf?: Maybe<Scalars['DateTime']['output']>;
  /** The carrier that hauls the parcel, in the API's own spelling. Examples: `USPS`, `UPS`, `FedEx`. Null if it was not given and the number does not reveal it. */
  readonly carrier?: Maybe<Scalars['String']['output']>;
  /** The place of this state among the changes of your trackers. `trackerUpdated` resumes after it. It is opaque, and valid as long as the parcel is tracked. */
  readonly cursor: Scalars['String']['output'];
  /** The end of the delivery window, in local time. */
  readonly deliveryWindowEnd?: Maybe<Scalars['LocalDateTime']['output']>;
  /** The beginning of the delivery window, in local time. */
  readonly deliveryWindowStart?: Maybe<Scalars['LocalDateTime']['output']>;
  /** The estimated time of delivery, if the carrier gives an instant. */
  readonly estimatedDelivery?: Maybe<Scalars['DateTime']['output']>;
  /** The estimated day of delivery. */
  readonly estimatedDeliveryDate?: Maybe<Scalars['Date']['output']>;
  /** The events, newest first. */
  readonly events: ReadonlyArray<TrackingEvent>;
  /** The reason why the state is unknown or stale. */
  readonly failure?: Maybe<ProviderFailure>;
  /** The id of the tracker. It names the carrier and the tracking number. */
  readonly id: Scalars['ID']['output'];
  /** Your shipment with this tracking number, if its label was purchased here. */
  readonly shipment?: Maybe<Shipment>;
  /** The name of the person who signed for the parcel. */
  readonly signedBy?: Maybe<Scalars['String']['output']>;
  /** The time of the last update in the record of that provider. Null if the provider does not say. */
  readonly sourceUpdatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** True if the state is older than `maxAgeSeconds` because it could not be refreshed. It is still the latest known. */
  readonly stale: Scalars['Boolean']['output'];
  /** The status. */
  readonly status: TrackingStatus;
  /** The status in the carrier's own words. */
  readonly statusText?: Maybe<Scalars['String']['output']>;
  /** The tracking number, normalized: upper case, without spaces. */
  readonly trackingNumber: Scalars['String']['output'];
  /** The carrier's public tracking page for this parcel. */
  readonly trackingUrl?: Maybe<Scalars['URL']['output']>;
};

/** Parcels to watch, or not to watch any more. */
export type TrackerWatchInput = {
  /** The parcels, up to 1,000 in an operation. */
  readonly numbers: ReadonlyArray<TrackingNumberInput>;
};

/** What is known of the parcels. */
export type TrackerWatchPayload = {
  readonly __typename?: 'TrackerWatchPayload';
  /** The trackers in the order of the input, as the ledger has them: no provider is asked. Null if the input has errors. */
  readonly trackers?: Maybe<ReadonlyArray<Tracker>>;
  /** The errors in the input. If there are any, nothing was changed. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** One event of a parcel's journey, such as a scan. */
export type TrackingEvent = {
  readonly __typename?: 'TrackingEvent';
  /** The carrier's own event code. */
  readonly carrierCode?: Maybe<Scalars['String']['output']>;
  /** The description, in the carrier's own words. */
  readonly description: Scalars['String']['output'];
  /** The id of the event. It is derived from the content, so that the same event has the same id in every response. */
  readonly id: Scalars['ID']['output'];
  /** The place of the event, usually city, state and country. */
  readonly location?: Maybe<Address>;
  /** The time of the event. Null if the carrier gives no time zone. */
  readonly occurredAt?: Maybe<Scalars['DateTime']['output']>;
  /** The local time at the place of the event. */
  readonly occurredAtLocal?: Maybe<Scalars['LocalDateTime']['output']>;
  /** The status that the event stands for. */
  readonly status: TrackingStatus;
};

/** A parcel to track. */
export type TrackingNumberInput = {
  /** The account to ask. Default: the account that purchased the label, then one that is connected to the carrier directly, then any that can track it. */
  readonly accountId?: InputMaybe<Scalars['ID']['input']>;
  /** The carrier, in any common spelling. Default: recognized by the form of the number, if only one carrier's numbers have that form. */
  readonly carrier?: InputMaybe<Scalars['String']['input']>;
  /** The tracking number. Spaces and letter case do not matter. */
  readonly trackingNumber: Scalars['String']['input'];
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

/** The number of days within which a percentage of similar parcels was delivered. A value is null if it is unknown. */
export type TransitTimes = {
  readonly __typename?: 'TransitTimes';
  /** The days within which 50 % of the parcels were delivered. */
  readonly percentile50?: Maybe<Scalars['Int']['output']>;
  /** The days within which 75 % of the parcels were delivered. */
  readonly percentile75?: Maybe<Scalars['Int']['output']>;
  /** The days within which 85 % of the parcels were delivered. */
  readonly percentile85?: Maybe<Scalars['Int']['output']>;
  /** The days within which 90 % of the parcels were delivered. */
  readonly percentile90?: Maybe<Scalars['Int']['output']>;
  /** The days within which 95 % of the parcels were delivered. */
  readonly percentile95?: Maybe<Scalars['Int']['output']>;
  /** The days within which 97 % of the parcels were delivered. */
  readonly percentile97?: Maybe<Scalars['Int']['output']>;
  /** The days within which 99 % of the parcels were delivered. */
  readonly percentile99?: Maybe<Scalars['Int']['output']>;
};

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

/** One event for one endpoint. Events about one parcel or shipment are delivered in their order. */
export type WebhookDelivery = {
  readonly __typename?: 'WebhookDelivery';
  /** The number of attempts since the delivery was created, or last sent again. */
  readonly attempts: Scalars['Int']['output'];
  /** The time of the change. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The change that is sent. */
  readonly event: WebhookEvent;
  /** The `webhook-id` of the request, equal in each attempt: receivers ignore an id that they know. */
  readonly id: Scalars['ID']['output'];
  /** Why the last attempt failed. */
  readonly lastError?: Maybe<Scalars['String']['output']>;
  /** The status of the last answer; null where there was none. */
  readonly lastStatusCode?: Maybe<Scalars['Int']['output']>;
  /** The time of the next attempt; null where there is none. */
  readonly nextAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** How far the delivery is. */
  readonly status: WebhookDeliveryStatus;
};

/** A page of deliveries. */
export type WebhookDeliveryConnection = {
  readonly __typename?: 'WebhookDeliveryConnection';
  /** The deliveries with their cursors. */
  readonly edges: ReadonlyArray<WebhookDeliveryEdge>;
  /** The deliveries. */
  readonly nodes: ReadonlyArray<WebhookDelivery>;
  /** The position of the page in the list. */
  readonly pageInfo: PageInfo;
  /** All deliveries of the list, on every page. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A delivery in a list, with its cursor. */
export type WebhookDeliveryEdge = {
  readonly __typename?: 'WebhookDeliveryEdge';
  /** The position of the delivery in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The delivery. */
  readonly node: WebhookDelivery;
};

/** A delivery after its attempt. */
export type WebhookDeliveryPayload = {
  readonly __typename?: 'WebhookDeliveryPayload';
  /** The delivery. Null if the input has errors. */
  readonly delivery?: Maybe<WebhookDelivery>;
  /** The errors in the input. If there are any, nothing was changed or sent. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** How far a delivery is. */
export type WebhookDeliveryStatus =
  /** Failed for a day, or the receiver is gone. `webhookRedeliver` sends it again. */
  | 'DEAD'
  /** The receiver answered 2xx. */
  | 'DELIVERED'
  /** Not tried yet. */
  | 'PENDING'
  /** Failed, and is tried again at `nextAttemptAt`. */
  | 'RETRYING';

/** Where a partner receives changes. Requests are signed as Standard Webhooks 1.0 defines it. */
export type WebhookEndpoint = {
  readonly __typename?: 'WebhookEndpoint';
  /** False once the receiver answered 410 Gone: nothing is sent to it any more. Create another endpoint to go on. */
  readonly active: Scalars['Boolean']['output'];
  /** The time at which the endpoint was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** What was sent or is to be sent, newest first. Ended deliveries are kept for 30 days. */
  readonly deliveries: WebhookDeliveryConnection;
  /** The events that the endpoint receives. */
  readonly events: ReadonlyArray<WebhookEvent>;
  /** The id of the endpoint. */
  readonly id: Scalars['ID']['output'];
  /** The URL that requests are sent to. */
  readonly url: Scalars['URL']['output'];
};


/** Where a partner receives changes. Requests are signed as Standard Webhooks 1.0 defines it. */
export type WebhookEndpointDeliveriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  failedOnly?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A new webhook endpoint. */
export type WebhookEndpointCreateInput = {
  /** At least one. */
  readonly events: ReadonlyArray<WebhookEvent>;
  /** An https URL on a public host. Redirects are not followed. */
  readonly url: Scalars['URL']['input'];
};

/** Names a webhook endpoint. */
export type WebhookEndpointInput = {
  /** The id of the endpoint. */
  readonly id: Scalars['ID']['input'];
};

/** An endpoint, and its secret where the operation made one. */
export type WebhookEndpointPayload = {
  readonly __typename?: 'WebhookEndpointPayload';
  /** The endpoint. Null if the input has errors. */
  readonly endpoint?: Maybe<WebhookEndpoint>;
  /** The secret that signs requests, `whsec_` and base64. Shown once. */
  readonly secret?: Maybe<Scalars['String']['output']>;
  /** The errors in the input. If there are any, nothing was changed or sent. */
  readonly userErrors: ReadonlyArray<ShippingUserError>;
};

/** A change that is sent. */
export type WebhookEvent =
  /** `refund.updated`: the refund of a label has another status. */
  | 'REFUND_UPDATED'
  /** `shipment.purchased`: every label of a shipment is bought. `data` has the shipment's `id`, status and tracking numbers. */
  | 'SHIPMENT_PURCHASED'
  /** `shipment.voided`: every label of a shipment is void. */
  | 'SHIPMENT_VOIDED'
  /** `tracker.updated`: a tracker has another state or another event. `data` has the tracker's `id`, number, status and latest event. */
  | 'TRACKER_UPDATED';

/** Names a delivery. */
export type WebhookRedeliverInput = {
  /** The id of the delivery. */
  readonly deliveryId: Scalars['ID']['input'];
};

/** A weight in the unit in which it was given. It is converted to a provider's own unit once, rounded up. */
export type Weight = {
  readonly __typename?: 'Weight';
  /** The unit. */
  readonly unit: WeightUnit;
  /** The number of units. */
  readonly value: Scalars['Float']['output'];
};

/** A weight in any of the units. */
export type WeightInput = {
  /** The unit. */
  readonly unit: WeightUnit;
  /** The number of units: more than zero, and for a parcel at most 1,000 kilograms. */
  readonly value: Scalars['Float']['input'];
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
  ApiKey: ResolverTypeWrapper<ApiKeyRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  ApiKeyCreateInput: ApiKeyCreateInput;
  ApiKeyDeleteInput: ApiKeyDeleteInput;
  ApiKeyPayload: ResolverTypeWrapper<Omit<ApiKeyPayload, 'apiKey'> & { apiKey?: Maybe<ResolversTypes['ApiKey']> }>;
  ApiKeyRotateInput: ApiKeyRotateInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  BreakerState: BreakerState;
  CountryCode: ResolverTypeWrapper<Scalars['CountryCode']['output']>;
  CurrencyCode: ResolverTypeWrapper<Scalars['CurrencyCode']['output']>;
  CustomsContents: CustomsContents;
  CustomsInput: CustomsInput;
  CustomsItemInput: CustomsItemInput;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  Diagnostic: ResolverTypeWrapper<AccountDiagnostic>;
  DiagnosticStatus: DiagnosticStatus;
  Dimensions: ResolverTypeWrapper<Dimensions>;
  DimensionsInput: DimensionsInput;
  DropOffLocation: ResolverTypeWrapper<DropOffLocation>;
  Incoterm: Incoterm;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Label: ResolverTypeWrapper<Label>;
  LabelDocument: ResolverTypeWrapper<LabelDocument>;
  LabelDocumentInput: LabelDocumentInput;
  LabelDocumentSkip: ResolverTypeWrapper<LabelDocumentSkip>;
  LabelFormat: LabelFormat;
  LabelInput: LabelInput;
  LabelLayout: LabelLayout;
  LabelReprintInput: LabelReprintInput;
  LengthUnit: LengthUnit;
  LocalDateTime: ResolverTypeWrapper<Scalars['LocalDateTime']['output']>;
  MailJob: ResolverTypeWrapper<MailJobSource>;
  MailJobConnection: ResolverTypeWrapper<Omit<MailJobConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['MailJobEdge']>, nodes: ReadonlyArray<ResolversTypes['MailJob']> }>;
  MailJobCreateInput: MailJobCreateInput;
  MailJobCreatePayload: ResolverTypeWrapper<Omit<MailJobCreatePayload, 'failure' | 'mailJob'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, mailJob?: Maybe<ResolversTypes['MailJob']> }>;
  MailJobEdge: ResolverTypeWrapper<Omit<MailJobEdge, 'node'> & { node: ResolversTypes['MailJob'] }>;
  Manifest: ResolverTypeWrapper<StoredOperation>;
  ManifestConnection: ResolverTypeWrapper<OperationConnectionSource>;
  ManifestCreateInput: ManifestCreateInput;
  ManifestCreatePayload: ResolverTypeWrapper<Omit<ManifestCreatePayload, 'failure' | 'manifest'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, manifest?: Maybe<ResolversTypes['Manifest']> }>;
  ManifestEdge: ResolverTypeWrapper<Omit<ManifestEdge, 'node'> & { node: ResolversTypes['Manifest'] }>;
  ManifestStatus: ManifestStatus;
  MetadataInput: MetadataInput;
  Money: ResolverTypeWrapper<Money>;
  MoneyInput: MoneyInput;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  NonDelivery: NonDelivery;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Parcel: ResolverTypeWrapper<Parcel>;
  ParcelInput: ParcelInput;
  Permission: Permission;
  Pickup: ResolverTypeWrapper<StoredOperation>;
  PickupCancelInput: PickupCancelInput;
  PickupCancelPayload: ResolverTypeWrapper<Omit<PickupCancelPayload, 'failure' | 'pickup'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, pickup?: Maybe<ResolversTypes['Pickup']> }>;
  PickupConnection: ResolverTypeWrapper<OperationConnectionSource>;
  PickupEdge: ResolverTypeWrapper<Omit<PickupEdge, 'node'> & { node: ResolversTypes['Pickup'] }>;
  PickupScheduleInput: PickupScheduleInput;
  PickupSchedulePayload: ResolverTypeWrapper<Omit<PickupSchedulePayload, 'failure' | 'pickup'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, pickup?: Maybe<ResolversTypes['Pickup']> }>;
  PickupStatus: PickupStatus;
  PriceType: PriceType;
  ProviderAccount: ResolverTypeWrapper<Account>;
  ProviderAccountPayload: ResolverTypeWrapper<Omit<ProviderAccountPayload, 'account' | 'diagnostics'> & { account?: Maybe<ResolversTypes['ProviderAccount']>, diagnostics: ReadonlyArray<ResolversTypes['Diagnostic']> }>;
  ProviderAccountRemoveInput: ProviderAccountRemoveInput;
  ProviderAccountSetInput: ProviderAccountSetInput;
  ProviderBreaker: ResolverTypeWrapper<Breaker>;
  ProviderEnvironment: ProviderEnvironment;
  ProviderFailure: ResolverTypeWrapper<AccountFailure>;
  ProviderFailureCode: ProviderFailureCode;
  ProviderOperation: ProviderOperation;
  ProviderQuota: ResolverTypeWrapper<Quota>;
  ProviderUsage: ResolverTypeWrapper<Usage>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Rate: ResolverTypeWrapper<SealedRate>;
  RateQuote: ResolverTypeWrapper<Omit<RateQuote, 'failures' | 'pending' | 'rates'> & { failures: ReadonlyArray<ResolversTypes['ProviderFailure']>, pending: ReadonlyArray<ResolversTypes['ProviderAccount']>, rates: ReadonlyArray<ResolversTypes['Rate']> }>;
  RatesInput: RatesInput;
  Refund: ResolverTypeWrapper<StoredRefund>;
  RefundStatus: RefundStatus;
  Shipment: ResolverTypeWrapper<StoredShipment>;
  ShipmentConnection: ResolverTypeWrapper<ShipmentConnectionSource>;
  ShipmentEdge: ResolverTypeWrapper<Omit<ShipmentEdge, 'node'> & { node: ResolversTypes['Shipment'] }>;
  ShipmentEvent: ResolverTypeWrapper<ShipmentEventSource>;
  ShipmentFilter: ShipmentFilter;
  ShipmentOptionsInput: ShipmentOptionsInput;
  ShipmentPurchaseConfirmInput: ShipmentPurchaseConfirmInput;
  ShipmentPurchaseInput: ShipmentPurchaseInput;
  ShipmentPurchasePayload: ResolverTypeWrapper<Omit<ShipmentPurchasePayload, 'failure' | 'shipment'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, shipment?: Maybe<ResolversTypes['Shipment']> }>;
  ShipmentPurchasePlan: ResolverTypeWrapper<PlannedPurchase>;
  ShipmentPurchasePlanInput: ShipmentPurchasePlanInput;
  ShipmentStatus: ShipmentStatus;
  ShipmentVoidInput: ShipmentVoidInput;
  ShipmentVoidPayload: ResolverTypeWrapper<Omit<ShipmentVoidPayload, 'failure' | 'shipment'> & { failure?: Maybe<ResolversTypes['ProviderFailure']>, shipment?: Maybe<ResolversTypes['Shipment']> }>;
  ShippedParcel: ResolverTypeWrapper<ShippedParcelSource>;
  ShippingCharge: ResolverTypeWrapper<ShippingCharge>;
  ShippingForm: ResolverTypeWrapper<ShippingForm>;
  ShippingService: ResolverTypeWrapper<ShippingService>;
  ShippingUserError: ResolverTypeWrapper<ShippingUserError>;
  ShippingUserErrorCode: ShippingUserErrorCode;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TaxIdInput: TaxIdInput;
  TaxIdType: TaxIdType;
  Tenant: ResolverTypeWrapper<Caller>;
  TenantCreateInput: TenantCreateInput;
  TenantDeleteInput: TenantDeleteInput;
  TenantPayload: ResolverTypeWrapper<Omit<TenantPayload, 'tenant'> & { tenant?: Maybe<ResolversTypes['Tenant']> }>;
  Tracker: ResolverTypeWrapper<KnownTracker>;
  TrackerWatchInput: TrackerWatchInput;
  TrackerWatchPayload: ResolverTypeWrapper<Omit<TrackerWatchPayload, 'trackers'> & { trackers?: Maybe<ReadonlyArray<ResolversTypes['Tracker']>> }>;
  TrackingEvent: ResolverTypeWrapper<TrackingEventSource>;
  TrackingNumberInput: TrackingNumberInput;
  TrackingStatus: TrackingStatus;
  TransitTimes: ResolverTypeWrapper<TransitTimes>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  VerificationStatus: VerificationStatus;
  WebhookDelivery: ResolverTypeWrapper<WebhookDeliveryRow>;
  WebhookDeliveryConnection: ResolverTypeWrapper<DeliveryConnectionSource>;
  WebhookDeliveryEdge: ResolverTypeWrapper<Omit<WebhookDeliveryEdge, 'node'> & { node: ResolversTypes['WebhookDelivery'] }>;
  WebhookDeliveryPayload: ResolverTypeWrapper<Omit<WebhookDeliveryPayload, 'delivery'> & { delivery?: Maybe<ResolversTypes['WebhookDelivery']> }>;
  WebhookDeliveryStatus: WebhookDeliveryStatus;
  WebhookEndpoint: ResolverTypeWrapper<WebhookEndpointRow>;
  WebhookEndpointCreateInput: WebhookEndpointCreateInput;
  WebhookEndpointInput: WebhookEndpointInput;
  WebhookEndpointPayload: ResolverTypeWrapper<Omit<WebhookEndpointPayload, 'endpoint'> & { endpoint?: Maybe<ResolversTypes['WebhookEndpoint']> }>;
  WebhookEvent: WebhookEvent;
  WebhookRedeliverInput: WebhookRedeliverInput;
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
  ApiKey: ApiKeyRow;
  ID: Scalars['ID']['output'];
  ApiKeyCreateInput: ApiKeyCreateInput;
  ApiKeyDeleteInput: ApiKeyDeleteInput;
  ApiKeyPayload: Omit<ApiKeyPayload, 'apiKey'> & { apiKey?: Maybe<ResolversParentTypes['ApiKey']> };
  ApiKeyRotateInput: ApiKeyRotateInput;
  Int: Scalars['Int']['output'];
  CountryCode: Scalars['CountryCode']['output'];
  CurrencyCode: Scalars['CurrencyCode']['output'];
  CustomsInput: CustomsInput;
  CustomsItemInput: CustomsItemInput;
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  Decimal: Scalars['Decimal']['output'];
  Diagnostic: AccountDiagnostic;
  Dimensions: Dimensions;
  DimensionsInput: DimensionsInput;
  DropOffLocation: DropOffLocation;
  JSON: Scalars['JSON']['output'];
  Label: Label;
  LabelDocument: LabelDocument;
  LabelDocumentInput: LabelDocumentInput;
  LabelDocumentSkip: LabelDocumentSkip;
  LabelInput: LabelInput;
  LabelReprintInput: LabelReprintInput;
  LocalDateTime: Scalars['LocalDateTime']['output'];
  MailJob: MailJobSource;
  MailJobConnection: Omit<MailJobConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['MailJobEdge']>, nodes: ReadonlyArray<ResolversParentTypes['MailJob']> };
  MailJobCreateInput: MailJobCreateInput;
  MailJobCreatePayload: Omit<MailJobCreatePayload, 'failure' | 'mailJob'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, mailJob?: Maybe<ResolversParentTypes['MailJob']> };
  MailJobEdge: Omit<MailJobEdge, 'node'> & { node: ResolversParentTypes['MailJob'] };
  Manifest: StoredOperation;
  ManifestConnection: OperationConnectionSource;
  ManifestCreateInput: ManifestCreateInput;
  ManifestCreatePayload: Omit<ManifestCreatePayload, 'failure' | 'manifest'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, manifest?: Maybe<ResolversParentTypes['Manifest']> };
  ManifestEdge: Omit<ManifestEdge, 'node'> & { node: ResolversParentTypes['Manifest'] };
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
  PickupConnection: OperationConnectionSource;
  PickupEdge: Omit<PickupEdge, 'node'> & { node: ResolversParentTypes['Pickup'] };
  PickupScheduleInput: PickupScheduleInput;
  PickupSchedulePayload: Omit<PickupSchedulePayload, 'failure' | 'pickup'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, pickup?: Maybe<ResolversParentTypes['Pickup']> };
  ProviderAccount: Account;
  ProviderAccountPayload: Omit<ProviderAccountPayload, 'account' | 'diagnostics'> & { account?: Maybe<ResolversParentTypes['ProviderAccount']>, diagnostics: ReadonlyArray<ResolversParentTypes['Diagnostic']> };
  ProviderAccountRemoveInput: ProviderAccountRemoveInput;
  ProviderAccountSetInput: ProviderAccountSetInput;
  ProviderBreaker: Breaker;
  ProviderFailure: AccountFailure;
  ProviderQuota: Quota;
  ProviderUsage: Usage;
  Query: Record<PropertyKey, never>;
  Rate: SealedRate;
  RateQuote: Omit<RateQuote, 'failures' | 'pending' | 'rates'> & { failures: ReadonlyArray<ResolversParentTypes['ProviderFailure']>, pending: ReadonlyArray<ResolversParentTypes['ProviderAccount']>, rates: ReadonlyArray<ResolversParentTypes['Rate']> };
  RatesInput: RatesInput;
  Refund: StoredRefund;
  Shipment: StoredShipment;
  ShipmentConnection: ShipmentConnectionSource;
  ShipmentEdge: Omit<ShipmentEdge, 'node'> & { node: ResolversParentTypes['Shipment'] };
  ShipmentEvent: ShipmentEventSource;
  ShipmentFilter: ShipmentFilter;
  ShipmentOptionsInput: ShipmentOptionsInput;
  ShipmentPurchaseConfirmInput: ShipmentPurchaseConfirmInput;
  ShipmentPurchaseInput: ShipmentPurchaseInput;
  ShipmentPurchasePayload: Omit<ShipmentPurchasePayload, 'failure' | 'shipment'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, shipment?: Maybe<ResolversParentTypes['Shipment']> };
  ShipmentPurchasePlan: PlannedPurchase;
  ShipmentPurchasePlanInput: ShipmentPurchasePlanInput;
  ShipmentVoidInput: ShipmentVoidInput;
  ShipmentVoidPayload: Omit<ShipmentVoidPayload, 'failure' | 'shipment'> & { failure?: Maybe<ResolversParentTypes['ProviderFailure']>, shipment?: Maybe<ResolversParentTypes['Shipment']> };
  ShippedParcel: ShippedParcelSource;
  ShippingCharge: ShippingCharge;
  ShippingForm: ShippingForm;
  ShippingService: ShippingService;
  ShippingUserError: ShippingUserError;
  Subscription: Record<PropertyKey, never>;
  TaxIdInput: TaxIdInput;
  Tenant: Caller;
  TenantCreateInput: TenantCreateInput;
  TenantDeleteInput: TenantDeleteInput;
  TenantPayload: Omit<TenantPayload, 'tenant'> & { tenant?: Maybe<ResolversParentTypes['Tenant']> };
  Tracker: KnownTracker;
  TrackerWatchInput: TrackerWatchInput;
  TrackerWatchPayload: Omit<TrackerWatchPayload, 'trackers'> & { trackers?: Maybe<ReadonlyArray<ResolversParentTypes['Tracker']>> };
  TrackingEvent: TrackingEventSource;
  TrackingNumberInput: TrackingNumberInput;
  TransitTimes: TransitTimes;
  URL: Scalars['URL']['output'];
  WebhookDelivery: WebhookDeliveryRow;
  WebhookDeliveryConnection: DeliveryConnectionSource;
  WebhookDeliveryEdge: Omit<WebhookDeliveryEdge, 'node'> & { node: ResolversParentTypes['WebhookDelivery'] };
  WebhookDeliveryPayload: Omit<WebhookDeliveryPayload, 'delivery'> & { delivery?: Maybe<ResolversParentTypes['WebhookDelivery']> };
  WebhookEndpoint: WebhookEndpointRow;
  WebhookEndpointCreateInput: WebhookEndpointCreateInput;
  WebhookEndpointInput: WebhookEndpointInput;
  WebhookEndpointPayload: Omit<WebhookEndpointPayload, 'endpoint'> & { endpoint?: Maybe<ResolversParentTypes['WebhookEndpoint']> };
  WebhookRedeliverInput: WebhookRedeliverInput;
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
  urbanization?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
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

export type ApiKeyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiKey'] = ResolversParentTypes['ApiKey']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  permissions?: Resolver<ReadonlyArray<ResolversTypes['Permission']>, ParentType, ContextType>;
  prefix?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  spendLimitPerDay?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type ApiKeyPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiKeyPayload'] = ResolversParentTypes['ApiKeyPayload']> = {
  apiKey?: Resolver<Maybe<ResolversTypes['ApiKey']>, ParentType, ContextType>;
  key?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
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

export type DiagnosticResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Diagnostic'] = ResolversParentTypes['Diagnostic']> = {
  account?: Resolver<Maybe<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  check?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  hint?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DiagnosticStatus'], ParentType, ContextType>;
};

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

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type LabelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Label'] = ResolversParentTypes['Label']> = {
  contentType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  format?: Resolver<ResolversTypes['LabelFormat'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
};

export type LabelDocumentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LabelDocument'] = ResolversParentTypes['LabelDocument']> = {
  contentType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  labels?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  skipped?: Resolver<ReadonlyArray<ResolversTypes['LabelDocumentSkip']>, ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
};

export type LabelDocumentSkipResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LabelDocumentSkip'] = ResolversParentTypes['LabelDocumentSkip']> = {
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  shipmentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
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
  shipments?: Resolver<ResolversTypes['ShipmentConnection'], ParentType, ContextType, Partial<ManifestShipmentsArgs>>;
  status?: Resolver<ResolversTypes['ManifestStatus'], ParentType, ContextType>;
};

export type ManifestConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ManifestConnection'] = ResolversParentTypes['ManifestConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ManifestEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Manifest']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ManifestCreatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ManifestCreatePayload'] = ResolversParentTypes['ManifestCreatePayload']> = {
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  manifest?: Resolver<Maybe<ResolversTypes['Manifest']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type ManifestEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ManifestEdge'] = ResolversParentTypes['ManifestEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Manifest'], ParentType, ContextType>;
};

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currencyCode?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  apiKeyCreate?: Resolver<Maybe<ResolversTypes['ApiKeyPayload']>, ParentType, ContextType, RequireFields<MutationApiKeyCreateArgs, 'input'>>;
  apiKeyDelete?: Resolver<Maybe<ResolversTypes['ApiKeyPayload']>, ParentType, ContextType, RequireFields<MutationApiKeyDeleteArgs, 'input'>>;
  apiKeyRotate?: Resolver<Maybe<ResolversTypes['ApiKeyPayload']>, ParentType, ContextType, RequireFields<MutationApiKeyRotateArgs, 'input'>>;
  labelReprint?: Resolver<Maybe<ResolversTypes['ShipmentPurchasePayload']>, ParentType, ContextType, RequireFields<MutationLabelReprintArgs, 'input'>>;
  mailJobCreate?: Resolver<Maybe<ResolversTypes['MailJobCreatePayload']>, ParentType, ContextType, RequireFields<MutationMailJobCreateArgs, 'input'>>;
  manifestCreate?: Resolver<Maybe<ResolversTypes['ManifestCreatePayload']>, ParentType, ContextType, RequireFields<MutationManifestCreateArgs, 'input'>>;
  pickupCancel?: Resolver<Maybe<ResolversTypes['PickupCancelPayload']>, ParentType, ContextType, RequireFields<MutationPickupCancelArgs, 'input'>>;
  pickupSchedule?: Resolver<Maybe<ResolversTypes['PickupSchedulePayload']>, ParentType, ContextType, RequireFields<MutationPickupScheduleArgs, 'input'>>;
  providerAccountRemove?: Resolver<Maybe<ResolversTypes['ProviderAccountPayload']>, ParentType, ContextType, RequireFields<MutationProviderAccountRemoveArgs, 'input'>>;
  providerAccountSet?: Resolver<Maybe<ResolversTypes['ProviderAccountPayload']>, ParentType, ContextType, RequireFields<MutationProviderAccountSetArgs, 'input'>>;
  shipmentPurchase?: Resolver<Maybe<ResolversTypes['ShipmentPurchasePayload']>, ParentType, ContextType, RequireFields<MutationShipmentPurchaseArgs, 'input'>>;
  shipmentPurchaseConfirm?: Resolver<Maybe<ResolversTypes['ShipmentPurchasePayload']>, ParentType, ContextType, RequireFields<MutationShipmentPurchaseConfirmArgs, 'input'>>;
  shipmentVoid?: Resolver<Maybe<ResolversTypes['ShipmentVoidPayload']>, ParentType, ContextType, RequireFields<MutationShipmentVoidArgs, 'input'>>;
  tenantCreate?: Resolver<Maybe<ResolversTypes['TenantPayload']>, ParentType, ContextType, RequireFields<MutationTenantCreateArgs, 'input'>>;
  tenantDelete?: Resolver<Maybe<ResolversTypes['TenantPayload']>, ParentType, ContextType, RequireFields<MutationTenantDeleteArgs, 'input'>>;
  trackerUnwatch?: Resolver<Maybe<ResolversTypes['TrackerWatchPayload']>, ParentType, ContextType, RequireFields<MutationTrackerUnwatchArgs, 'input'>>;
  trackerWatch?: Resolver<Maybe<ResolversTypes['TrackerWatchPayload']>, ParentType, ContextType, RequireFields<MutationTrackerWatchArgs, 'input'>>;
  webhookEndpointCreate?: Resolver<Maybe<ResolversTypes['WebhookEndpointPayload']>, ParentType, ContextType, RequireFields<MutationWebhookEndpointCreateArgs, 'input'>>;
  webhookEndpointDelete?: Resolver<Maybe<ResolversTypes['WebhookEndpointPayload']>, ParentType, ContextType, RequireFields<MutationWebhookEndpointDeleteArgs, 'input'>>;
  webhookEndpointRotate?: Resolver<Maybe<ResolversTypes['WebhookEndpointPayload']>, ParentType, ContextType, RequireFields<MutationWebhookEndpointRotateArgs, 'input'>>;
  webhookEndpointTest?: Resolver<Maybe<ResolversTypes['WebhookDeliveryPayload']>, ParentType, ContextType, RequireFields<MutationWebhookEndpointTestArgs, 'input'>>;
  webhookRedeliver?: Resolver<Maybe<ResolversTypes['WebhookDeliveryPayload']>, ParentType, ContextType, RequireFields<MutationWebhookRedeliverArgs, 'input'>>;
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

export type PickupConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PickupConnection'] = ResolversParentTypes['PickupConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PickupEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Pickup']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PickupEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PickupEdge'] = ResolversParentTypes['PickupEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Pickup'], ParentType, ContextType>;
};

export type PickupSchedulePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PickupSchedulePayload'] = ResolversParentTypes['PickupSchedulePayload']> = {
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  pickup?: Resolver<Maybe<ResolversTypes['Pickup']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type ProviderAccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProviderAccount'] = ResolversParentTypes['ProviderAccount']> = {
  active?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  breakers?: Resolver<ReadonlyArray<ResolversTypes['ProviderBreaker']>, ParentType, ContextType>;
  environment?: Resolver<ResolversTypes['ProviderEnvironment'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  operations?: Resolver<ReadonlyArray<ResolversTypes['ProviderOperation']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quotas?: Resolver<ReadonlyArray<ResolversTypes['ProviderQuota']>, ParentType, ContextType>;
  usage?: Resolver<ReadonlyArray<ResolversTypes['ProviderUsage']>, ParentType, ContextType, RequireFields<ProviderAccountUsageArgs, 'since'>>;
};

export type ProviderAccountPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProviderAccountPayload'] = ResolversParentTypes['ProviderAccountPayload']> = {
  account?: Resolver<Maybe<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  diagnostics?: Resolver<ReadonlyArray<ResolversTypes['Diagnostic']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type ProviderBreakerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProviderBreaker'] = ResolversParentTypes['ProviderBreaker']> = {
  api?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  retryAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['BreakerState'], ParentType, ContextType>;
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

export type ProviderUsageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProviderUsage'] = ResolversParentTypes['ProviderUsage']> = {
  api?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  client?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  failed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  joined?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  operation?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  accountDiagnostics?: Resolver<ReadonlyArray<ResolversTypes['Diagnostic']>, ParentType, ContextType, Partial<QueryAccountDiagnosticsArgs>>;
  addressVerification?: Resolver<Maybe<ResolversTypes['AddressVerification']>, ParentType, ContextType, RequireFields<QueryAddressVerificationArgs, 'address'>>;
  addressVerifications?: Resolver<Maybe<ReadonlyArray<ResolversTypes['AddressVerification']>>, ParentType, ContextType, RequireFields<QueryAddressVerificationsArgs, 'addresses'>>;
  dropOffLocations?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DropOffLocation']>>, ParentType, ContextType, RequireFields<QueryDropOffLocationsArgs, 'postalCode' | 'radiusMiles'>>;
  labelDocument?: Resolver<Maybe<ResolversTypes['LabelDocument']>, ParentType, ContextType, RequireFields<QueryLabelDocumentArgs, 'input'>>;
  mailJob?: Resolver<Maybe<ResolversTypes['MailJob']>, ParentType, ContextType, RequireFields<QueryMailJobArgs, 'id'>>;
  mailJobs?: Resolver<Maybe<ResolversTypes['MailJobConnection']>, ParentType, ContextType, RequireFields<QueryMailJobsArgs, 'first'>>;
  manifest?: Resolver<Maybe<ResolversTypes['Manifest']>, ParentType, ContextType, RequireFields<QueryManifestArgs, 'id'>>;
  manifests?: Resolver<Maybe<ResolversTypes['ManifestConnection']>, ParentType, ContextType, Partial<QueryManifestsArgs>>;
  pickup?: Resolver<Maybe<ResolversTypes['Pickup']>, ParentType, ContextType, RequireFields<QueryPickupArgs, 'id'>>;
  pickups?: Resolver<Maybe<ResolversTypes['PickupConnection']>, ParentType, ContextType, Partial<QueryPickupsArgs>>;
  providerAccounts?: Resolver<ReadonlyArray<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  rates?: Resolver<Maybe<ResolversTypes['RateQuote']>, ParentType, ContextType, RequireFields<QueryRatesArgs, 'input'>>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType, RequireFields<QueryShipmentArgs, 'id'>>;
  shipmentPurchasePlan?: Resolver<Maybe<ResolversTypes['ShipmentPurchasePlan']>, ParentType, ContextType, RequireFields<QueryShipmentPurchasePlanArgs, 'input'>>;
  shipments?: Resolver<Maybe<ResolversTypes['ShipmentConnection']>, ParentType, ContextType, Partial<QueryShipmentsArgs>>;
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType, RequireFields<QueryTenantArgs, 'id'>>;
  tenants?: Resolver<ReadonlyArray<ResolversTypes['Tenant']>, ParentType, ContextType>;
  tracker?: Resolver<Maybe<ResolversTypes['Tracker']>, ParentType, ContextType, RequireFields<QueryTrackerArgs, 'trackingNumber'>>;
  trackers?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Tracker']>>, ParentType, ContextType, RequireFields<QueryTrackersArgs, 'numbers'>>;
  webhookEndpoints?: Resolver<ReadonlyArray<ResolversTypes['WebhookEndpoint']>, ParentType, ContextType>;
};

export type RateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Rate'] = ResolversParentTypes['Rate'], FederationReferenceType extends FederationReferenceTypes['Rate'] = FederationReferenceTypes['Rate']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Rate']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<ResolversTypes['ProviderAccount'], ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  carrier?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  charges?: Resolver<ReadonlyArray<ResolversTypes['ShippingCharge']>, ParentType, ContextType>;
  estimated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
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
  requires?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
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
  quotedPrice?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
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
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
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

export type ShipmentPurchasePlanResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentPurchasePlan'] = ResolversParentTypes['ShipmentPurchasePlan']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  labelFormat?: Resolver<ResolversTypes['LabelFormat'], ParentType, ContextType>;
  maxPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  parcels?: Resolver<ReadonlyArray<ResolversTypes['Parcel']>, ParentType, ContextType>;
  rate?: Resolver<ResolversTypes['Rate'], ParentType, ContextType>;
  reference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['Address'], ParentType, ContextType>;
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

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  ratesStream?: SubscriptionResolver<ResolversTypes['RateQuote'], "ratesStream", ParentType, ContextType, RequireFields<SubscriptionRatesStreamArgs, 'input'>>;
  trackerUpdated?: SubscriptionResolver<ResolversTypes['Tracker'], "trackerUpdated", ParentType, ContextType, RequireFields<SubscriptionTrackerUpdatedArgs, 'numbers'>>;
};

export type TenantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tenant'] = ResolversParentTypes['Tenant']> = {
  accounts?: Resolver<ReadonlyArray<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  apiKeys?: Resolver<ReadonlyArray<ResolversTypes['ApiKey']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TenantPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TenantPayload'] = ResolversParentTypes['TenantPayload']> = {
  tenant?: Resolver<Maybe<ResolversTypes['Tenant']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type TrackerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tracker'] = ResolversParentTypes['Tracker'], FederationReferenceType extends FederationReferenceTypes['Tracker'] = FederationReferenceTypes['Tracker']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Tracker']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<Maybe<ResolversTypes['ProviderAccount']>, ParentType, ContextType>;
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  carrier?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  deliveryWindowEnd?: Resolver<Maybe<ResolversTypes['LocalDateTime']>, ParentType, ContextType>;
  deliveryWindowStart?: Resolver<Maybe<ResolversTypes['LocalDateTime']>, ParentType, ContextType>;
  estimatedDelivery?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  estimatedDeliveryDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['TrackingEvent']>, ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['ProviderFailure']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType>;
  signedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sourceUpdatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  stale?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TrackingStatus'], ParentType, ContextType>;
  statusText?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  trackingNumber?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  trackingUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
};

export type TrackerWatchPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrackerWatchPayload'] = ResolversParentTypes['TrackerWatchPayload']> = {
  trackers?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Tracker']>>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
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

export type WebhookDeliveryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookDelivery'] = ResolversParentTypes['WebhookDelivery']> = {
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  event?: Resolver<ResolversTypes['WebhookEvent'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastError?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastStatusCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['WebhookDeliveryStatus'], ParentType, ContextType>;
};

export type WebhookDeliveryConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookDeliveryConnection'] = ResolversParentTypes['WebhookDeliveryConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['WebhookDeliveryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['WebhookDelivery']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WebhookDeliveryEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookDeliveryEdge'] = ResolversParentTypes['WebhookDeliveryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['WebhookDelivery'], ParentType, ContextType>;
};

export type WebhookDeliveryPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookDeliveryPayload'] = ResolversParentTypes['WebhookDeliveryPayload']> = {
  delivery?: Resolver<Maybe<ResolversTypes['WebhookDelivery']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type WebhookEndpointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookEndpoint'] = ResolversParentTypes['WebhookEndpoint']> = {
  active?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deliveries?: Resolver<ResolversTypes['WebhookDeliveryConnection'], ParentType, ContextType, Partial<WebhookEndpointDeliveriesArgs>>;
  events?: Resolver<ReadonlyArray<ResolversTypes['WebhookEvent']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
};

export type WebhookEndpointPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookEndpointPayload'] = ResolversParentTypes['WebhookEndpointPayload']> = {
  endpoint?: Resolver<Maybe<ResolversTypes['WebhookEndpoint']>, ParentType, ContextType>;
  secret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['ShippingUserError']>, ParentType, ContextType>;
};

export type WeightResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Weight'] = ResolversParentTypes['Weight']> = {
  unit?: Resolver<ResolversTypes['WeightUnit'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Address?: AddressResolvers<ContextType>;
  AddressChange?: AddressChangeResolvers<ContextType>;
  AddressMessage?: AddressMessageResolvers<ContextType>;
  AddressVerification?: AddressVerificationResolvers<ContextType>;
  ApiKey?: ApiKeyResolvers<ContextType>;
  ApiKeyPayload?: ApiKeyPayloadResolvers<ContextType>;
  CountryCode?: GraphQLScalarType;
  CurrencyCode?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Decimal?: GraphQLScalarType;
  Diagnostic?: DiagnosticResolvers<ContextType>;
  Dimensions?: DimensionsResolvers<ContextType>;
  DropOffLocation?: DropOffLocationResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  Label?: LabelResolvers<ContextType>;
  LabelDocument?: LabelDocumentResolvers<ContextType>;
  LabelDocumentSkip?: LabelDocumentSkipResolvers<ContextType>;
  LocalDateTime?: GraphQLScalarType;
  MailJob?: MailJobResolvers<ContextType>;
  MailJobConnection?: MailJobConnectionResolvers<ContextType>;
  MailJobCreatePayload?: MailJobCreatePayloadResolvers<ContextType>;
  MailJobEdge?: MailJobEdgeResolvers<ContextType>;
  Manifest?: ManifestResolvers<ContextType>;
  ManifestConnection?: ManifestConnectionResolvers<ContextType>;
  ManifestCreatePayload?: ManifestCreatePayloadResolvers<ContextType>;
  ManifestEdge?: ManifestEdgeResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Parcel?: ParcelResolvers<ContextType>;
  Pickup?: PickupResolvers<ContextType>;
  PickupCancelPayload?: PickupCancelPayloadResolvers<ContextType>;
  PickupConnection?: PickupConnectionResolvers<ContextType>;
  PickupEdge?: PickupEdgeResolvers<ContextType>;
  PickupSchedulePayload?: PickupSchedulePayloadResolvers<ContextType>;
  ProviderAccount?: ProviderAccountResolvers<ContextType>;
  ProviderAccountPayload?: ProviderAccountPayloadResolvers<ContextType>;
  ProviderBreaker?: ProviderBreakerResolvers<ContextType>;
  ProviderFailure?: ProviderFailureResolvers<ContextType>;
  ProviderQuota?: ProviderQuotaResolvers<ContextType>;
  ProviderUsage?: ProviderUsageResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Rate?: RateResolvers<ContextType>;
  RateQuote?: RateQuoteResolvers<ContextType>;
  Refund?: RefundResolvers<ContextType>;
  Shipment?: ShipmentResolvers<ContextType>;
  ShipmentConnection?: ShipmentConnectionResolvers<ContextType>;
  ShipmentEdge?: ShipmentEdgeResolvers<ContextType>;
  ShipmentEvent?: ShipmentEventResolvers<ContextType>;
  ShipmentPurchasePayload?: ShipmentPurchasePayloadResolvers<ContextType>;
  ShipmentPurchasePlan?: ShipmentPurchasePlanResolvers<ContextType>;
  ShipmentVoidPayload?: ShipmentVoidPayloadResolvers<ContextType>;
  ShippedParcel?: ShippedParcelResolvers<ContextType>;
  ShippingCharge?: ShippingChargeResolvers<ContextType>;
  ShippingForm?: ShippingFormResolvers<ContextType>;
  ShippingService?: ShippingServiceResolvers<ContextType>;
  ShippingUserError?: ShippingUserErrorResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Tenant?: TenantResolvers<ContextType>;
  TenantPayload?: TenantPayloadResolvers<ContextType>;
  Tracker?: TrackerResolvers<ContextType>;
  TrackerWatchPayload?: TrackerWatchPayloadResolvers<ContextType>;
  TrackingEvent?: TrackingEventResolvers<ContextType>;
  TransitTimes?: TransitTimesResolvers<ContextType>;
  URL?: GraphQLScalarType;
  WebhookDelivery?: WebhookDeliveryResolvers<ContextType>;
  WebhookDeliveryConnection?: WebhookDeliveryConnectionResolvers<ContextType>;
  WebhookDeliveryEdge?: WebhookDeliveryEdgeResolvers<ContextType>;
  WebhookDeliveryPayload?: WebhookDeliveryPayloadResolvers<ContextType>;
  WebhookEndpoint?: WebhookEndpointResolvers<ContextType>;
  WebhookEndpointPayload?: WebhookEndpointPayloadResolvers<ContextType>;
  Weight?: WeightResolvers<ContextType>;
};

