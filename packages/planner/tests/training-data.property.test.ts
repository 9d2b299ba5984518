import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFrom } from '../src/distillation/draw-from.js';
import {
  examplesFromLines,
  selectTrainingData,
  type TrainingData,
  type TrainingExample,
  trainingLines,
} from '../src/distillation.js';
import { runs } from './runs.js';

const NOVA = { teacher: 'amazon.nova-pro-v1:0', student: 'amazon.nova-micro-v1:0' };
const LLAMA = { teacher: 'meta.llama3-1-70b-instruct-v1:0', student: 'meta.llama3-1-8b-instruct-v1:0' };

const prompt = (task: string, index: number): TrainingExample => ({
  task,
  system: '',
  turns: [{ role: 'user', text: `${task} ${index}` }],
});
const examplesOf = (counts: readonly number[]): TrainingExample[] =>
  counts.flatMap((count, task) => Array.from({ length: count }, (_, index) => prompt(`task ${task}`, index)));
const textsOf = (data: TrainingData): string[] =>
  [...data.train, ...data.holdOut].map(({ turns }) => turns[0]?.text ?? '');

describe('drawFrom', () => {
  it('draws nothing twice, reaches the total where it can, and favours no task beyond its weight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ available: fc.nat(500), weight: fc.nat(50) }), { minLength: 1, maxLength: 8 }),
        fc.nat(2_000),
        (given, total) => {
          const tasks = given.map((task, index) => ({ task: String(index), ...task }));
          const drawn = drawFrom(tasks, total);
          const open = tasks.filter(({ weight }) => weight > 0);
          const sum = [...drawn.values()].reduce((all, count) => all + count, 0);
          expect(sum).toBe(
            Math.min(
              total,
              open.reduce((all, { available }) => all + available, 0),
            ),
          );
          for (const { task, available } of open) expect(drawn.get(task)).toBeLessThanOrEqual(available);
          for (const one of open) {
            for (const other of open) {
              const [ofOne, ofOther] = [drawn.get(one.task) ?? 0, drawn.get(other.task) ?? 0];
              if (ofOne === one.available) continue;
              // Who still has prompts got at least as much for its weight as anybody else, but for rounding.
              expect(ofOne + 1).toBeGreaterThanOrEqual(((ofOther - 1) * one.weight) / other.weight - 1e-9);
            }
          }
        },
      ),
      { numRuns: runs(200) },
    );
  });
});

describe('selectTrainingData', () => {
  it('takes every prompt once, keeps a share of each task apart, and is the same whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 60, max: 200 }), { minLength: 3, maxLength: 4 }),
        fc.integer({ min: 100, max: 300 }),
        fc.integer(),
        async (counts, prompts, seed) => {
          const examples = examplesOf(counts);
          const shuffled = [...examples, ...examples.slice(0, 50)]
            .map((one, index) => [Math.sin(seed + index), one] as const)
            .sort(([one], [other]) => one - other)
            .map(([, one]) => one);
          const options = { ...NOVA, prompts, holdOutShare: 0.2 };
          const data = await selectTrainingData(examples, options);
          expect(await selectTrainingData(shuffled, options)).toMatchObject({
            train: data.train,
            holdOut: data.holdOut,
          });
          const texts = textsOf(data);
          expect(new Set(texts).size).toBe(texts.length);
          expect(data.train.length).toBeLessThanOrEqual(prompts + counts.length);
          for (const { train, holdOut } of data.tasks) {
            expect(Math.abs(holdOut - 0.2 * (train + holdOut))).toBeLessThanOrEqual(0.5);
          }
        },
      ),
      { numRuns: runs(15) },
    );
  });

  it('balances tasks evenly unless told otherwise', async () => {
    const examples = examplesOf([1_000, 100]);
    const even = await selectTrainingData(examples, { ...NOVA, prompts: 160, holdOutShare: 0 });
    expect(even.tasks.map(({ train }) => train)).toEqual([80, 80]);
    const asAsked = await selectTrainingData(examples, {
      ...NOVA,
      prompts: 110,
      holdOutShare: 0,
      balance: 'asAsked',
    });
    expect(asAsked.tasks.map(({ train }) => train)).toEqual([100, 10]);
  });

  it('holds no more than twice what it may select', async () => {
    let made = 0;
    function* endless(): Generator<TrainingExample> {
      for (; made < 20_000; made += 1) yield prompt('one', made);
    }
    const data = await selectTrainingData(endless(), { ...NOVA, prompts: 100, holdOutShare: 0 });
    expect(data).toMatchObject({ seen: 20_000, repeated: 0 });
    const numbers = textsOf(data).map((text) => Number(text.slice(4)));
    // An even draw: neither the first nor the last ones.
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    expect(mean).toBeGreaterThan(7_000);
    expect(mean).toBeLessThan(13_000);
  });

  it('leaves out turns that a Llama student does not take, and writes lines of the service’s format', async () => {
    const twoTurns: TrainingExample = {
      task: 'a',
      system: 'Be short.',
      turns: [
        { role: 'user', text: 'one' },
        { role: 'assistant', text: 'two' },
        { role: 'user', text: 'three' },
      ],
      answer: 'four',
    };
    const data = await selectTrainingData([twoTurns, ...examplesOf([120])], { ...LLAMA, holdOutShare: 0 });
    expect(data.multiTurn).toBe(1);
    const [line = ''] = trainingLines([twoTurns]);
    expect(JSON.parse(line)).toEqual({
      schemaVersion: 'bedrock-conversation-2024',
      system: [{ text: 'Be short.' }],
      messages: ['one', 'two', 'three', 'four'].map((text, index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content: [{ text }],
      })),
    });
    const [asked = ''] = trainingLines([twoTurns], { answers: false });
    expect((JSON.parse(asked) as { messages: unknown[] }).messages).toHaveLength(3);
  });

  it.each([
    [{ ...NOVA, holdOutShare: 1 }, /holdOutShare/],
    [{ ...NOVA, prompts: 99 }, /prompts/],
    [{ ...NOVA, teacher: 'acme.nope' }, /acme\.nope/],
    [{ teacher: 'amazon.nova-lite-v1:0', student: 'amazon.nova-pro-v1:0' }, /does not list/],
    [{ ...NOVA, holdout: 0.1 }, /holdout/],
    [NOVA, /99 prompts are left for training and 100 are needed/],
  ])('refuses %j', async (options, message) => {
    await expect(selectTrainingData(examplesOf([110]), options as never)).rejects.toThrow(message);
  });
});

describe('examplesFromLines', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => one.trim() !== '');
  const example: fc.Arbitrary<TrainingExample> = fc
    .record({
      system: fc.oneof(fc.constant(''), text),
      asked: fc.array(text, { maxLength: 4 }),
      last: text,
      answer: text,
    })
    .map(({ system, asked, last, answer }) => ({
      task: 'untagged',
      system,
      turns: [
        ...asked.flatMap((one) => [
          { role: 'user' as const, text: one },
          { role: 'assistant' as const, text: one },
        ]),
        { role: 'user' as const, text: last },
      ],
      answer,
    }));

  it('reads every text as it was written, whatever is in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'costkit-training-lines-'));
    await fc.assert(
      fc.asyncProperty(fc.array(example, { maxLength: 5 }), async (examples) => {
        const file = join(folder, 'train.jsonl');
        await writeFile(file, trainingLines(examples));
        const read: TrainingExample[] = [];
        for await (const one of examplesFromLines(file)) read.push(one);
        expect(read).toEqual(examples);
      }),
      { numRuns: runs(50) },
    );
    await rm(folder, { recursive: true });
  });

  it('leaves out what redaction has emptied, and what is longer than the student holds', async () => {
    const long: TrainingExample = { ...prompt('long', 1), system: 'word '.repeat(200_000) };
    const secret: TrainingExample = { ...prompt('secret', 1), turns: [{ role: 'user', text: 'secret' }] };
    const examples = [...examplesOf([120]), long, secret];
    const redact = (text: string): string => (text === 'secret' ? ' ' : text);
    const counts = async (student: string): Promise<object> => {
      const { train, holdOut, emptied, tooLong } = await selectTrainingData(examples, {
        ...NOVA,
        student,
        redact,
      });
      return { selected: train.length + holdOut.length, emptied, tooLong };
    };
    expect(await counts('amazon.nova-micro-v1:0:128k')).toEqual({ selected: 120, emptied: 1, tooLong: 1 });
    expect(await counts('amazon.nova-lite-v1:0:300k')).toEqual({ selected: 121, emptied: 1, tooLong: 0 });
  });
});
