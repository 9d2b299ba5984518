import { Buffer } from 'node:buffer';
import { Money, NO_USAGE, type Receipt, receiptOf, withTags } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { costOf } from '@costkit/pricing';
import { type ConverseLikeRequest, estimateTokens } from '@costkit/tokens';
import { BLOBS, base64 } from './base64.js';
import type { KnownShard } from './batch-log.js';
import type { BatchPlan, SinglePath } from './batch-plan.js';
import { answered, type BatchEvent, failed, refusal } from './harvest.js';
import { type OutputLine, outputFolder, type SingleNote } from './job.js';
import { readObjectLines } from './read-object.js';
import { type BrokenLines, readOutput } from './read-output.js';
import { readRecord } from './read-record.js';
import { isTransient, retried } from './retry-look.js';
import { readOwners } from './shard-owners.js';

type Json = Readonly<Record<string, unknown>>;

interface SingleRecord {
  readonly id: string;
  readonly modelInput: Json;
}

/**
 * Sends the records of a shard one by one, some at the same time, and keeps their answers in the bucket. Each wave is
 * written down before it is sent; a process that dies loses the answers of one wave at most.
 */
export async function* sendSingles(
  plan: BatchPlan,
  path: SinglePath,
  shard: KnownShard,
  broken: BrokenLines,
  signal: AbortSignal,
): AsyncGenerator<readonly BatchEvent[]> {
  const { options, log } = plan;
  const { token, key, round } = shard.staged;
  const owners = await readOwners(options, shard);
  yield owners.refused.map((record) => refusal(record, round));
  const told = (lines: readonly OutputLine[], isNew: boolean): readonly BatchEvent[] => {
    const events: BatchEvent[] = [];
    for (const line of lines) {
      const record = owners.take(line.recordId);
      if (record === undefined) continue;
      if (line.modelOutput !== undefined) events.push(answered(record, line, round, isNew));
      else {
        const { errorCode = 'Unknown', errorMessage = '' } = line.error ?? {};
        events.push(failed(record, { errorCode: String(errorCode), errorMessage }, round));
      }
    }
    return events;
  };
  // What an earlier process was answered is paid; what it was refused is not, and gets another chance.
  if (shard.waves > 0) {
    for await (const lines of readOutput(options, token, broken)) {
      const paid = lines.filter(({ modelOutput }) => modelOutput !== undefined);
      for (const line of paid) path.purse.spend(costOfLine(path, line));
      yield told(paid, false);
    }
  }
  const left: SingleRecord[] = [];
  for await (const lines of readObjectLines(options, key)) {
    for (const line of lines) {
      const { recordId: id, modelInput } = JSON.parse(line) as { recordId: string; modelInput: Json };
      if (owners.get(id) !== undefined) left.push({ id, modelInput });
    }
  }
  let wave = shard.waves;
  for (let from = 0; from < left.length; from += path.concurrency) {
    signal.throwIfAborted();
    const some = left.slice(from, from + path.concurrency);
    await log.append({ step: 'sending', token, wave, records: some.length });
    const lines = await Promise.all(some.map((record) => send(plan, path, record, signal)));
    await keep(plan, `${outputFolder(options, token)}${String(wave).padStart(8, '0')}.jsonl.out`, lines);
    wave += 1;
    yield told(lines, true);
  }
}

async function keep({ options }: BatchPlan, Key: string, lines: readonly OutputLine[]): Promise<void> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const Body = lines.map((line) => `${JSON.stringify(line, base64)}\n`).join('');
  await options.s3.send(new PutObjectCommand({ Bucket: options.bucket, Key, Body }));
}

async function send(
  plan: BatchPlan,
  path: SinglePath,
  { id, modelInput }: SingleRecord,
  signal: AbortSignal,
): Promise<OutputLine> {
  const input = { ...modelInput, modelId: plan.model };
  const worst = worstCase(path, input);
  if (!path.purse.hold(worst)) {
    return failure(id, 'MaxUsd', 'Its worst case does not fit into what "maxUsd" has left.');
  }
  let error: unknown;
  for (const mode of path.hasFlex ? (['flex', 'on-demand'] as const) : (['on-demand'] as const)) {
    try {
      const line = await sendAs(plan, path, id, input, mode, signal);
      path.purse.settle(worst, costOfLine(path, line));
      return line;
    } catch (thrown) {
      signal.throwIfAborted();
      error = thrown;
      // Flex has no room at the moment, or does not take this one; anything else another tier would refuse too.
      if (mode === 'flex' && !isTransient(thrown) && !isTierRefusal(thrown)) break;
    }
  }
  path.purse.settle(worst, Money.zero);
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return failure(id, name, message);
}

const isTierRefusal = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationException' && /tier/i.test(error.message);

const failure = (recordId: string, errorCode: string, errorMessage: string): OutputLine => ({
  recordId,
  error: { errorCode, errorMessage },
});

/** Flex gets one chance, as its requests wait in line already; on demand is repeated with back-off. */
async function sendAs(
  plan: BatchPlan,
  { client, tags }: SinglePath,
  recordId: string,
  input: Json,
  mode: SingleNote['mode'],
  abortSignal: AbortSignal,
): Promise<OutputLine> {
  const { ConverseCommand } = await import('@aws-sdk/client-bedrock-runtime');
  const request = mode === 'flex' ? { ...input, serviceTier: { type: 'flex' } } : input;
  const ask = (): Promise<Json> =>
    withTags(tags, () =>
      client.send(new ConverseCommand(withBytes(request) as never), { abortSignal }),
    ) as Promise<Json>;
  const output = await (mode === 'flex' ? ask() : retried(ask, { clock: plan.clock, signal: abortSignal }));
  const receipt = receiptOf(output);
  const { $metadata: _, ...modelOutput } = output;
  return { recordId, modelOutput, single: { mode, ...(receipt === undefined ? {} : noteOf(receipt)) } };
}

/** What a wrapped client knows better than the answer: other levers may have changed the call. */
const noteOf = ({ id, usage, quality, cost, baseline }: Receipt): Pick<SingleNote, 'receipt'> => ({
  receipt: {
    id,
    usage,
    quality,
    ...(cost === undefined ? {} : { picoUsd: String(cost.picoUsd) }),
    ...(baseline === undefined ? {} : { baselinePicoUsd: String(baseline.picoUsd) }),
  },
});

/** Files hold bytes as base64; the SDK wants them as they are. */
function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      BLOBS.has(name) && typeof member === 'string' ? Buffer.from(member, 'base64') : withBytes(member),
    ]),
  );
}

function worstCase({ query }: SinglePath, input: Json & { readonly modelId: string }): Money | undefined {
  const view = viewRequest('Converse', input);
  const { high, unknown } = estimateTokens(view.input as ConverseLikeRequest, { model: view.modelId });
  if (view.maxTokens === undefined || unknown.length > 0) return undefined;
  const { total, complete } = costOf({ ...NO_USAGE, input: high, output: view.maxTokens }, query);
  return complete ? total : undefined;
}

/** What a record that was sent by itself has cost. */
export function costOfLine({ query }: Pick<SinglePath, 'query'>, line: OutputLine): Money | undefined {
  const { single, modelOutput } = line;
  if (modelOutput === undefined || modelOutput === null) return Money.zero;
  if (single?.receipt !== undefined) {
    const { picoUsd } = single.receipt;
    return picoUsd === undefined ? undefined : Money.fromPicoUsd(BigInt(picoUsd));
  }
  const { usage } = readRecord(viewRequest('Converse', { modelId: '', messages: [] }), modelOutput);
  const { total, complete } = costOf(usage, single?.mode === 'flex' ? { ...query, tier: 'flex' } : query);
  return complete ? total : undefined;
}
