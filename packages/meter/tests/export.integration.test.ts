import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { Money, withTags } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { focusExport, readReceipts, reportOf } from '../src/export.js';
import { createMeter, jsonlSink, withMeter } from '../src/index.js';
import { focusProblems } from './focus-rules.js';

let bedrock: LocalBedrock;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-export-'));
  bedrock = await startLocalBedrock();
});
afterEach(async () => {
  await bedrock.stop();
  await rm(folder, { recursive: true });
});

const input = (modelId: string, fields: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId,
  messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
  inferenceConfig: { maxTokens: 60 },
  ...fields,
});

describe('a ledger file', () => {
  it('becomes a report and a valid FOCUS dataset that add up to the bill, to the last digit', async () => {
    const path = join(folder, 'receipts.jsonl');
    const meter = createMeter({ sinks: [jsonlSink(path)] });
    const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), { meter });
    const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
    const cached = [
      { text: 'All of the handbook. '.repeat(2_000) },
      { cachePoint: { type: 'default' as const } },
    ];
    for (const [index, request] of [
      input(haiku),
      input(haiku, { system: cached }),
      input(haiku, { system: cached }),
      input(`global.${haiku.slice(3)}`),
      input('us.amazon.nova-pro-v1:0', { serviceTier: { type: 'flex' } }),
    ].entries())
      await withTags({ feature: `feature-${index % 2}` }, () => client.send(new ConverseCommand(request)));
    const { stream } = await client.send(new ConverseStreamCommand(input('us.amazon.nova-lite-v1:0')));
    for await (const _ of stream ?? []) void _;
    await expect(client.send(new ConverseCommand(input('us.acme.nope')))).rejects.toThrow();
    await meter.close();

    const problems: unknown[] = [];
    const read = () => readReceipts(path, (problem) => problems.push(problem));
    const billed = bedrock.bill().total;
    const report = await reportOf(read(), { by: ['feature', 'servedModel'] });
    expect(JSON.stringify(report)).toBe(JSON.stringify(meter.report({ by: ['feature', 'servedModel'] })));
    expect(report.total.cost.picoUsd).toBe(billed.picoUsd);

    const { rows, unpricedRows, unitemisedRows } = await focusExport(read(), {
      billingAccountId: '123456789012',
    });
    expect(rows.flatMap(focusProblems)).toEqual([]);
    expect([unpricedRows, unitemisedRows]).toEqual([0, 0]);
    const total = Money.sum(rows.map(({ BilledCost }) => Money.fromUsd(BilledCost ?? 'none')));
    expect(total.picoUsd).toBe(billed.picoUsd);
    expect(new Set(rows.map(({ SkuMeter }) => SkuMeter)).size).toBeGreaterThanOrEqual(4);
    expect(problems).toEqual([]);
  });
});
