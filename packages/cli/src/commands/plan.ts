import type { Command } from 'commander';
import { addCalculator } from '../plan/calculator.js';
import { CREDITS_CALCULATOR } from '../plan/credits-calculator.js';
import { DISTILL_CALCULATOR } from '../plan/distill-calculator.js';
import { LEVERS_CALCULATOR } from '../plan/levers-calculator.js';
import { PROVISIONED_CALCULATOR } from '../plan/provisioned-calculator.js';
import { RAG_CALCULATOR } from '../plan/rag-calculator.js';
import { VECTORS_CALCULATOR } from '../plan/vectors-calculator.js';

/** `costkit plan`: break-evens, and the ranking of all levers. */
export function addPlanCommand(program: Command): void {
  const plan = program
    .command('plan')
    .description('where to cut first: break-evens, and all levers in dollars')
    .addHelpText('after', '\nEach prints its assumptions; with --json the whole plan.');
  addCalculator(plan, LEVERS_CALCULATOR);
  addCalculator(plan, PROVISIONED_CALCULATOR);
  addCalculator(plan, RAG_CALCULATOR);
  addCalculator(plan, DISTILL_CALCULATOR);
  addCalculator(plan, VECTORS_CALCULATOR);
  addCalculator(plan, CREDITS_CALCULATOR);
}
