import {
  type BedrockPlugin,
  type Call,
  type CallOutput,
  isFunction,
  isText,
  type Lever,
  leverPlugin,
  type OptionChecks,
} from '@costkit/core';
import { tapStream } from '@costkit/core/views';
import { check, modelOf, requireFields } from '../checks.js';
import { streamedText, wholeText } from './answer-text.js';
import { type Json, objectOf } from './log-records.js';
import { exampleOfView, isUnsuitable, type TrainingExample } from './training-example.js';

/** How {@link recordExamples} records. */
export interface RecordExamplesOptions {
  /** Gets every example; what it throws is dropped and the receipt says so. */
  readonly onExample: (example: TrainingExample) => void;
  /** Answers of this model are the teacher's; examples of other models come without one. */
  readonly teacher: string;
  /** The task of a call; `undefined` leaves it out. @defaultValue its tag `task`, else `"untagged"` */
  readonly taskOf?: (call: Pick<Call, 'tags' | 'operation'>) => string | undefined;
}

const CHECKS: OptionChecks<RecordExamplesOptions> = {
  onExample: isFunction,
  teacher: isText,
  taskOf: isFunction,
};

/**
 * A plugin that hands out what your application asks and what the teacher answers, beside the receipts: nothing else in
 * costkit keeps prompts or answers, and this does so only where you put it. Conversations of text, by Converse and
 * InvokeModel, whole and streamed: a stream's example is there when it was read to its end. Answers that were cut are none.
 *
 * @throws InvalidOptionError for an option that is unknown or wrong.
 *
 * @example
 * ```ts
 * const client = costkit(new BedrockRuntimeClient({}));
 * client.middlewareStack.use(recordExamples({ teacher, onExample: (example) => examples.push(example) }));
 * ```
 */
export function recordExamples(options: RecordExamplesOptions): BedrockPlugin {
  check(options, CHECKS);
  requireFields(options, ['onExample', 'teacher']);
  const { onExample, taskOf = ({ tags }) => tags['task'] ?? 'untagged' } = options;
  const teacherId = modelOf(options.teacher).model.id;
  // What a judge said of a draft is no answer.
  const isTeachers = ({ attempts }: Call): boolean =>
    attempts.findLast(({ purpose }) => purpose !== 'check')?.servedModel === teacherId;
  const lever: Lever = {
    name: 'planner',
    slot: 'receipt',
    // One that observes may not put a stream in place of another, and that is how it is listened to.
    mode: 'enforce',
    around: async (view, call, next) => {
      const answer = await next(view);
      const task = taskOf(call);
      if (task === undefined) return answer;
      const record = (text: () => string | undefined): void => {
        const example = exampleOfView(view, task, isTeachers(call) ? text() : undefined);
        if (isUnsuitable(example)) return;
        try {
          onExample(example);
        } catch (error) {
          const reason = error instanceof Error ? error.name : 'an error';
          call.decide({
            lever: 'planner',
            mode: 'enforce',
            action: 'recorded nothing',
            reason: `onExample threw ${reason}.`,
          });
        }
      };
      const heard = listening(answer, (events) => record(() => streamedText(events)));
      if (heard !== undefined) return heard;
      record(() => wholeText(answer.view));
      return answer;
    },
  };
  return leverPlugin('planner', [lever]);
}

type Events = AsyncIterable<object>;
const isStream = (value: unknown): value is Events =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** The answer with a stream that is listened to, told at its end; `undefined` for a whole one. */
function listening(answer: CallOutput, onEnd: (events: readonly Json[]) => void): CallOutput | undefined {
  const { stream, body } = answer.output as { readonly stream?: unknown; readonly body?: unknown };
  const source = [stream, body].find(isStream);
  if (source === undefined) return undefined;
  const events: Json[] = [];
  const tapped = tapStream(
    source,
    {
      onChunk: (event) => void events.push(eventOf(event)),
      onEnd: ({ finished }) => {
        if (finished) onEnd(events);
      },
    },
    // The tap of core below this one closes the connection.
    () => undefined,
  );
  return {
    output: { ...answer.output, [source === stream ? 'stream' : 'body']: tapped },
    response: answer.response,
    view: undefined,
  };
}

/** An event of Converse as it is; of InvokeModel what its bytes say. */
function eventOf(event: object): Json {
  const { bytes } = objectOf(objectOf(event)['chunk']);
  return bytes instanceof Uint8Array
    ? objectOf(JSON.parse(new TextDecoder().decode(bytes)))
    : objectOf(event);
}
