import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchInterruption } from '../src/batch/batch-job.js';
import { createBatchJobs } from '../src/batch/batch-jobs.js';
import { jsonlLines } from '../src/batch/jsonl-lines.js';
import { type Bench, startBench } from './_bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  await bench.store.createBucket('batches');
});
afterAll(() => bench.stop());

const read = async (key: string): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await bench.store.get('batches', key)).body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe('createBatchJobs', () => {
  it('answers every processed record once and counts what it wrote, however the job ends', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('good', 'refused', 'broken', 'cached'), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 9 }),
        fc.option(
          fc.record({ at: fc.nat(70), kind: fc.constantFrom('stop', 'expire', 'partiallyComplete', 'fail') }),
        ),
        async (kinds, fileCount, concurrency, interruption) => {
          run += 1;
          const records = kinds.map((kind, index) => ({
            recordId: `${index}`,
            modelInput: {
              messages: [
                {
                  role: 'user',
                  content: [
                    {
                      text: kind === 'refused' ? 'please refuse' : kind === 'broken' ? 'please break' : 'hi',
                    },
                  ],
                },
              ],
              ...(kind === 'cached' ? { system: [{ cachePoint: { type: 'default' } }] } : {}),
            },
          }));
          for (let file = 0; file < fileCount; file += 1) {
            const lines = records
              .filter((_, index) => index % fileCount === file)
              .map((record) => JSON.stringify(record));
            await bench.store.put('batches', `run-${run}/in/${file}.jsonl`, Buffer.from(lines.join('\n')));
          }
          const before = bench.runs.length;
          const jobs = createBatchJobs({
            context: bench.context,
            store: bench.store,
            limits: { minRecordsPerJob: 1 },
            concurrency,
            seed: `${run}`,
            trouble: {
              beforeRecord: ({ index }) =>
                interruption?.at === index
                  ? ({ kind: interruption.kind, message: 'x' } as BatchInterruption)
                  : undefined,
            },
          });
          const { jobArn, jobId } = jobs.create({
            jobName: 'property',
            roleArn: 'arn:aws:iam::123456789012:role/batch',
            modelId: 'amazon.nova-lite-v1:0',
            modelInvocationType: 'Converse',
            inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://batches/run-${run}/in/` } },
            outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://batches/run-${run}/out/` } },
          });
          while (jobs.get(jobArn).endTimeMs === undefined) await bench.clock.advance(20);
          const job = jobs.get(jobArn);

          const prefix = `run-${run}/out/${jobId}/`;
          const { contents } = await bench.store.list('batches', { prefix });
          const lines: { recordId: string; modelInput: object; modelOutput?: object; error?: object }[] = [];
          for (const { key } of contents) {
            if (!key.endsWith('.jsonl.out')) continue;
            for (const line of (await read(key)).split('\n')) if (line !== '') lines.push(JSON.parse(line));
          }
          const expected = Math.min(interruption?.at ?? Number.POSITIVE_INFINITY, records.length);
          expect(job.totalRecordCount).toBe(records.length);
          expect(job.processedRecordCount).toBe(expected);
          expect(lines).toHaveLength(expected);
          expect(new Set(lines.map(({ recordId }) => recordId)).size).toBe(expected);
          for (const { recordId, modelInput, modelOutput, error } of lines) {
            expect(modelInput).toEqual(records[Number(recordId)]?.modelInput);
            expect(modelOutput !== undefined).toBe(kinds[Number(recordId)] === 'good');
            expect(error === undefined).toBe(modelOutput !== undefined);
          }
          const successes = lines.filter(({ modelOutput }) => modelOutput !== undefined).length;
          expect(job).toMatchObject({
            successRecordCount: successes,
            errorRecordCount: expected - successes,
          });
          const cached = lines.filter(({ recordId }) => kinds[Number(recordId)] === 'cached').length;
          expect(bench.runs.length - before).toBe(expected - cached);
          expect(JSON.parse(await read(`${prefix}manifest.json.out`))).toEqual({
            totalRecordCount: records.length,
            processedRecordCount: expected,
            successRecordCount: successes,
            errorRecordCount: expected - successes,
            inputTokenCount: 3 * successes,
            outputTokenCount: 2 * successes,
          });
          await jobs.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('jsonlLines', () => {
  it('finds the same lines however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '😀', ' ', '"'), maxLength: 8 }), {
          maxLength: 12,
        }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(200), { maxLength: 6 }),
        async (lines, lineEnd, cuts) => {
          const bytes = Buffer.from(lines.join(lineEnd));
          const points = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length].sort(
            (left, right) => left - right,
          );
          async function* chunks(): AsyncGenerator<Uint8Array> {
            for (const [index, point] of points.entries())
              yield bytes.subarray(points[index - 1] ?? 0, point);
          }
          const found: string[] = [];
          for await (const { number, text } of jsonlLines(chunks())) {
            expect(lines[number - 1]?.trim()).toBe(text);
            found.push(text);
          }
          expect(found).toEqual(lines.map((line) => line.trim()).filter((line) => line !== ''));
        },
      ),
    );
  });
});
