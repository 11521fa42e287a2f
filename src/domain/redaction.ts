import { KnownSecrets } from './known-secrets.ts';

/**
 * What is secret or personal, in one list: the log, metrics and traces pass through `redact`, and nothing else decides what
 * they may hold. Responses to callers do not: they hold what the caller asked for.
 */

/** Fields whose value is removed, without regard to case, `-` and `_`. */
const sensitiveFields = [
  // Secrets.
  ...[
    'authorization',
    'cookie',
    'password',
    'secret',
    'clientSecret',
    'apiKey',
    'xApiKey',
    'token',
    'accessToken',
  ],
  ...[
    'refreshToken',
    'paymentAuthorizationToken',
    'xPaymentAuthorizationToken',
    'privateKey',
    'webhookSecret',
  ],
  // A person or their address.
  ...[
    'name',
    'firstName',
    'lastName',
    'company',
    'firm',
    'signer',
    'phone',
    'email',
    'street',
    'street1',
    'street2',
  ],
  ...['streetAddress', 'secondaryAddress', 'urbanization', 'postalCode', 'zip', 'zipCode', 'address'],
  // Whatever was sent or received: a body, a statement's values, a provider's own words.
  ...['body', 'variables', 'query', 'parameters', 'detail', 'where', 'providerMessage', 'url', 'labelUrl'],
];

const removed = '[redacted]';

/** A form of secrets or persons' data, with what stands in its place. */
interface SensitiveForm {
  readonly form: RegExp;
  readonly replacement: string;
  /** A text that each match holds: a line without it is not searched. Empty: every line is. */
  readonly sign: string;
}

const sensitiveForms: readonly SensitiveForm[] = [
  {
    form: /-----BEGIN [A-Z ]+-----.*?(-----END [A-Z ]+-----|$)/gs,
    replacement: removed,
    sign: '-----BEGIN ',
  },
  { form: /\b(Bearer|Basic)\s+[^\s"\\,]+/gi, replacement: `$1 ${removed}`, sign: '' },
  { form: /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, replacement: removed, sign: 'eyJ' },
  // API keys: those that this server creates, and EasyPost's.
  { form: /\bpg_live_[0-9a-f]{40}\b/g, replacement: removed, sign: 'pg_live_' },
  { form: /\bEZ[AT]K\w+/g, replacement: removed, sign: 'EZ' },
  { form: /\/(labels|webhooks\/[\w-]+)\/[\w.~-]{16,}/g, replacement: `/$1/${removed}`, sign: '/' },
  { form: /\b(postgres(?:ql)?:\/\/)[^\s"\\]+/g, replacement: `$1${removed}`, sign: 'postgres' },
  { form: /[\w.+-]+@[\w-]+(\.[\w-]+)+/g, replacement: removed, sign: '@' },
  { form: /(\+1[ .-]?)?\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b/g, replacement: removed, sign: '' },
  // JavaScript repeats the text that it can't parse.
  {
    form: /(\.\.\.)?\\?"(?:(?!\\?" is not).)*?\\?"(\.\.\.)? is not valid JSON/g,
    replacement: `${removed} is not valid JSON`,
    sign: ' is not valid JSON',
  },
];

/** Removes what is secret or personal from a text or a line of JSON. */
export type Redact = (text: string) => string;

export interface Redaction {
  readonly redact: Redact;
  /**
   * Removes these texts too, wherever they stand, in whatever form: the credentials that this process knows. Texts shorter
   * than 8 characters are not removed, since they would match by chance.
   */
  addSecrets(secrets: Iterable<string>): void;
}

export function createRedaction(): Redaction {
  const known = new KnownSecrets();
  const fields = sensitiveFields.map((name) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '[-_]?')).join('|');
  // A text, or a list or an object that holds no further ones.
  const text = String.raw`"(?:[^"\\]|\\.)*"`;
  const list = String.raw`\[(?:${text}|[^[\]"])*\]`;
  const object = String.raw`\{(?:${text}|[^{}"])*\}`;
  const field = new RegExp(`"(${fields})":(?:${text}|${list}|${object})`, 'gi');
  return {
    redact(line) {
      let redacted = known.replace(line.replace(field, `"$1":"${removed}"`), removed);
      for (const { form, replacement, sign } of sensitiveForms) {
        if (redacted.includes(sign)) redacted = redacted.replace(form, replacement);
      }
      return redacted;
    },
    addSecrets(secrets) {
      // As they stand in a line of JSON.
      for (const secret of secrets) known.add(JSON.stringify(secret).slice(1, -1));
    },
  };
}

/** Redacts by the list alone, where no credential can occur. */
export const { redact } = createRedaction();

/** Lists every text within a value. */
export function* textsWithin(value: unknown): Iterable<string> {
  const values = [value];
  // The list grows while it is walked.
  for (const each of values) {
    if (typeof each === 'string') yield each;
    else if (typeof each === 'object' && each !== null) values.push(...(Object.values(each) as unknown[]));
  }
}
