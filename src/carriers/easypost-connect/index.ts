import { ProviderError } from '../../domain/errors.ts';
import { bearer } from '../../transport/bearer-token.ts';
import { openClientCertificate } from '../../transport/client-certificate.ts';
import type { Send } from '../../transport/http.ts';
import { isLoopback } from '../../transport/networks.ts';
import { retry } from '../../transport/retry.ts';
import type { Environment, Provider } from '../provider.ts';
import { oauth } from './auth.ts';
import { createEasyPostConnect } from './client.ts';
import { createRequestCommand } from './commands.ts';
import {
  easypostConnectCredentials,
  easypostConnectOptions,
  type EasyPostConnectCredentials,
  type EasyPostConnectOptions,
} from './credentials.ts';
import { diagnose } from './diagnostics.ts';
import { classifyTokenError, toProviderError } from './errors.ts';
import { createMailApi } from './mail/mail.ts';
import { mailStatuses } from './mail/statuses.ts';

/** Base URLs of the hosts that grant tokens. */
const oauthHosts = {
  TEST: 'https://auth.acc.eservices.easypost.eu',
  PRODUCTION: 'https://auth.eservices.easypost.eu',
};

/** The domain that takes uploads. A guess, since the documents name none; the option `uploadHosts` adds others. */
const uploadDomain = 'easypost.eu';

/** EasyPost Connect (easypost.eu), which sends documents as mail. It is unrelated to EasyPost (easypost.com). */
export const easypostConnect: Provider<EasyPostConnectCredentials, EasyPostConnectOptions> = {
  id: 'easypost-connect',
  name: 'EasyPost Connect',
  credentials: easypostConnectCredentials,
  options: easypostConnectOptions,
  variables: {
    EASYPOST_CONNECT_CLIENT_ID: 'credentials.clientId',
    EASYPOST_CONNECT_CLIENT_SECRET: 'credentials.clientSecret',
    EASYPOST_CONNECT_API_KEY: 'credentials.apiKey',
    EASYPOST_CONNECT_CERT_FILE: 'credentials.certificate.file',
    EASYPOST_CONNECT_KEY_FILE: 'credentials.privateKey.file',
    EASYPOST_CONNECT_CA_FILE: 'credentials.ca.file',
    EASYPOST_CONNECT_ENVIRONMENT: 'environment',
    EASYPOST_CONNECT_BASE_URL: 'baseUrl',
    EASYPOST_CONNECT_OAUTH_URL: 'oauthUrl',
    EASYPOST_CONNECT_UPLOAD_HOSTS: 'uploadHosts',
  },
  // The documents contradict each other on the acceptance host, so none is assumed.
  hosts: { PRODUCTION: 'https://api.eservices.easypost.eu' },
  environments: { acc: 'TEST', pro: 'PRODUCTION' },
  files: ['certificate', 'privateKey', 'ca'],
  hostOptions: ['oauthUrl', 'uploadHosts'],
  mailStatuses,
  commands: [createRequestCommand],
  clientId: (credentials) => credentials.clientId,
  toError: (api, response, now) =>
    toProviderError(response, now, api === 'oauth' ? classifyTokenError : undefined),

  createAdapter({ key, environment, baseUrl, credentials, options }, { send, guard, tokens, clock, warn }) {
    const oauthUrl = options.oauthUrl ?? oauthHosts[environment === 'PRODUCTION' ? 'PRODUCTION' : 'TEST'];
    const wrongEnvironment = findWrongEnvironment(environment, baseUrl, oauthUrl);
    if (wrongEnvironment) warn?.(wrongEnvironment.message);
    const certificate = openClientCertificate(credentials, clock, warn);
    const withToken = bearer({
      key: `${key} oauth ${oauthUrl}`,
      tokens,
      ...oauth(oauthUrl, credentials, clock),
    })(wrongEnvironment ? rejectAll(wrongEnvironment) : guard(send));
    const createApi = (layers: Send) =>
      createEasyPostConnect(baseUrl, credentials, certificate, layers, clock);
    const uploads = {
      hosts: [uploadDomain, ...options.uploadHosts],
      loopback: isLoopback(new URL(baseUrl).hostname),
    };
    return {
      mail: createMailApi(createApi(retry(clock)(withToken)), uploads, warn),
      async expiries() {
        const { validTo, error } = certificate.state();
        const { token } = await withToken.tokenState();
        return { token: token?.expiresAt, certificate: validTo, certificateFault: error?.message };
      },
      // Without the retry layer: each check is one call.
      diagnose: diagnose({
        wrongEnvironment,
        baseUrl,
        certificate,
        token: withToken,
        api: createApi(withToken),
      }),
    };
  },
};

/** Returns the environment of a host, where its name shows it. */
function environmentOfHost(host: string): Environment | undefined {
  if (/(^|\.)acc\.eservices\.easypost\.eu$/.test(host)) return 'TEST';
  return /^((api|auth)\.)?eservices\.easypost\.eu$/.test(host) ? 'PRODUCTION' : undefined;
}

function findWrongEnvironment(
  environment: Environment,
  ...urls: readonly string[]
): ProviderError | undefined {
  const wrong = urls
    .map((url) => new URL(url).host)
    .find((host) => (environmentOfHost(host) ?? environment) !== environment);
  if (wrong === undefined) return undefined;
  return new ProviderError(
    'WRONG_ENVIRONMENT',
    `the account is ${environment}, but ${wrong} is a host of ${environmentOfHost(wrong)}`,
    {
      hint: 'Set environment, baseUrl and oauthUrl of the account to one environment: acc is TEST, pro PRODUCTION.',
    },
  );
}

/** Sends nothing, so that no credential reaches a host of the wrong environment. */
function rejectAll(error: ProviderError): Send {
  return async () => {
    throw error;
  };
}
