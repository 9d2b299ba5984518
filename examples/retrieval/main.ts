import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createQueryEmbedder, libsqlStore, planSync, syncEmbeddings } from '@costkit/embeddings';
import { startLocalBedrock } from '@costkit/local';
import { fitChunks } from '@costkit/output-limiter';
import { costkit, receiptOf } from 'costkit';

const ANSWERS = 'us.amazon.nova-2-lite-v1:0';
const EMBEDS = 'amazon.titan-embed-text-v2:0';
const TOPICS = ['returns', 'delivery', 'invoices', 'vouchers', 'accounts', 'repairs', 'gifts', 'stores'];

const handbook = TOPICS.flatMap((topic) =>
  Array.from({ length: 12 }, (_, part) => ({
    id: `${topic}/part-${part}.md`,
    text: `# ${topic}, part ${part}\n\n${Array.from(
      { length: 12 },
      (__, rule) =>
        `Rule ${rule} for ${topic} in part ${part}: the customer has ${(part + 1) * (rule + 2)} days.`,
    ).join(' ')}\n`,
  })),
);

const bedrock = await startLocalBedrock();
const bare = new BedrockRuntimeClient(bedrock.clientConfig);
const client = costkit(bare);
const folder = mkdtempSync(join(tmpdir(), 'retrieval-'));
const sink = libsqlStore({ file: join(folder, 'handbook.db') });
const sync = { client, model: EMBEDS, sink };

const plan = await planSync({ ...sync, source: handbook });
console.log(`${plan.chunks} chunks will cost about ${plan.embed.cost}, at most ${plan.embed.highest}`);
const { embedded } = await syncEmbeddings({ ...sync, source: handbook, maxUsd: 0.01 });
console.log(`embedded for ${embedded.cost}`);

const question = 'How many days does rule 7 for repairs in part 9 give the customer?';
const ask = async (context: string) => {
  const output = await client.send(
    new ConverseCommand({
      modelId: ANSWERS,
      messages: [{ role: 'user', content: [{ text: `${context}\n\n${question}` }] }],
      inferenceConfig: { maxTokens: 60 },
    }),
  );
  return receiptOf(output)?.cost;
};
const { embed, space } = createQueryEmbedder({ client, model: EMBEDS });
const found = await sink.query(await embed(question), { space, limit: 20 });
const chunks = fitChunks(found, { maxTokens: 600, query: question });
if (!chunks.some(({ document }) => document === 'repairs/part-9.md'))
  throw new Error('The evidence is not there.');

const fitted = await ask(chunks.map(({ text }) => text).join('\n\n'));
const whole = await ask(handbook.map(({ text }) => text).join('\n\n'));
console.log(`one answer: ${fitted} from ${chunks.length} chunks, ${whole} from the whole handbook`);
if (fitted === undefined || whole === undefined || fitted.compare(whole) >= 0)
  throw new Error('Nothing is saved.');

// A file is edited, another one moved: only the edited one is paid.
const edited = handbook.map((document, index) =>
  index === 5
    ? { ...document, text: document.text.replaceAll('days', 'working days') }
    : index === 40
      ? { ...document, id: `archive/${document.id}` }
      : document,
);
const report = await syncEmbeddings({ ...sync, source: edited });
console.log(`after an edit: ${report.embedded.cost} instead of about ${report.full.cost}`);
if (report.embedded.texts !== 1 || report.reused !== 1) throw new Error('Only what changed is paid.');

sink.close();
rmSync(folder, { recursive: true });
bare.destroy();
await bedrock.stop();
