import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import type { LocalBedrock } from '@costkit/local';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Both versions of HTTP that the SDK can speak to Bedrock Runtime; the first is its default. */
export const HTTP_VERSIONS = ['HTTP/2', 'HTTP/1.1'] as const;

/** A real SDK client that speaks one of them. */
export function localClient(
  bedrock: LocalBedrock,
  version: (typeof HTTP_VERSIONS)[number] = 'HTTP/2',
  more: BedrockRuntimeClientConfig = {},
): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    ...bedrock.clientConfig,
    ...(version === 'HTTP/1.1' ? { requestHandler: new NodeHttpHandler() } : {}),
    ...more,
  });
}

/** Waits for what another connection brings about, without a fixed delay. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000; turn += 1) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('the condition never came true');
}
