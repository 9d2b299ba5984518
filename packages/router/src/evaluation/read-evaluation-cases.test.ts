import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectCases, type EvaluationCase } from './evaluation-case.js';
import { readEvaluationCases } from './read-evaluation-cases.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-cases-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const request = { messages: [{ role: 'user', content: [{ text: 'A secret question' }] }] };
const read = async (...lines: readonly unknown[]): Promise<readonly EvaluationCase[]> => {
  const file = join(folder, 'cases.jsonl');
  writeFileSync(
    file,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  return collectCases(readEvaluationCases(file));
};

describe('readEvaluationCases', () => {
  it('reads a case a line, whatever ends the lines', async () => {
    const one = { id: '1', task: 'faq', request, expected: 'yes' };
    expect(await read(`${JSON.stringify(one)}\r`, '', { ...one, id: '2', rubric: 'short' })).toEqual([
      one,
      { ...one, id: '2', rubric: 'short' },
    ]);
  });

  it('reads texts that hold breaks of their own, and files that begin with a mark', async () => {
    const one = { id: '1', task: 'faq', request, expected: 'a\u2028b\u2029c\u0085d' };
    expect(await read(`\uFEFF${JSON.stringify(one)}`)).toEqual([one]);
  });

  it('makes bytes of the base64 of media, and of nothing else', async () => {
    const content = [
      { image: { format: 'png', source: { bytes: 'AQID' } } },
      {
        toolResult: {
          toolUseId: '1',
          content: [{ document: { name: 'd', format: 'txt', source: { bytes: 'BA==' } } }],
        },
      },
      { toolUse: { toolUseId: '1', name: 'x', input: { source: { bytes: 'AQID' } } } },
    ];
    const [one] = await read({ id: '1', task: 'faq', request: { messages: [{ role: 'user', content }] } });
    expect(one?.request).toEqual({
      messages: [
        {
          role: 'user',
          content: [
            { image: { format: 'png', source: { bytes: Uint8Array.of(1, 2, 3) } } },
            {
              toolResult: {
                toolUseId: '1',
                content: [{ document: { name: 'd', format: 'txt', source: { bytes: Uint8Array.of(4) } } }],
              },
            },
            { toolUse: { toolUseId: '1', name: 'x', input: { source: { bytes: 'AQID' } } } },
          ],
        },
      ],
    });
  });

  it.each([
    ['{"id": "secret', /line 2 of ".*cases.jsonl" is no JSON/],
    [[1], /line 2 .* it is no object/],
    [{ id: '', task: 'a', request }, /"id" must be/],
    [{ id: 'x', request }, /"task" must be/],
    [{ id: 'x', task: 'a', request, expcted: 1 }, /"expcted" is unknown; known are/],
    [{ id: 'x', task: 'a', request: { ...request, modelId: 'm' } }, /"request.modelId" must be left out/],
    [{ id: 'x', task: 'a', request: { messages: [] } }, /"request.messages" must be/],
    [
      { id: 'x', task: 'a', request: { messages: [...request.messages, { role: 'user', content: 'Hi' }] } },
      /"request.messages\[1\]" must be as Converse takes it/,
    ],
    [
      { id: 'x', task: 'a', request: { ...request, inferenceConfig: { maxTokens: -5 } } },
      /"request.inferenceConfig.maxTokens" must be/,
    ],
    [{ id: 'x', task: 'a', request, schema: [] }, /"schema" must be/],
    [{ id: 'x', task: 'a', request, rubric: 1 }, /"rubric" must be/],
  ])('names the line that is no case: %j', async (line, message) => {
    const failure = read({ id: '1', task: 'a', request }, line);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toMatchObject({ code: 'COSTKIT_EVALUATION_INVALID_CASE' });
    await expect(failure).rejects.not.toThrow(/secret/i);
  });

  it('refuses ids that are there twice, empty files and files that are not there', async () => {
    const one = { id: '1', task: 'a', request };
    await expect(read(one, one)).rejects.toThrow(/the id "1" is there twice/);
    await expect(read('', '')).rejects.toMatchObject({ code: 'COSTKIT_EVALUATION_NO_CASES' });
    await expect(collectCases(readEvaluationCases(join(folder, 'none')))).rejects.toThrow(/ENOENT/);
    await expect(collectCases(readEvaluationCases(folder))).rejects.toThrow(/EISDIR/);
  });
});
