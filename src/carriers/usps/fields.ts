/** USPS's names of parameters and the paths of our input that they come from, where an operation has its own. */
export type Fields = Readonly<Record<string, readonly string[]>>;

/** Whose address a parameter is a part of. */
const parties: Fields = {
  toaddress: ['to'],
  internationaladdress: ['to'],
  fromaddress: ['from'],
  senderaddress: ['from'],
  returnaddress: ['from'],
  pickupaddress: ['address'],
};

const partsOfAddress: Readonly<Record<string, string>> = {
  streetaddress: 'street1',
  secondaryaddress: 'street2',
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

/** All other names, in lower case, since documents and answers write them differently. */
const names: Fields = {
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

const customs: Readonly<Record<string, readonly string[]>> = {
  customsform: [],
  internationalcustomsform: [],
  customscontenttype: ['contents'],
  contenttype: ['contents'],
  contentcomments: ['explanation'],
  restrictioncomments: ['explanation'],
  aesitn: ['eelPfc'],
  nondeliveryoption: ['nonDelivery'],
  redirectaddress: ['nonDelivery'],
  contents: ['items'],
  internationalcustomsformpackagecontents: ['items'],
};

/** Of one line; the number of the line stands between, where USPS names it. */
const partsOfItem: Readonly<Record<string, string>> = {
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
 * Where in our input a parameter comes from: "packageDescription.weight", "length, width, height". Of several it is
 * what they have in common, else the receiver's, who is new where the sender is always the same.
 */
export function fieldOf(parameter: string, own: Fields = {}): readonly string[] | undefined {
  const listed = parameter.split(/[\s,/:[\]]+/).filter(Boolean);
  for (const translate of [ownPath(own), pathOf]) {
    const paths = listed.flatMap((each) => [translate(each.split('.'))].filter((path) => path !== undefined));
    const common = paths.reduce(shared, paths[0] ?? []);
    if (common.length > 0) return common;
    if (paths.length > 0) return paths.find(([first]) => first === 'to') ?? paths[0];
  }
  return undefined;
}

const ownPath = (own: Fields) => (name: readonly string[]) => own[name.join('.')] ?? own[name.at(-1)!];

function shared(one: readonly string[], other: readonly string[]): readonly string[] {
  const end = one.findIndex((part, index) => part !== other[index]);
  return end < 0 ? one : one.slice(0, end);
}

function pathOf(name: readonly string[]): readonly string[] | undefined {
  const words = name.map((word) => word.toLowerCase());
  const last = words.findLast((word) => !/^\d+$/.test(word)) ?? '';
  const party = words.flatMap((word) => parties[word] ?? []);
  const line = words.filter((word) => /^\d+$/.test(word)).slice(-1);
  if (partsOfItem[last] !== undefined) return ['customs', 'items', ...(line.length ? [...line, partsOfItem[last]] : [])]; // prettier-ignore
  if (partsOfAddress[last] !== undefined) return [party[0] ?? 'to', partsOfAddress[last]];
  if (party.length > 0) return party;
  // The weight or value of a line, not of the parcel.
  if (line.length > 0 && words.includes('contents')) return ['customs', 'items', ...line];
  if (customs[last] !== undefined) return ['customs', ...customs[last]];
  return names[last];
}

/**
 * What the gateway's validation is about; its sentence is the only hint of a wrong field (issues 42 and 83):
 * "ERROR - [Path '/toAddress'] Object has missing required properties ([ZIPCode]): []".
 */
export function fieldInWords(message: string, own?: Fields): readonly string[] | undefined {
  if (!message.includes('OASValidation')) return undefined;
  for (const fault of message.split(/(?:ERROR|IGNORE) - /).slice(1)) {
    const path = /\[Path '\/([^']*)'\]/.exec(fault)?.[1]?.split('/') ?? [];
    const missing = /required properties \(\[([^\]]*)\]\)/.exec(fault)?.[1]?.split(',') ?? [];
    const parameter = /parameter '([^']+)'/i.exec(fault)?.[1];
    const named = missing.map((name) => [...path, name.replace(/["\s]/g, '')].join('.'));
    const all = parameter ? [parameter] : named.length > 0 ? named : [path.join('.')];
    const field = fieldOf(all.join(' '), own);
    if (field !== undefined) return field;
  }
  return undefined;
}
