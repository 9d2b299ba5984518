import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateTiers, exactGrader } from '../src/evaluation.js';
import { answering, casesOf, EVALUATED, startEvaluated } from './evaluation-fixture.js';

/** While working, the sources; in `pnpm test`, which has built them, what is published: it starts much faster. */
const CONDITIONS = process.env['COSTKIT_SHARED_MODULES'] === '1' ? [] : ['--conditions=@costkit/source'];
const CHILD = fileURLToPath(new URL('evaluating-process.ts', import.meta.url));
/** Calls that may be on their way when the process dies: they are paid, and nobody has seen their answers. */
const ON_THEIR_WAY = 8;

let evaluated: Awaited<ReturnType<typeof startEvaluated>>;
let folder: string;
let evaluation: string;
const CASES = casesOf('sort', 40);
const CALLS = 2 * CASES.length;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-killed-'));
  evaluation = join(folder, 'evaluation.json');
  writeFileSync(evaluation, JSON.stringify({ cases: CASES, tiers: EVALUATED }));
  evaluated = await startEvaluated(answering(() => undefined));
});
afterAll(async () => {
  await evaluated.stop();
  rmSync(folder, { recursive: true });
});

/** Evaluates in another process, which is killed once it has told of so many answers. */
const killedAfter = (answers: number, resultsFile: string): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', ...CONDITIONS, CHILD, evaluated.bedrock.endpoint, evaluation, resultsFile],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      },
    );
    let said = '';
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.split('\n').length > answers) child.kill('SIGKILL');
    });
    child.on('exit', (_, signal) => resolve(signal));
  });

describe('an evaluation whose process is killed', () => {
  it('goes on where it was, and pays no answer twice that it has seen', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    expect(await killedAfter(25, resultsFile)).toBe('SIGKILL');
    expect(await killedAfter(25, resultsFile)).toBe('SIGKILL');
    const kept = readFileSync(resultsFile, 'utf8').split('\n').length - 1;
    const paid = evaluated.bedrock.bill().lines.length;
    expect(kept).toBeGreaterThanOrEqual(25);
    expect(kept).toBeLessThan(CALLS);
    expect(paid - kept).toBeLessThanOrEqual(2 * ON_THEIR_WAY);
    const report = await evaluateTiers({
      client: evaluated.client,
      cases: CASES,
      tiers: EVALUATED,
      grade: exactGrader(),
      resultsFile,
    });
    expect(report).toMatchObject({ resumed: kept, missing: 0 });
    expect(evaluated.bedrock.bill().lines.length).toBe(paid + CALLS - kept);
  }, 60_000);
});
