import { once } from 'node:events';
import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  constants as http2Constants,
} from 'node:http2';
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse } from '../contract.js';
import { LocalBedrockError } from '../errors.js';
import { ConnectionDrop } from './connection-drop.js';

/** Version of HTTP that a request came by. */
export type HttpVersion = '1.1' | '2';

/** Answers one request; never rejects except to have the connection dropped. */
export type PortHandler = (request: HttpRequest, version: HttpVersion) => Promise<HttpResponse>;

/** An open port. */
export interface ServedPort {
  readonly port: number;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

type AnyRequest = IncomingMessage | Http2ServerRequest;
type AnyResponse = ServerResponse | Http2ServerResponse;

const HTTP2_PREFACE_START = 'PRI';

/**
 * Serves HTTP/1.1 and HTTP/2 with prior knowledge on one port. The AWS SDK speaks HTTP/2 to Bedrock Runtime and
 * HTTP/1.1 to everything else, and a user has one endpoint to set: the first bytes of a connection decide.
 */
export async function servePort(options: {
  readonly host: string;
  readonly port: number;
  readonly handle: PortHandler;
}): Promise<ServedPort> {
  const sockets = new Set<Socket>();
  const http1 = createHttp1Server(
    (request, response) => void exchange(request, response, '1.1', options.handle),
  );
  // Node closes idle connections after 5 s, in the middle of a paused debugger or a slow test.
  http1.keepAliveTimeout = 65_000;
  http1.requestTimeout = 0;
  const http2 = createHttp2Server(
    { settings: { initialWindowSize: 1 << 20, maxConcurrentStreams: 1000 } },
    (request, response) => void exchange(request, response, '2', options.handle),
  );
  http2.on('sessionError', ignore);

  const listener = createNetServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that resets its connection is part of the bench, not an accident of the server.
    socket.on('error', ignore);
    socket.setNoDelay(true);
    chooseVersion(socket, (version) => (version === '2' ? http2 : http1).emit('connection', socket));
  });

  await new Promise<void>((resolve, reject) => {
    listener.once('error', (error: NodeJS.ErrnoException) =>
      reject(listenError(error, options.host, options.port)),
    );
    listener.listen(options.port, options.host, resolve);
  });

  return {
    port: (listener.address() as AddressInfo).port,
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      http1.closeAllConnections();
      await closed;
    },
  };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): LocalBedrockError {
  if (error.code === 'EADDRINUSE') {
    return new LocalBedrockError(
      'COSTKIT_PORT_IN_USE',
      `port ${port} on ${host} is in use. Stop what listens there, choose another port, or pass 0 for a free one.`,
      { cause: error },
    );
  }
  return new LocalBedrockError(
    'COSTKIT_LISTEN_FAILED',
    `cannot listen on ${host}:${port} (${error.code ?? error.message}). Choose another host or port.`,
    { cause: error },
  );
}

function chooseVersion(socket: Socket, choose: (version: HttpVersion) => void): void {
  const look = (): void => {
    // Null until so many bytes have come.
    const start: Buffer | null = socket.read(HTTP2_PREFACE_START.length);
    if (start === null) return;
    socket.off('readable', look);
    socket.unshift(start);
    choose(start.toString('latin1') === HTTP2_PREFACE_START ? '2' : '1.1');
  };
  socket.on('readable', look);
}

async function exchange(
  request: AnyRequest,
  response: AnyResponse,
  version: HttpVersion,
  handle: PortHandler,
): Promise<void> {
  const gone = new AbortController();
  // Writing to a client that has gone raises errors that mean nothing more than 'close' does.
  response.on('error', ignore);
  request.on('error', ignore);
  response.on('close', () => {
    // A reset HTTP/2 stream counts as finished for Node; only an ended response was read to its end.
    if (!response.writableEnded) gone.abort(new Error('the client went away'));
  });
  try {
    const answer = await handle(await readRequest(request, gone.signal), version);
    await writeResponse(response, answer, gone.signal);
  } catch (error) {
    dropConnection(response, version, error instanceof ConnectionDrop ? error.how : 'reset');
  }
}

async function readRequest(request: AnyRequest, signal: AbortSignal): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === ':authority') headers['host'] = String(value);
    else if (!name.startsWith(':') && value !== undefined) {
      headers[name] = Array.isArray(value) ? value.join(',') : value;
    }
  }
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark === -1 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)),
    headers,
    body: Buffer.concat(chunks),
    signal,
  };
}

async function writeResponse(
  response: AnyResponse,
  answer: HttpResponse,
  signal: AbortSignal,
): Promise<void> {
  const { body } = answer;
  const streamed = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
  if (signal.aborted) {
    // The body may hold resources that only its own `finally` releases.
    // A stream of Node has none before it is read.
    if (body instanceof Readable) body.destroy();
    else if (streamed) await body[Symbol.asyncIterator]().return?.();
    return;
  }
  const headers: Record<string, string> = { ...answer.headers };
  if (
    !streamed &&
    headers['content-length'] === undefined &&
    answer.status !== 204 &&
    answer.status !== 304
  ) {
    headers['content-length'] = String(body === undefined ? 0 : Buffer.byteLength(body));
  }
  response.writeHead(answer.status, headers);
  if (!streamed) {
    if (body === undefined) response.end();
    else (response as ServerResponse).end(body);
    return;
  }
  (response as ServerResponse).flushHeaders?.();
  for await (const chunk of body) {
    if (signal.aborted) break;
    if (!(response as ServerResponse).write(chunk)) await drained(response, signal);
    if (signal.aborted) break;
  }
  if (!signal.aborted) response.end();
}

function drained(response: AnyResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    response.on('drain', settle);
    signal.addEventListener('abort', settle);
    if (signal.aborted) settle();
  });
}

function dropConnection(response: AnyResponse, version: HttpVersion, how: ConnectionDrop['how']): void {
  if (version === '1.1') {
    (response as ServerResponse).socket?.destroy();
    return;
  }
  const { stream } = response as Http2ServerResponse;
  if (how === 'connection') {
    // `session.socket` is a proxy that forbids destroy(); destroying the session closes the socket.
    stream.session?.destroy();
    return;
  }
  stream.close(how === 'cancel' ? http2Constants.NGHTTP2_CANCEL : http2Constants.NGHTTP2_INTERNAL_ERROR);
}

function ignore(): void {}
