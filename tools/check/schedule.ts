import type { Step, StepResult } from './step.js';

/** A step that has ended. */
export interface FinishedStep {
  readonly step: Step;
  readonly seconds: number;
  readonly result: StepResult;
  /** Why it did not run. */
  readonly skippedBecause?: string;
}

/** How {@link runSteps} runs steps. */
export interface ScheduleOptions {
  /** How many steps run at once. */
  readonly concurrency: number;
  /** No step starts after this time. @defaultValue no limit */
  readonly deadline?: Date;
  /** Called as each step ends. */
  onFinish(finished: FinishedStep): void;
}

const SKIPPED: StepResult = { passed: 0, failed: 0, skipped: 1, output: '' };

/** The named steps, and what they need, in their order. */
export function withNeeds(steps: readonly Step[], names: readonly string[]): Step[] {
  const wanted = new Set(names);
  const needsOf = (name: string): readonly string[] => steps.find((step) => step.name === name)?.needs ?? [];
  // A set also visits what is added on the way.
  for (const name of wanted) for (const need of needsOf(name)) wanted.add(need);
  return steps.filter(({ name }) => wanted.has(name));
}

/**
 * Runs steps in their order, each as early as its needs and the number of free places allow. A need that is
 * not in the list counts as met.
 */
export async function runSteps(steps: readonly Step[], options: ScheduleOptions): Promise<FinishedStep[]> {
  const names = new Set(steps.map(({ name }) => name));
  const waiting = new Set(steps);
  const running = new Map<Step, Promise<void>>();
  const finished = new Map<string, FinishedStep>();

  const finish = (entry: FinishedStep): void => {
    finished.set(entry.step.name, entry);
    options.onFinish(entry);
  };
  const isReady = ({ needs = [], after = [] }: Step): boolean =>
    [...needs, ...after].every((name) => !names.has(name) || finished.has(name));
  const brokenNeed = ({ needs = [] }: Step): string | undefined =>
    needs.find((name) => {
      const need = finished.get(name);
      return need !== undefined && (need.result.failed > 0 || need.skippedBecause !== undefined);
    });

  while (waiting.size > 0 || running.size > 0) {
    for (const step of waiting) {
      const broken = brokenNeed(step);
      if (broken !== undefined || (options.deadline !== undefined && new Date() >= options.deadline)) {
        waiting.delete(step);
        const skippedBecause = broken === undefined ? 'no time left' : `${broken} did not pass`;
        finish({ step, seconds: 0, result: SKIPPED, skippedBecause });
      } else if (running.size < options.concurrency && isReady(step)) {
        waiting.delete(step);
        running.set(
          step,
          timed(step).then((entry) => {
            running.delete(step);
            finish(entry);
          }),
        );
      }
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.size > 0 && ![...waiting].some(isReady)) {
      throw new Error(`steps need each other: ${[...waiting].map(({ name }) => name).join(', ')}`);
    }
  }
  return [...finished.values()];
}

async function timed(step: Step): Promise<FinishedStep> {
  const startedMs = performance.now();
  const result = await step.run().catch((error: unknown): StepResult => {
    const output = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failed: 1, skipped: 0, output };
  });
  return { step, seconds: (performance.now() - startedMs) / 1000, result };
}
