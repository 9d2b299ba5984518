import { Buffer } from 'node:buffer';
import type { Route } from './read-route.js';

/** Whether a stream has said all: over HTTP/2 the SDK takes a lost connection for its end. */
export interface StreamEnd {
  /** Looks at an event that is handed on. */
  see(event: object): void;
  /** Whether the stream may end here. */
  readonly reached: boolean;
}

/**
 * Waits for what ends every whole stream of Converse and of the Messages API. What chunks of other models end with is
 * not known: they may end anywhere.
 */
export function streamEnd(operation: Route['operation']): StreamEnd {
  let begun = false;
  let reached = operation !== 'ConverseStream';
  return {
    see(event) {
      if ('messageStop' in event) reached = true;
      const { bytes } = (event as { chunk?: { bytes?: Uint8Array } }).chunk ?? {};
      if (bytes === undefined) return;
      const said = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (!begun && said.includes('"message_start"')) reached = false;
      if (!reached && said.includes('"message_stop"')) reached = true;
      begun = true;
    },
    get reached() {
      return reached;
    },
  };
}
