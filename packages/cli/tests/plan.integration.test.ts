import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr).toContain(text);
      expect(stderr.trim().split('\n'), args.join(' ')).toHaveLength(1);
      expect(stdout).toBe('');
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
