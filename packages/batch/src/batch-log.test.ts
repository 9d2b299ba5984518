import { describe, expect, it } from 'vitest';
import { openBatchLog } from './batch-log.js';
import { type JournalEntry, memoryJournal, type StagedShard } from './journal.js';

const staged = (token: string, round: number, shard: number, batch = 'mine'): StagedShard => ({
  step: 'staged',
  batch,
  token,
  round,
  shard,
  via: 'job',
  key: `input/${token}.jsonl`,
  records: 100,
  bytes: 5_000,
  digest: token,
});

async function logOf(entries: readonly JournalEntry[]) {
  const journal = memoryJournal();
  for (const entry of entries) await journal.append(entry);
  return { journal, log: await openBatchLog(journal, 'mine') };
}

describe('openBatchLog', () => {
  it('knows nothing of what it never heard of', async () => {
    const { log } = await logOf([staged('other', 0, 0, 'yours')]);
    expect([log.isOld, log.rounds, log.finishedRound, log.reserved, log.settledRound]).toEqual([
      false,
      0,
      undefined,
      undefined,
      -1,
    ]);
    expect(log.round(0)).toEqual({ shards: [], sourced: undefined });
  });

  it('keeps the steps of shards, rounds and batches apart, in whatever order shards were staged', async () => {
    const { log } = await logOf([
      staged('b', 0, 1),
      staged('a', 0, 0),
      staged('x', 0, 0, 'yours'),
      { step: 'creating', batch: 'mine', token: 'a' },
      { step: 'created', batch: 'mine', token: 'a', jobArn: 'arn:a' },
      { step: 'ended', batch: 'yours', token: 'a', status: 'Failed' },
      { step: 'created', batch: 'mine', token: 'stranger', jobArn: 'arn:x' },
      { step: 'ended', batch: 'mine', token: 'a', status: 'Expired', message: 'late' },
      staged('c', 1, 0),
      { step: 'sending', batch: 'mine', token: 'c', wave: 2, records: 8 },
    ]);
    expect(log.round(0).shards).toMatchObject([
      { staged: { token: 'a' }, creating: true, jobArn: 'arn:a', status: 'Expired', message: 'late' },
      { staged: { token: 'b' }, creating: false, jobArn: undefined, status: undefined },
    ]);
    expect(log.shard('c')).toMatchObject({ waves: 3 });
    expect([log.isOld, log.rounds]).toEqual([true, 2]);
  });

  it('follows its own steps, and writes them down as those of its batch', async () => {
    const { journal, log } = await logOf([]);
    await log.append({ step: 'reserved', token: 'r', at: 1, picoUsd: '7' });
    expect(log.reserved).toMatchObject({ token: 'r', picoUsd: '7' });
    await log.append({ step: 'sourced', round: 0, shards: 0, records: 0 });
    await log.append({ step: 'finished', round: 0, failed: 3 });
    await log.append({ step: 'settled', token: 'another' });
    expect(log.reserved).toBeDefined();
    await log.append({ step: 'settled', token: 'r' });
    expect([log.reserved, log.finishedRound, log.failedRecords, log.settledRound]).toEqual([
      undefined,
      0,
      3,
      0,
    ]);
    expect((await journal.entries()).every(({ batch }) => batch === 'mine')).toBe(true);
  });
});
