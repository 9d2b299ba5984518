import { type Change, changeDetector } from './change-detector.js';
import { persistentNoise } from './persistent-noise.js';
import { robustScale } from './robust-scale.js';
import { seasonalBaseline } from './seasonal-baseline.js';

/** One figure of one scope: what it usually is, and whether it has risen. */
export interface SignalWatch {
  /** Takes a finished slot. */
  closeSlot(slot: SignalSlot): void;
  /** Ends an hour: its slots become part of the baseline. */
  closeHour(hourOfWeek: number, nextHourOfWeek: number): void;
  /** What a slot of this hour should show; `undefined` while it is still learning. */
  readonly expected: number | undefined;
  /** Standard deviation of a slot with the weight 1. */
  readonly sigma: number;
  /** What is wrong now. */
  readonly change: Change | undefined;
}

/** What a slot showed. */
interface SignalSlot {
  readonly startedAtMs: number;
  /** Mean of the figure, transformed so that its spread is about the same at all times. */
  readonly value: number;
  /** How many independent observations the mean is of; the figure of a slot without any is not known. */
  readonly weight: number;
  readonly usd: number;
}

export interface SignalOptions {
  /** The smallest rise worth an alert, in the figure's own transformation. */
  leastRise(expected: number): number;
  /** What the difference between busy and quiet days is in proportion to. */
  noiseUnit(expected: number): number;
}

/** Hours that are watched before anything is said: a day, so that the first morning is no incident. */
const LEARNING_HOURS = 24;
/** Hours after which a change that has stayed is the new normal. */
const ADOPTED_AFTER_HOURS = 24;
/** Slots that the spread of slots remembers: a week of five minutes each. */
const SLOTS_REMEMBERED = 2_016;
/** Hours that the offset remembers. */
const OFFSET_MEMORY_HOURS = 72;
/** So many times the usual distance of whole hours from their baseline is allowed. */
const USUAL_HOURS = 2;
/** Slots deviate at least by this share of the smallest rise. */
const LEAST_SIGMA = 0.2;
/** An hour with fewer observations says too little. */
const LEAST_WEIGHT_OF_HOUR = 4;

/**
 * Expected is the seasonal baseline plus an offset that follows slow growth (three days). A slot's score is its
 * distance to that in standard deviations of such slots, less twice what whole hours usually deviate: busy days come
 * in every week, and they last for hours. A change is told once its mean rise matters. One that does not is forgotten
 * with the hour, so that it cannot hide a larger one that follows.
 */
export function signalWatch({ leastRise, noiseUnit }: SignalOptions): SignalWatch {
  const baseline = seasonalBaseline();
  const slotScale = robustScale(SLOTS_REMEMBERED);
  const persistent = persistentNoise();
  const detector = changeDetector();
  let level: number | undefined;
  let offset = 0;
  let wrongHours = 0;
  let sum = 0;
  let weight = 0;

  const expected = (): number | undefined => (level === undefined ? undefined : level + offset);

  /** The change, once it is large enough to matter. */
  const worthwhile = (): Change | undefined => {
    const { change } = detector;
    return change !== undefined && change.mean - change.expected >= leastRise(change.expected)
      ? change
      : undefined;
  };

  const learnHour = (hourOfWeek: number): void => {
    const value = sum / weight;
    const before = expected();
    if (before !== undefined) {
      const wrong = worthwhile() !== undefined;
      wrongHours = wrong ? wrongHours + 1 : 0;
      if (wrong && wrongHours < ADOPTED_AFTER_HOURS) return;
      if (wrong) {
        offset += value - before;
        detector.clear();
      } else {
        const chance = slotScale.sigma / Math.sqrt(weight);
        persistent.add(value - before, chance, noiseUnit(before));
        const most = USUAL_HOURS * (persistent.sigma(noiseUnit(before)) + chance);
        offset += Math.max(-most, Math.min(most, value - before)) / OFFSET_MEMORY_HOURS;
      }
    }
    baseline.learn(hourOfWeek, value);
  };

  return {
    closeSlot: (slot) => {
      if (slot.weight === 0) return;
      sum += slot.value * slot.weight;
      weight += slot.weight;
      const normal = expected();
      if (normal === undefined) return;
      const deviation = slot.value - normal;
      const root = Math.sqrt(slot.weight);
      if (worthwhile() === undefined) slotScale.add(deviation * root);
      const least = leastRise(normal);
      // A figure that never moved, such as the one model of a scope, would be sure of anything.
      const sigma = Math.max(slotScale.sigma, LEAST_SIGMA * least);
      if (baseline.hours < LEARNING_HOURS || sigma === 0) return;
      const allowed = USUAL_HOURS * persistent.sigma(noiseUnit(normal));
      detector.add({ ...slot, expected: normal, score: ((deviation - allowed) * root) / sigma });
    },
    closeHour: (hourOfWeek, nextHourOfWeek) => {
      if (weight >= LEAST_WEIGHT_OF_HOUR) learnHour(hourOfWeek);
      if (worthwhile() === undefined && detector.change !== undefined) detector.clear();
      sum = 0;
      weight = 0;
      level = baseline.expect(nextHourOfWeek);
    },
    get expected() {
      return baseline.hours < LEARNING_HOURS ? undefined : expected();
    },
    get sigma() {
      return slotScale.sigma;
    },
    get change() {
      return worthwhile();
    },
  };
}
