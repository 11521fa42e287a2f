import type { Clock } from '../domain/clock.ts';
import type { ProviderError } from '../domain/errors.ts';
import {
  filesVersion,
  isReadableByOthers,
  loadClientCertificate,
  loadTrustedCa,
  rejectedCertificate,
  type CertificateFiles,
  type ClientCertificate,
  type LoadedCertificate,
  type Pem,
} from './certificate-files.ts';

export interface CertificateSource {
  /**
   * Returns the certificate to present now, as the same object until its content changes. Throws a `ProviderError` where
   * the provider could only refuse it, so that no call is made in vain.
   */
  current(): ClientCertificate;
  /** Returns the state of the certificate without throwing. */
  state(): CertificateState;
}

export interface CertificateState {
  /** The subject that the certificate names. */
  readonly subject?: string;
  /** Expiry in epoch milliseconds. */
  readonly validTo?: number;
  /** The reason why the certificate cannot be presented. */
  readonly error?: ProviderError;
  /** Problems that do not prevent its use yet. */
  readonly warnings: readonly string[];
}

/** Certificates are replaced by hand, in a portal: a month leaves time for that. */
const expiryWarningMs = 30 * 24 * 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

/**
 * Reads a client certificate, and reads it again when its files change. Certificate and key are two files that cannot be
 * replaced at the same moment: while the new ones cannot be used, the previous pair stays in use.
 */
export const openClientCertificate = (
  files: CertificateFiles,
  clock: Clock,
  warn?: (message: string) => void,
): CertificateSource => watchCertificate(files, loadClientCertificate, clock, warn);

/** Does the same for a host that is presented no certificate: the authority to trust there beside the public ones. */
export const openTrustedCa = (ca: Pem, clock: Clock): CertificateSource =>
  watchCertificate({ ca }, loadTrustedCa, clock);

function watchCertificate(
  files: CertificateFiles,
  load: (files: CertificateFiles) => LoadedCertificate,
  clock: Clock,
  warn: (message: string) => void = () => {},
): CertificateSource {
  let version = filesVersion(files);
  /** The content of the files, and the certificate in use: the same, unless the content cannot be used. */
  let latest: LoadedCertificate = load(files);
  let inUse = latest;
  let warnedAt = Number.NEGATIVE_INFINITY;

  function refresh(): LoadedCertificate {
    const now = clock.now();
    const newVersion = filesVersion(files);
    if (newVersion !== version) {
      version = newVersion;
      const loaded = load(files);
      latest = isSame(loaded.certificate, inUse.certificate) ? inUse : loaded;
      warnedAt = Number.NEGATIVE_INFINITY;
    }
    // Checked on every call: a certificate may be put in place before it becomes valid.
    if (errorAt(latest, now) === undefined || errorAt(inUse, now) !== undefined) inUse = latest;
    if (now - warnedAt >= dayMs) {
      warnedAt = now;
      const error = errorAt(inUse, now);
      for (const message of [...(error ? [error.message] : []), ...warnings(now)]) warn(message);
    }
    return inUse;
  }
  function warnings(now: number): string[] {
    const { validTo } = inUse;
    const unusable = latest === inUse ? undefined : errorAt(latest, now);
    const expiresSoon = validTo !== undefined && validTo > now && validTo - now <= expiryWarningMs;
    return [
      ...(expiresSoon ? [`the client certificate expires on ${dateOf(validTo)}: have a new one signed in time`] : []), // prettier-ignore
      ...(unusable ? [`the new certificate files cannot be used, so the previous pair stays in use: ${unusable.message}`] : []), // prettier-ignore
      ...(isReadableByOthers(files.privateKey) ? ['other users can read the private key’s file: chmod 600 it'] : []), // prettier-ignore
    ];
  }

  refresh();
  return {
    current() {
      const loaded = refresh();
      const error = errorAt(loaded, clock.now());
      if (error) throw error;
      return loaded.certificate!;
    },
    state() {
      const { subject, validTo } = refresh();
      return { subject, validTo, error: errorAt(inUse, clock.now()), warnings: warnings(clock.now()) };
    },
  };
}

/** Returns the reason why a provider could only refuse the certificate now. */
function errorAt({ error, validFrom, validTo }: LoadedCertificate, now: number): ProviderError | undefined {
  if (error) return error;
  if (validTo !== undefined && validTo <= now) {
    return rejectedCertificate(
      `the client certificate expired on ${dateOf(validTo)}`,
      'Have a new one signed by the provider and replace the file; no restart is needed.',
      'CERT_HAS_EXPIRED',
    );
  }
  if (validFrom !== undefined && validFrom > now) {
    return rejectedCertificate(
      `the client certificate is not valid before ${dateOf(validFrom)}`,
      'Wait until that date, or correct this machine’s clock.',
      'CERT_NOT_YET_VALID',
    );
  }
  return undefined;
}

const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

const isSame = (a: ClientCertificate | undefined, b: ClientCertificate | undefined) =>
  a !== undefined &&
  b !== undefined &&
  a.certificate === b.certificate &&
  a.privateKey === b.privateKey &&
  a.ca === b.ca;
