import { randomBytes } from 'node:crypto';

import { request } from 'undici';

import { redact } from '../domain/redaction.ts';
import type { Attributes, Span, Tracer } from './tracing.ts';

export interface OtlpOptions {
  /** The receiver's base URL; traces go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Called where the receiver does not take the spans, which are lost then. */
  readonly onError: (error: unknown) => void;
}

/** The most spans that wait to be sent: above, further ones are dropped. */
const maxWaiting = 4096;
const sendEveryMs = 2000;
const kinds = { internal: 1, server: 2, client: 3 };
const errorStatus = { code: 2 };

/**
 * Creates a tracer that sends ended spans to an OpenTelemetry receiver, as JSON over HTTP (OTLP 1.x), every two seconds.
 * Every request is recorded, unless the trace that it belongs to is not sampled.
 */
export function createOtlpTracer({ endpoint, headers, serviceName, onError }: OtlpOptions): Tracer {
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const resource = { attributes: toAttributes({ 'service.name': serviceName }) };
  let waiting: object[] = [];

  async function send(): Promise<void> {
    if (waiting.length === 0) return;
    const resourceSpans = [{ resource, scopeSpans: [{ scope: { name: 'parcelgraph' }, spans: waiting }] }];
    waiting = [];
    try {
      const { statusCode, body } = await request(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ resourceSpans }),
        signal: AbortSignal.timeout(10_000),
      });
      await body.dump();
      if (statusCode >= 300) onError(new Error(`the receiver of traces answered ${statusCode}`));
    } catch (error) {
      onError(error);
    }
  }

  function startSpan(name: string, kind: keyof typeof kinds, parent: Parent, attributes: Attributes): Span {
    const spanId = randomBytes(8).toString('hex');
    const { traceId, sampled } = parent;
    const startTimeUnixNano = nanoseconds();
    return {
      traceparent: `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`,
      child: (childName, childKind, more) => startSpan(childName, childKind, { traceId, sampled, spanId }, more), // prettier-ignore
      end(more = {}, failed = false) {
        if (!sampled || waiting.length >= maxWaiting) return;
        waiting.push({
          traceId,
          spanId,
          parentSpanId: parent.spanId,
          name,
          kind: kinds[kind],
          startTimeUnixNano,
          endTimeUnixNano: nanoseconds(),
          attributes: toAttributes({ ...attributes, ...more }),
          status: failed ? errorStatus : {},
        });
      },
    };
  }

  const timer = setInterval(() => void send(), sendEveryMs).unref();
  return {
    start: (name, traceparent) => startSpan(name, 'server', parseTraceparent(traceparent), {}),
    close() {
      clearInterval(timer);
      return send();
    },
  };
}

interface Parent {
  readonly traceId: string;
  readonly spanId?: string;
  readonly sampled: boolean;
}

/** Reads a `traceparent`; starts a trace where there is none, or an invalid one (W3C Trace Context, section 3.2). */
function parseTraceparent(header: string | undefined): Parent {
  const [, traceId, spanId, flags] = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-|$)/.exec(header ?? '') ?? []; // prettier-ignore
  if (traceId === undefined || flags === undefined) return { traceId: randomBytes(16).toString('hex'), sampled: true }; // prettier-ignore
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

const toAttributes = (attributes: Attributes) =>
  Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [{ key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: redact(value) } }]; // prettier-ignore
  });

/** The time in nanoseconds since 1970, as text: a number would not be exact. */
const nanoseconds = () =>
  String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n);
