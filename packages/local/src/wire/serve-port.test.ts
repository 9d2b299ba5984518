import { once } from 'node:events';
import type { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HttpRequest, HttpResponse } from '../contract.js';
import { ConnectionDrop } from './connection-drop.js';
import { type HttpVersion, type ServedPort, servePort } from './serve-port.js';

describe('servePort', () => {
  let served: ServedPort | undefined;
  afterEach(async () => {
    await served?.close();
  });
  const serve = async (
    handle: (request: HttpRequest, version: HttpVersion) => Promise<HttpResponse>,
  ): Promise<number> => {
    served = await servePort({ host: '127.0.0.1', port: 0, handle });
    return served.port;
  };
  /** Sends raw pieces on one connection, a turn of the event loop apart, and reads until it closes. */
  const raw = async (port: number, pieces: readonly string[]): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await once(socket, 'close');
    return answer;
  };

  it('tells the versions apart however the first bytes are cut', async () => {
    const port = await serve(async (request, version) => ({
      status: 200,
      body: `${version} ${request.method} ${request.path} ${request.query.get('q')} ${request.headers['host']}`,
    }));
    const http1 =
      'POST /a%2Fb?q=1 HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi';
    expect(await raw(port, [...http1])).toMatch(/1\.1 POST \/a%2Fb 1 here$/);
    expect(await raw(port, [http1])).toMatch(/1\.1 POST \/a%2Fb 1 here$/);

    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':path': '/x?q=2', ':method': 'POST' });
    stream.end('hi');
    let answer = '';
    for await (const chunk of stream) answer += chunk;
    expect(answer).toBe(`2 POST /x 2 127.0.0.1:${port}`);
    session.close();
  });

  it('takes a method that begins like the preface for what it is', async () => {
    const port = await serve(async () => ({ status: 200, body: 'ok' }));
    expect(await raw(port, ['P', 'UT /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'])).toMatch(
      /200 OK[\s\S]*ok$/,
    );
  });

  it('takes bodies larger than the windows of HTTP/2', async () => {
    const port = await serve(async ({ body }) => ({ status: 200, body: String(body.length) }));
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':path': '/', ':method': 'POST' });
    stream.end(Buffer.alloc(5_000_000));
    let answer = '';
    for await (const chunk of stream) answer += chunk;
    expect(answer).toBe('5000000');
    session.close();
  });

  it('releases what a body holds when the client leaves before it starts', async () => {
    let released = false;
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const port = await serve(async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      leave();
      const iterator: AsyncIterableIterator<Uint8Array> = {
        next: async () => ({ done: false, value: Buffer.from('x') }),
        return: async () => {
          released = true;
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => iterator,
      };
      return { status: 200, body: iterator };
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n', () => socket.destroy());
    await left;
    await new Promise((resolve) => setImmediate(resolve));
    expect(released).toBe(true);
  });

  it('closes the file of a body when the client leaves before it starts', async () => {
    let body: ReadStream | undefined;
    const port = await serve(async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      const file = await open(fileURLToPath(import.meta.url));
      body = file.createReadStream();
      return { status: 200, body };
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n', () => socket.destroy());
    await vi.waitUntil(() => body?.closed);
  });

  it('drops the connection when the handler says so, or fails', async () => {
    const port = await serve(async ({ path }) => {
      throw path === '/drop' ? new ConnectionDrop('connection') : new Error('bug');
    });
    expect(await raw(port, ['GET /drop HTTP/1.1\r\nHost: h\r\n\r\n'])).toBe('');
    expect(await raw(port, ['GET /bug HTTP/1.1\r\nHost: h\r\n\r\n'])).toBe('');
  });

  it('kills every stream of an HTTP/2 connection when the connection is dropped', async () => {
    const port = await serve(async ({ path, signal }) => {
      if (path === '/drop') throw new ConnectionDrop('connection');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { status: 200 };
    });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    const waiting = session.request({ ':path': '/wait' });
    waiting.on('error', () => undefined);
    const dropped = session.request({ ':path': '/drop' });
    dropped.on('error', () => undefined);
    await Promise.all([once(waiting, 'close'), once(session, 'close')]);
    expect(session.destroyed).toBe(true);
  });

  it('survives nonsense', async () => {
    const port = await serve(async () => ({ status: 200, body: 'ok' }));
    expect(await raw(port, ['\u0000\u0001\u0002\u0003 nonsense\r\n\r\n'])).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw(port, ['GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'])).toMatch(/ok$/);
  });
});
