import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { describe, expect, it } from 'vitest';
import { answerFromMeetings } from '../../../bench/answer-from-meetings.js';
import { hasRetrievalSets, meetings } from '../../../bench/retrieval.js';

const countTokens = (text: string): number => Math.ceil(text.length / 4);
/** Questions of the set that are asked: each about another meeting. */
const EVERY = 300;

describe.skipIf(!hasRetrievalSets())('questions over meetings (QMSum) [needs ../shared/data]', () => {
  it('are answered from chunks that hold more of the evidence, for a fraction of the bill', async () => {
    const bedrock = await startLocalBedrock({ tokenizer: { count: countTokens } });
    const client = new BedrockRuntimeClient(bedrock.clientConfig);
    const questions = meetings().filter((_, index) => index % EVERY === 60);
    const answers = await answerFromMeetings(questions, { bedrock, client, budgets: [4_000], countTokens });
    const [fitted] = answers.fitted;
    if (fitted === undefined) throw new Error('there is one budget');
    expect(answers.embedding + fitted.cost + answers.whole.cost).toBe(bedrock.bill().total.picoUsd);
    expect(fitted.tokens).toBeLessThan(4_200);
    expect(fitted.recall).toBeGreaterThan(fitted.recallOfBeginning);
    expect(Number(answers.embedding + fitted.cost) / Number(answers.whole.cost)).toBeLessThan(0.6);
    client.destroy();
    await bedrock.stop();
  }, 60_000);
});
