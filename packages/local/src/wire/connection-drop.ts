/**
 * Thrown by a handler, or by the body it streams, to have the server break the connection instead of answering.
 *
 * - `connection`: the TCP connection dies (on HTTP/2 with every stream on it);
 * - `reset`: an HTTP/2 stream ends with `INTERNAL_ERROR`, which clients report;
 * - `cancel`: an HTTP/2 stream ends with `CANCEL`, which the AWS SDK takes for a normal end.
 *
 * HTTP/1.1 knows only the first.
 */
export class ConnectionDrop extends Error {
  override readonly name: string = 'ConnectionDrop';
  readonly how: 'connection' | 'reset' | 'cancel';

  constructor(how: 'connection' | 'reset' | 'cancel') {
    super(`the connection is dropped (${how})`);
    this.how = how;
  }
}
