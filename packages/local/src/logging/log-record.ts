import type { LoggingConfiguration } from '../contract.js';
import { isObject, type JsonObject } from '../json.js';
import type { Invocation } from '../runtime/invocation.js';

/** Bodies above this many bytes stand in files of their own (user guide, model-invocation-logging). */
const MOST_INLINE_BYTES = 100 * 1024;

/** A file that stands beside the records. */
interface LogAttachment {
  /** Name below the `data/` folder of the hour. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether it is to be compressed. */
  readonly gzip: boolean;
}

/** A record with the files it points to. */
export interface LogEntry {
  readonly record: JsonObject;
  readonly attachments: readonly LogAttachment[];
}

/**
 * A record of the invocation log in Bedrock's format, schema version 1.0.
 *
 * @param dataUri - Where attachments will be, without a slash at the end.
 */
export function logEntry(
  invocation: Invocation,
  accountId: string,
  configuration: LoggingConfiguration,
  dataUri: string,
): LogEntry {
  const { line, requestMetadata, errorCode } = invocation;
  const attachments: LogAttachment[] = [];
  const body = (side: 'input' | 'output', value: unknown): JsonObject => {
    if (value === undefined || !delivers(configuration, side, invocation)) return {};
    const text = JSON.stringify(
      withoutMedia(value, (bytes, format) => {
        const index = attachments.filter(({ name }) => name.includes('_media_')).length;
        const name = `${invocation.requestId}_${side}_media_${String(index).padStart(2, '0')}.${format}`;
        if (configuration.imageDataDeliveryEnabled === false) return undefined;
        attachments.push({ name, bytes, gzip: false });
        return `${dataUri}/${name}`;
      }),
    );
    if (Buffer.byteLength(text) <= MOST_INLINE_BYTES) return { [`${side}BodyJson`]: JSON.parse(text) };
    const name = `${invocation.requestId}_${side}.json.gz`;
    attachments.push({ name, bytes: Buffer.from(text), gzip: true });
    return { [`${side}BodyS3Path`]: `${dataUri}/${name}` };
  };
  const record: JsonObject = {
    timestamp: new Date(invocation.at).toISOString().replace(/\.\d+Z$/, 'Z'),
    accountId,
    identity: { arn: invocation.callerArn },
    region: invocation.region,
    requestId: invocation.requestId,
    operation: invocation.operation,
    modelId: invocation.modelId,
    ...(requestMetadata === undefined ? {} : { requestMetadata }),
    ...(errorCode === undefined ? {} : { errorCode }),
    input:
      line === undefined
        ? {}
        : {
            inputContentType: 'application/json',
            ...body('input', invocation.inputBody),
            ...inputCounts(invocation),
          },
    output:
      line === undefined
        ? {}
        : {
            outputContentType: 'application/json',
            ...body('output', invocation.outputBody),
            outputTokenCount: line.tokens.output,
          },
    ...(line !== undefined && line.scope !== 'inRegion' ? { inferenceRegion: invocation.region } : {}),
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
  };
  return { record, attachments };
}

function inputCounts({ line, reportsCache }: Invocation): JsonObject {
  if (line === undefined) return {};
  const { input, cacheRead, cacheWrite5m, cacheWrite1h } = line.tokens;
  const written = cacheWrite5m + cacheWrite1h;
  return {
    inputTokenCount: input,
    ...(reportsCache === true || cacheRead + written > 0
      ? { cacheReadInputTokenCount: cacheRead, cacheWriteInputTokenCount: written }
      : {}),
  };
}

/** Whether the account wants the bodies; counts are always delivered. */
function delivers(
  configuration: LoggingConfiguration,
  side: 'input' | 'output',
  invocation: Invocation,
): boolean {
  if (configuration.textDataDeliveryEnabled === false) return false;
  return !(
    side === 'output' &&
    invocation.isEmbedding === true &&
    configuration.embeddingDataDeliveryEnabled === false
  );
}

/** Puts the address of a file in place of every media payload: `{format, source: {bytes}}`. */
function withoutMedia(
  value: unknown,
  store: (bytes: Uint8Array, format: string) => string | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutMedia(item, store));
  if (!isObject(value)) return value;
  const { source, format } = value;
  if (typeof format === 'string' && isObject(source) && typeof source['bytes'] === 'string') {
    const s3Uri = store(Buffer.from(source['bytes'], 'base64'), format);
    return { ...value, source: s3Uri === undefined ? {} : { s3Uri } };
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutMedia(member, store)]));
}
