import { describe, expect, it } from 'vitest';
import { converseView, fakeCall } from '../tests/call-fixture.js';
import { namesShapes, taskRecogniser } from './recognise-task.js';

const labelling = (system: string) =>
  converseView({
    system: [{ text: system }],
    messages: [{ role: 'user', content: [{ text: 'Label it: a, b or c.' }] }],
    inferenceConfig: { maxTokens: 10 },
  });
const PROMPTS = { mail: 'You sort mail.' };

describe('taskRecogniser', () => {
  const recognise = taskRecogniser(PROMPTS, true);

  it('goes by the tag first', () => {
    const call = fakeCall(labelling('You sort mail.'), { task: 'faq' });
    expect(recognise(call)).toEqual({ task: 'faq', text: 'Task "faq"' });
  });

  it('then by what the system prompt begins with', () => {
    const call = fakeCall(labelling('You sort mail. Today is Monday.'));
    expect(recognise(call)).toEqual({
      task: 'mail',
      text: 'A call whose system prompt is that of task "mail"',
    });
  });

  it('then by shape, where anything depends on it', () => {
    const call = fakeCall(labelling('You label things.'));
    expect(recognise(call)).toEqual({
      task: 'shape:classification',
      text: 'A call without a task tag that looks like classification',
    });
    expect(taskRecogniser(PROMPTS, false)(fakeCall(labelling('You label things.'))).task).toBe('');
  });

  it('knows nothing of what it has no sign of', () => {
    expect(recognise(fakeCall(converseView()))).toEqual({ task: '', text: 'A call without a task tag' });
  });
});

describe('namesShapes', () => {
  it('looks for entries of shapes', () => {
    expect(namesShapes(['faq', 'shape:extraction'])).toBe(true);
    expect(namesShapes(['faq', 'reshape:extraction'])).toBe(false);
  });
});
