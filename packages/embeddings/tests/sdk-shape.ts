/** A schema of the SDK's client, as it serialises by it: a shape, a code, or a function that returns one. */
type Schema = unknown;

const [STRING, NUMBER, BOOLEAN, TIME, DOCUMENT] = [0, 1, 2, 4, 15] as const;
const [LIST_OF, MAP_OF] = [64, 128] as const;
const [LIST, STRUCTURE, UNION] = [1, 3, 4] as const;

/**
 * What is wrong with a value by the schema that the SDK's client was generated with: members that it does not know, that are
 * missing, or of another type. The SDK itself would leave the first out, and send the others.
 */
export function shapeFaults(schema: Schema, value: unknown, path = ''): string[] {
  const shape: Schema = typeof schema === 'function' ? schema() : schema;
  if (typeof shape === 'number') return codeFaults(shape, value, path);
  const [kind, , , , names, members, required = 0] = shape as readonly [
    number,
    unknown,
    unknown,
    unknown,
    unknown,
    readonly Schema[],
    number?,
  ];
  if (kind === LIST) return listFaults(names, value, path);
  if (kind !== STRUCTURE && kind !== UNION) return [`${path}: a schema of kind ${kind}`];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no structure`];
  const known = names as readonly string[];
  const given = value as Readonly<Record<string, unknown>>;
  return [
    ...Object.keys(given).flatMap((name) => (known.includes(name) ? [] : [`${path}.${name} is unknown`])),
    ...known.slice(0, required).flatMap((name) => (name in given ? [] : [`${path}.${name} is missing`])),
    ...known.flatMap((name, index) =>
      name in given ? shapeFaults(memberOf(members[index]), given[name], `${path}.${name}`) : [],
    ),
  ];
}

/** A member with traits is written as a pair. */
function memberOf(schema: Schema): Schema {
  return Array.isArray(schema) && schema.length === 2 ? schema[0] : schema;
}

function listFaults(item: Schema, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path} is no list`];
  return value.flatMap((one, index) => shapeFaults(memberOf(item), one, `${path}[${index}]`));
}

function codeFaults(code: number, value: unknown, path: string): string[] {
  if (code >= MAP_OF) return typeof value === 'object' ? [] : [`${path} is no map`];
  if (code >= LIST_OF) return listFaults(code - LIST_OF, value, path);
  const types: Readonly<Record<number, string>> = {
    [STRING]: 'string',
    [NUMBER]: 'number',
    [BOOLEAN]: 'boolean',
    [TIME]: 'number',
  };
  if (code === DOCUMENT) return value === undefined ? [`${path} is no document`] : [];
  const type = types[code];
  if (type === undefined) return [`${path}: a schema of code ${code}`];
  return typeof value === type ? [] : [`${path} is no ${type}`];
}
