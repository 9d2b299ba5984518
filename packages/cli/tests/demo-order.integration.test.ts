import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runStep, type StepRun } from '../src/demo/run-step.js';
import type { Scenario } from '../src/demo/scenario.js';
import { ASSUMPTIONS } from '../src/demo/scenarios/support-assumptions.js';
import { supportScenario } from '../src/demo/scenarios/support-scenario.js';
import { drawsFrom } from '../src/demo/scenarios/workload/draw.js';
import { REVIEW_DOCUMENTS } from '../src/demo/scenarios/workload/nightly-documents.js';
import { SUPPORT_QUESTIONS } from '../src/demo/scenarios/workload/support-questions.js';

/** As many reviews as a batch job needs. */
const small = supportScenario(ASSUMPTIONS, {
  questions: SUPPORT_QUESTIONS.slice(0, 5),
  documents: REVIEW_DOCUMENTS.slice(0, 100),
});

const MOST_TURNS = 8;

/** The same application on a machine of another speed: calls take a while before they are planned, and on the wire. */
const delayed: Scenario = {
  ...small,
  run: (context) => {
    const draw = drawsFrom(7);
    const wait = async (): Promise<void> => {
      for (let turns = Math.floor(draw() * MOST_TURNS); turns > 0; turns -= 1) await nextTurn();
    };
    const { config, middlewareStack } = context.client;
    middlewareStack.add(
      (next) => async (args) => {
        await wait();
        return next(args);
      },
      { name: 'slowToPlan', step: 'initialize', priority: 'high' },
    );
    const { requestHandler } = config;
    const handle = requestHandler.handle.bind(requestHandler);
    requestHandler.handle = async (request, options) => {
      await wait();
      const response = await handle(request, options);
      await wait();
      return response;
    };
    return small.run(context);
  },
};

/** Everything that a run says but for its random ids. */
const saidBy = ({ cost, quality, receipts }: StepRun): unknown => ({
  cost: cost.toUsdString(),
  quality,
  receipts: receipts.map(({ servedModel, mode, usage, tags, cost: paid, saved, decisions }) => ({
    served: [servedModel, mode, tags, usage, String(paid), String(saved)],
    decisions: decisions.map((decision) => ({
      ...decision,
      estimatedSaving: String(decision.estimatedSaving),
    })),
  })),
});

describe('runStep', () => {
  it.each([3, 4])(
    'says the same to the digit on a slower machine: step %i',
    async (index) => {
      const step = small.steps[index];
      if (step === undefined) throw new Error('no such step');
      const said = saidBy(await runStep(small, step));
      expect(saidBy(await runStep(delayed, step))).toEqual(said);
    },
    60_000,
  );
});
