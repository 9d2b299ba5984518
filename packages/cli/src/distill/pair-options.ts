import { stdout } from 'node:process';

/** What every command about a student takes. */
export interface PairOptions {
  readonly teacher: string;
  readonly student: string;
  readonly json?: boolean;
}

/** An option of the library, where the command has it. */
export const given = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [N in Name]?: Value } => (value === undefined ? {} : { [name]: value }) as { [N in Name]?: Value };

/** Prints a result, for programs or for people. */
export const print = (json: boolean | undefined, value: object, text: string): void => {
  stdout.write(`${json === true ? JSON.stringify(value, null, 2) : text}\n`);
};
