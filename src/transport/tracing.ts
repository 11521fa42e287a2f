import { AsyncLocalStorage } from 'node:async_hooks';

import type { HttpRequest, Layer } from './http.ts';

/** What a span says of its step: names, counts and codes; no argument, which may hold an address. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A step of a request that takes time, as OpenTelemetry describes it. */
export interface Span {
  child(name: string, kind: 'internal' | 'client', attributes: Attributes): Span;
  /** Ends the span; `failed` marks it as an error. */
  end(attributes?: Attributes, failed?: boolean): void;
  /** The value of `traceparent`, which passes the trace on (W3C Trace Context). */
  readonly traceparent: string;
}

/** Starts the span of a request, as a child of the trace that its `traceparent` names, if it names one. */
export interface Tracer {
  start(name: string, traceparent: string | undefined): Span;
  /** Sends what has ended. */
  close(): Promise<void>;
}

const spans = new AsyncLocalStorage<Span>();

/** Calls a function; whatever takes time in it becomes a child of the span. */
export const runInSpan = <T>(span: Span, work: () => T): T => spans.run(span, work);

/** Traces a step of the request that the running code works for; without a trace it only calls `work`. */
export async function traced<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const span = spans.getStore()?.child(name, 'internal', attributes);
  if (span === undefined) return work();
  try {
    const result = await spans.run(span, work);
    span.end();
    return result;
  } catch (error) {
    span.end({}, true);
    throw error;
  }
}

/** Traces each call to a provider, and passes the trace on to it. */
export function traceCalls(provider: string, account: string): Layer {
  return (next) => async (request, signal) => {
    const span = spans.getStore()?.child(`${request.method} ${provider} ${request.api}`, 'client', attributesOf(request, account)); // prettier-ignore
    if (span === undefined) return next(request, signal);
    const headers = { ...request.headers, traceparent: span.traceparent };
    try {
      const response = await next({ ...request, headers }, signal);
      span.end({ 'http.response.status_code': response.status }, response.status >= 400);
      return response;
    } catch (error) {
      span.end({ 'error.type': error instanceof Error ? error.name : 'Error' }, true);
      throw error;
    }
  };
}

/** The path is left out: it may hold an address. */
const attributesOf = ({ method, url, api }: HttpRequest, account: string): Attributes => ({
  'http.request.method': method,
  'server.address': url.hostname,
  'parcelgraph.account': account,
  'parcelgraph.api': api,
});
