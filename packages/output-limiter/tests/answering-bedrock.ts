import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { estimateTokens } from '@costkit/tokens';
import { afterEach, beforeEach } from 'vitest';

/** A local Bedrock of each test, and a client of it without a lever. */
export interface AnsweringBedrock {
  readonly bedrock: LocalBedrock;
  readonly bare: BedrockRuntimeClient;
}

/** Counts as the levers estimate, so that their estimates are right: counting exactly takes most of a test's time. */
export const asEstimated =
  (model: string) =>
  (text: string): number =>
    Math.ceil(estimateTokens(text, { model }).tokens);

/** Counts anything, where nothing depends on it. */
export const byCharacters = (text: string): number => Math.ceil(text.length / 4);

/** Starts one before each test, and stops it behind. @param answer - what every model says, asked call by call. */
export function answeringBedrock(count: (text: string) => number, answer: () => string): AnsweringBedrock {
  let started: AnsweringBedrock | undefined;
  const running = (): AnsweringBedrock => {
    if (started === undefined) throw new Error('The local Bedrock runs within tests only.');
    return started;
  };
  beforeEach(async () => {
    const bedrock = await startLocalBedrock({
      tokenizer: { count },
      models: { '*': { kind: 'even', answer: () => ({ parts: [{ type: 'text', text: answer() }] }) } },
    });
    started = { bedrock, bare: new BedrockRuntimeClient(bedrock.clientConfig) };
  });
  afterEach(async () => {
    running().bare.destroy();
    await running().bedrock.stop();
    started = undefined;
  });
  return {
    get bedrock() {
      return running().bedrock;
    },
    get bare() {
      return running().bare;
    },
  };
}
