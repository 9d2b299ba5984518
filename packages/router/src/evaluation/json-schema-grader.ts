import type { Ajv, ValidateFunction } from 'ajv';
import { jsonOfAnswer } from '../checks/json-of-answer.js';
import { digestOf } from './digest.js';
import type { EvaluationCase } from './evaluation-case.js';
import { EvaluationError } from './evaluation-error.js';
import { type Grader, makeGrader } from './grader.js';

/**
 * Right where the answer is JSON that follows a schema: draft 7, or 2019-09 or 2020-12 where its `$schema` says so; `format`
 * is not checked. Needs the package `ajv` beside this one.
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
      id: `json-schema${schema === undefined ? '' : `:${digestOf(schema)}`}`,
      lacks: (one) => ((one.schema ?? schema) === undefined ? '"schema" must be a JSON schema' : undefined),
      prepare: async (cases) => {
        for (const one of cases) await validatorOf(rulesOf(one), one.id, compiled);
      },
    },
    async (answer, one) => {
      const validate = await validatorOf(rulesOf(one), one.id, compiled);
      try {
        // A schema with "$async" answers later, by a promise that may be rejected.
        return (await validate(jsonOfAnswer(answer))) !== false;
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
  const Validator = await ajvFor(rules);
  try {
    // Formats are notes, as the standard has it: checking them would take another package.
    const validate = new Validator({ strict: false, validateFormats: false }).compile(rules);
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

/** Loaded when first used, as only this grader needs it: the one that reads the draft which the schema names. */
async function ajvFor({ $schema }: { readonly $schema?: unknown }): Promise<typeof Ajv> {
  const draft = String($schema);
  try {
    if (draft.includes('draft/2020-12/')) return (await import('ajv/dist/2020.js')).Ajv2020;
    if (draft.includes('draft/2019-09/')) return (await import('ajv/dist/2019.js')).Ajv2019;
    return (await import('ajv')).Ajv;
  } catch (cause) {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_GRADER_FAILED',
      'jsonSchemaGrader needs the package ajv. Install it: npm install ajv',
      { cause },
    );
  }
}
