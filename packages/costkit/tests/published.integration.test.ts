import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../..', import.meta.url));

/** What of ours the main entry of a package loads at once, beside itself. Needs a build. */
function loadedBy(folder: string): string[] {
  const code = readFileSync(`${packages}/${folder}/dist/bundle/index.js`, 'utf8');
  const imports = [...code.matchAll(/^import (?:.* from )?"(?!node:)(.+)";$/gm)].map(([, name = '']) => name);
  return [...new Set(imports)].sort();
}

/** Runs a module in a process of its own, on what is published, and returns what it prints. */
function run(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: `${packages}/costkit`,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  }).trim();
}

describe('costkit as it is published', () => {
  it('loads three files: itself with its levers, core, pricing', () => {
    expect(loadedBy('costkit')).toEqual(['@costkit/core', '@costkit/pricing']);
    expect(loadedBy('core')).toEqual(['@costkit/pricing']);
    expect(loadedBy('pricing')).toEqual([]);
  });

  it("throws errors that the levers' own packages know", () => {
    const known = run(`
      import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
      import { BatchError } from '@costkit/batch';
      import { BudgetExceededError } from '@costkit/meter';
      import { RoutingPolicyError } from '@costkit/router';
      import { fakeBedrockClientConfig } from '@costkit/testing';
      import { CostkitError, costkit } from 'costkit';

      const bare = new BedrockRuntimeClient(fakeBedrockClientConfig({ responses: [] }));
      const modelId = 'us.amazon.nova-micro-v1:0';
      const tiers = [{ name: 'small', modelId }];
      const errors = [];
      try {
        costkit(bare, { router: { tiers, policy: {} } });
      } catch (error) {
        errors.push(error);
      }
      const budgets = [{ name: 'none', limitUsd: 1e-9, period: 'total', onExceed: 'block' }];
      const messages = [{ role: 'user', content: [{ text: 'Hello' }] }];
      await costkit(bare, { meter: { budgets } })
        .send(new ConverseCommand({ modelId, messages, inferenceConfig: { maxTokens: 9 } }))
        .catch((error) => errors.push(error));
      const known = [RoutingPolicyError, BudgetExceededError, BatchError, CostkitError].map((known) =>
        errors.map((error) => error instanceof known),
      );
      console.log(JSON.stringify(known));
    `);
    expect(JSON.parse(known)).toEqual([
      [true, false],
      [false, true],
      [false, false],
      [true, true],
    ]);
  });
});
