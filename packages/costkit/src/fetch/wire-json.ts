import { Buffer } from 'node:buffer';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Members of content blocks that hold media. */
const MEDIA = ['image', 'document', 'video', 'audio'] as const;

const fromBase64 = (value: unknown): unknown =>
  typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value;

function readSource(media: unknown): unknown {
  if (!isObject(media) || !isObject(media['source']) || media['source']['bytes'] === undefined) return media;
  return { ...media, source: { ...media['source'], bytes: fromBase64(media['source']['bytes']) } };
}

function readBlock(block: unknown): unknown {
  if (!isObject(block)) return block;
  const read: Json = { ...block };
  for (const kind of MEDIA) if (read[kind] !== undefined) read[kind] = readSource(read[kind]);
  const { guardContent, reasoningContent, toolResult } = read;
  if (isObject(guardContent) && guardContent['image'] !== undefined) {
    read['guardContent'] = { ...guardContent, image: readSource(guardContent['image']) };
  }
  if (isObject(reasoningContent) && reasoningContent['redactedContent'] !== undefined) {
    read['reasoningContent'] = {
      ...reasoningContent,
      redactedContent: fromBase64(reasoningContent['redactedContent']),
    };
  }
  if (isObject(toolResult) && Array.isArray(toolResult['content'])) {
    read['toolResult'] = { ...toolResult, content: toolResult['content'].map(readBlock) };
  }
  return read;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says quotes the text, which is a prompt.
    return undefined;
  }
}

/**
 * Turns a Converse body of the wire into a command's input: blobs are base64 there and bytes here.
 * `undefined` when it is no JSON object.
 */
export function readConverseBody(text: string): Json | undefined {
  const body = text === '' ? {} : parse(text);
  if (!isObject(body)) return undefined;
  const read: Json = { ...body };
  if (Array.isArray(body['messages'])) {
    read['messages'] = body['messages'].map((message: unknown) =>
      isObject(message) && Array.isArray(message['content'])
        ? { ...message, content: message['content'].map(readBlock) }
        : message,
    );
  }
  if (Array.isArray(body['system'])) read['system'] = body['system'].map(readBlock);
  return read;
}

/** JSON of the wire: bytes as base64, and without what the SDK adds. */
export function toWireJson(value: object): string {
  return JSON.stringify(value, (key, member: unknown) => {
    if (key === '$metadata') return undefined;
    return member instanceof Uint8Array ? Buffer.from(member).toString('base64') : member;
  });
}
