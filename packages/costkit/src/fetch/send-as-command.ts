import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { type BedrockClientLike, CostkitError } from '@costkit/core';
import { encodeStream, exceptionFrame, saidOf } from './encode-stream.js';
import type { Route } from './read-route.js';
import { streamEnd } from './stream-end.js';
import { readConverseBody, toWireJson } from './wire-json.js';

/** Request headers of InvokeModel, and the members of the command that they stand for. */
const INVOKE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'contentType',
  accept: 'accept',
  'x-amzn-bedrock-accept': 'accept',
  'x-amzn-bedrock-trace': 'trace',
  'x-amzn-bedrock-guardrailidentifier': 'guardrailIdentifier',
  'x-amzn-bedrock-guardrailversion': 'guardrailVersion',
  'x-amzn-bedrock-performanceconfig-latency': 'performanceConfigLatency',
  'x-amzn-bedrock-service-tier': 'serviceTier',
  'x-amzn-bedrock-request-metadata': 'requestMetadata',
};

const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** What the service says of an answer in headers alone: its tokens, above all, where the body does not count them. */
const SAID_BY_HEADER = /^x-amzn-bedrock-/;

type Headers = Readonly<Record<string, string>>;

/** The SDK hands no headers on: they are kept on their way, by the id of their request. */
function keepHeaders(command: object): ReadonlyMap<string | undefined, Headers> {
  const kept = new Map<string | undefined, Headers>();
  (command as InvokeModelCommand).middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers = {} } = result.response as { headers?: Headers };
      kept.set(
        headers['x-amzn-requestid'],
        Object.fromEntries(Object.entries(headers).filter(([name]) => SAID_BY_HEADER.test(name))),
      );
      return result;
    },
    { step: 'deserialize', name: 'costkitFetchHeaders' },
  );
  return kept;
}

interface Output {
  readonly $metadata?: { readonly requestId?: string };
  readonly body?: unknown;
  readonly stream?: AsyncIterable<object>;
  readonly contentType?: string;
}

function headersOf(output: Output, contentType: string): Record<string, string> {
  const { requestId } = output.$metadata ?? {};
  return {
    'content-type': contentType,
    ...(requestId === undefined ? {} : { 'x-amzn-requestid': requestId }),
  };
}

/** `undefined` for a body that no command can be made of. */
async function commandOf({ operation, modelId }: Route, request: Request): Promise<object | undefined> {
  if (operation === 'Converse' || operation === 'ConverseStream') {
    const body = readConverseBody(await request.text());
    if (body === undefined) return undefined;
    const input = { ...body, modelId } as never;
    return operation === 'Converse' ? new ConverseCommand(input) : new ConverseStreamCommand(input);
  }
  const input: Record<string, unknown> = { modelId, body: new Uint8Array(await request.arrayBuffer()) };
  for (const [header, member] of Object.entries(INVOKE_HEADERS)) {
    const value = request.headers.get(header);
    if (value !== null && value !== '*/*') input[member] = value;
  }
  return operation === 'InvokeModel'
    ? new InvokeModelCommand(input as never)
    : new InvokeModelWithResponseStreamCommand(input as never);
}

/** What the service says to a body that is no JSON object. */
function malformedResponse(): Response {
  return new Response(JSON.stringify({ message: 'The request body is no JSON object. Send one.' }), {
    status: 400,
    headers: { ...headersOf({}, 'application/json'), 'x-amzn-errortype': 'SerializationException' },
  });
}

/** When to try again; the caller's own client reads these. */
const RETRY_HEADERS = ['retry-after', 'x-amz-retry-after'];

/** A fault that came as the first event of a stream: the SDK rejects with it, and the service has answered already. */
function streamedFault(error: unknown): Response | undefined {
  const { $response } = error as { $response?: { statusCode?: number; headers?: Headers } };
  const frame = $response?.statusCode === 200 ? exceptionFrame(error) : undefined;
  if (frame === undefined) return undefined;
  const requestId = $response?.headers?.['x-amzn-requestid'];
  return new Response(frame, {
    headers: headersOf(requestId === undefined ? {} : { $metadata: { requestId } }, EVENT_STREAM),
  });
}

/** What the service refused, as it would have said it. */
function faultResponse(error: unknown, signal: AbortSignal | null | undefined): Response {
  const { name, $metadata, $response } = error as Error & {
    $metadata?: { httpStatusCode?: number; requestId?: string };
    $response?: { headers?: Readonly<Record<string, string>> };
  };
  const said = Object.entries($response?.headers ?? {});
  const status = $metadata?.httpStatusCode;
  if (CostkitError.isInstance(error)) throw error;
  if (status === undefined || status < 400) {
    const streamed = streamedFault(error);
    if (streamed !== undefined) return streamed;
    // The SDK has an error of its own for what was aborted; a `fetch` rejects with the signal's reason.
    signal?.throwIfAborted();
    // There was no answer (no credentials, no connection), or none that can be read. That is no response either.
    throw error;
  }
  return new Response(JSON.stringify(saidOf(error as Error)), {
    status,
    headers: {
      ...headersOf({ $metadata: $metadata as never }, 'application/json'),
      'x-amzn-errortype': name,
      ...Object.fromEntries(said.filter(([header]) => RETRY_HEADERS.includes(header.toLowerCase()))),
    },
  });
}

/** Sends the request through the client and answers in the service's own form. */
export async function sendAsCommand(
  client: BedrockClientLike,
  route: Route,
  request: Request,
  signal: AbortSignal | null | undefined,
): Promise<Response> {
  let output: Output;
  let kept: ReadonlyMap<string | undefined, Headers>;
  try {
    const command = await commandOf(route, request);
    if (command === undefined) return malformedResponse();
    kept = keepHeaders(command);
    output = await (client.send(command, signal == null ? {} : { abortSignal: signal }) as Promise<Output>);
  } catch (error) {
    return faultResponse(error, signal);
  }
  const said = kept.get(output.$metadata?.requestId);
  switch (route.operation) {
    case 'Converse':
      return new Response(toWireJson(output), { headers: headersOf(output, 'application/json') });
    case 'InvokeModel':
      return new Response(output.body as Uint8Array<ArrayBuffer>, {
        headers: { ...said, ...headersOf(output, output.contentType ?? 'application/json') },
      });
    default: {
      const source = (output.stream ?? output.body) as AsyncIterable<object>;
      return new Response(encodeStream(source, signal, streamEnd(route.operation)), {
        headers: { ...said, ...headersOf(output, EVENT_STREAM) },
      });
    }
  }
}
