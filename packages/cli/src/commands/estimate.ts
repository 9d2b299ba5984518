import type { Command } from 'commander';
import { addCalculator } from '../plan/calculator.js';
import { ESTIMATE_CALCULATOR } from '../plan/estimate-calculator.js';

/** `costkit estimate`: dollars a month before any log exists. */
export function addEstimateCommand(program: Command): void {
  addCalculator(program, ESTIMATE_CALCULATOR);
}
