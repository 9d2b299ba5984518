import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInside } from './run-inside.js';

const run = (...args: string[]) => runInside(args);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-plan-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function inFile(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('costkit plan', { timeout: 60_000 }, () => {
  it('shows the playbook’s example without a file, and credits that last 14.7 months', async () => {
    const { code, stdout, stderr } = await run('plan', 'levers');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('$9,000.00 a month becomes $1,696.84');
    expect(stdout).toContain('14.7 months');
    expect(stdout).toContain('█');
  });

  it('takes a file, lets flags win over it, and prints the whole plan as JSON', async () => {
    const file = await inFile('credits.json', { pools: [{ name: 'Activate', usd: 25_000 }], usage: 1 });
    const { code, stdout } = await run(
      'plan',
      'credits',
      file,
      '--usage',
      '9,000',
      '--lever',
      'all=0.81',
      '--json',
    );
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as { months: number; withLevers: unknown[]; inputs: object };
    expect(plan.months).toBeCloseTo(25 / 9, 9);
    expect(plan.withLevers).toHaveLength(1);
    expect(plan.inputs).toMatchObject({ usage: 9_000, pools: [{ name: 'Activate' }] });
  });

  it('draws capacity over units, and fails with --strict when a price is unknown', async () => {
    const hours = [{ inputTokens: 60e6, outputTokens: 6e6 }];
    const known = await inFile('known.json', { model: 'meta.llama3-1-70b-instruct-v1:0', hours });
    const units = ['--unit-input', '300000', '--unit-output', '30000'];
    const drawn = await run('plan', 'provisioned', known, ...units);
    expect(drawn.code).toBe(0);
    expect(drawn.stdout).toContain('Dollars a month by model units');
    expect(drawn.stdout).toContain('● none');
    const unknown = await inFile('unknown.json', { model: 'amazon.nova-pro-v1:0', hours });
    const strict = await run('plan', 'provisioned', unknown, ...units, '--strict');
    expect(strict.code).toBe(1);
    expect(strict.stderr).toContain('unknown: the model-unit price of amazon.nova-pro-v1:0');
  });

  it('exits with 2 and one line for what it cannot use', async () => {
    for (const [args, text] of [
      [['plan', 'rag', 'no-such.json'], 'COSTKIT_UNREADABLE_FILE'],
      [['plan', 'vectors', '--vectors', '5'], 'option "dimensions" is missing'],
      [['plan', 'vectors', '--questions', 'x'], '--questions needs --sample FILE'],
      [['plan', 'vectors', '--sample', 'no-such-file'], 'cannot read "no-such-file"'],
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr).toContain(text);
      expect(stderr.trim().split('\n'), args.join(' ')).toHaveLength(1);
      expect(stdout).toBe('');
    }
  });

  it('measures on vectors of the user what smaller ones miss, and prices them', async () => {
    /** Early components weigh more, as in models that are trained for it. */
    const vectorOf = (seed: number): number[] =>
      Array.from({ length: 128 }, (_, at) => Math.sin(seed * (at + 1) * 12.9898) / (1 + at / 16));
    const rows = Array.from({ length: 60 }, (_, index) => ({ id: `v${index}`, vector: vectorOf(index + 1) }));
    const questions = rows
      .slice(0, 20)
      .map(({ id, vector }) => ({ vector: vector.map((value) => value * 1.01), relevant: [id] }));
    const lines = (some: readonly object[]): string => some.map((one) => `${JSON.stringify(one)}\n`).join('');
    const sample = await inFile('sample.jsonl', lines(rows));
    const asked = await inFile('questions.jsonl', lines(questions));
    const parquet = join(folder, 'sample.parquet');
    parquetWriteFile({
      filename: parquet,
      columnData: [
        { name: 'id', data: rows.map(({ id }) => id) },
        { name: 'embedding', data: rows.map(({ vector }) => vector) },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        { name: 'embedding', converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
      ],
    });
    const size = ['--vectors', '2,000,000', '--queries', '300,000'];
    for (const file of [sample, parquet]) {
      const { code, stdout, stderr } = await run(
        'plan',
        'vectors',
        ...size,
        '--sample',
        file,
        '--questions',
        asked,
        '--json',
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { inputs, sizes } = JSON.parse(stdout) as {
        inputs: { dimensions: number };
        sizes: {
          dimensions: number;
          type: string;
          saved: string;
          recall: { recall: number; low: number; high: number };
        }[];
      };
      expect(inputs.dimensions).toBe(128);
      const half = sizes.find(({ dimensions, type }) => dimensions === 64 && type === 'float32');
      expect(half?.recall).toMatchObject({
        recall: 1,
        high: 1,
        questions: 20,
        source: expect.stringContaining('recall at 10'),
      });
      expect(half?.recall.low).toBeCloseTo(1 / (1 + 1.96 ** 2 / 20), 6);
      expect(Number(half?.saved)).toBeGreaterThan(0);
    }
    const { stdout } = await run('plan', 'vectors', ...size, '--sample', sample);
    expect(stdout).toMatch(
      /As they are, they find 100\.0 % \(\d+\.\d % to 100\.0 %\).*30 vectors of .*30 of them as questions/s,
    );

    for (const [line, message] of [
      [{ id: 'a' }, 'line 1 of'],
      [{ vector: [1, 'x'] }, 'no number in its vector'],
      [{ vector: [1], relevant: 'a' }, 'no list of ids'],
      [{ vector: [...vectorOf(1)], relevant: ['nobody'] }, 'names "nobody"'],
    ] as const) {
      const broken = await inFile('broken.jsonl', lines([line]));
      const failed = await run('plan', 'vectors', ...size, '--sample', sample, '--questions', broken);
      expect([failed.code, failed.stdout, failed.stderr]).toEqual([2, '', expect.stringContaining(message)]);
    }
  });
});

describe('costkit estimate', { timeout: 60_000 }, () => {
  it('prices one task of flags, split by models', async () => {
    const model = 'amazon.nova-lite-v1:0';
    const task = ['--model', model, '--requests', '1000000', '--input', '1000', '--output', '200'];
    const { code, stdout } = await run('estimate', ...task, '--mix', 'amazon.nova-micro-v1:0=0.5', '--json');
    expect(code).toBe(0);
    // $108 with Nova Lite, $63 with Nova Micro.
    expect(JSON.parse(stdout)).toMatchObject({ total: '85.5', complete: true });
  });
});
