import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { renderReport } from '../src/report/render-report.js';
import { aRecord, HOUR, lines, RECORD_USD, writeBelow } from './one-record.js';
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

  it.each([
    ['a longer line than any record', Buffer.alloc(2_200_000, 'x')],
    ['a longer line than is read at once', Buffer.alloc(5_000_000, 'x')],
    ['bytes that are no text', Buffer.from([0xff, 0xfe])],
    ['half a line', Buffer.from('"requestId')],
  ])('counts %s of a text export as broken', async (_what, middle) => {
    const path = join(temporaryFolder(), 'export.txt');
    const timed = (text: string): string => `2026-10-20T10:00:00.000Z ${text}`;
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from(`${timed(lines(aRecord('a')))}\n\n${timed('{')}`),
        middle,
        Buffer.from(`\n${timed(lines(aRecord('b'))).trimEnd()}`),
      ]),
    );
    expect(await analyzeLogs({ source: path, threads: 1 })).toMatchObject({ calls: 2, brokenLines: 1 });
  });

  it.each([`${HOUR}/a.json.gz`, 'export.txt.gz'])('names a gzip file without its end: %s', async (name) => {
    const folder = temporaryFolder();
    const before = name.startsWith('AWSLogs') ? '' : '2026-10-20T10:00:00.000Z ';
    const text = Array.from({ length: 500 }, (_, index) => before + lines(aRecord(`${index}`))).join('');
    const whole = gzipSync(text);
    writeBelow(folder, name, text);
    writeFileSync(join(folder, name), whole.subarray(0, whole.length / 2));
    writeBelow(folder, `${HOUR}/b.json.gz`, `${lines(aRecord('whole'))}{"half`);
    const { brokenLines, notes } = await analyzeLogs({ source: folder, threads: 1 });
    expect(brokenLines).toBe(2);
    const [note] = notes.filter((one) => one.includes('gzip'));
    expect(note).toContain(`1 gzip files end too early`);
    expect(note).toContain(join(folder, name));
  });

  it.each(['1970-01-01', '2036-02-07'])('leaves out a call whose clock said %s, and says so', async (day) => {
    const folder = temporaryFolder();
    const days = Array.from({ length: 20 }, (_, index) =>
      aRecord(`${index}`, { at: Date.UTC(2026, 9, 1 + index) }),
    );
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(...days, aRecord('astray', { at: Date.parse(day) })));
    const analysis = await analyzeLogs({ source: folder, threads: 1 });
    expect(analysis).toMatchObject({ calls: 20, days: 19, from: '2026-10-01T00:00:00Z' });
    expect(analysis.notes.join('\n')).toContain(
      `more than a year from all others, 1 of ${day}. A clock was wrong`,
    );
    expect(analysis.notes.join('\n')).toContain('A clock was wrong: astray.');
  });

  it('keeps what lies more than a year from the rest and is no small part of it', async () => {
    const folder = temporaryFolder();
    const days = [2024, 2026].map((year) => aRecord(`${year}`, { at: Date.UTC(year, 9, 1) }));
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(...days));
    expect(await analyzeLogs({ source: folder, threads: 1 })).toMatchObject({ calls: 2, days: 730 });
  });

  it('has no price for a call whose answer was not counted, unless it has none', async () => {
    const folder = temporaryFolder();
    const uncounted = (id: string, modelId: string) => {
      const record = aRecord(id, { modelId });
      return { ...record, output: {} };
    };
    writeBelow(
      folder,
      `${HOUR}/a.json.gz`,
      lines(
        aRecord('a'),
        uncounted('b', 'us.anthropic.claude-sonnet-5-5'),
        uncounted('c', 'amazon.titan-embed-text-v2:0'),
      ),
    );
    const { unpriced, total, notes } = await analyzeLogs({ source: folder, threads: 1 });
    expect([unpriced, total.usd]).toEqual([1, RECORD_USD + 0.000_02]);
    expect(notes.join('\n')).toContain('1 calls are in no amount, because what they read or wrote');
  });

  it('says that its memory is too small', async () => {
    const path = join(temporaryFolder(), 'log.json');
    writeFileSync(path, lines(aRecord('a')));
    for (const memoryMb of [1, 20])
      await expect(analyzeLogs({ source: path, memoryMb })).rejects.toMatchObject({
        code: 'COSTKIT_INSIGHTS_MEMORY_TOO_SMALL',
        message: expect.stringContaining('Raise memoryMb'),
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
