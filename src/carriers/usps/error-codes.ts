import type { ProviderFailureCode } from '../../domain/errors.ts';
import type { PublishedError } from '../provider.ts';

/** The meaning of one USPS error code. */
export interface ErrorCodeMeaning {
  readonly code: ProviderFailureCode;
  /** The parameter at fault, as USPS names it; set where the response names none or another. */
  readonly parameter?: string;
  /** The next step that resolves the error. */
  readonly hint?: string;
}

/** Returns the meaning of a code of the USPS error workbook; undefined for a code that is not in it. */
export const meaningOf = (code: string): ErrorCodeMeaning | undefined => meanings.get(code);

/** Codes and ranges of codes. The first row that names a code applies. */
type Row = readonly [codes: string, code: ProviderFailureCode, hint?: string, parameter?: string];

const verify = 'Verify the address (addressVerifications), and use the address that it returns.';
const zip = 'Check both ZIP codes, or choose another service: not every service connects all places.';
const date = 'Set the date to today or later at the sender’s place, within what the service allows.';
const weight = 'Check the weight, or choose another service: every service has limits.';
const size = 'Check length, width and height, or choose another service: every service has limits.';
const customs = 'Complete the customs form: every line has description, quantity, value, weight and origin.';
const option = 'Omit the option, or choose another service: not every service has it.';
// Rates would offer the service again: the price API does not check what the label API refuses.
const service =
  'Buy another of the services that were offered, or change the parcel: this service does not take it.';
const format = 'Request the label in another format.';
const shipment = 'Look up the shipment: only a label that USPS knows and has not processed can be changed.';
const reprint =
  'Print the label in a format that it has been printed in: USPS reprints it three times, until its mailing date.';
const name = 'Give the first and last name of the person, or the name of the company.';
const pickup = 'Choose a day from Monday to Saturday, by 02:00 Central Time of that day and within a year.';
const company = 'Ask USPS to enable this for the account: it is agreed with each mailer.';
const roles = 'Check crid, mid, manifestMid, accountType and the numbers that this account type requires.';
const enrol = 'Enroll the CRID in USPS Ship in the Business Customer Gateway, and link the app to it.';
const contract = 'If the account has no USPS contract for this service, set its priceType to COMMERCIAL.';
const production = 'It is available in production only.';

/** Source: the USPS error workbook. Rows about products that this adapter does not call have no hint. */
// prettier-ignore
const rows: readonly Row[] = [
  // Addresses.
  ['010002', 'REJECTED', verify, 'ZIPCode'],
  ['010003', 'REJECTED', verify, 'state'],
  ['010004', 'REJECTED', verify, 'city'],
  ['010001 010005 010006', 'REJECTED', verify, 'streetAddress'],
  ['160307-160312 160320', 'REJECTED', verify],
  ['160085 160086 160119 160134 160138 160139 160183 160188 160192 160194 160195 160263', 'REJECTED', verify],
  ['160087 160113-160116', 'REJECTED', verify, 'toAddress'],
  ['160128 160189', 'REJECTED', verify, 'fromAddress'],

  // Origins and destinations that a service does not connect.
  ['030001 040001 160288', 'REJECTED', zip, 'originZIPCode destinationZIPCode'],
  ['030005 030104 160209', 'REJECTED', verify, 'originZIPCode'],
  ['030006 030105 160210 160232', 'REJECTED', verify, 'destinationZIPCode'],
  ['160158 160159 160190 160191 160239 160243 160244', 'REJECTED', zip],
  ['160029 160031 160129 160257', 'REJECTED', zip, 'destinationZIPCode'],
  ['160258', 'REJECTED', zip, 'originZIPCode'],
  ['160278', 'REJECTED', 'USPS does not deliver this content to that destination.', 'destinationZIPCode'],
  ['160049 160197', 'REJECTED', 'Canadian postal codes begin with a letter.', 'internationalAddress.postalCode'],
  ['030013', 'REJECTED', 'Choose another service: this one does not serve that country.', 'destinationCountryCode'],

  // Dates.
  // Sources say 7 days or 45; 7 is safe. Prices accept a date up to 30 days ahead.
  ['160001', 'REJECTED', 'A label is dated today at the sender’s place, or up to 7 days ahead.', 'mailingDate'],
  ['030003 040002 160030 160032 160034 160092 160211 160296', 'REJECTED', date, 'mailingDate'],
  ['160362', 'REJECTED', date, 'mailingDate'],

  // Weights.
  ['030004 030009 030014 030015 160098 160266 160272 160373', 'REJECTED', weight, 'weight'],
  ['160248', 'REJECTED', weight],
  ['160021 160205', 'REJECTED', 'Correct the weights: the lines of the customs form together weigh more than the parcel.', 'weight'],

  // Sizes.
  ['030007 030008 030016-030019 030023 160003 160042 160122 160202 160206', 'REJECTED', size, 'length width height'],
  ['160231 160265 160267 160280-160282 160294 160319', 'REJECTED', size, 'length width height'],

  // Customs.
  ['160120 160133 160140 160193', 'REJECTED', customs, 'customsForm'],
  ['160018 160236', 'REJECTED', 'Describe the restriction in customs.explanation.', 'restrictionComments'],
  ['160019 160237', 'REJECTED', 'Describe OTHER contents in customs.explanation.', 'contentComments'],
  ['160022 160050 160117 160198 160199 160396', 'REJECTED', customs, 'contents'],
  ['160055 160136 160153', 'REJECTED', 'Set the Harmonized System number (hsTariffNumber) of each line.', 'contents'],
  ['160141 160253', 'REJECTED', 'Name the country by its two-letter code.', 'countryOfOrigin'],
  ['160023', 'REJECTED', 'Set the sender’s company: a label with a customs form requires it.', 'fromAddress.firm'],
  ['160060 160172 160203', 'REJECTED', 'Set nonDelivery to RETURN or ABANDON: redirection to another address is not supported.', 'nonDeliveryOption'],
  ['160068 160069 160071 160127 160132 160260', 'REJECTED', service, 'customsForm'],
  ['160201', 'REJECTED', 'Choose another service: this one accepts contents of up to $400.', 'contents'],
  ['160204', 'REJECTED', service, 'customsForm'],
  ['160233 160240 160241', 'REJECTED', 'Set customs.contents to the type of the contents.', 'customsContentType'],
  ['160315', 'REJECTED', 'Shorten the reference: a customs form leaves less room.', 'customerReference'],

  // Options.
  ['030012 030024 160017 160200 160317 160322', 'REJECTED', 'Insure the parcel for its value, within the limit of the service.', 'packageValue'],
  ['030021 160010-160012 160025-160028 160052 160053 160072 160095 160097 160107 160108', 'REJECTED', option, 'extraServices'],
  ['160118 160130 160135 160137 160142 160155-160157 160247 160261 160274 160283', 'REJECTED', option, 'extraServices'],
  ['160300 160316 160375', 'REJECTED', option, 'extraServices'],
  ['160131', 'ACCOUNT_NOT_AUTHORIZED', company, 'extraServices'],

  // Services and packaging.
  ['030002 030011', 'REJECTED', service, 'packageDescription'],
  ['030010 030020 030022 160051 160054 160306', 'REJECTED', service],
  ['160013-160016 160020 160036 160038 160044-160048 160089-160091 160093 160094 160096 160099-160106', 'REJECTED', service],
  ['160109-160112 160123 160143 160152 160169 160182 160196 160234 160235 160238 160262', 'REJECTED', service],
  ['160271 160279 160284-160287 160313 160321 160388 160394', 'REJECTED', service],

  // Names and contacts.
  ['160075 160076', 'REJECTED', name, 'toAddress.firstName'],
  ['160168', 'REJECTED', name, 'fromAddress.firstName'],
  ['160275', 'REJECTED', 'Set the sender’s phone and email.', 'senderAddress'],
  ['160079-160084 160175-160177 160213 160217', 'REJECTED', 'Set it: pickup at a post office and parcel lockers require it.'],
  ['160056-160058 160066 160067 160070 160077 160078 160121', 'REJECTED', option],

  // Label documents.
  ['160004 160005 160007-160009 160024 160043 160061 160062 160180 160181 160214 160264', 'REJECTED', format, 'imageType'],
  ['160291-160293 160336 160346-160349 160351 160360 160366 160367 160370', 'REJECTED', format, 'imageType'],
  ['160314 160329 160330', 'REJECTED', 'Shorten the reference.', 'customerReference'],
  ['160326-160328 160331 160333 160337 160339-160342', 'REJECTED'],
  ['160334 160335 160338', 'NOT_FOUND'],
  ['160368', 'UNAVAILABLE', 'Try again later, or request a label that you print.'],
  ['160124-160126', 'NOT_SUPPORTED', production],

  // Purchased labels.
  ['160144 160179 160185 160378', 'NOT_FOUND', shipment],
  ['160379-160382', 'REJECTED', reprint],
  ['160184 160186 160187 160178 160249-160252 160384', 'REJECTED', shipment],
  ['160174', 'REJECTED', 'The label is on a manifest: void it again in a quarter of an hour, when USPS accepts refund requests for it.'],
  ['160276 160277 160301 160363 160364', 'REJECTED', 'Request this refund from USPS: its API does not cover it.'],
  ['160361', 'NOT_FOUND'],
  ['160377', 'REJECTED', 'Try again after 24 hours.'],
  ['160383', 'ACCOUNT_NOT_AUTHORIZED', 'Use the account that bought the label.'],

  // Manifests, which USPS calls SCAN forms.
  ['160039', 'NOT_FOUND', shipment, 'barcode'],
  ['160006', 'REJECTED', 'Create one manifest for each mailing date.', 'mailingDate'],
  ['160037 160160 160163 160164 160166', 'REJECTED', 'Omit parcels that can’t be on a manifest.', 'barcode'],
  ['160040 160397 160398', 'REJECTED', 'Omit parcels that were handed over or cancelled.', 'barcode'],
  ['160161', 'REJECTED', 'Create one manifest for each origin ZIP code.', 'fromAddress.ZIPCode'],
  ['160162 160165 160167', 'REJECTED', 'Create one manifest for each sender and account.', 'barcode'],

  // Pickups.
  ['020001', 'REJECTED', 'A pickup is already scheduled for this address on that day: it collects these parcels too.', 'pickupAddress'],
  ['020009-020011 020016-020018', 'REJECTED', pickup, 'pickupDate'],
  ['020005 020012 020019', 'REJECTED', 'Write the instructions in 255 plain characters.', 'specialInstructions'],
  ['020013 020020', 'REJECTED', 'Describe the OTHER location in the instructions.', 'specialInstructions'],
  ['020004', 'REJECTED', 'Set packageLocation to one of the known locations.', 'packageLocation'],
  ['020006', 'REJECTED', 'Give a phone number of ten digits.', 'pickupAddress.phone'],
  ['020014 020021', 'REJECTED', 'Check the email address.', 'pickupAddress.email'],
  ['020002 020003 020007 020008', 'REJECTED'],
  ['020015', 'NOT_FOUND'],

  // Tracking.
  ['150001-150005 150009', 'NOT_FOUND', 'A new label can be tracked after its first scan, often hours later. If the label is older, check the number.'],
  ['150010', 'NOT_FOUND', 'It may be the number of another carrier: name the carrier, or check the number.'],
  ['150011', 'NOT_FOUND', 'This is the number of a pickup: track the numbers of its parcels.'],
  ['150013', 'NOT_FOUND'],
  ['150006 150007', 'REJECTED', 'Track each parcel by its own number.'],
  ['150008', 'NOT_SUPPORTED', 'Ask the carrier of that country.'],
  ['150012', 'REJECTED', 'The postage was not paid: contact the seller.'],

  // Payment authorization.
  ['100001', 'PAYMENT_NOT_AUTHORIZED', 'Check accountNumber: it is the number of the EPS account in the Enterprise Payment System.'],
  ['100002', 'PAYMENT_NOT_AUTHORIZED', 'Activate the EPS account in the Business Customer Gateway.'],
  ['100003', 'PAYMENT_NOT_AUTHORIZED', 'Give the EPS account a primary payment method.'],
  ['100004', 'PAYMENT_NOT_AUTHORIZED', 'Activate the primary payment method of the EPS account, or choose another.'],
  ['100005', 'PAYMENT_NOT_AUTHORIZED', 'USPS can’t validate the credit card at the moment: try again later.'],
  ['100006', 'PAYMENT_NOT_AUTHORIZED', 'Correct the details of the credit card in the Enterprise Payment System.'],
  ['100007', 'PAYMENT_NOT_AUTHORIZED', 'Fund the trust balance of the EPS account, and buy again.'],
  ['160218 160332', 'PAYMENT_NOT_AUTHORIZED', 'Set crid: the customer registration id of the Business Customer Gateway.'],
  ['160221', 'PAYMENT_NOT_AUTHORIZED', 'Set mid: the mailer id that owns the labels.'],
  ['160222 160035', 'PAYMENT_NOT_AUTHORIZED', 'Set manifestMid: the mailer id that labels are manifested under, of six or nine digits.'],
  ['160220 160223 160390-160392 160207', 'PAYMENT_NOT_AUTHORIZED', 'Set accountType: EPS, PERMIT or METER.'],
  ['160208 160224', 'PAYMENT_NOT_AUTHORIZED', 'Set accountNumber: the number of the EPS account.'],
  ['160225', 'PAYMENT_NOT_AUTHORIZED', 'Set permitNumber: the number of the permit.'],
  ['160226 160215', 'PAYMENT_NOT_AUTHORIZED', 'Set permitZip: the ZIP code of the post office that holds the permit.'],
  ['160289', 'PAYMENT_NOT_AUTHORIZED', 'Set accountNumber: the number of the meter.'],
  ['160290', 'PAYMENT_NOT_AUTHORIZED', 'Meters are for PC Postage providers: pay by EPS or PERMIT.'],
  ['160219 160227-160229', 'PAYMENT_NOT_AUTHORIZED', 'Report this: the fault is in the request that this server sends, not in the account.'],
  ['160254 160369 160372', 'PAYMENT_NOT_AUTHORIZED', roles],
  ['160302-160305', 'PAYMENT_NOT_AUTHORIZED', enrol],

  // Agreements with each account.
  ['160154', 'REJECTED', 'Set accountType and accountNumber of the contract, or another priceType.'],
  ['160212 160255', 'ACCOUNT_NOT_AUTHORIZED', contract],
  ['160073 160074 160088 160173 160259 160395', 'ACCOUNT_NOT_AUTHORIZED', company],

  // Places.
  ['160033', 'NOT_FOUND', 'Check the ZIP code.', 'ZIPCode'],
  ['160170', 'NOT_FOUND'],
  ['160171 160230', 'REJECTED', verify, 'ZIPCode'],

  // Containers, which this adapter does not create.
  ['160151 160299 160350', 'NOT_FOUND'],
  ['160145-160150 160295 160297 160298 160344 160345 160352-160355 160371 160374 160385-160387', 'REJECTED'],
];

/** The errors that a request of this adapter may have. */
export const publishedErrors: readonly PublishedError[] = rows
  .filter(([, , hint]) => hint !== undefined)
  .map(([codes, code, hint]) => ({ codes, code, hint }));

const meanings = new Map<string, ErrorCodeMeaning>();
for (const [codes, code, hint, parameter] of rows) {
  const meaning = { code, hint, parameter };
  for (const providerCode of codes.split(' ').flatMap(expand)) {
    if (!meanings.has(providerCode)) meanings.set(providerCode, meaning);
  }
}

/** Expands a range such as "160218-160229"; it may include codes that USPS has not assigned. */
function expand(range: string): string[] {
  const [first, last = first] = range.split('-').map(Number) as [number, number?];
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(6, '0'));
}
