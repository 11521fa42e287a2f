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
    let hash = 0;
    for (let index = 0; index < keyLength; index += 1) hash = nextHash(hash, secret.charCodeAt(index));
    this.#beginnings[hash] = 1;
  }

  /** Puts a replacement where one of the texts stands. */
  replace(text: string, replacement: string): string {
    let replaced = '';
    let from = 0;
    let hash = 0;
    for (let end = 0; end < text.length; end += 1) {
      // The characters before the last four are shifted out of the 16 bits.
      hash = nextHash(hash, text.charCodeAt(end));
      const index = end + 1 - keyLength;
      if (index < from || this.#beginnings[hash] === 0) continue;
      const found = this.#findAt(text, index);
      if (found === undefined) continue;
      replaced += text.slice(from, index) + replacement;
      from = index + found.length;
    }
    return from === 0 ? text : replaced + text.slice(from);
  }

  #findAt(text: string, index: number): string | undefined {
    const candidates = this.#secrets.get(text.slice(index, index + keyLength));
    return candidates?.find((secret) => text.startsWith(secret, index));
  }
}

/** Adds a character to a hash of 16 bits, of which each takes four: the hash depends on the last four characters alone. */
const nextHash = (hash: number, code: number): number => ((hash << 4) ^ (code * 0x9d)) & 0xffff;
