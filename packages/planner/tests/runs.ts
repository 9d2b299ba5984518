import fc from 'fast-check';

/** A few cases in every test run, as many as the long run asks for there. */
export const runs = (few: number): number => fc.readConfigureGlobal()?.numRuns ?? few;
