/** One stage of `batch.ts`, in a process of its own, so that its peak of memory is its own. */
import { once } from 'node:events';
import { createReadStream, createWriteStream, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createBatch, fileJournal } from '@costkit/batch';
import { fileBedrock, fileS3 } from './file-service.js';

/** Not published: where the build has put it, seen from the compiled file. */
const { uploadLines }: typeof import('../packages/batch/src/upload-lines.js') = await import(
  new URL('../../packages/batch/dist/upload-lines.js', import.meta.url).href
);

const [stage = '', folder = '', count = '0', endpoint = ''] = process.argv.slice(2);
const records = Number(count);
const SHARD = 100_000;
const RULES = 'Say what the customer wants, in one sentence, and how they feel about it. '.repeat(3);
const MAIL =
  'I have bought a lamp in your shop and it does not shine as brightly as the picture shows. '.repeat(4);

function* source(count = records) {
  for (let index = 0; index < count; index += 1) {
    yield {
      recordId: `mail-${index}`,
      input: {
        system: [{ text: RULES }],
        messages: [{ role: 'user', content: [{ text: `Mail ${index}: ${MAIL}` }] }],
        inferenceConfig: { maxTokens: 60 },
      },
    };
  }
}

interface BatchStage {
  readonly within?: string;
  /** How many records it is given; none where it is resumed. */
  readonly count?: number;
  readonly onFirstJob?: () => void;
}

function batchOf({ within = folder, count, onFirstJob = () => undefined }: BatchStage) {
  return createBatch({
    bedrock: fileBedrock(within, onFirstJob),
    s3: fileS3(within),
    bucket: 'files',
    roleArn: 'arn:aws:iam::123456789012:role/batch',
    model: 'us.amazon.nova-2-lite-v1:0',
    journal: fileJournal(join(within, 'journal')),
    ...(count === undefined ? {} : { source: () => source(count) }),
  });
}

/** Loads what is loaded with the first batch of a process: a million records do not do it a million times. */
async function warmUp(): Promise<void> {
  const within = await mkdtemp(join(folder, 'warm-'));
  for await (const { ok } of batchOf({ within, count: 100 }).run()) if (!ok) throw new Error('no answer');
  await rm(within, { recursive: true });
}

const s3 = (): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

/** A shard's lines, the same for all shards. */
function shardLines(): readonly string[] {
  const lines: string[] = [];
  for (const { input } of source()) {
    if (lines.length === SHARD) break;
    const recordId = String(lines.length).padStart(20, '0');
    lines.push(`{"recordId":"${recordId}","modelInput":${JSON.stringify(input)}}\n`);
  }
  return lines;
}

/** The text of lines in pieces of the size that a file stream has. */
function* pieces(lines: readonly string[]): Generator<Buffer> {
  for (let from = 0; from < lines.length; from += 100)
    yield Buffer.from(lines.slice(from, from + 100).join(''));
}

/** Each measures itself: what it prepares does not count. */
const STAGES: Readonly<Record<string, (begin: () => void, end: () => void) => Promise<void>>> = {
  'JSON.stringify and a file stream': async (begin, end) => {
    begin();
    const stream = createWriteStream(join(folder, 'plain.jsonl'));
    for (const { recordId, input } of source()) {
      const line = `${JSON.stringify({ recordId, modelInput: input })}\n`;
      if (!stream.write(line)) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'close');
    end();
  },
  'createBatch, up to its first job': async (begin, end) => {
    await warmUp();
    begin();
    for await (const { ok } of batchOf({ count: records, onFirstJob: end }).run())
      if (!ok) throw new Error('failed');
  },
  'raw lib-storage': async (begin, end) => {
    const lines = shardLines();
    const client = s3();
    begin();
    for (let shard = 0; shard < records / SHARD; shard += 1) {
      const params = { Bucket: 'files', Key: `raw/${shard}.jsonl`, Body: Readable.from(pieces(lines)) };
      await new Upload({ client, params }).done();
    }
    end();
  },
  'lines of a shard': async (begin, end) => {
    const lines = shardLines();
    const options = {
      s3: s3(),
      bucket: 'files',
      bedrock: { send: () => Promise.resolve() },
      roleArn: 'none',
    };
    begin();
    for (let shard = 0; shard < records / SHARD; shard += 1) {
      const upload = await uploadLines(options, `own/${shard}.jsonl`);
      for (const line of lines) {
        const wait = upload.write(line);
        if (wait !== undefined) await wait;
      }
      await upload.end();
    }
    end();
  },
  'line reader and JSON.parse': async (begin, end) => {
    begin();
    let answers = 0;
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.jsonl.out')) continue;
      for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
        if (JSON.parse(line).modelOutput !== undefined) answers += 1;
      }
    }
    end();
    if (answers !== records) throw new Error(`${answers} answers`);
  },
  'results of createBatch': async (begin, end) => {
    await warmUp();
    begin();
    const seen = new Uint8Array(records);
    for await (const result of batchOf({}).resume()) {
      if (result.ok && result.cost !== undefined) seen[result.ordinal] = 1;
    }
    end();
    const answers = seen.reduce((sum, one) => sum + one, 0);
    if (answers !== records) throw new Error(`${answers} answers`);
  },
};

let [beganAt, tookMs, cpuMs, peakMb] = [0, 0, 0, 0];
let cpu = process.cpuUsage();
await STAGES[stage]?.(
  () => {
    beganAt = performance.now();
    cpu = process.cpuUsage();
  },
  () => {
    tookMs = performance.now() - beganAt;
    const { user, system } = process.cpuUsage(cpu);
    cpuMs = (user + system) / 1_000;
    peakMb = process.resourceUsage().maxRSS / 1_024;
  },
);
process.stdout.write(JSON.stringify({ tookMs, cpuMs, peakMb }));
process.exit(0);
