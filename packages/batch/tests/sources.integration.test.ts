import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BatchRecord, csvRecords, jsonlRecords, parquetRecords, type TableRow } from '../src/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-sources-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

async function read(source: () => AsyncIterable<BatchRecord>): Promise<BatchRecord[]> {
  const records: BatchRecord[] = [];
  for await (const record of source()) records.push(record);
  return records;
}

const record = (row: TableRow, index: number): BatchRecord | undefined =>
  row['skip'] === 'yes'
    ? undefined
    : {
        recordId: `${index}-${row['id']}`,
        input: { messages: [{ role: 'user', content: [{ text: String(row['text']) }] }] },
      };
const textsOf = (records: readonly BatchRecord[]): unknown[] =>
  records.map(({ input }) => (input['messages'] as { content: { text: string }[] }[])[0]?.content[0]?.text);

describe('jsonlRecords', () => {
  it('reads both ways to write a record, with or without an id, as often as it is opened', async () => {
    const path = await fileOf(
      'a.jsonl',
      '{"recordId":"a","input":{"messages":[]}}\r\n\n{"modelInput":{"messages":[1]}}\n{"input":{}}',
    );
    const source = jsonlRecords(path);
    const records = [{ recordId: 'a', input: { messages: [] } }, { input: { messages: [1] } }, { input: {} }];
    expect([await read(source), await read(source)]).toEqual([records, records]);
  });

  it.each(['{"recordId":1,"input":{}}', '{"recordId":"a"}', '[]', 'null', '{"input":"text"}', '{"input":'])(
    'names the line that is no record: %s',
    async (line) => {
      const path = await fileOf('bad.jsonl', `{"input":{}}\n${line}\n`);
      await expect(read(jsonlRecords(path))).rejects.toMatchObject({
        code: 'COSTKIT_BATCH_SOURCE_INVALID',
        message: expect.stringContaining('line 2 is no record'),
      });
    },
  );

  it('passes on what the disk says', async () => {
    await expect(read(jsonlRecords(join(folder, 'none.jsonl')))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('csvRecords', () => {
  it('reads quoted values over several lines, leaves rows out, and goes by the header', async () => {
    const path = await fileOf(
      'rows.csv',
      '\uFEFFid,text,skip\n1,"Line one,\n""two""",no\n2,skipped,yes\n\n3,Grüße 语,no\n',
    );
    const records = await read(csvRecords(path, record));
    expect(records.map(({ recordId }) => recordId)).toEqual(['0-1', '2-3']);
    expect(textsOf(records)).toEqual(['Line one,\n"two"', 'Grüße 语']);
  });

  it('throws what the parser or the disk says', async () => {
    const broken = await fileOf('broken.csv', 'id,text\n1,"never closed\n');
    await expect(read(csvRecords(broken, record))).rejects.toMatchObject({ code: 'CSV_QUOTE_NOT_CLOSED' });
    await expect(read(csvRecords(join(folder, 'none.csv'), record))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('parquetRecords', () => {
  it('reads all row groups, in order', async () => {
    const path = join(folder, 'rows.parquet');
    const rows = 2_500;
    parquetWriteFile({
      filename: path,
      rowGroupSize: 1_000,
      columnData: [
        { name: 'id', data: Array.from({ length: rows }, (_, index) => index), type: 'INT32' },
        { name: 'text', data: Array.from({ length: rows }, (_, index) => `Row ${index} 语`), type: 'STRING' },
      ],
    });
    const records = await read(parquetRecords(path, record));
    expect(records).toHaveLength(rows);
    expect(records.map(({ recordId }) => recordId)).toEqual(
      Array.from({ length: rows }, (_, index) => `${index}-${index}`),
    );
    expect(textsOf(records).at(-1)).toBe('Row 2499 语');
  });

  it('throws what the reader says of a broken file', async () => {
    const path = await fileOf('broken.parquet', 'no parquet at all');
    await expect(read(parquetRecords(path, record))).rejects.toThrow(/parquet/);
  });
});
