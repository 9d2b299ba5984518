import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { EvaluationOptions, Grader } from '@costkit/router/evaluation';
import { CliUsageError } from '../cli-error.js';

/** Graders that the command knows by name. */
const GRADER_NAMES = ['exact', 'contains', 'regex', 'numeric', 'f1', 'json-schema', 'judge'] as const;

/** What the options say about grading. */
export interface GraderOptions {
  /** `exact`, or `task=exact`. */
  readonly graders: readonly string[];
  /** Model of the judge. */
  readonly judge: string | undefined;
  readonly client: BedrockRuntimeClient;
}

async function graderOf(name: string, { judge, client }: GraderOptions): Promise<Grader> {
  const { containsGrader, exactGrader, f1Grader, jsonSchemaGrader, judgeGrader, numericGrader, regexGrader } =
    await import('@costkit/router/evaluation');
  switch (name) {
    case 'exact':
      return exactGrader();
    case 'contains':
      return containsGrader();
    case 'regex':
      return regexGrader();
    case 'numeric':
      return numericGrader();
    case 'f1':
      return f1Grader();
    case 'json-schema':
      return jsonSchemaGrader();
    case 'judge': {
      if (judge === undefined)
        throw new CliUsageError('the grader "judge" needs --judge MODEL', 'COSTKIT_INVALID_OPTION');
      return judgeGrader({ client, modelId: judge });
    }
    default:
      throw new CliUsageError(
        `"${name}" is no grader. Known are ${GRADER_NAMES.join(', ')}; write task=grader where tasks differ`,
        'COSTKIT_INVALID_OPTION',
      );
  }
}

/**
 * The graders that the options name: one for all tasks, or one for each.
 *
 * @throws `CliUsageError` for names that are none, and for a mix of both.
 */
export async function readGraders(options: GraderOptions): Promise<EvaluationOptions['grade']> {
  const { graders } = options;
  const byTask: Record<string, Grader> = {};
  for (const text of graders) {
    const at = text.lastIndexOf('=');
    if (at > 0) byTask[text.slice(0, at)] = await graderOf(text.slice(at + 1), options);
    else if (graders.length > 1) {
      throw new CliUsageError(
        `"${text}" stands beside other graders. Write task=grader for each task`,
        'COSTKIT_INVALID_OPTION',
      );
    } else return graderOf(text, options);
  }
  return byTask;
}
