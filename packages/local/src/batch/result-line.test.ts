import { describe, expect, it } from 'vitest';
import { resultLine } from './result-line.js';

const record = { recordId: 'r', modelInput: { prompt: 'p' } };

describe('resultLine', () => {
  it('spells out the unset members of Converse content blocks only', () => {
    const body = {
      output: { message: { role: 'assistant', content: [{ text: 'hi' }] } },
      usage: { inputTokens: 1 },
    };
    const converse = JSON.parse(resultLine(record, { ok: true, body }, 'Converse'));
    expect(converse.modelOutput.usage).toEqual({ inputTokens: 1 });
    expect(Object.keys(converse.modelOutput.output.message.content[0])).toHaveLength(12);
    expect(converse.modelOutput.output.message.content[0]).toMatchObject({ text: 'hi', toolUse: null });
    expect(JSON.parse(resultLine(record, { ok: true, body }, 'InvokeModel')).modelOutput).toEqual(body);
    // The answer itself is not touched.
    expect(body.output.message.content[0]).toEqual({ text: 'hi' });
  });

  it('leaves a Converse answer without a message alone', () => {
    const line = JSON.parse(resultLine(record, { ok: true, body: { output: {} } }, 'Converse'));
    expect(line).toEqual({ ...record, modelOutput: { output: {} } });
  });

  it('has either output or error', () => {
    expect(
      JSON.parse(resultLine(record, { ok: false, errorCode: 400, errorMessage: 'bad' }, 'Converse')),
    ).toEqual({
      ...record,
      error: { errorCode: 400, errorMessage: 'bad' },
    });
  });
});
