import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { renderReport } from '../src/report/render-report.js';
import { aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it.each(['log.json.gz', 'log.json'])('says that %s cannot be read', async (name) => {
    // A socket can be seen and not be opened, as a file of somebody else.
    const path = join(temporaryFolder(), name);
    const server = createServer().listen(path);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    await expect(analyzeLogs({ source: path, threads: 1 })).rejects.toMatchObject({
      code: 'COSTKIT_INSIGHTS_SOURCE_MISSING',
      message: expect.stringContaining(path),
    });
  });

  it.each([
    ['empty', ''],
    ['unpacked already', lines(aRecord('b'))],
  ])('names a file of the log that is no gzip file, because it is %s', async (_what, text) => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a')));
    const broken = join(folder, HOUR, 'b.json.gz');
    writeFileSync(broken, text);
    await expect(analyzeLogs({ source: folder, threads: 1 })).rejects.toMatchObject({
      code: 'COSTKIT_INSIGHTS_SOURCE_BROKEN',
      message: expect.stringContaining(`"${broken}" is no gzip file`),
    });
  });

  it('names a file of the log that is JSON, and not one record a line', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json`, JSON.stringify(aRecord('a'), null, 2));
    await expect(analyzeLogs({ source: folder, threads: 1 })).rejects.toMatchObject({
      code: 'COSTKIT_INSIGHTS_SOURCE_BROKEN',
      message: expect.stringContaining('is no file of JSON, one record a line'),
    });
  });

  it('takes records in an array for no log: none of them would count', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, 'a.json', JSON.stringify([aRecord('a'), aRecord('b')]));
    await expect(analyzeLogs({ source: folder, threads: 1 })).rejects.toMatchObject({
      code: 'COSTKIT_INSIGHTS_SOURCE_UNKNOWN',
    });
  });

  it('has nothing to say about empty logs', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, '');
    const analysis = await analyzeLogs({ source: folder, threads: 1 });
    expect(analysis).toMatchObject({
      calls: 0,
      unpriced: 0,
      days: 1,
      recommendations: [],
      cacheTimeline: [],
    });
    expect([analysis.total.usd, analysis.perMonthAfter.usd, analysis.from]).toEqual([0, 0, undefined]);
    expect(renderReport(analysis)).toContain('nothing to cut above noise');
    for (const evaluation of [{}, { tasks: [{ task: 'a', tiers: [{ tier: 'b', score: 2 }] }] }]) {
      expect(() => renderReport(analysis, { evaluation } as never)).toThrow(
        /must be the report of an evaluation/,
      );
    }
  });

  it('says what is wrong with sources and options', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, 'notes.txt', 'nothing');
    await expect(analyzeLogs({ source: folder, threads: 1 })).rejects.toMatchObject({
      code: 'COSTKIT_INSIGHTS_SOURCE_UNKNOWN',
    });
    await expect(analyzeLogs({ source: `${folder}/none` })).rejects.toMatchObject({
      code: 'COSTKIT_INSIGHTS_SOURCE_MISSING',
    });
    await expect(analyzeLogs({ source: 's3://logs/x' })).rejects.toMatchObject({
      code: 'COSTKIT_INSIGHTS_S3_CLIENT_MISSING',
    });
    for (const wrong of [
      { source: [] },
      { source: '' },
      { source: folder, sources: 1 },
      { source: folder, memoryMb: Number.NaN },
      { source: folder, provisionedUsdPerHour: { arn: 'much' } },
    ]) {
      await expect(analyzeLogs(wrong as never)).rejects.toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
    }
  });
});
