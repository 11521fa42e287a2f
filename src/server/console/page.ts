/** Renders the console. `apiKey` is the sandbox's; without it the page asks for a key. */
export const renderPage = (apiKey: string | undefined): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Console</title>
    <link rel="stylesheet" href="/page.css">
    <link rel="stylesheet" href="/console/page.css">
    <script src="/console/page.js" type="module"></script>
  </head>
  <body${apiKey ? ` data-key="${apiKey}"` : ''}>
    <header>
      <h1>Console</h1>
      <p id="refreshed"></p>
      <button id="forget" type="button" hidden>Forget the key</button>
    </header>
    <main>
      <p id="message" role="status"></p>
      <form id="login" hidden>
        <p>The console needs an API key with the permission <code>admin</code>. This tab keeps the key until it is closed.</p>
        <label for="key">API key</label>
        <div class="row">
          <input id="key" type="password" required autocomplete="off">
          <button>Open</button>
        </div>
      </form>
      <div id="content" hidden>
        <ul id="attention" aria-label="What needs attention"></ul>
${sections.map(renderSection).join('\n')}
      </div>
      <noscript>This page needs JavaScript.</noscript>
    </main>
  </body>
</html>
`;

const sections = [
  ['unresolved', 'Purchases and operations that need attention'],
  ['accounts', 'Accounts'],
  ['latency', 'Latency by provider'],
  ['failures', 'Recent failures'],
  ['deliveries', 'Webhook deliveries that failed'],
  ['shipments', 'Last shipments'],
] as const;

const renderSection = ([id, title]: (typeof sections)[number]) => `        <section aria-labelledby="${id}">
          <h2 id="${id}">${title}</h2>
          <div id="${id}-content"></div>
        </section>`;
