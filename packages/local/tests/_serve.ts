import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HttpRequest, HttpResponse, RouteHandler } from '../src/contract.js';
import { BedrockFault, faultResponse } from '../src/wire/bedrock-fault.js';

/** A plain HTTP/1.1 server over route handlers, so that parts can be tested without the common server. */
export interface TestServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Serves the first handler that answers on a port of its own. */
export const serve = async (...handlers: RouteHandler[]): Promise<TestServer> => {
  const failures: unknown[] = [];
  const server = createServer((incoming, outgoing) => {
    answer(handlers, incoming, outgoing).catch((error: unknown) => {
      // A client that hangs up is no failure of the server.
      if (!outgoing.destroyed) failures.push(error);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (failures.length > 0) throw failures[0];
    },
  };
};

const answer = async (
  handlers: readonly RouteHandler[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const request = await readRequest(incoming, gone.signal);
  for (const handler of handlers) {
    const response = await handler(request).catch((error: unknown) => {
      if (error instanceof BedrockFault) return faultResponse(error, 'request-id');
      throw error;
    });
    if (response !== undefined) return send(response, outgoing);
  }
  outgoing.writeHead(404).end();
};

const readRequest = async (incoming: IncomingMessage, signal: AbortSignal): Promise<HttpRequest> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.concat(chunks),
    signal,
  };
};

const send = async ({ status, headers, body }: HttpResponse, outgoing: ServerResponse): Promise<void> => {
  outgoing.writeHead(status, headers);
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body);
  else await pipeline(Readable.from(body), outgoing);
};
