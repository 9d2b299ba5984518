import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnswerHistory } from './answer-history.js';
import { type CapQuestion, chooseCap } from './choose-cap.js';

function seen(count: number, tokens: number): CapQuestion['seen'] {
  const history = createAnswerHistory();
  for (let index = 0; index < count; index += 1)
    history.add('task', tokens, { heldOut: false, cutBy: undefined });
  return history.get('task').limited;
}
const question = (fields: Partial<CapQuestion> = {}): CapQuestion => ({
  taskCap: undefined,
  defaultCap: undefined,
  seen: undefined,
  callerCap: undefined,
  modelMaximum: 64_000,
  thinkingTokens: 0,
  quota: { burndown: 5, inputTokens: () => 1_000, scarce: false },
  ...fields,
});

describe('chooseCap', () => {
  it.each<[string, Partial<CapQuestion>, number | undefined]>([
    ['nothing without a reason', {}, undefined],
    ['the task’s own cap', { taskCap: 20, defaultCap: 500 }, 20],
    ['the default cap', { defaultCap: 500 }, 500],
    ['a learned cap, with headroom', { seen: seen(30, 200) }, 300],
    ['no learned cap before it has seen enough', { seen: seen(29, 200) }, undefined],
    ['the default cap until it has learned', { seen: seen(29, 200), defaultCap: 500 }, 500],
    ['the lower of learned and default', { seen: seen(30, 200), defaultCap: 250 }, 250],
    ['the task’s own cap though another was learned', { seen: seen(30, 200), taskCap: 1_000 }, 1_000],
    ['a learned cap that leaves short answers room', { seen: seen(30, 3) }, 64],
    ['the caller’s cap where that is lower', { taskCap: 500, callerCap: 400 }, undefined],
    ['the caller’s cap where that is the same', { taskCap: 500, callerCap: 500 }, undefined],
    ['ours where that is lower', { taskCap: 500, callerCap: 4_096 }, 500],
    ['nothing above the model’s own maximum', { taskCap: 100_000 }, undefined],
    ['more where thinking is part of the answer', { taskCap: 20, thinkingTokens: 8_192 }, 8_212],
    [
      'a learned cap as it is where thinking was seen',
      { seen: seen(30, 2_000), thinkingTokens: 8_192 },
      3_000,
    ],
  ])('takes %s', (_, fields, maxTokens) => {
    expect(chooseCap(question(fields))?.maxTokens).toBe(maxTokens);
  });

  it('says where a cap comes from', () => {
    expect(chooseCap(question({ taskCap: 20, thinkingTokens: 100 }))?.reason).toBe(
      "The task's cap is 20 tokens, with 100 tokens more for thinking. The call reserves 63880 tokens of quota fewer.",
    );
    expect(chooseCap(question({ seen: seen(30, 200) }))?.reason).toBe(
      '99 % of the last 30 answers took at most 200 tokens. The call reserves 63700 tokens of quota fewer.',
    );
    expect(chooseCap(question({ seen: seen(30, 200), modelMaximum: undefined }))?.reason).toBe(
      '99 % of the last 30 answers took at most 200 tokens.',
    );
  });

  it('takes the cap that takes least quota where calls are throttled, a cut answer counted with it', () => {
    const history = createAnswerHistory();
    // One in twenty is half as long again as the others.
    for (let index = 0; index < 100; index += 1)
      history.add('task', index % 20 === 0 ? 300 : 200, { heldOut: false, cutBy: undefined });
    const lengths = history.get('task').limited;
    const capBy = (quota: CapQuestion['quota']): number | undefined =>
      chooseCap(question({ seen: lengths, quota }))?.maxTokens;
    const scarce = { burndown: 1, inputTokens: () => 1_000, scarce: true };
    expect(capBy({ ...scarce, scarce: false })).toBe(450);
    expect(capBy(scarce)).toBe(200);
    // To cut is dearer where a second call reserves a long prompt, or where what was written burns many times over.
    expect(capBy({ ...scarce, inputTokens: () => 20_000 })).toBe(300);
    expect(capBy({ ...scarce, burndown: 10 })).toBe(300);
    expect(chooseCap(question({ seen: lengths, quota: { ...scarce, burndown: 10 } }))?.reason).toContain(
      'Calls were throttled: of the lengths of the last 100 answers this takes least quota, of which a token of output burns 10.',
    );
  });

  it('never raises a cap, whatever it is asked', () => {
    const tokens = fc.option(fc.integer({ min: 1, max: 200_000 }), { nil: undefined });
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        tokens,
        fc.nat(20_000),
        fc.nat(60),
        fc.nat(5_000),
        (taskCap, defaultCap, callerCap, modelMaximum, thinkingTokens, count, length) => {
          const choice = chooseCap({
            quota: { burndown: 10, inputTokens: () => 2_000, scarce: count % 2 === 0 },
            taskCap,
            defaultCap,
            callerCap,
            modelMaximum,
            thinkingTokens,
            seen: seen(count, length),
          });
          if (choice === undefined) return;
          expect(choice.maxTokens).toBeGreaterThan(0);
          if (callerCap !== undefined) expect(choice.maxTokens).toBeLessThan(callerCap);
          if (modelMaximum !== undefined) expect(choice.maxTokens).toBeLessThan(modelMaximum);
        },
      ),
    );
  });
});
