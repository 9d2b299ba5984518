/**
 * What smaller vectors find, in dollars beside: recall at 10 of the gold passages of MTRAG-UN, by size and type of vector,
 * with what a store of a million of them costs a month:
 *
 *     npx tsx --conditions=@costkit/source bench/vector-recall.ts
 *
 * The vectors are those of the local Bedrock, which hash words: a model that was trained to be cut short loses less. What
 * this shows is the way to measure; put your own vectors in. Reads the set from ../shared/data beside the repository;
 * without it, it says so and ends.
 */
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { measureRecall, vectorStoreCost } from '@costkit/planner';
import { hasRetrievalSets, mtragPassages, mtragTasks } from './retrieval.js';

const DIMENSIONS = 1_024;
const SOURCE = 'MTRAG-UN, word-hash vectors of the local Bedrock';

if (hasRetrievalSets()) await main();
else process.stdout.write('skipped: no retrieval sets, ../shared/data is not beside the repository\n');

async function main(): Promise<void> {
  const bedrock = await startLocalBedrock();
  const client = new BedrockRuntimeClient(bedrock.clientConfig);
  const embed = async (inputText: string): Promise<number[]> => {
    const body = JSON.stringify({ inputText, dimensions: DIMENSIONS });
    const answer = await client.send(
      new InvokeModelCommand({ modelId: 'amazon.titan-embed-text-v2:0', body }),
    );
    return (JSON.parse(answer.body.transformToString()) as { embedding: number[] }).embedding;
  };
  const passages = mtragPassages();
  const places = new Map(passages.map(({ doc_id }, index) => [doc_id, index]));
  const vectors: number[][] = [];
  for (const { text } of passages) vectors.push(await embed(text));
  const queries: { vector: number[]; relevant: number[] }[] = [];
  for (const { messages, context_ids } of mtragTasks()) {
    const relevant = context_ids.flatMap((id) => places.get(id) ?? []);
    const question = messages.findLast(([speaker]) => speaker === 'user')?.[1];
    if (question !== undefined && relevant.length > 0)
      queries.push({ vector: await embed(question), relevant });
  }
  client.destroy();
  await bedrock.stop();
  const recall = measureRecall({ vectors, queries, source: SOURCE });
  const { sizes, cheapest, perMonth } = vectorStoreCost({
    vectors: 1e6,
    dimensions: DIMENSIONS,
    queriesPerMonth: 1e6,
    recall,
  });
  process.stdout.write(
    `${passages.length} passages, ${queries.length} questions; a month of a million vectors\n`,
  );
  process.stdout.write('dimensions  type      recall at 10  cheapest store\n');
  for (const { dimensions, type, recall: found } of recall) {
    const size = sizes.find((one) => one.dimensions === dimensions && one.type === type);
    const [store, dollars] = size === undefined ? [cheapest, perMonth] : [size.store, size.perMonth];
    process.stdout.write(
      `${String(dimensions).padStart(10)}  ${type.padEnd(8)}  ${found.toFixed(3).padStart(12)}  ${store ?? 'unknown'} ${String(dollars ?? '')}\n`,
    );
  }
}
