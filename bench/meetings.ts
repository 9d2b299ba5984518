/**
 * What it costs to answer questions over meetings (QMSum) from the chunks that a search finds, beside sending the whole
 * transcript, and how much of the evidence is sent along:
 *
 *     npx tsx --conditions=@costkit/source bench/meetings.ts [every]
 *
 * `every` takes each so-many-th question only. The local Bedrock embeds by shared words, so a real model finds more; dollars are from its bill. Reads the set from
 * ../shared/data beside the repository; without it, it says so and ends. Fails where chunks hold less of the evidence than as
 * many tokens from the beginning, or cost more than the whole transcripts.
 */
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { get_encoding } from 'tiktoken';
import { answerFromMeetings } from './answer-from-meetings.js';
import { hasRetrievalSets, meetings } from './retrieval.js';

const BUDGETS = [1_000, 2_000, 4_000, 6_000];
const PICO = 1e12;

const dollars = (picoUsd: bigint): string => `$${(Number(picoUsd) / PICO).toFixed(4)}`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

async function compare(): Promise<void> {
  const encoding = get_encoding('o200k_base');
  const bedrock = await startLocalBedrock();
  const client = new BedrockRuntimeClient(bedrock.clientConfig);
  const every = Number(process.argv[2] ?? 1);
  const questions = meetings().filter((_, index) => index % every === 0);
  const { embedding, fitted, whole } = await answerFromMeetings(questions, {
    bedrock,
    client,
    budgets: BUDGETS,
    countTokens: (text) => encoding.encode_ordinary(text).length,
  });
  process.stdout.write(
    `${questions.length} questions; vectors ${dollars(embedding)}; answers from whole transcripts ${dollars(whole.cost)}, ${whole.tokens.toFixed(0)} tokens each\n`,
  );
  for (const { maxTokens, cost, tokens, recall, recallOfBeginning } of fitted) {
    process.stdout.write(
      `at most ${maxTokens} tokens: ${percent(recall)} of the evidence (${percent(recallOfBeginning)} in the beginning), answers ${dollars(cost)}, ${tokens.toFixed(0)} tokens each\n`,
    );
    if (recall <= recallOfBeginning || embedding + cost >= whole.cost) process.exitCode = 1;
  }
  client.destroy();
  await bedrock.stop();
  encoding.free();
}

if (hasRetrievalSets()) await compare();
else process.stdout.write('no retrieval sets: ../shared/data is not beside the repository\n');
