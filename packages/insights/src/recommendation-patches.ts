import type { Find } from './finds/find.js';

/** Text in code: what comes from logs must stay text there. */
const quoted = (text: string | number | undefined): string => JSON.stringify(String(text ?? ''));

/** Text in a command line: ids and names come from logs, too. */
const shellWord = (text: string | number | undefined): string =>
  `'${String(text ?? '').replaceAll(/['\p{Cc}]/gu, '')}'`;

const client = (levers: string): string => `import { costkit } from 'costkit';

const client = costkit(new BedrockRuntimeClient({}), ${levers});`;

const CACHE_TTL: Readonly<Record<string, string>> = { stable_1h: '1h', longer: '1h', shorter: '5m' };

function cachePatch({ variant }: Find): string {
  return client(`{ promptCache: { mode: 'enforce', ttl: '${CACHE_TTL[variant] ?? 'auto'}' } }`);
}

const TAGS = `import { costkit, withTags } from 'costkit';

// Written to requestMetadata, so that they reach the invocation log.
const client = costkit(new BedrockRuntimeClient({}), { metadataTags: ['feature', 'team', 'task'] });
await withTags({ feature: 'search', team: 'shop', task: 'rank' }, () => client.send(command));`;

const LOGGING = `aws bedrock put-model-invocation-logging-configuration --logging-config \\
  '{"s3Config":{"bucketName":"my-invocation-logs"},"textDataDeliveryEnabled":true,"embeddingDataDeliveryEnabled":true}'`;

/** From the logs to a policy; what is read goes into the named files alone. */
function distillationPatch({ facts, parts }: Find): string {
  const pair = `--teacher ${shellWord(facts['teacher'])} --student ${shellWord(facts['student'])}`;
  const where = facts['region'] === '' ? '' : ` --region ${shellWord(facts['region'])}`;
  const task = parts[0]?.task ?? '';
  // Untagged tasks are known to an analysis alone.
  const only = task.startsWith('untagged') ? '' : ` --task ${shellWord(task)}`;
  return `costkit distill data LOGS ${pair}${only} --redact redact.mjs --out train.jsonl --hold-out holdout.jsonl
costkit distill price train.jsonl ${pair}${where}
costkit distill run train.jsonl ${pair}${where} --name student --bucket BUCKET --role ROLE_ARN --max-usd USD
costkit eval holdout.jsonl --tier ${shellWord(`student=DEPLOYMENT_ARN@${facts['student']}`)} ${shellWord(`teacher=${facts['teacher']}`)} --grader f1 --policy policy.json`;
}

function vectorStorePatch({ facts, variant }: Find): string {
  const plan = `costkit plan vectors --vectors ${facts['vectors']} --dimensions ${facts['dimensions']} --queries ${facts['queries']}
# with the figures of your store: ten times as many vectors, asked ten times as often, would cost ${facts['tenfold']} a month`;
  if (variant !== 's3Vectors') return plan;
  const where = `--vector-bucket-name BUCKET --region ${shellWord(facts['region'])}`;
  return `${plan}
aws s3vectors create-vector-bucket ${where}
aws s3vectors create-index ${where} --index-name INDEX --data-type float32 --dimension ${facts['dimensions']} --distance-metric cosine`;
}

const PATCHES: Readonly<Record<Find['kind'], (find: Find) => string>> = {
  measure: ({ variant }) => (variant === 'unlogged' ? LOGGING : TAGS),
  'runaway-loop': () => client(`{ meter: { breaker: { mode: 'enforce' } } }`),
  'prompt-caching': cachePatch,
  'cache-lifetime': (find) =>
    find.variant === 'none'
      ? '// Remove the cachePoint blocks of these requests: nothing reads what they write.'
      : cachePatch(find),
  'broken-prefix': () => `import { prompt } from '@costkit/prompt-cache';

const input = prompt()
  .stable(INSTRUCTIONS) // what all requests share, without dates, names and ids
  .volatile(\`Today is \${today}.\`) // behind the cache point
  .build();`,
  'global-profile': ({ facts, variant }) =>
    `${variant === 'ask' ? '// Ask first: requests may then be processed in any commercial Region.\n' : ''}const modelId = ${quoted(facts['to'])};`,
  batch: () => `import { createBatch } from '@costkit/batch';

const batch = createBatch({ bedrock, s3, bucket, roleArn, model });
for (const { id, input } of work) batch.add(id, input);
for await (const result of batch.run()) save(result);`,
  'flex-tier': () => `const command = new ConverseCommand({ ...input, serviceTier: { type: 'flex' } });`,
  'output-cap': ({ facts, parts }) =>
    client(
      `{ outputLimit: { mode: 'enforce', caps: { ${quoted(parts[0]?.task)}: ${Number(facts['cap'])} } } }`,
    ),
  'smaller-model': ({ facts, parts }) => `# cases.jsonl: the task's own requests with what a right answer is
costkit eval cases.jsonl --tier ${shellWord(`cheap=${facts['to']}`)} ${shellWord(`strong=${parts[0]?.modelId}`)} --grader exact --policy policy.json`,
  'model-lifecycle': ({ facts }) => `const modelId = ${quoted(facts['to'])};`,
  're-embedding': () => `import { createHash } from 'node:crypto';

// Keep the vector beside a hash of its text; ask only for texts whose hash is new.
const key = createHash('sha256').update(model + text).digest('hex');
const vector = (await store.get(key)) ?? (await embedAndStore(key, text));`,
  retrieval: () => `import { fitChunks } from '@costkit/output-limiter';

const chunks = fitChunks(await retriever.search(question), { query: question, maxTokens: 4_000 });`,
  'idle-provisioned': ({ parts, facts }) =>
    facts['region'] !== undefined
      ? `aws bedrock list-provisioned-model-throughputs --region ${shellWord(facts['region'])} --query 'provisionedModelSummaries[].[provisionedModelArn,commitmentExpirationTime]'`
      : `aws bedrock delete-provisioned-model-throughput --provisioned-model-id ${shellWord(parts[0]?.modelId)}`,
  distillation: distillationPatch,
  'vector-store': vectorStorePatch,
};

/** Code or configuration to paste. */
export const patchOf = (find: Find): string => PATCHES[find.kind](find);
