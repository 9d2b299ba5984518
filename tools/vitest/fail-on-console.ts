import { afterEach, beforeEach, expect } from 'vitest';

// Libraries never write to the console: a stray line in a test run is a failure.
const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;
const original = Object.fromEntries(METHODS.map((method) => [method, console[method]]));
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  for (const method of METHODS) {
    console[method] = (...args: unknown[]): void => {
      lines.push(`console.${method}: ${args.map(String).join(' ')}`);
    };
  }
});

afterEach(() => {
  Object.assign(console, original);
  expect(lines, 'unexpected console output').toEqual([]);
});
