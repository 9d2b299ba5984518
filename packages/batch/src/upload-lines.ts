import { Buffer } from 'node:buffer';
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

/** Characters that are put together before they are encoded: one by one would cost more than all else. */
const PIECE_LENGTH = 1 << 18;

/** Pieces that wait to be sent: writing does not run ahead of the network. */
const MOST_PIECES = 4;

/** Begins an upload in parts: nothing is kept but the parts that are on their way. */
export async function uploadLines({ s3, bucket }: BatchJobOptions, key: string): Promise<LineUpload> {
  const [{ Upload }, { Readable }] = await Promise.all([
    import('@aws-sdk/lib-storage'),
    import('node:stream'),
  ]);
  let pending: string[] = [];
  let length = 0;
  const pieces: Buffer[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  let room: (() => void) | undefined;
  const waitFor = (set: (resolve: () => void) => void): Promise<void> => new Promise(set);

  async function* body(): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = pieces.shift();
      room?.();
      if (piece !== undefined) yield piece;
      else if (ended) return;
      else
        await waitFor((resolve) => {
          wake = resolve;
        });
    }
  }
  const upload = new Upload({
    // Structural on purpose (see S3ClientLike); the library names the class of its own SDK copy.
    client: s3 as never,
    params: { Bucket: bucket, Key: key, Body: Readable.from(body()), ContentType: 'application/jsonl' },
  });
  const done = upload.done().then(
    () => undefined,
    (error: Error) => {
      failure = { error: explain(error, bucket) };
      room?.();
    },
  );
  const flush = (): void => {
    if (length === 0) return;
    pieces.push(Buffer.from(pending.join('')));
    pending = [];
    length = 0;
    wake?.();
  };
  const waitForRoom = async (): Promise<void> => {
    while (pieces.length >= MOST_PIECES && failure === undefined) {
      await waitFor((resolve) => {
        room = resolve;
      });
    }
    if (failure !== undefined) throw failure.error;
  };

  return {
    write: (line) => {
      pending.push(line);
      length += line.length;
      if (length < PIECE_LENGTH) return undefined;
      flush();
      return pieces.length < MOST_PIECES && failure === undefined ? undefined : waitForRoom();
    },
    end: async () => {
      flush();
      ended = true;
      wake?.();
      await done;
      if (failure !== undefined) throw failure.error;
    },
    abort: async () => {
      ended = true;
      await upload.abort().catch(() => undefined);
      wake?.();
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
