import { ProviderError } from '../../domain/errors.ts';
import { bearer } from '../../transport/bearer-token.ts';
import type { Send } from '../../transport/http.ts';
import { openClientCertificate } from '../../transport/client-certificate.ts';
import { isLoopback } from '../../transport/networks.ts';
import { retry } from '../../transport/retry.ts';
import type { Environment, Provider } from '../adapter.ts';
import { oauth } from './auth.ts';
import { diagnose } from './diagnostics.ts';
import { createEasyPostConnect } from './client.ts';
import {
  easypostConnectCredentials,
  easypostConnectOptions,
  type EasyPostConnectCredentials,
  type EasyPostConnectOptions,
} from './credentials.ts';
import { createMailApi } from './mail/mail.ts';

/** Tokens are granted by a host of their own. */
const oauthHosts = {
  TEST: 'https://auth.acc.eservices.easypost.eu',
  PRODUCTION: 'https://auth.eservices.easypost.eu',
};

/** Where the documents have files put is not said; a guess, which `uploadHosts` widens. */
const ownDomain = 'easypost.eu';

/** EasyPost Connect (easypost.eu), which sends documents as mail; no kin of easypost.com. */
export const easypostConnect: Provider<EasyPostConnectCredentials, EasyPostConnectOptions> = {
  id: 'easypost-connect',
  name: 'EasyPost Connect',
  credentials: easypostConnectCredentials,
  options: easypostConnectOptions,
  // The documents contradict each other on the acceptance host, so none is assumed.
  hosts: { PRODUCTION: 'https://api.eservices.easypost.eu' },
  environments: { acc: 'TEST', pro: 'PRODUCTION' },
  variables: {
    EASYPOST_CONNECT_ENVIRONMENT: 'environment',
    EASYPOST_CONNECT_BASE_URL: 'baseUrl',
    EASYPOST_CONNECT_OAUTH_URL: 'oauthUrl',
    EASYPOST_CONNECT_CLIENT_ID: 'credentials.clientId',
    EASYPOST_CONNECT_CLIENT_SECRET: 'credentials.clientSecret',
    EASYPOST_CONNECT_API_KEY: 'credentials.apiKey',
    EASYPOST_CONNECT_CERT_FILE: 'credentials.certificate.file',
    EASYPOST_CONNECT_KEY_FILE: 'credentials.privateKey.file',
    EASYPOST_CONNECT_CA_FILE: 'credentials.ca.file',
    EASYPOST_CONNECT_UPLOAD_HOSTS: 'uploadHosts',
  },
  files: ['certificate', 'privateKey', 'ca'],
  clientId: (credentials) => credentials.clientId,

  createAdapter({ key, environment, baseUrl, credentials, options }, { send, tokens, clock, warn }) {
    const oauthUrl = options.oauthUrl ?? oauthHosts[environment === 'PRODUCTION' ? 'PRODUCTION' : 'TEST'];
    const contradiction = contradictionOf(environment, baseUrl, oauthUrl);
    if (contradiction) warn?.(contradiction.message);
    const identity = openClientCertificate(credentials, clock, warn);
    const withToken = bearer({
      key: `${key} oauth ${oauthUrl}`,
      tokens,
      ...oauth(oauthUrl, credentials, clock),
    })(contradiction ? refuse(contradiction) : send);
    const createApi = (wire: Send) => createEasyPostConnect(baseUrl, credentials, identity, wire, clock);
    const uploads = {
      hosts: [ownDomain, ...options.uploadHosts],
      loopback: isLoopback(new URL(baseUrl).hostname),
    };
    return {
      mail: createMailApi(createApi(retry(clock)(withToken)), uploads, warn),
      diagnose: diagnose({ contradiction, baseUrl, identity, token: withToken, api: createApi(withToken) }),
    };
  },
};

/** Which environment a host is of, where its name tells. */
function environmentOf(host: string): Environment | undefined {
  if (/(^|\.)acc\.eservices\.easypost\.eu$/.test(host)) return 'TEST';
  return /^((api|auth)\.)?eservices\.easypost\.eu$/.test(host) ? 'PRODUCTION' : undefined;
}

function contradictionOf(environment: Environment, ...urls: readonly string[]): ProviderError | undefined {
  const wrong = urls.map((url) => new URL(url).host).find((host) => (environmentOf(host) ?? environment) !== environment); // prettier-ignore
  if (wrong === undefined) return undefined;
  return new ProviderError(
    'WRONG_ENVIRONMENT',
    `the account is ${environment}, but ${wrong} is a host of ${environmentOf(wrong)}`,
    {
      hint: 'Set environment, baseUrl and oauthUrl of the account to one environment: acc is TEST, pro PRODUCTION.',
    },
  );
}

/** Nothing is sent, so no credential is shown to the wrong environment. */
function refuse(error: ProviderError): Send {
  return async () => {
    throw error;
  };
}
