import { Buffer } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { BatchError } from './errors.js';
import type { BatchJobOptions } from './types.js';

/** An object of the bucket that is uploaded while it is written. */
export interface LineUpload {
  /** What it returns is waited for; `undefined` where there is nothing to wait for. */
  write(line: string): Promise<void> | undefined;
  /** Resolves once the object is there. */
  end(): Promise<void>;
  /** Gives up; what was uploaded is removed. */
  abort(): Promise<void>;
}

/** Bytes that are handed on together. The library puts parts together of them, and must copy them for that. */
const PIECE_BYTES = 512 * 1024;

/** Parts that are sent at the same time: each is memory. */
const PARTS_AT_ONCE = 2;

/** Begins an upload in parts: nothing is kept but the parts that are written and on their way. */
export async function uploadLines({ s3, bucket }: BatchJobOptions, key: string): Promise<LineUpload> {
  const [{ Upload }, { Readable }] = await Promise.all([
    import('@aws-sdk/lib-storage'),
    import('node:stream'),
  ]);
  let piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let length = 0;
  /** The piece that waits to be taken. */
  let full: Buffer | undefined;
  let isEnded = false;
  let failure: { readonly error: unknown } | undefined;
  let wakeReader: (() => void) | undefined;
  let wakeWriter: (() => void) | undefined;

  async function* pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      if (full !== undefined) {
        const taken = full;
        full = undefined;
        wakeWriter?.();
        yield taken;
      } else if (isEnded) return;
      else
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
    }
  }
  const upload = new Upload({
    // Structural on purpose (see S3ClientLike); the library names the class of its own SDK copy.
    client: s3 as never,
    queueSize: PARTS_AT_ONCE,
    params: {
      Bucket: bucket,
      Key: key,
      Body: Readable.from(pieces(), { objectMode: true, highWaterMark: 1 }),
      ContentType: 'application/jsonl',
    },
  });
  const done = upload.done().then(
    () => undefined,
    (error: Error) => {
      failure = { error: explain(error, bucket) };
      wakeWriter?.();
    },
  );
  /**
   * Hands a piece on, once the one before was taken, and lets others run: a source that never waits would keep the process
   * from them, and from clearing away pieces that are sent.
   */
  const handOn = async (bytes: Buffer): Promise<void> => {
    while (full !== undefined && failure === undefined) {
      await new Promise<void>((resolve) => {
        wakeWriter = resolve;
      });
    }
    if (failure !== undefined) throw failure.error;
    full = bytes;
    wakeReader?.();
    await setImmediate();
  };
  /** A line across the end of a piece, or several. */
  const writeAcross = async (line: string): Promise<void> => {
    let bytes: Uint8Array = Buffer.from(line);
    while (length + bytes.length >= PIECE_BYTES) {
      const room = PIECE_BYTES - length;
      piece.set(bytes.subarray(0, room), length);
      bytes = bytes.subarray(room);
      await handOn(piece);
      piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
      length = 0;
    }
    piece.set(bytes, length);
    length += bytes.length;
  };

  return {
    write: (line) => {
      // No character of a string takes more than three bytes.
      if (length + 3 * line.length >= PIECE_BYTES) return writeAcross(line);
      length += piece.write(line, length);
      return undefined;
    },
    end: async () => {
      if (length > 0) await handOn(piece.subarray(0, length));
      isEnded = true;
      wakeReader?.();
      await done;
      if (failure !== undefined) throw failure.error;
    },
    abort: async () => {
      isEnded = true;
      await upload.abort().catch(() => undefined);
      wakeReader?.();
      await done;
    },
  };
}

function explain(error: Error, bucket: string): Error {
  if (error.name !== 'NoSuchBucket') return error;
  return new BatchError(
    'COSTKIT_BATCH_BUCKET_MISSING',
    `the bucket "${bucket}" does not exist. Create it in the Region of the job`,
    { cause: error },
  );
}
