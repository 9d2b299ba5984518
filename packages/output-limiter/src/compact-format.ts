import { InvalidOptionError } from '@costkit/core';

type Schema = Readonly<Record<string, unknown>>;

/** A JSON schema with short names, and the way back. */
export interface CompactFormat {
  /** The schema to send: every property has a name of one or two letters, its long one as the description. */
  readonly schema: Schema;
  /** Gives an answer its long names back. Names that are not in the schema stay. @throws `SyntaxError` for a text that is no JSON. */
  expand(answer: unknown): unknown;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Names of one letter, then of two. */
const shortName = (index: number): string =>
  index < LETTERS.length
    ? (LETTERS[index] as string)
    : `${shortName(Math.floor(index / LETTERS.length) - 1)}${LETTERS[index % LETTERS.length]}`;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Shortens the names of a JSON schema's properties: an answer repeats each of them for every row, at the price of output.
 * Send `schema` as structured output or as the input of a forced tool, and hand the answer to `expand`.
 *
 * @throws `InvalidOptionError` for a schema with `$ref`: what it refers to would keep its names.
 *
 * @example
 * ```ts
 * const format = compactFormat({ type: 'object', properties: { customerName: { type: 'string' } } });
 * format.expand('{"a":"Ada"}'); // { customerName: 'Ada' }
 * ```
 */
export function compactFormat(schema: Schema): CompactFormat {
  if (!isSchema(schema)) throw new InvalidOptionError('output-limiter', 'schema', 'must be an object');
  return {
    schema: shortened(schema),
    expand: (answer) =>
      expanded(typeof answer === 'string' ? (JSON.parse(answer) as unknown) : answer, schema),
  };
}

function shortened(schema: Schema): Schema {
  if ('$ref' in schema) throw new InvalidOptionError('output-limiter', 'schema', 'must not hold $ref');
  const names = namesOf(schema);
  const changed: Record<string, unknown> = { ...schema };
  if (isSchema(schema['properties'])) {
    changed['properties'] = Object.fromEntries(
      Object.entries(schema['properties']).map(([name, inner]) => {
        const short = isSchema(inner) ? shortened(inner) : {};
        const { description } = short;
        return [
          names.get(name),
          { ...short, description: description === undefined ? name : `${name}: ${String(description)}` },
        ];
      }),
    );
  }
  if (Array.isArray(schema['required']))
    changed['required'] = schema['required'].map((name) => names.get(name as string) ?? name);
  if (isSchema(schema['items'])) changed['items'] = shortened(schema['items']);
  for (const list of ['anyOf', 'oneOf', 'allOf'])
    if (Array.isArray(schema[list]))
      throw new InvalidOptionError(
        'output-limiter',
        'schema',
        `must not hold ${list}: which names are meant would not be known`,
      );
  return changed;
}

/** Short names by the long ones, in the schema's order. */
function namesOf(schema: Schema): ReadonlyMap<string, string> {
  const properties = isSchema(schema['properties']) ? Object.keys(schema['properties']) : [];
  return new Map(properties.map((name, index) => [name, shortName(index)]));
}

function expanded(answer: unknown, schema: unknown): unknown {
  if (!isSchema(schema)) return answer;
  if (Array.isArray(answer)) return answer.map((item) => expanded(item, schema['items']));
  if (!isSchema(answer)) return answer;
  const long = new Map([...namesOf(schema)].map(([name, short]) => [short, name]));
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    Object.entries(answer).map(([short, value]) => {
      const name = long.get(short) ?? short;
      return [name, expanded(value, Object.hasOwn(properties, name) ? properties[name] : undefined)];
    }),
  );
}
