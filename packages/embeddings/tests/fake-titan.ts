import { createHash } from 'node:crypto';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { fakeBedrockClientConfig, fakeRequestHandler, jsonResponse } from '@costkit/testing';

export const TITAN = { model: 'amazon.titan-embed-text-v2:0', dimensions: 256 } as const;

/** A vector that depends on the text alone. */
function fakeVector(text: string): number[] {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length: TITAN.dimensions }, (_, index) => (digest[index % 32] as number) / 255 - 0.5);
}

/** A client whose model counts words, and the texts that it was asked to embed. */
export function fakeTitan(): { readonly client: BedrockRuntimeClient; readonly asked: string[] } {
  const asked: string[] = [];
  const handler = fakeRequestHandler({
    keepRequests: 0,
    handler: ({ json }) => {
      const { inputText } = json as { inputText: string };
      asked.push(inputText);
      return jsonResponse({
        embedding: fakeVector(inputText),
        inputTextTokenCount: inputText.split(/\s+/).length,
      });
    },
  });
  return { client: new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), asked };
}
