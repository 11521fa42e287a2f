import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';

import type { Context } from '../auth/context.ts';
import type { Example } from './examples.ts';

/**
 * Apollo Sandbox as the page of `/graphql`. It shows the first example, or the one that `?example=` names, with the API key
 * as a header. The page needs internet; without, it links to GraphiQL.
 */
export function landingPage(
  examples: readonly Example[],
  apiKey: string | undefined,
): ApolloServerPlugin<Context> {
  const plugin = ApolloServerPluginLandingPageLocalDefault({
    footer: false,
    ...initialState(examples[0]!),
    headers: apiKey ? { authorization: `Bearer ${apiKey}` } : undefined,
    embed: { runTelemetry: false },
  });
  return {
    async serverWillStart(service) {
      const listener = await plugin.serverWillStart?.(service);
      const page = await listener?.renderLandingPage?.();
      return {
        renderLandingPage: async () => ({
          html: async () =>
            adapt(typeof page?.html === 'function' ? await page.html() : (page?.html ?? ''), examples),
        }),
      };
    },
  };
}

const initialState = ({ query, variables }: Example) => ({ document: query, variables: { ...variables } });

/** Replaces parts of Apollo's page, which has no option for them. */
function adapt(page: string, examples: readonly Example[]): string {
  const states = Object.fromEntries(examples.map((example) => [example.name, initialState(example)]));
  const replacements = {
    'it appears that you might be offline.':
      'you might be offline. <a href="/graphiql">GraphiQL</a> works without internet.',
    // Without internet the place of Apollo Sandbox stays empty, and covers the link.
    '.fallback {': '#embeddableSandbox:empty { pointer-events: none; }\n        .fallback {',
    'window.location.href': 'location.origin + location.pathname',
    'new window.EmbeddedSandbox(': `var examples = ${JSON.stringify(states).replaceAll('<', '\\u003c')};
  Object.assign(embeddedSandboxConfig.initialState, examples[new URLSearchParams(location.search).get('example')]);
  new window.EmbeddedSandbox(`,
  };
  let adapted = page;
  for (const [text, replacement] of Object.entries(replacements)) {
    adapted = adapted.replace(text, () => replacement);
  }
  return adapted;
}
