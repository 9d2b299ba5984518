/**
 * What every journal must do, as cases for any test runner.
 * @module
 */
export {
  type JournalContractCase,
  type JournalContractOptions,
  journalContract,
} from './testing/journal-contract.js';
