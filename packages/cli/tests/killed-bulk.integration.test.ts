import { Money } from '@costkit/core';
import { expect, it } from 'vitest';
import { BULK } from './bulk-corpus.js';
import { killBulk } from './killed-bulk.js';

it('pays a batch job once whose sync was killed while it ran', { timeout: 60_000 }, () =>
  // The job is accepted, and the journal does not know it yet.
  killBulk(['CreateModelInvocationJobCommand'], ({ signals, report, bedrock, jobs }) => {
    expect(signals).toEqual(['SIGKILL']);
    expect(jobs).toBe(1);
    const { lines, total } = bedrock.bill();
    expect(lines).toHaveLength(BULK.source.length);
    expect(report.embedded).toMatchObject({ resumed: BULK.source.length, texts: 0 });
    expect(report.embedded.cost?.equals(Money.fromPicoUsd(total.picoUsd))).toBe(true);
  }),
);
