/** Renders the page. `apiKey` is the sandbox's; without it the page asks for a key, or was opened by a link. */
export const renderPage = (apiKey: string | undefined): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Track a parcel</title>
    <link rel="stylesheet" href="/page.css">
    <link rel="stylesheet" href="/track/page.css">
    <script src="/track/page.js" type="module"></script>
  </head>
  <body${apiKey ? ` data-key="${apiKey}"` : ''}>
    <main>
      <h1>Track a parcel</h1>
      <form id="search">
        <label for="number">Tracking number</label>
        <div class="row">
          <input id="number" name="number" required autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="search">
          <button>Track</button>
        </div>
        ${apiKey ? '' : '<label for="key">API key</label>\n        <input id="key" name="key" type="password" required autocomplete="off">'}
      </form>
      <p id="message" role="status"></p>
      <section id="parcel" aria-labelledby="status" hidden>
        <header>
          <p id="carrier"></p>
          <h2 id="status" aria-live="polite"></h2>
          <p id="details"></p>
          <p id="live"></p>
        </header>
        <ol id="stops" aria-label="Stops"></ol>
        <h3>Journey</h3>
        <ol id="timeline"></ol>
        ${apiKey ? '<button id="travel" type="button">Send it along: it arrives in 45 seconds</button>' : ''}
      </section>
      <noscript>This page needs JavaScript.</noscript>
    </main>
  </body>
</html>
`;
