import { type Json, objectOf } from './log-records.js';
import { isS3Uri, s3File } from './s3-files.js';
import type { SendingClient } from './sending-client.js';
import { type SourceFile, textOf } from './source-file.js';

/** Reads a body of a record, wherever it stands; `undefined` where there is none. */
export type BodyReader = (record: Json, side: 'input' | 'output') => Promise<unknown>;

/** Where Bedrock keeps bodies above 100 KB [user guide, model-invocation-logging]. */
const BODY = /(?:^|[\\/])data[\\/][^\\/]+_(?:input|output)\.json(?:\.gz)?$/;
/** A record names a place that is read with your rights: only one that Bedrock's logging writes to is followed. */
const DELIVERED = /^s3:\/\/[^/]+\/(?:.*\/)?BedrockModelInvocationLogs\/.*\/data\/[^/]+$/;

const nameOf = (place: string): string =>
  place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1);

/** Whether a file is one body of a record, and no source of its own. */
export const isBody = ({ name }: SourceFile): boolean => BODY.test(name);

/**
 * Makes a reader of bodies: in the record, in a file of the source that has the name that the record says, or where the
 * record says.
 *
 * @param s3 - Asked for bodies that are no files of the source.
 */
export function bodyReader(files: readonly SourceFile[], s3: SendingClient | undefined): BodyReader {
  const bodies = new Map(files.filter(isBody).map((file) => [nameOf(file.name), file]));
  return async (record, side) => {
    const { [`${side}BodyJson`]: inline, [`${side}BodyS3Path`]: place } = objectOf(record[side]);
    if (inline !== undefined) return opened(inline);
    if (typeof place !== 'string') return undefined;
    const file =
      bodies.get(nameOf(place)) ??
      (s3 !== undefined && DELIVERED.test(place) ? s3File(place, s3) : undefined);
    return file === undefined ? undefined : opened(await textOfBody(file));
  };
}

/** `undefined` for a body that the log's life cycle has deleted, or whose end is missing. */
async function textOfBody(file: SourceFile): Promise<string | undefined> {
  try {
    return await textOf(file);
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    if (name === 'NoSuchKey' || code?.startsWith('Z_') === true || !isS3Uri(file.name)) return undefined;
    throw error;
  }
}

/** Some bodies are logged as the text of their JSON. */
function opened(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
