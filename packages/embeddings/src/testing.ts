/**
 * What every sink and index must do, as cases for any test runner.
 * @module
 */
export type { ContractCase } from './testing/contract-case.js';
export { type IndexContractOptions, indexContract } from './testing/index-contract.js';
export { type SinkContractOptions, sinkContract } from './testing/sink-contract.js';
