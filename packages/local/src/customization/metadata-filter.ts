import type { Constraints } from '../control/constraints.js';
import { arrayOf, isObject } from '../json.js';

/** Which logged requests are taken, by their metadata. */
export type MetadataFilter = (metadata: Readonly<Record<string, unknown>>) => boolean;

/** Most filters below `andAll` or `orAll` [service model]. */
const MOST_FILTERS = 16;

/** Reads `requestMetadataFilters`: one of `equals`, `notEquals`, `andAll`, `orAll`, which do not nest. */
export function readMetadataFilter(
  path: string,
  value: unknown,
  constraints: Constraints,
): MetadataFilter | undefined {
  if (value === undefined || value === null) return undefined;
  const given = isObject(value) ? Object.entries(value) : [];
  const [only] = given;
  if (only === undefined || given.length !== 1) {
    return constraints.reject(path, undefined, 'Member must have exactly one entry');
  }
  const [kind, content] = only;
  if (kind !== 'andAll' && kind !== 'orAll') return readBaseFilter(path, value, constraints);
  const filters = arrayOf(content);
  if (filters.length < 1 || filters.length > MOST_FILTERS) {
    return constraints.reject(
      `${path}.${kind}`,
      undefined,
      `Member must have between 1 and ${MOST_FILTERS} entries`,
    );
  }
  const read = filters.flatMap(
    (filter, index) => readBaseFilter(`${path}.${kind}.${index + 1}.member`, filter, constraints) ?? [],
  );
  return kind === 'andAll'
    ? (metadata) => read.every((filter) => filter(metadata))
    : (metadata) => read.some((filter) => filter(metadata));
}

function readBaseFilter(path: string, value: unknown, constraints: Constraints): MetadataFilter | undefined {
  const [only, second] = isObject(value) ? Object.entries(value) : [];
  const [kind, content] = only ?? [];
  const [pair, other] = isObject(content) ? Object.entries(content) : [];
  if (second !== undefined || (kind !== 'equals' && kind !== 'notEquals')) {
    return constraints.reject(path, kind, 'Member must satisfy enum value set: [equals, notEquals]');
  }
  if (pair === undefined || other !== undefined) {
    return constraints.reject(`${path}.${kind}`, undefined, 'Member must have exactly one entry');
  }
  const [name, wanted] = pair;
  return kind === 'equals'
    ? (metadata) => metadata[name] === wanted
    : (metadata) => metadata[name] !== wanted;
}
