import { isObject, type JsonObject } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';

/** What a text member must satisfy. */
interface TextConstraint {
  readonly required?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** The whole text must match. */
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

/** Collects every broken constraint of a request, and words them as AWS services do. */
export interface Constraints {
  /** The text at `path`, checked; `undefined` when absent or broken. */
  text(path: string, value: unknown, constraint: TextConstraint): string | undefined;
  /** The whole number at `path`, checked; `undefined` when absent or broken. */
  integer(
    path: string,
    value: unknown,
    constraint: { readonly required?: boolean; readonly min: number; readonly max: number },
  ): number | undefined;
  /** The object at `path`; `undefined` when absent or broken. */
  object(path: string, value: unknown, constraint?: { readonly required?: boolean }): JsonObject | undefined;
  /** Notes a broken constraint in words of the caller's. */
  reject(path: string, value: unknown, constraint: string): undefined;
  /** @throws BedrockFault `ValidationException` when anything was broken */
  done(): void;
}

/** Starts the check of one request. */
export const createConstraints = (): Constraints => {
  const broken: string[] = [];
  const reject = (path: string, value: unknown, constraint: string): undefined => {
    const shown = value === undefined || value === null ? 'Value' : `Value '${String(value)}'`;
    broken.push(`${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
    return undefined;
  };
  const isMissing = (path: string, value: unknown, required: boolean | undefined): boolean => {
    if (value !== undefined && value !== null) return false;
    if (required) reject(path, undefined, 'Member must not be null');
    return true;
  };

  return {
    reject,
    text: (path, value, { required, minLength = 0, maxLength, pattern, oneOf }) => {
      if (isMissing(path, value, required)) return undefined;
      if (typeof value !== 'string') return reject(path, value, 'Member must be a string');
      if (value.length < minLength) {
        return reject(path, value, `Member must have length greater than or equal to ${minLength}`);
      }
      if (maxLength !== undefined && value.length > maxLength) {
        return reject(path, value, `Member must have length less than or equal to ${maxLength}`);
      }
      if (oneOf !== undefined && !oneOf.includes(value)) {
        return reject(path, value, `Member must satisfy enum value set: [${oneOf.join(', ')}]`);
      }
      if (pattern !== undefined && !new RegExp(`^(?:${pattern.source})$`).test(value)) {
        return reject(path, value, `Member must satisfy regular expression pattern: ${pattern.source}`);
      }
      return value;
    },
    integer: (path, value, { required, min, max }) => {
      if (isMissing(path, value, required)) return undefined;
      if (typeof value !== 'number' || !Number.isInteger(value))
        return reject(path, value, 'Member must be an integer');
      if (value < min) return reject(path, value, `Member must have value greater than or equal to ${min}`);
      if (value > max) return reject(path, value, `Member must have value less than or equal to ${max}`);
      return value;
    },
    object: (path, value, { required } = {}) => {
      if (isMissing(path, value, required)) return undefined;
      return isObject(value) ? value : reject(path, value, 'Member must be an object');
    },
    done: () => {
      if (broken.length === 0) return;
      const errors = broken.length === 1 ? 'error' : 'errors';
      throw validation(`${broken.length} validation ${errors} detected: ${broken.join('; ')}`);
    },
  };
};
