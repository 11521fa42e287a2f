/**
 * Node's `http`, which is not imported: an import evaluates every export, and one of them loads a second undici, which takes
 * 13 MB.
 */
export const { createServer, IncomingMessage, ServerResponse } = process.getBuiltinModule('node:http');
