import { estimatedTokens } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { attempt, converseView, fakeCall, NOW } from '../tests/call-fixture.js';
import { createCallHistory, DEFAULT_OUTPUT_TOKENS } from './call-history.js';
import { taskRecogniser } from './recognise-task.js';

const MINUTE = 60_000;
const OPUS_ID = 'anthropic.claude-opus-5-5';
const HAIKU = 'anthropic.claude-haiku-5-5';
const turn = (text: string, role = 'user'): object => ({ role, content: [{ text }] });
const SYSTEM = [{ text: 'You help customers. '.repeat(50) }];
const ask = (...messages: object[]) => fakeCall(converseView({ system: SYSTEM, messages }));

const byTag = taskRecogniser({}, false);

describe('createCallHistory', () => {
  describe('expectedOutputTokens', () => {
    const view = converseView();
    const inTask = (task: string) => fakeCall(view, { task });
    const answered = (output: number) => attempt({ tokens: { output } });

    it('assumes a length until an answer was seen', () => {
      expect(createCallHistory(byTag).expectedOutputTokens(view, inTask('faq'), OPUS_ID)).toBe(
        DEFAULT_OUTPUT_TOKENS,
      );
    });

    it('takes the first answer as it is and later ones by a running mean', () => {
      const history = createCallHistory(byTag);
      history.learn(answered(100), inTask('faq'));
      expect(history.expectedOutputTokens(view, inTask('faq'), OPUS_ID)).toBe(100);
      history.learn(answered(200), inTask('faq'));
      expect(history.expectedOutputTokens(view, inTask('faq'), OPUS_ID)).toBe(110);
    });

    it('keeps tasks apart', () => {
      const history = createCallHistory(byTag);
      history.learn(answered(900), inTask('essay'));
      expect(history.expectedOutputTokens(view, inTask('faq'), OPUS_ID)).toBe(DEFAULT_OUTPUT_TOKENS);
      expect(history.expectedOutputTokens(view, fakeCall(view), OPUS_ID)).toBe(DEFAULT_OUTPUT_TOKENS);
    });

    it('knows that models answer a task at different lengths', () => {
      const history = createCallHistory(byTag);
      history.learn(attempt({ servedModel: HAIKU, tokens: { output: 500 } }), inTask('faq'));
      history.learn(attempt({ servedModel: OPUS_ID, tokens: { output: 100 } }), inTask('faq'));
      expect(history.expectedOutputTokens(view, inTask('faq'), HAIKU)).toBe(500);
      expect(history.expectedOutputTokens(view, inTask('faq'), OPUS_ID)).toBe(100);
      expect(history.expectedOutputTokens(view, inTask('faq'), 'amazon.nova-lite-v1:0')).toBe(460);
    });

    it('does not compare models over calls that have no task', () => {
      const history = createCallHistory(byTag);
      history.learn(attempt({ servedModel: HAIKU, tokens: { output: 500 } }), fakeCall(view));
      expect(history.expectedOutputTokens(view, fakeCall(view), OPUS_ID)).toBe(500);
      history.learn(attempt({ servedModel: OPUS_ID, tokens: { output: 100 } }), fakeCall(view));
      expect(history.expectedOutputTokens(view, fakeCall(view), OPUS_ID)).toBe(460);
    });

    it('counts a repair as a part of the answer that it completes', () => {
      const history = createCallHistory(byTag);
      const expected = (): number => history.expectedOutputTokens(view, inTask('faq'), OPUS_ID);
      const repaired = (output: number) => attempt({ tokens: { output }, purpose: 'repair' });
      history.learn(answered(100), inTask('faq'));
      history.learn(repaired(60), inTask('faq'));
      expect(expected()).toBe(160);
      history.learn(answered(100), inTask('faq'));
      history.learn(repaired(60), inTask('faq'));
      expect(expected()).toBe(160);
    });

    it('never expects more than the cap', () => {
      const capped = converseView({ inferenceConfig: { maxTokens: 8 } });
      expect(createCallHistory(byTag).expectedOutputTokens(capped, inTask('faq'), OPUS_ID)).toBe(8);
    });

    it('learns nothing from verdicts and summaries, which answer no task', () => {
      const history = createCallHistory(byTag);
      history.learn(attempt({ tokens: { output: 7 }, purpose: 'check' }), inTask('faq'));
      expect(history.expectedOutputTokens(view, inTask('faq'), OPUS_ID)).toBe(DEFAULT_OUTPUT_TOKENS);
    });

    it('learns nothing from broken streams and errors', () => {
      const history = createCallHistory(byTag);
      history.learn(attempt({ tokens: { output: 7 }, complete: false }), inTask('faq'));
      history.learn(attempt({ tokens: { output: 7 }, error: 'ThrottlingException' }), inTask('faq'));
      expect(history.expectedOutputTokens(view, inTask('faq'), OPUS_ID)).toBe(DEFAULT_OUTPUT_TOKENS);
    });
  });

  describe('warmTokens', () => {
    const cached = (cacheRead: number, cacheWrite5m: number) =>
      attempt({ servedModel: HAIKU, tokens: { cacheRead, cacheWrite5m, output: 1 } });

    it('knows the turns of a conversation by how it began', () => {
      const history = createCallHistory(byTag);
      history.learn(cached(100, 50), ask(turn('Hello.')));
      const next = ask(turn('Hello.'), turn('Hi!', 'assistant'), turn('Where is my parcel?'));
      expect(history.warmTokens(HAIKU, next)).toEqual({ conversation: 150, shared: 150 });
      expect(history.warmTokens(HAIKU, ask(turn('Another one.')))).toEqual({ conversation: 0, shared: 150 });
      expect(history.warmTokens('another-model', next)).toEqual({ conversation: 0, shared: 0 });
    });

    it('counts as shared at most what tools and system prompt have', () => {
      const history = createCallHistory(byTag);
      const call = ask(turn('A long one.'));
      const system = Math.ceil(estimatedTokens(call.original).perBlock[0] ?? 0);
      history.learn(cached(0, 5_000), call);
      expect(history.warmTokens(HAIKU, ask(turn('New.')))).toEqual({ conversation: 0, shared: system });
      history.learn(cached(100, 0), ask(turn('New.')));
      expect(history.warmTokens(HAIKU, ask(turn('Newer.')))).toEqual({ conversation: 0, shared: 100 });
    });

    it('forgets after the time to live, which every hit renews', () => {
      const history = createCallHistory(byTag);
      const call = ask(turn('Hello.'));
      history.learn(cached(0, 800), call);
      call.nowMs = NOW + 5 * MINUTE;
      expect(history.warmTokens(HAIKU, call).conversation).toBe(800);
      history.learn(cached(800, 0), call);
      call.nowMs = NOW + 10 * MINUTE;
      expect(history.warmTokens(HAIKU, call).conversation).toBe(800);
      call.nowMs += 1;
      expect(history.warmTokens(HAIKU, call).conversation).toBe(0);
    });

    it('remembers an hour for writes of an hour', () => {
      const history = createCallHistory(byTag);
      const call = ask(turn('Hello.'));
      history.learn(attempt({ servedModel: HAIKU, tokens: { cacheWrite1h: 900 } }), call);
      history.learn(cached(900, 0), call);
      call.nowMs = NOW + 60 * MINUTE;
      expect(history.warmTokens(HAIKU, call).conversation).toBe(900);
    });

    it('has nothing to share where there is neither system prompt nor tool', () => {
      const history = createCallHistory(byTag);
      const bare = (text: string) => fakeCall(converseView({ messages: [turn(text)] }));
      history.learn(cached(0, 700), bare('One.'));
      expect(history.warmTokens(HAIKU, bare('One.'))).toEqual({ conversation: 700, shared: 0 });
      expect(history.warmTokens(HAIKU, bare('Two.'))).toEqual({ conversation: 0, shared: 0 });
    });

    it('tells texts apart that differ at their end', () => {
      const history = createCallHistory(byTag);
      const long = (end: string) =>
        fakeCall(converseView({ system: [{ text: `${'a'.repeat(5_000)}${end}` }] }));
      history.learn(cached(0, 70), long('x'));
      expect(history.warmTokens(HAIKU, long('x')).shared).toBe(70);
      expect(history.warmTokens(HAIKU, long('y')).shared).toBe(0);
    });
  });
});
