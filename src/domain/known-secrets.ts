/** The shortest text that is sought: a shorter one would match by chance. */
const minLength = 8;
/** The characters by which a beginning is recognised. */
const keyLength = 4;

/**
 * Texts that are removed from others. A text is read once, however many are sought: a server of many tenants knows thousands
 * of credentials, and each line of its log passes through here.
 */
export class KnownSecrets {
  /** By their first characters; of those with the same ones, the longest comes first. */
  readonly #secrets = new Map<string, string[]>();
  /** Tells for the hash of some first characters whether a text may begin so. */
  readonly #beginnings = new Uint8Array(1 << 16);

  /** Adds a text, unless it has fewer than 8 characters. */
  add(secret: string): void {
    if (secret.length < minLength) return;
    const key = secret.slice(0, keyLength);
    const others = (this.#secrets.get(key) ?? []).filter((other) => other !== secret);
    this.#secrets.set(key, [...others, secret].sort((a, b) => b.length - a.length)); // prettier-ignore
    this.#beginnings[hashAt(secret, 0)] = 1;
  }

  /** Puts a replacement where one of the texts stands. */
  replace(text: string, replacement: string): string {
    let replaced = '';
    let from = 0;
    for (let index = 0; index + minLength <= text.length; index += 1) {
      const found = this.#findAt(text, index);
      if (found === undefined) continue;
      replaced += text.slice(from, index) + replacement;
      from = index + found.length;
      index = from - 1;
    }
    return from === 0 ? text : replaced + text.slice(from);
  }

  #findAt(text: string, index: number): string | undefined {
    if (this.#beginnings[hashAt(text, index)] === 0) return undefined;
    const candidates = this.#secrets.get(text.slice(index, index + keyLength));
    return candidates?.find((secret) => text.startsWith(secret, index));
  }
}

/** Hashes the first characters at an index to 16 bits. */
const hashAt = (text: string, index: number): number =>
  (((text.charCodeAt(index) * 31 + text.charCodeAt(index + 1)) * 31 + text.charCodeAt(index + 2)) * 31 +
    text.charCodeAt(index + 3)) &
  0xffff;
