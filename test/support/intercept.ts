import type { HttpRequest, HttpResponse, Layer } from '../../src/transport/http.ts';

/** Takes the place of the provider's response, or passes it on. */
export type Interception = (
  request: HttpRequest,
  receive: () => Promise<HttpResponse>,
) => Promise<HttpResponse>;

export interface Interceptor {
  /** The layer next to the connections. */
  readonly layer: Layer;
  /** Lets calls to a path, matched without its query, pass through `intercept` until the returned function is called. */
  intercept(path: RegExp, intercept: Interception): () => void;
}

/** Answers calls of an adapter in memory, thousands a second, where `Emulator.injectFault` answers over HTTP. */
export function createInterceptor(): Interceptor {
  const active = new Map<Interception, RegExp>();
  return {
    layer: (next) => (request, signal) => {
      const receive = () => next(request, signal);
      const found = [...active].find(([, path]) => path.test(request.url.pathname));
      return found === undefined ? receive() : found[0](request, receive);
    },
    intercept(path, intercept) {
      active.set(intercept, path);
      return () => active.delete(intercept);
    },
  };
}

/** A response with a JSON body. */
export const jsonResponse = (
  body: object,
  { status = 200, headers = {} }: Partial<HttpResponse> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(JSON.stringify(body)),
});
