import { CostkitError, InvalidOptionError, isObject } from '@costkit/core';
import type { ValidateFunction } from 'ajv';
import type { CascadeCheck } from '../cascade-check.js';
import { jsonOfAnswer } from './json-of-answer.js';

/**
 * Accepts an answer that is JSON and follows a schema. Needs the package `ajv` beside this one.
 *
 * @param schema - a JSON schema.
 * @throws `InvalidOptionError` where the schema is no object.
 *
 * @example
 * ```ts
 * withRouter(client, { tiers, cascade: { check: schemaCheck({ type: 'object', required: ['folder'] }) } });
 * ```
 */
export function schemaCheck(schema: object): CascadeCheck {
  const problem = isObject(schema);
  if (problem !== undefined) throw new InvalidOptionError('router', 'schema', problem);
  let validator: Promise<ValidateFunction> | undefined;
  return async (answer) => {
    validator ??= compile(schema);
    const validate = await validator;
    try {
      if (validate(jsonOfAnswer(answer))) return { accept: true, reason: 'the answer follows its schema' };
    } catch {
      return { accept: false, reason: 'the answer is no JSON' };
    }
    const { instancePath = '', keyword = '' } = validate.errors?.[0] ?? {};
    const place = instancePath === '' ? '' : ` at ${instancePath}`;
    return { accept: false, reason: `the answer breaks "${keyword}" of its schema${place}` };
  };
}

// Loaded when first used: only this check needs it.
async function compile(schema: object): Promise<ValidateFunction> {
  const ajv = await import('ajv').catch((cause: unknown) => {
    throw new CostkitError(
      'costkit router: schemaCheck needs the package ajv. Install it: npm install ajv.',
      {
        code: 'COSTKIT_MISSING_PACKAGE',
        cause,
      },
    );
  });
  return new ajv.Ajv({ strict: false }).compile(schema);
}
