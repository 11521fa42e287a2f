import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** The origins that are always allowed: Apollo Studio's Sandbox, and pages on this machine. */
const defaultOrigins = [
  /^https:\/\/studio\.apollographql\.com$/,
  /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/,
];

/** Tells whether pages of an origin may call the server. */
export const isAllowedOrigin = (origin: string, configured: readonly string[]): boolean =>
  configured.includes(origin) || defaultOrigins.some((allowed) => allowed.test(origin));

/**
 * Lets pages of these origins, and of the default ones, call the server from a browser. A caller is known by its key alone
 * and never by a cookie, so that an origin adds no permission.
 */
export async function addCors(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  await app.register(cors, {
    origin: [...defaultOrigins, ...origins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
}
