import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  exampleLine,
  examplesFromBatch,
  examplesFromLines,
  examplesFromLogs,
  examplesFromSource,
  holdOutCases,
  type TrainingExample,
  trainingLines,
} from '../src/distillation.js';

const TEACHER = 'us.amazon.nova-pro-v1:0';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-distil-sources-'));
});
afterEach(() => rm(folder, { recursive: true }));

const allOf = async (examples: AsyncIterable<TrainingExample>): Promise<TrainingExample[]> => {
  const all: TrainingExample[] = [];
  for await (const one of examples) all.push(one);
  return all;
};

describe('sources', () => {
  it('reads the output of batch jobs', async () => {
    const file = join(folder, 'out.jsonl.out');
    const record = (recordId: string, modelOutput?: object): string =>
      JSON.stringify({
        recordId,
        modelInput: { messages: [{ role: 'user', content: [{ text: recordId }] }] },
        modelOutput,
      });
    await writeFile(
      file,
      `${record('a', { output: { message: { content: [{ text: 'A.' }] } } })}\n${record('b')}\n`,
    );
    const read = (): Promise<TrainingExample[]> => allOf(examplesFromBatch(file, (id) => `task ${id}`));
    expect(await read()).toEqual([
      { task: 'task a', system: '', turns: [{ role: 'user', text: 'a' }], answer: 'A.' },
      { task: 'task b', system: '', turns: [{ role: 'user', text: 'b' }] },
    ]);
    await writeFile(file, `${record('a')}\nsecret`);
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'COSTKIT_DISTILLATION_SOURCE_INVALID',
      message: expect.stringContaining('line 2'),
    });
    expect((error as Error).message).not.toContain('secret');
  });

  it('names a log that cannot be read', async () => {
    const first = (path: string): Promise<unknown> =>
      examplesFromLogs(path)
        .next()
        .catch((thrown: unknown) => thrown);
    expect(await first(join(folder, 'nowhere'))).toMatchObject({
      code: 'COSTKIT_DISTILLATION_SOURCE_INVALID',
    });
    await writeFile(join(folder, 'broken.json'), '{}\n{');
    expect(await first(join(folder, 'broken.json'))).toMatchObject({
      message: expect.stringMatching(/line 2 of/),
    });
    for (const bytes of ['no gzip', gzipSync('{}\n{}').subarray(0, 20)]) {
      await writeFile(join(folder, 'broken.json.gz'), bytes);
      expect(await first(join(folder, 'broken.json.gz'))).toMatchObject({
        code: 'COSTKIT_DISTILLATION_SOURCE_INVALID',
      });
    }
  });

  it('reads back what it has written, and cases of an evaluation', async () => {
    const examples: TrainingExample[] = [
      { task: 'untagged', system: 'Be short.', turns: [{ role: 'user', text: 'Hi' }], answer: 'Hello.' },
      { task: 'untagged', system: '', turns: [{ role: 'user', text: 'Bye' }] },
    ];
    const file = join(folder, 'train.jsonl');
    await writeFile(file, trainingLines(examples));
    expect(await allOf(examplesFromLines(file))).toEqual(examples);
    const cases = holdOutCases(examples.map((one) => ({ ...one, task: 'greeting' })));
    await writeFile(file, cases.map((one) => JSON.stringify(one)).join('\n'));
    expect(await allOf(examplesFromLines(file))).toEqual(
      examples.map((one) => ({ ...one, task: 'greeting' })),
    );
    await writeFile(file, examples.map(exampleLine));
    expect(await allOf(examplesFromLines(file))).toEqual(examples);
    await writeFile(file, '{"messages": []}\n{"secret": 1}');
    const error = await allOf(examplesFromLines(file)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(/^costkit planner: line 2 of /) });
    expect((error as Error).message).not.toContain('secret');
  });

  it('sees what the files of a folder hold, and leaves others out', async () => {
    const source = join(folder, 'source');
    await mkdir(join(source, 'data'), { recursive: true });
    const messages = (text: string): object[] => [{ role: 'user', content: [{ text }] }];
    const log = {
      schemaType: 'ModelInvocationLog',
      operation: 'Converse',
      modelId: TEACHER,
      input: { inputBodyJson: { messages: messages('logged') } },
    };
    const batch = {
      recordId: 'a',
      modelInput: { messages: messages('bulk'), requestMetadata: { task: 'sort' } },
    };
    await writeFile(join(source, 'a.json.gz'), gzipSync(JSON.stringify(log)));
    await writeFile(join(source, 'b.jsonl.out'), JSON.stringify(batch));
    await writeFile(join(source, 'c.jsonl'), JSON.stringify({ messages: messages('written') }));
    await writeFile(join(source, 'd.json'), '{"manifest": true}');
    await writeFile(join(source, 'e.json'), 'no JSON');
    await writeFile(join(source, 'people.json'), '{\n  // a comment\n  "compilerOptions": {} }');
    const events = { events: [{ message: JSON.stringify(log) }] };
    await writeFile(join(source, 'g.json'), `\n${JSON.stringify(events, null, 2)}`);
    await writeFile(join(source, 'data', 'f_input.json'), JSON.stringify({ messages: messages('a body') }));
    const found = await allOf(examplesFromSource(source));
    expect(found.map(({ task, turns }) => [task, turns[0]?.text])).toEqual([
      ['untagged', 'logged'],
      ['sort', 'bulk'],
      ['untagged', 'written'],
      ['untagged', 'logged'],
    ]);
    for (const nothing of [join(source, 'd.json'), join(source, 'nowhere')]) {
      await expect(allOf(examplesFromSource(nothing))).rejects.toMatchObject({
        code: 'COSTKIT_DISTILLATION_SOURCE_INVALID',
      });
    }
  });
});
