import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncPlan, SyncReport } from '@costkit/embeddings';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../tools/vitest/postgres-server.js';
import { requireServer } from '../../../tools/vitest/servers.js';
import { createProgram } from '../src/program.js';
import { localEnvironment } from './local-environment.js';
import { runInside } from './run-inside.js';
import { type CommandRun, runCommand } from './start-command.js';

const ROLE = 'arn:aws:iam::123456789012:role/batch';
const server = requireServer('pgvector', 'costkit embed --postgres');

let bedrock: LocalBedrock;
let folder: string;
let store: string;
beforeAll(async () => {
  bedrock = await startLocalBedrock({
    buckets: ['vectors'],
    tokenizer: { count: (text) => Math.ceil(text.length / 4) },
  });
  const parent = mkdtempSync(join(tmpdir(), 'costkit-embed-'));
  folder = join(parent, 'handbook');
  store = join(parent, 'handbook.db');
  mkdirSync(join(folder, 'more'), { recursive: true });
  writeFileSync(join(folder, 'returns.md'), '# Returns\n\nThe customer pays for the return.\n');
  writeFileSync(join(folder, 'more/delivery.txt'), 'Delivery takes three days.\n');
  writeFileSync(join(folder, 'picture.png'), 'no text');
});
afterAll(async () => {
  await bedrock.stop();
  rmSync(join(folder, '..'), { recursive: true });
});

function embed(...args: string[]): Promise<CommandRun> {
  return runInside(['embed', folder, '--store', store, ...args], { env: localEnvironment(bedrock, folder) });
}

describe('costkit embed', { timeout: 60_000 }, () => {
  it('shows the price, embeds, and then pays for what changed alone', async () => {
    const dry = await embed('--dry-run', '--json');
    expect(dry.code).toBe(3);
    const plan = JSON.parse(dry.stdout) as SyncPlan;
    expect(plan).toMatchObject({ documents: 2, chunks: 2, embed: { texts: 2 } });
    expect(bedrock.requests()).toHaveLength(0);

    const env = localEnvironment(bedrock, folder);
    const first = await runCommand(['embed', folder, '--store', store], { env });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /2 documents, 2 chunks, amazon\.titan-embed-text-v2:0\/1024[\s\S]*tokens in 2 calls/,
    );

    renameSync(join(folder, 'returns.md'), join(folder, 'more/returning.md'));
    const moved = await embed('--json');
    expect(JSON.parse(moved.stdout) as SyncReport).toMatchObject({
      reused: 1,
      deleted: 1,
      embedded: { calls: 0, cost: '0' },
    });
    expect(bedrock.bill().lines).toHaveLength(2);
    expect((await embed('--dry-run')).code).toBe(0);
  });

  it('is a store on whose vectors costkit plan vectors measures what smaller ones miss', async () => {
    const questions = join(folder, '../asked.jsonl');
    const asked = [{ query: 'Who pays?', evidence: [{ document: 'returns.md' }] }];
    writeFileSync(questions, asked.map((one) => JSON.stringify(one)).join('\n'));
    const before = bedrock.requests().length;
    const plan = ['plan', 'vectors', '--vectors', '1000', '--queries', '1000', '--sample', store];
    const { code, stdout, stderr } = await runInside([...plan, '--questions', questions, '--json'], {
      env: localEnvironment(bedrock, folder),
    });
    expect([code, stderr]).toEqual([0, '']);
    const { inputs } = JSON.parse(stdout) as {
      inputs: { dimensions: number; recall: { questions: number }[] };
    };
    expect(inputs).toMatchObject({ dimensions: 1_024, recall: Array(12).fill({ questions: 1 }) });
    expect(bedrock.requests()).toHaveLength(before + 1);
  });

  it.skipIf(server === undefined)('keeps vectors in PostgreSQL, and makes them by a batch job', async () => {
    const postgres = await startPostgres(server as NonNullable<typeof server>);
    const { host, user, database } = postgres.connection;
    const rules = join(folder, '../rules');
    mkdirSync(rules);
    for (let rule = 0; rule < 110; rule += 1) writeFileSync(join(rules, `${rule}.md`), `Rule ${rule}.\n`);
    const jobs = ['--bucket', 'vectors', '--role', ROLE, '--poll-seconds', '0.05'];
    const journal = ['--journal', join(folder, '../jobs.journal')];
    const before = bedrock.bill().lines.length;
    const run = await runInside(
      ['embed', rules, '--postgres', '--table', 'rules', ...jobs, ...journal, '--json'],
      { env: { ...localEnvironment(bedrock, folder), PGHOST: host, PGUSER: user, PGDATABASE: database } },
    );
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ chunks: 110, embedded: { calls: 110, resumed: 0 } });
    const own = bedrock.bill().lines.slice(before);
    expect([own.length, own.every(({ mode }) => mode.batch)]).toEqual([110, true]);
    const client = new Client(postgres.connection);
    await client.connect();
    const { rows } = await client.query('select document from rules where text = $1', ['Rule 42.']);
    expect(rows).toEqual([{ document: '42.md' }]);
    await client.end();
    await postgres.stop();
  });

  it.each([
    [['--dimensions', 'many'], /^costkit: --dimensions "many" is no whole number above 0/],
    [['--bulk-from', '0'], /--bulk-from "0" is no whole number/],
    [['--postgres'], /--store and --postgres are two places/],
    [['--table', 'a'], /--table is for --postgres/],
    [['--bucket', 'vectors'], /batch jobs need --bucket and --role/],
    [['--bucket', 'vectors', '--role', ROLE, '--poll-seconds', 'soon'], /--poll-seconds "soon" is no number/],
    [['--queries', 'nowhere.jsonl'], /cannot read "nowhere.jsonl"/],
  ])('refuses %j', async (args, message) => {
    const run = createProgram().parseAsync(['node', 'costkit', 'embed', folder, '--store', store, ...args]);
    await expect(run).rejects.toThrow(message);
  });

  it('says what a migration would cost, and that it needs an agreement', async () => {
    const migration = await embed('--dimensions', '256');
    expect(migration.code).toBe(2);
    expect(migration.stderr).toContain('COSTKIT_EMBEDDINGS_MIGRATION');
  });
});
