/** One rule of a contract suite, for any test runner. */
export interface ContractCase {
  readonly name: string;
  /** Throws an `AssertionError` when the rule is broken. */
  readonly run: () => Promise<void>;
}
