import { arrayOf, isObject, type JsonObject, objectOf } from '../json.js';

const DEEPEST = 8;

/**
 * The smallest value that fits a JSON schema of the subset that Bedrock's structured output takes. The first
 * text in it is `text`, if given.
 */
export function exampleOf(schema: JsonObject, text?: string): unknown {
  let left = text;
  const takeText = (): string => {
    const taken = left ?? 'example';
    left = undefined;
    return taken;
  };
  return build(schema, schema, takeText, 0);
}

function build(schema: JsonObject, root: JsonObject, takeText: () => string, depth: number): unknown {
  const target = follow(schema, root);
  if ('const' in target) return target['const'];
  const [firstValue] = arrayOf(target['enum']);
  if (firstValue !== undefined) return firstValue;
  const [alternative] = [...arrayOf(target['anyOf']), ...arrayOf(target['oneOf'])];
  if (isObject(alternative)) return build(alternative, root, takeText, depth + 1);
  const type = Array.isArray(target['type']) ? target['type'][0] : target['type'];
  switch (type) {
    case 'string':
      return takeText();
    case 'integer':
    case 'number':
      return typeof target['minimum'] === 'number' ? target['minimum'] : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return depth < DEEPEST && isObject(target['items'])
        ? [build(target['items'], root, takeText, depth + 1)]
        : [];
    default:
      return depth < DEEPEST ? buildObject(target, root, takeText, depth) : {};
  }
}

function buildObject(
  schema: JsonObject,
  root: JsonObject,
  takeText: () => string,
  depth: number,
): JsonObject {
  const properties = objectOf(schema['properties']);
  const required = Array.isArray(schema['required'])
    ? schema['required'].map(String)
    : Object.keys(properties);
  const members: Record<string, unknown> = {};
  for (const name of required) members[name] = build(objectOf(properties[name]), root, takeText, depth + 1);
  return members;
}

function follow(schema: JsonObject, root: JsonObject): JsonObject {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  let target: unknown = root;
  for (const step of reference.slice(2).split('/')) target = objectOf(target)[step];
  return objectOf(target);
}
