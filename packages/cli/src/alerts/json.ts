/** What a service shows or is sent, as far as it is compared. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** One difference between what is there and what should be. */
export interface Change {
  /** Names and indexes, e.g. `notifications[1].threshold`. */
  readonly path: string;
  /** Absent: it is not there. */
  readonly from?: Json;
  /** Absent: it should not be there. */
  readonly to?: Json;
}

type JsonObject = { readonly [name: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Every difference, in the order of the names. */
export function differences(from: Json | undefined, to: Json | undefined, path = ''): Change[] {
  if (isObject(from) && isObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    return names.flatMap((name) => differences(from[name], to[name], path === '' ? name : `${path}.${name}`));
  }
  if (isList(from) && isList(to)) {
    return Array.from({ length: Math.max(from.length, to.length) }, (_, index) =>
      differences(from[index], to[index], `${path}[${index}]`),
    ).flat();
  }
  if (from === to) return [];
  return [{ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
}

/** The same text for the same content, whatever the order of names. */
export function canonical(value: Json): string {
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(',')}}`;
}

/** Lists whose order means nothing, in one order. */
export function sorted<T extends Json>(values: readonly T[]): T[] {
  return [...values].sort((one, other) => (canonical(one) < canonical(other) ? -1 : 1));
}
