import {
  type BedrockPlugin,
  type Call,
  isFunction,
  isText,
  type Lever,
  leverPlugin,
  type OptionChecks,
} from '@costkit/core';
import { check, modelOf, requireFields } from '../checks.js';
import { exampleOf, isUnsuitable, type TrainingExample } from './training-example.js';

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
 * costkit keeps prompts or answers, and this does so only where you put it. Converse calls of text; a streamed call
 * comes without its answer, which the job then asks the teacher for.
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
  const lever: Lever = {
    name: 'planner',
    slot: 'receipt',
    mode: 'observe',
    around: async (view, call, next) => {
      const output = await next(view);
      const task = view.dialect === 'converse' ? taskOf(call) : undefined;
      if (task === undefined) return output;
      const isTeachers = call.attempts.at(-1)?.servedModel === teacherId;
      const example = exampleOf(view.input, task, isTeachers ? output.view?.text : undefined);
      if (isUnsuitable(example)) return output;
      try {
        onExample(example);
      } catch (error) {
        const reason = error instanceof Error ? error.name : 'an error';
        call.decide({
          lever: 'planner',
          mode: 'observe',
          action: 'recorded nothing',
          reason: `onExample threw ${reason}.`,
        });
      }
      return output;
    },
  };
  return leverPlugin('planner', [lever]);
}
