import type { ValidateFunction } from 'ajv';
import { jsonOfAnswer } from '../checks/json-of-answer.js';
import type { EvaluationCase } from './evaluation-case.js';
import { EvaluationError } from './evaluation-error.js';
import { type Grader, makeGrader } from './grader.js';

/**
 * Right where the answer is JSON that follows a schema. Needs the package `ajv` beside this one.
 *
 * @param schema - for all cases; a case's own `schema` wins.
 *
 * @example
 * ```ts
 * const grade = jsonSchemaGrader({ type: 'object', required: ['folder'] });
 * ```
 */
export function jsonSchemaGrader(schema?: object): Grader {
  const compiled = new Map<string, ValidateFunction>();
  const rulesOf = (one: EvaluationCase): object => one.schema ?? schema ?? {};
  return makeGrader(
    {
      id: `json-schema${schema === undefined ? '' : `:${JSON.stringify(schema)}`}`,
      lacks: (one) => ((one.schema ?? schema) === undefined ? '"schema" must be a JSON schema' : undefined),
      prepare: async (cases) => {
        for (const one of cases) await validatorOf(rulesOf(one), one.id, compiled);
      },
    },
    async (answer, one) => {
      const validate = await validatorOf(rulesOf(one), one.id, compiled);
      try {
        return validate(jsonOfAnswer(answer)) === true;
      } catch {
        return false;
      }
    },
  );
}

async function validatorOf(
  rules: object,
  id: string,
  compiled: Map<string, ValidateFunction>,
): Promise<ValidateFunction> {
  const key = JSON.stringify(rules);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  // Loaded when first used: only this grader needs it.
  const ajv = await import('ajv').catch((cause: unknown) => {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_GRADER_FAILED',
      'jsonSchemaGrader needs the package ajv. Install it: npm install ajv',
      { cause },
    );
  });
  try {
    const validate = new ajv.Ajv({ strict: false }).compile(rules);
    compiled.set(key, validate);
    return validate;
  } catch (cause) {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_INVALID_CASE',
      `the schema of case "${id}" is no JSON schema (${(cause as Error).message})`,
      { cause },
    );
  }
}
