/** Paths in the caller's input by the USPS parameter that is made from them. */
export type InputPaths = Readonly<Record<string, readonly string[]>>;

/** Address objects. */
const addresses: InputPaths = {
  toaddress: ['to'],
  internationaladdress: ['to'],
  fromaddress: ['from'],
  senderaddress: ['from'],
  returnaddress: ['from'],
  pickupaddress: ['address'],
};

const addressParts: Readonly<Record<string, string>> = {
  streetaddress: 'street1',
  secondaryaddress: 'street2',
  urbanization: 'urbanization',
  city: 'city',
  state: 'state',
  province: 'state',
  zipcode: 'postalCode',
  zipplus4: 'postalCode',
  zip5: 'postalCode',
  postalcode: 'postalCode',
  country: 'country',
  countryisoalpha2code: 'country',
  firm: 'company',
  firstname: 'name',
  lastname: 'name',
  phone: 'phone',
  email: 'email',
};

const parcel = ['parcels', '0'];

/** All other parameters, in lower case, since documents and responses differ in case. */
const parameters: InputPaths = {
  originzipcode: ['from', 'postalCode'],
  destinationzipcode: ['to', 'postalCode'],
  destinationzipplus4: ['to', 'postalCode'],
  foreignpostalcode: ['to', 'postalCode'],
  destinationcountrycode: ['to', 'country'],
  mailingdate: ['shipDate'],
  acceptancedate: ['shipDate'],
  packagedescription: parcel,
  internationalpackagedescription: parcel,
  weight: [...parcel, 'weight'],
  length: [...parcel, 'dimensions', 'length'],
  width: [...parcel, 'dimensions', 'width'],
  height: [...parcel, 'dimensions', 'height'],
  girth: [...parcel, 'dimensions'],
  packagingtype: [...parcel, 'packaging'],
  rateindicator: [...parcel, 'packaging'],
  shape: [...parcel, 'packaging'],
  packagevalue: ['options', 'insuredValue'],
  itemvalue: ['options', 'insuredValue'],
  extraservices: ['options'],
  extraservice: ['options'],
  imagetype: ['label', 'format'],
  labeltype: ['label', 'format'],
  imageinfo: ['label', 'format'],
  customerreference: ['reference'],
  barcode: ['shipmentIds'],
  trackingnumbers: ['shipmentIds'],
  pickupdate: ['date'],
  packagelocation: ['packageLocation'],
  pickuplocation: ['packageLocation'],
  specialinstructions: ['instructions'],
};

const customs: InputPaths = {
  customsform: [],
  internationalcustomsform: [],
  customscontenttype: ['contents'],
  contenttype: ['contents'],
  contentcomments: ['explanation'],
  restrictioncomments: ['explanation'],
  exportersreference: ['senderTaxIds'],
  importersreference: ['receiverTaxIds'],
  prepaydutiestaxesfees: ['incoterm'],
  requestdutiestaxesfees: ['incoterm'],
  aesitn: ['eelPfc'],
  nondeliveryoption: ['nonDelivery'],
  redirectaddress: ['nonDelivery'],
  contents: ['items'],
  internationalcustomsformpackagecontents: ['items'],
};

/** Parts of one line of the customs form. Where USPS names the line's number, it precedes the part. */
const customsItemParts: Readonly<Record<string, string>> = {
  itemdescription: 'description',
  itemcategory: 'description',
  itemsubcategory: 'description',
  itemquantity: 'quantity',
  itemtotalvalue: 'totalValue',
  itemtotalweight: 'totalWeight',
  hstariffnumber: 'hsTariffNumber',
  countryoforigin: 'originCountry',
};

/**
 * Returns the input path of the parameters that USPS names, such as "packageDescription.weight" or "length, width,
 * height". Of several it returns their common path, else that of the receiver's address: it is new where the sender's is
 * the same each time.
 */
export function fieldOf(parameter: string, operationPaths: InputPaths = {}): readonly string[] | undefined {
  const listed = parameter.split(/[\s,/:[\]]+/).filter(Boolean);
  for (const toPath of [pathIn(operationPaths), commonPath]) {
    const paths = listed.flatMap((name) => [toPath(name.split('.'))].filter((path) => path !== undefined));
    const shared = paths.reduce(sharedPrefix, paths[0] ?? []);
    if (shared.length > 0) return shared;
    if (paths.length > 0) return paths.find(([first]) => first === 'to') ?? paths[0];
  }
  return undefined;
}

const pathIn = (paths: InputPaths) => (name: readonly string[]) => paths[name.join('.')] ?? paths[name.at(-1)!]; // prettier-ignore

function sharedPrefix(one: readonly string[], other: readonly string[]): readonly string[] {
  const end = one.findIndex((part, index) => part !== other[index]);
  return end < 0 ? one : one.slice(0, end);
}

function commonPath(name: readonly string[]): readonly string[] | undefined {
  const parts = name.map((part) => part.toLowerCase());
  const last = parts.findLast((part) => !/^\d+$/.test(part)) ?? '';
  const address = parts.flatMap((part) => addresses[part] ?? []);
  const line = parts.filter((part) => /^\d+$/.test(part)).slice(-1);
  const itemPart = customsItemParts[last];
  if (itemPart !== undefined) return ['customs', 'items', ...(line.length ? [...line, itemPart] : [])];
  if (addressParts[last] !== undefined) return [address[0] ?? 'to', addressParts[last]];
  if (address.length > 0) return address;
  // The weight or value of a customs line, not of the parcel.
  if (line.length > 0 && parts.includes('contents')) return ['customs', 'items', ...line];
  if (customs[last] !== undefined) return ['customs', ...customs[last]];
  return parameters[last];
}

/**
 * Returns the input path that a message of the gateway's validation is about. Only the message names the field
 * (USPS/api-examples#42, #83): "ERROR - [Path '/toAddress'] Object has missing required properties ([ZIPCode]): []".
 */
export function fieldInMessage(message: string, operationPaths?: InputPaths): readonly string[] | undefined {
  if (!message.includes('OASValidation')) return undefined;
  for (const error of message.split(/(?:ERROR|IGNORE) - /).slice(1)) {
    const path = /\[Path '\/([^']*)'\]/.exec(error)?.[1]?.split('/') ?? [];
    const missing = /required properties \(\[([^\]]*)\]\)/.exec(error)?.[1]?.split(',') ?? [];
    const parameter = /parameter '([^']+)'/i.exec(error)?.[1];
    const named = missing.map((name) => [...path, name.replace(/["\s]/g, '')].join('.'));
    const all = parameter ? [parameter] : named.length > 0 ? named : [path.join('.')];
    const field = fieldOf(all.join(' '), operationPaths);
    if (field !== undefined) return field;
  }
  return undefined;
}
