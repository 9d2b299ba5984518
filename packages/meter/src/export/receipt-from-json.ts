import { type Attempt, CostkitError, type Decision, Money, type Receipt } from '@costkit/core';
import type { Usage } from '@costkit/pricing';

/** What was read is no receipt of this format. Names the field, never what stands in it. */
export class InvalidReceiptError extends CostkitError {
  override readonly name: string = 'InvalidReceiptError';
  /** The field that is wrong, e.g. `attempts[0].usage.input`. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`costkit meter: the receipt's field "${field}" ${problem}. Pass what receiptToJson wrote.`, {
      code: 'COSTKIT_INVALID_RECEIPT',
    });
    this.field = field;
  }
}

/** An object whose fields are read one by one; `path` stands before their names in errors. */
interface Fields {
  readonly values: Readonly<Record<string, unknown>>;
  readonly path: string;
}

const wrong = (fields: Fields, name: string, problem: string): never => {
  throw new InvalidReceiptError(fields.path + name, problem);
};

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidReceiptError(path === '' ? '(all)' : path.slice(0, -1), 'must be an object');
  return { values: value as Readonly<Record<string, unknown>>, path };
}

function text(fields: Fields, name: string): string {
  const value = fields.values[name];
  return typeof value === 'string' ? value : wrong(fields, name, 'must be a text');
}

function amountOf(fields: Fields, name: string): number {
  const value = fields.values[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : wrong(fields, name, 'must be a number, 0 or more');
}

function date(fields: Fields, name: string): Date {
  const value = new Date(text(fields, name));
  return Number.isNaN(value.getTime()) ? wrong(fields, name, 'must be a time') : value;
}

function oneOf<T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const value = fields.values[name] as T;
  return allowed.includes(value) ? value : wrong(fields, name, `must be one of ${allowed.join(', ')}`);
}

/** `null`: the amount is unknown. */
function money(fields: Fields, name: string): Money | undefined {
  if (fields.values[name] === null) return undefined;
  try {
    return Money.fromUsd(text(fields, name));
  } catch {
    return wrong(fields, name, 'must be decimal text or null');
  }
}

const optional = <T>(
  fields: Fields,
  name: string,
  read: (fields: Fields, name: string) => T,
): Record<string, T> => (fields.values[name] === undefined ? {} : { [name]: read(fields, name) });

function texts(fields: Fields, name: string): Record<string, string> {
  const inner = fieldsOf(fields.values[name], `${fields.path}${name}.`);
  return Object.fromEntries(Object.keys(inner.values).map((key) => [key, text(inner, key)]));
}

function list<T>(fields: Fields, name: string, read: (fields: Fields) => T): T[] {
  const value = fields.values[name];
  return Array.isArray(value)
    ? value.map((one, index) => read(fieldsOf(one, `${fields.path}${name}[${index}].`)))
    : wrong(fields, name, 'must be a list');
}

function usageOf(fields: Fields, name: string): Usage {
  const inner = fieldsOf(fields.values[name], `${fields.path}${name}.`);
  const units = (): Record<string, number> => {
    const counts = fieldsOf(inner.values['units'], `${inner.path}units.`);
    return Object.fromEntries(Object.keys(counts.values).map((unit) => [unit, amountOf(counts, unit)]));
  };
  return {
    input: amountOf(inner, 'input'),
    output: amountOf(inner, 'output'),
    cacheRead: amountOf(inner, 'cacheRead'),
    cacheWrite5m: amountOf(inner, 'cacheWrite5m'),
    cacheWrite1h: amountOf(inner, 'cacheWrite1h'),
    cacheWrite30m: amountOf(inner, 'cacheWrite30m'),
    ...optional(inner, 'units', units),
  };
}

const QUALITIES = ['measured', 'estimated'] as const;

function attemptOf(fields: Fields): Attempt {
  return {
    purpose: oneOf(fields, 'purpose', ['answer', 'draft', 'check', 'repair', 'escalation']),
    modelId: text(fields, 'modelId'),
    servedModel: text(fields, 'servedModel'),
    scope: text(fields, 'scope'),
    region: text(fields, 'region'),
    mode: text(fields, 'mode'),
    startedAt: date(fields, 'startedAt'),
    latencyMs: amountOf(fields, 'latencyMs'),
    ...optional(fields, 'requestId', text),
    ...optional(fields, 'stopReason', text),
    ...optional(fields, 'error', text),
    usage: usageOf(fields, 'usage'),
    cost: money(fields, 'costUsd'),
    quality: oneOf(fields, 'quality', QUALITIES),
    complete: fields.values['complete'] === true,
  };
}

function decisionOf(fields: Fields): Decision {
  const saving = optional(fields, 'estimatedSavingUsd', money)['estimatedSavingUsd'];
  return {
    lever: text(fields, 'lever'),
    mode: oneOf(fields, 'mode', ['off', 'observe', 'enforce']),
    action: text(fields, 'action'),
    reason: text(fields, 'reason'),
    ...(saving === undefined ? {} : { estimatedSaving: saving }),
  };
}

/**
 * The receipt that `receiptToJson` of `@costkit/meter` wrote.
 *
 * @param value - parsed JSON.
 * @throws {@link InvalidReceiptError} for what is no receipt of this format.
 *
 * @example
 * ```ts
 * meter.record(receiptFromJson(JSON.parse(line)));
 * ```
 */
export function receiptFromJson(value: unknown): Receipt {
  const fields = fieldsOf(value, '');
  if (fields.values['format'] !== 1)
    wrong(fields, 'format', 'must be 1; a newer costkit reads newer formats');
  return {
    id: text(fields, 'id'),
    startedAt: date(fields, 'startedAt'),
    latencyMs: amountOf(fields, 'latencyMs'),
    ...optional(fields, 'firstChunkMs', amountOf),
    operation: text(fields, 'operation') as Receipt['operation'],
    requestedModel: text(fields, 'requestedModel'),
    servedModel: text(fields, 'servedModel'),
    region: text(fields, 'region'),
    scope: text(fields, 'scope'),
    mode: text(fields, 'mode'),
    ...optional(fields, 'stopReason', text),
    ...optional(fields, 'error', text),
    tags: texts(fields, 'tags'),
    attempts: list(fields, 'attempts', attemptOf),
    usage: usageOf(fields, 'usage'),
    cost: money(fields, 'costUsd'),
    baseline: money(fields, 'baselineUsd'),
    baselineQuality: oneOf(fields, 'baselineQuality', ['exact', 'estimated']),
    saved: money(fields, 'savedUsd'),
    decisions: list(fields, 'decisions', decisionOf),
    quality: oneOf(fields, 'quality', QUALITIES),
    priceVersion: text(fields, 'priceVersion'),
    settled: true,
  };
}
