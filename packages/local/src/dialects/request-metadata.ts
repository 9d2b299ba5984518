import { isObject } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';

const MOST_ENTRIES = 16;
// The white space of a pattern of AWS's is that of ASCII.
const KEY = /^[a-zA-Z0-9 \t\n\v\f\r:_@$#=/+,\-.]{1,256}$/;
const VALUE = /^[a-zA-Z0-9 \t\n\v\f\r:_@$#=/+,\-.]{0,256}$/;

/**
 * Reads and checks `requestMetadata`: 1 to 16 entries of 256 characters of a fixed alphabet (service model).
 *
 * @throws {@link BedrockFault} when an entry breaks a limit.
 */
export function readRequestMetadata(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined;
  const refuse = (must: string): Error =>
    validation(
      `1 validation error detected: Value at 'requestMetadata' failed to satisfy constraint: ${must}`,
    );
  if (!isObject(value)) throw refuse('Member must be a map');
  const entries = Object.entries(value);
  if (entries.length > MOST_ENTRIES)
    throw refuse(`Member must have length less than or equal to ${MOST_ENTRIES}`);
  if (entries.length === 0) throw refuse('Member must have length greater than or equal to 1');
  for (const [key, text] of entries) {
    if (!KEY.test(key)) {
      throw refuse(
        'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{1,256}]',
      );
    }
    if (typeof text !== 'string' || !VALUE.test(text)) {
      throw refuse(
        'Map value must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}]',
      );
    }
  }
  return value as Readonly<Record<string, string>>;
}
