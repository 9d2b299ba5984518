import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runScenario } from '../src/demo/run-scenario.js';
import { recordedScenario } from '../src/demo/scenarios/recorded-scenario.js';

const DATA = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const STATED = { note: 'A note.', details: {} };

describe('recordedScenario', () => {
  it.skipIf(!existsSync(DATA))(
    'replays real answers and keeps nearly all that were right [needs ../shared/data]',
    async () => {
      const result = await runScenario('Recorded.', await recordedScenario(DATA), STATED, () => undefined);
      expect(result.receiptsMatchBill).toBe(true);
      expect(result.savedPercent).toBeGreaterThan(40);
      const { baseline, final, questions } = result.quality ?? { baseline: 0, final: 0, questions: 0 };
      expect(questions).toBeGreaterThan(500);
      expect((baseline - final) / questions).toBeLessThan(0.02);
    },
    120_000,
  );
});
