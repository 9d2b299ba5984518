import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Money, type Receipt } from '@costkit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aReceipt } from '../../tests/a-receipt.js';
import { jsonlSink } from '../jsonl-sink.js';
import { receiptToJson } from '../receipt-json.js';
import { type LineProblem, readReceipts } from './read-receipts.js';
import { InvalidReceiptError, receiptFromJson } from './receipt-from-json.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-read-'));
});
afterEach(() => rm(folder, { recursive: true }));

const FULL: Receipt = aReceipt({
  firstChunkMs: 300,
  error: 'ModelStreamErrorException',
  cost: undefined,
  tags: { feature: 'chat', __proto__: 'a tag like any other' } as never,
  usage: { ...aReceipt().usage, units: { image: 2 } },
  attempts: [
    {
      purpose: 'draft',
      modelId: 'us.amazon.nova-lite-v1:0',
      servedModel: 'amazon.nova-lite-v1:0',
      scope: 'geo:us',
      region: 'us-east-1',
      mode: 'flex',
      startedAt: new Date('2026-11-22T10:15:00.123Z'),
      latencyMs: 12.5,
      requestId: 'request-1',
      stopReason: 'end_turn',
      error: 'Error',
      usage: aReceipt().usage,
      cost: Money.fromUsd('0.000000000001'),
      quality: 'estimated',
      complete: false,
    },
  ],
  decisions: [
    {
      lever: 'router',
      mode: 'enforce',
      action: 'routed',
      reason: 'Because.',
      estimatedSaving: Money.fromUsd('-0.5'),
    },
    { lever: 'meter', mode: 'observe', action: 'left alone', reason: 'Because.' },
  ],
});

async function read(
  source: string | AsyncIterable<Uint8Array>,
): Promise<{ receipts: Receipt[]; problems: LineProblem[] }> {
  const [receipts, problems]: [Receipt[], LineProblem[]] = [[], []];
  for await (const receipt of readReceipts(source, (problem) => problems.push(problem)))
    receipts.push(receipt);
  return { receipts, problems };
}

const lineOf = (receipt: Receipt): string => `${JSON.stringify(receiptToJson(receipt))}\n`;
/** A text in pieces that cut lines and characters anywhere. */
const inPieces = (text: string, bytes: number): AsyncIterable<Uint8Array> => {
  const all = Buffer.from(text);
  return Readable.from(
    Array.from({ length: Math.ceil(all.length / bytes) }, (_, index) =>
      all.subarray(index * bytes, (index + 1) * bytes),
    ),
  );
};

describe('receiptFromJson', () => {
  it('is what receiptToJson wrote, to the last digit', () => {
    expect(receiptToJson(receiptFromJson(JSON.parse(JSON.stringify(receiptToJson(FULL)))))).toEqual(
      receiptToJson(FULL),
    );
  });

  /** The receipt as JSON, with another value at a path such as `attempts[0].purpose`. */
  function spoiled(path: string, value: unknown): unknown {
    const json: unknown = JSON.parse(JSON.stringify(receiptToJson(FULL)));
    const names = path.split(/[.[\]]+/).filter((name) => name !== '');
    const parent = names
      .slice(0, -1)
      .reduce((inner, name) => (inner as Record<string, unknown>)[name], json) as Record<string, unknown>;
    parent[names.at(-1) as string] = value;
    return json;
  }

  it.each([
    ['format', 2],
    ['id', 5],
    ['startedAt', 'yesterday'],
    ['latencyMs', -1],
    ['costUsd', 0.5],
    ['costUsd', '1e-5'],
    ['costUsd', undefined],
    ['tags', ['chat']],
    ['tags.feature', null],
    ['usage.cacheRead', null],
    ['usage.units.image', 'two'],
    ['attempts', {}],
    ['attempts[0]', 'attempt'],
    ['attempts[0].purpose', 'play'],
    ['attempts[0].usage.input', undefined],
    ['decisions[0].estimatedSavingUsd', 1],
    ['quality', 'good'],
  ])('names the field %s when it is %j', (field, value) => {
    expect(() => receiptFromJson(spoiled(field, value))).toThrow(
      expect.objectContaining({ name: 'InvalidReceiptError', field, code: 'COSTKIT_INVALID_RECEIPT' }),
    );
  });

  it.each([null, 5, 'text', []])('refuses %j', (value) => {
    expect(() => receiptFromJson(value)).toThrow(InvalidReceiptError);
  });
});

describe('readReceipts', () => {
  it('reads what jsonlSink wrote', async () => {
    const path = join(folder, 'receipts.jsonl');
    const sink = jsonlSink(path);
    void sink.write(FULL);
    void sink.write(aReceipt({ id: 'second' }));
    await sink.close?.();
    const { receipts, problems } = await read(path);
    expect(receipts.map(({ id }) => id)).toEqual(['call-1', 'second']);
    expect(problems).toEqual([]);
  });

  it.each([1, 7, 1_000, 1_000_000])(
    'counts and names every line that is broken, in pieces of %i bytes',
    async (bytes) => {
      const secret = 'Dear diary';
      const lines = [
        lineOf(aReceipt({ id: 'ä' })),
        `${lineOf(aReceipt()).slice(0, 40)}${secret}\n`,
        '\n',
        '{"format":1,"id":"no more"}\r\n',
        '[]\n',
        lineOf(aReceipt({ id: 'next' })),
        lineOf(aReceipt({ id: 'cut' })).slice(0, -20),
      ];
      const { receipts, problems } = await read(inPieces(lines.join(''), bytes));
      expect(receipts.map(({ id }) => id)).toEqual(['ä', 'next']);
      expect(problems).toEqual([
        { line: 2, reason: 'is no JSON, as a line that a crash has cut' },
        { line: 4, reason: 'is no receipt: startedAt is wrong' },
        { line: 5, reason: 'is no receipt: (all) is wrong' },
        { line: 7, reason: 'is no JSON, as a line that a crash has cut' },
      ]);
      expect(JSON.stringify(problems)).not.toContain(secret);
    },
  );

  it('takes a last line that lacks its end', async () => {
    const { receipts, problems } = await read(inPieces(lineOf(aReceipt()).trimEnd(), 100));
    expect(receipts).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('passes over a line without end in constant memory', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(lineOf(aReceipt({ id: 'before' })));
      const chunk = Buffer.alloc(1_048_576, 'x');
      for (let index = 0; index < 300; index += 1) yield chunk;
      yield Buffer.from(`\n${lineOf(aReceipt({ id: 'after' }))}`);
    }
    const before = process.memoryUsage().arrayBuffers;
    const { receipts, problems } = await read(endless());
    expect(receipts.map(({ id }) => id)).toEqual(['before', 'after']);
    expect(problems).toEqual([{ line: 2, reason: 'is longer than 4194304 bytes' }]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it('passes errors of the file system through', async () => {
    await expect(read(join(folder, 'nowhere.jsonl'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('reads an empty file', async () => {
    await writeFile(join(folder, 'empty'), '');
    expect(await read(join(folder, 'empty'))).toEqual({ receipts: [], problems: [] });
  });
});
