// Shows the journey of one parcel, and each change of it as it happens.

const element = (id) => document.getElementById(id);
const sandboxKey = document.body.dataset.key;

const statusTexts = {
  UNKNOWN: 'Nothing is known yet',
  PRE_TRANSIT: 'The label was created',
  ACCEPTED: 'Accepted by the carrier',
  IN_TRANSIT: 'On its way',
  OUT_FOR_DELIVERY: 'Out for delivery',
  AVAILABLE_FOR_PICKUP: 'Ready for pickup',
  DELIVERY_ATTEMPTED: 'Delivery was attempted',
  DELIVERED: 'Delivered',
  RETURNING: 'On its way back',
  RETURNED: 'Returned to the sender',
  EXCEPTION: 'There is a problem',
  CANCELLED: 'Cancelled',
};
const failureTexts = {
  NOT_FOUND: 'The carrier does not know this number yet. A new label is known after its first scan.',
  QUOTA_EXHAUSTED: 'The carrier cannot be asked for a while. This page shows the state once it is known.',
};
const defaultFailure =
  'The carrier cannot be asked at the moment. This page shows the state once it is known.';

/** The parcel that is shown: `{ trackingNumber, key }` or `{ link }`. */
let shown;
/** Ends the updates of the parcel before. */
let stop = () => {};

function show(parcel) {
  stop();
  shown = parcel;
  element('parcel').hidden = true;
  element('message').textContent = 'Looking for the parcel …';
  const stopped = new AbortController();
  stop = () => stopped.abort();
  void follow(parcel, stopped.signal);
}

/** Follows a parcel until the signal is aborted; a connection that is lost is opened again, after the last state. */
async function follow(parcel, signal) {
  let after;
  let delay = 1000;
  while (!signal.aborted) {
    try {
      for await (const tracker of updates({ ...parcel, after }, signal)) {
        after = tracker.cursor;
        delay = 1000;
        render(tracker);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.isFinal) return fail(error.message);
    }
    element('live').textContent = 'The connection was lost; connecting again …';
    await new Promise((resolve) => setTimeout(resolve, delay));
    delay = Math.min(delay * 2, 30_000);
  }
}

function fail(message) {
  element('message').textContent = message;
  element('parcel').hidden = true;
}

const finalError = (message) => Object.assign(new Error(message), { isFinal: true });

/** Reads the states of a parcel from the server-sent events of `/track/updates`. */
async function* updates({ key, ...body }, signal) {
  const response = await fetch('/track/updates', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) {
    const { error, errors } = await response.json();
    const message = error ?? errors?.[0]?.message ?? `the server responded with ${response.status}`;
    throw response.status < 500 && response.status !== 429 ? finalError(`${message}.`) : new Error(message);
  }
  let text = '';
  for await (const chunk of chunks(response.body.pipeThrough(new TextDecoderStream()))) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop();
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data === undefined) continue;
      const { data: result, errors } = JSON.parse(data);
      if (errors) throw new Error(errors[0].message);
      yield result.trackerUpdated;
    }
  }
}

/** Not every browser iterates over streams. */
async function* chunks(stream) {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

function render(tracker) {
  const { trackingNumber, carrier, status, statusText, events, failure } = tracker;
  element('message').textContent = failure ? (failureTexts[failure.code] ?? defaultFailure) : '';
  element('parcel').hidden = false;
  element('carrier').textContent = [carrier, trackingNumber].filter(Boolean).join(' · ');
  element('status').textContent = statusTexts[status] ?? status;
  element('details').textContent = [statusText, expected(tracker)].filter(Boolean).join(' · ');
  element('live').textContent = 'This page shows each change as it happens.';
  document.title = `${statusTexts[status] ?? status} · ${trackingNumber}`;
  renderStops(events);
  renderTimeline(events);
  const travel = element('travel');
  if (travel) travel.hidden = ['DELIVERED', 'RETURNED', 'CANCELLED', 'UNKNOWN'].includes(status);
}

const expected = ({ status, estimatedDelivery, estimatedDeliveryDate }) => {
  const day = estimatedDeliveryDate ?? estimatedDelivery?.slice(0, 10);
  return day && status !== 'DELIVERED' ? `expected ${formatDay(day)}` : '';
};

const formatDay = (day) =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString(undefined, { dateStyle: 'full', timeZone: 'UTC' });

/** The places in their order, each once: the line of stops. */
function renderStops(events) {
  const places = [];
  for (const { location } of events.toReversed()) {
    const place = placeOf(location);
    if (place && place !== places.at(-1)) places.push(place);
  }
  element('stops').replaceChildren(
    ...places.map((place, index) => {
      const stop = document.createElement('li');
      stop.textContent = place;
      if (index === places.length - 1) stop.setAttribute('aria-current', 'location');
      return stop;
    }),
  );
}

const placeOf = (location) =>
  [location?.city, location?.state ?? (location?.city ? undefined : location?.country)]
    .filter(Boolean)
    .join(', ');

/** Adds what is new on top; what is shown already stays, so that nobody loses their place. */
function renderTimeline(events) {
  const timeline = element('timeline');
  const known = new Map([...timeline.children].map((item) => [item.dataset.id, item]));
  timeline.replaceChildren(
    ...events.map((event) => known.get(event.id) ?? renderEvent(event, known.size > 0)),
  );
}

function renderEvent({ id, description, location, occurredAt, occurredAtLocal }, isNew) {
  const item = document.createElement('li');
  item.dataset.id = id;
  if (isNew) item.className = 'new';
  const title = document.createElement('strong');
  title.textContent = description;
  const time = document.createElement('time');
  // The time at the place of the event, as its carrier prints it.
  const local = occurredAtLocal ?? occurredAt;
  if (local) time.dateTime = occurredAt ?? occurredAtLocal;
  const text = local && `${formatDay(local.slice(0, 10))}, ${local.slice(11, 16)}`;
  time.textContent = [text, placeOf(location)].filter(Boolean).join(' · ');
  item.append(title, time);
  return item;
}

element('search').addEventListener('submit', (event) => {
  event.preventDefault();
  const trackingNumber = element('number').value.trim();
  const key = sandboxKey ?? element('key').value.trim();
  if (sandboxKey) history.replaceState(null, '', `#${trackingNumber.replace(/\s/g, '')}`);
  show({ trackingNumber, key });
});

element('travel')?.addEventListener('click', async ({ target }) => {
  target.disabled = true;
  const response = await fetch(`/sandbox/parcels/${encodeURIComponent(shown.trackingNumber)}/travel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sandboxKey}` },
    body: JSON.stringify({ seconds: 45 }),
  });
  if (!response.ok) {
    element('message').textContent = (await response.json()).error;
    target.disabled = false;
  }
});

/** Opens the parcel that the URL names by a link's token, or by its number, for which a key may have to be entered. */
function openFragment() {
  const fragment = decodeURIComponent(location.hash.slice(1));
  if (fragment === '') return;
  if (fragment.length <= 40) {
    element('number').value = fragment;
    if (sandboxKey) show({ trackingNumber: fragment, key: sandboxKey });
  } else {
    element('search').hidden = true;
    show({ link: fragment });
  }
}
addEventListener('hashchange', openFragment);
openFragment();
