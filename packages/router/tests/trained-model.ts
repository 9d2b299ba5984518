import { type RouterModel, trainRouter } from '../src/index.js';
import { promptRecords } from './synthetic-records.js';

let trained: Promise<RouterModel> | undefined;

/** A model of synthetic records with a target, trained once for all tests of a process: training is what takes time. */
export function trainedModel(): Promise<RouterModel> {
  trained ??= trainRouter(promptRecords(500, 1), {
    cheap: 'small',
    strong: 'large',
    createdAt: new Date('2026-11-28T00:00:00Z'),
    target: { keepShareOfStrongQuality: 0.85 },
  });
  return trained;
}
