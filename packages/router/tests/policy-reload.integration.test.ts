import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRoutingPolicy, type RouterWarning } from '../src/index.js';
import { s3RoutingPolicy } from '../src/s3.js';
import { HAIKU, OPUS, SONNET } from './call-fixture.js';
import { question, send, startRouted } from './local-fixture.js';

const policyText = (tier: string): string =>
  JSON.stringify({ version: 1, createdAt: '2026-11-22', tasks: { faq: { tier } } });

let started: Awaited<ReturnType<typeof startRouted>>;
let s3: S3Client;
let folder: string;
beforeAll(async () => {
  started = await startRouted({ buckets: ['configuration'] });
  s3 = new S3Client(started.bedrock.s3ClientConfig);
  folder = mkdtempSync(join(tmpdir(), 'costkit-policy-'));
});
afterAll(async () => {
  s3.destroy();
  await started.stop();
  rmSync(folder, { recursive: true });
});

describe('a policy that is read anew', () => {
  const write = (tier: string): Promise<unknown> =>
    s3.send(new PutObjectCommand({ Bucket: 'configuration', Key: 'policy.json', Body: policyText(tier) }));

  it.each([
    [
      'from a file',
      (tier: string) => writeFileSync(join(folder, 'policy.json'), policyText(tier)),
      () => loadRoutingPolicy(join(folder, 'policy.json')),
    ],
    ['from S3', write, () => s3RoutingPolicy({ client: s3, bucket: 'configuration', key: 'policy.json' })()],
    [
      'by a function',
      (tier: string) => {
        own = policyText(tier);
      },
      () => own,
    ],
  ])('%s', async (_, set, policy) => {
    const { routed, asked, advance } = started;
    await set('cheap');
    const client = routed({ policy });
    const before = asked().length;
    await send(client, question('One?'), { task: 'faq' });
    await set('middle');
    await send(client, question('Two?'), { task: 'faq' });
    expect(asked().slice(before)).toEqual([HAIKU, HAIKU]);
    advance(60_000);
    // Nobody waits for it: the call that finds it due still goes by the policy before.
    await send(client, question('Three?'), { task: 'faq' });
    await expect
      .poll(async () => {
        await send(client, question('Four?'), { task: 'faq' });
        return asked().at(-1);
      })
      .toBe(SONNET);
  });

  it('goes on without one, and says so, where there is none', async () => {
    const warnings: RouterWarning[] = [];
    const client = started.routed({
      policy: s3RoutingPolicy({ client: s3, bucket: 'configuration', key: 'nothing.json' }),
      onWarning: (warning) => warnings.push(warning),
    });
    await send(client, question('One?'), { task: 'faq' });
    expect(started.asked().at(-1)).toBe(OPUS);
    expect(warnings.map(({ code }) => code)).toEqual(['COSTKIT_POLICY_UNREADABLE']);
  });

  it('goes on where the one who is told of it throws', async () => {
    const client = started.routed({
      policy: () => Promise.reject(new Error('gone')),
      onWarning: () => {
        throw new Error('not my business');
      },
    });
    await send(client, question('One?'), { task: 'faq' });
    expect(started.asked().at(-1)).toBe(OPUS);
  });

  it.each([
    ['no client', { bucket: 'b', key: 'k' }],
    ['an empty key', { client: {}, bucket: 'b', key: '' }],
    ['another option', { client: {}, bucket: 'b', key: 'k', prefix: 'p' }],
  ])('refuses %s', (_, options) => {
    expect(() => s3RoutingPolicy(options as never)).toThrow(/costkit router: option/);
  });
});

let own = '';
