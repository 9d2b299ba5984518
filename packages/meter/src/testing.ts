/**
 * What every store of budgets must do, as cases for any test runner.
 * @module
 */
export {
  type BudgetStoreContractCase,
  type BudgetStoreContractOptions,
  budgetStoreContract,
  type OpenedBudgetStore,
} from './testing/budget-store-contract.js';
