import type { CalibrationStore } from './calibration.js';
import { PART_COUNT } from './part-vector.js';
import type { TokenModel } from './token-model.js';

/** Keeps what a calibration has learned where other processes, and later ones, find it. Numbers only: no prompt. */
export interface StoredCalibration {
  /** Resolves once the store was read, or after {@link READY_MS}; never rejects. */
  ready(): Promise<void>;
  /** A response was taken in: now and then, what is known is written. */
  learned(): void;
  /** Writes what was learned since the last write; rejects with the error of the store. */
  flush(): Promise<void>;
}

const KEY = 'costkit:calibration';
/** Longest that a call waits for the store, in milliseconds. */
const READY_MS = 250;
/** Most responses between two writes. */
const MOST_UNWRITTEN = 64;

/** Raised with the coefficients of the text estimator: factors belong to those that they were learned with. */
const VERSION = 1;

/** More than any tokenizer needs for a token of o200k, and for the instructions around tools. */
const MAX_FACTOR = 100_000;

interface Content {
  readonly version: number;
  /** By model id: observations, variance of the relative error, factors, their covariance row by row. */
  readonly models: Readonly<Record<string, readonly [number, number, readonly number[], readonly number[]]>>;
}

/** @param models - what the calibration knows; it is changed in place. */
export function storedCalibration(
  store: CalibrationStore,
  models: Map<string, TokenModel>,
): StoredCalibration {
  let reading: Promise<void> | undefined;
  let writing: Promise<void> | undefined;
  let unwritten = 0;
  let writeAfter = 1;

  const read = async (): Promise<void> => {
    for (const [id, stored] of readModels(await store.get(KEY))) {
      // Who has seen more knows better; what both have seen since they last met counts once.
      if (stored.observations > (models.get(id)?.observations ?? 0)) models.set(id, stored);
    }
  };

  /** One write at a time; what comes in meanwhile is for the next one. */
  const write = async (): Promise<void> => {
    const count = unwritten;
    unwritten = 0;
    try {
      await read();
      await store.set(KEY, JSON.stringify(contentOf(models)));
    } catch (error) {
      unwritten += count;
      throw error;
    }
  };
  const startWrite = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    return writing;
  };

  return {
    ready: () => {
      reading ??= atMost(READY_MS, read());
      return reading;
    },
    learned: () => {
      unwritten += 1;
      if (unwritten < writeAfter) return;
      writeAfter = Math.min(2 * writeAfter, MOST_UNWRITTEN);
      // What fails is tried again after further responses.
      startWrite().catch(() => undefined);
    },
    flush: async () => {
      await writing?.catch(() => undefined);
      if (unwritten > 0) await startWrite();
    },
  };
}

/** Waits for a promise for so long; how it ends does not matter. */
function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(end, end);
  });
}

function contentOf(models: ReadonlyMap<string, TokenModel>): Content {
  const entries = [...models].map(([id, { observations, relativeVariance, factors, covariance }]) => [
    id,
    [observations, relativeVariance, [...factors], [...covariance]],
  ]);
  return { version: VERSION, models: Object.fromEntries(entries) };
}

/** What cannot be read is left out: another version wrote it, or something else stands under the key. */
function readModels(text: string | undefined): readonly (readonly [string, TokenModel])[] {
  let content: Partial<Content> | null;
  try {
    content = JSON.parse(text ?? 'null') as Partial<Content> | null;
  } catch {
    return [];
  }
  if (content?.version !== VERSION) return [];
  return Object.entries(content.models ?? {}).flatMap(([id, stored]) => {
    const model = readModel(stored);
    return model === undefined ? [] : [[id, model] as const];
  });
}

function readModel(stored: unknown): TokenModel | undefined {
  const [observations, relativeVariance, factors, covariance] = Array.isArray(stored) ? stored : [];
  const usable =
    Number.isSafeInteger(observations) &&
    (observations as number) > 0 &&
    isWithin(relativeVariance, MAX_FACTOR) &&
    isList(factors, PART_COUNT) &&
    factors.every((factor) => isWithin(factor, MAX_FACTOR)) &&
    isList(covariance, PART_COUNT ** 2) &&
    covariance.every(
      (value, index) => Number.isFinite(value) && (index % (PART_COUNT + 1) !== 0 || value >= 0),
    );
  return usable
    ? {
        observations: observations as number,
        relativeVariance: relativeVariance as number,
        factors: Float64Array.from(factors),
        covariance: Float64Array.from(covariance),
      }
    : undefined;
}

const isWithin = (value: unknown, most: number): boolean =>
  Number.isFinite(value) && (value as number) >= 0 && (value as number) <= most;

const isList = (value: unknown, length: number): value is readonly number[] =>
  Array.isArray(value) && value.length === length;
