export { type ContractCase, type PluginContractOptions, pluginContract } from './contract/plugin-contract.js';
export {
  type ConverseFixture,
  type ConverseStreamFixture,
  converseResponse,
  converseStreamEvents,
  type FixtureUsage,
} from './converse-fixtures.js';
export {
  type EncodeOptions,
  type EventStreamMessage,
  encodeConverseStream,
  encodeEventStream,
  encodeInvokeStream,
} from './event-stream.js';
export {
  type FakeClientConfig,
  type FakeClientOptions,
  fakeBedrockClientConfig,
  type ImmediateRetryStrategy,
} from './fake-bedrock-client-config.js';
export {
  type FakeHandlerClock,
  type FakeRequestHandler,
  type FakeRequestHandlerOptions,
  fakeRequestHandler,
  type HandleOptionsLike,
  type HttpResponseLike,
} from './fake-request-handler.js';
export {
  converseStreamResponse,
  errorResponse,
  eventStreamResponse,
  type FakeResponse,
  type FakeResponseOptions,
  invokeStreamResponse,
  jsonResponse,
  networkErrorResponse,
  type StreamStep,
} from './fake-response.js';
export {
  anthropicResponse,
  anthropicStreamChunks,
  type InvokeFixture,
  novaResponse,
  novaStreamChunks,
  tokenCountHeaders,
} from './invoke-fixtures.js';
export type { HttpRequestLike, RecordedRequest } from './recorded-request.js';
export { createTestClock, type TestClock, type TestClockOptions } from './test-clock.js';
