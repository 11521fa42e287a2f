/** Strips markup from a text. USPS writes `<SUP>&reg;</SUP>` into product names and messages. */
export function stripMarkup(text: string): string {
  return text
    .replace(/<SUP>.*?<\/SUP>/gis, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(#\d+|[a-z]+);/gi, (entity) => (entity === '&amp;' ? '&' : ''))
    .replace(/\s+/g, ' ')
    .trim();
}
