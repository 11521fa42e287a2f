import type { ExtraService } from '../prices/extra-services.ts';

/** Codes of the services that a carrier has to know of at the door: signatures and insurances. */
const isAtTheDoor = (code: number) => (code >= 910 && code <= 934 && code !== 920) || code === 981;

/** The services that stand above the barcode. */
export const serviceBanner = (services: readonly ExtraService[], value: number | undefined): string[] =>
  services
    .filter(({ code }) => isAtTheDoor(code))
    .map(({ code, name }) =>
      [925, 930, 931, 934].includes(code) && value !== undefined
        ? `INSURED $${value.toFixed(2)}`
        : name.replace(/ \(.*\)$/, '').toUpperCase(),
    );

const customsLineLimit = 4;

/** The lines of a customs form that a label has room for, with the count of the others. */
export function customsLines(form: {
  customsContentType?: string | undefined;
  AESITN?: string | undefined;
  contents?:
    | {
        itemQuantity: number;
        itemDescription: string;
        itemTotalValue?: number | undefined;
        itemValue?: number | undefined;
        HSTariffNumber?: string | undefined;
        countryofOrigin?: string | undefined;
      }[]
    | undefined;
}): string[] {
  const { contents = [] } = form;
  const valueOf = (item: (typeof contents)[number]) =>
    item.itemTotalValue ?? (item.itemValue ?? 0) * item.itemQuantity;
  const shown = contents.slice(0, customsLineLimit).map((item) => {
    const { itemQuantity, itemDescription, HSTariffNumber, countryofOrigin } = item;
    const cells = [
      itemQuantity,
      itemDescription,
      HSTariffNumber,
      countryofOrigin,
      `$${valueOf(item).toFixed(2)}`,
    ];
    return cells.filter((cell) => cell !== undefined).join(' ');
  });
  const total = contents.reduce((sum, item) => sum + valueOf(item), 0);
  return [
    [form.customsContentType, form.AESITN].filter(Boolean).join('  '),
    ...shown,
    ...(contents.length > customsLineLimit ? [`and ${contents.length - customsLineLimit} more lines`] : []),
    `Total $${total.toFixed(2)}`,
  ];
}
