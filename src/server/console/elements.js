// Creates the elements that the sections consist of.

/**
 * Creates an element. A plain object before its content has the attributes: functions are event listeners, and `undefined`
 * leaves one out. Content that is missing or empty is left out too.
 */
export const element = (name, ...content) => fill(document.createElement(name), content);

/** Creates an element of SVG, as `element` does. */
export const svg = (name, ...content) =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', name), content);

function fill(node, content) {
  const [attributes, children] =
    content[0]?.constructor === Object ? [content[0], content.slice(1)] : [{}, content];
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== ''));
  return node;
}

export const text = (...content) => element('p', ...content);

export const muted = (...content) => element('p', { class: 'muted' }, ...content);

/** A word of the API that stands out; `isBad` where it needs attention. */
export const badge = (word, isBad) => element('span', { class: isBad ? 'badge bad' : 'badge' }, word);

/** A list with an entry for each item, or a sentence where there is none. */
export const items = (list, content, none) =>
  list.length > 0
    ? [element('ul', { class: 'items' }, ...list.map((item) => element('li', ...content(item))))]
    : [muted(none)];

/** Shows an RFC 3339 time as the reader's locale writes it. Default: date and minutes. */
export const time = (value, format = { dateStyle: 'medium', timeStyle: 'short' }) =>
  element('time', { datetime: value }, new Date(value).toLocaleString(undefined, format));

/** "1 call", "2 calls". */
export const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** A constant of the API in words: "shipment purchased". */
export const words = (constant) => constant.toLowerCase().replaceAll('_', ' ');

export const sum = (list, value) => list.reduce((total, item) => total + value(item), 0);
