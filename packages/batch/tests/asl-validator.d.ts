declare module 'asl-validator' {
  /** Says whether a state machine is one, by the Amazon States Language. */
  export default function validate(definition: object): {
    readonly isValid: boolean;
    readonly errors: readonly unknown[];
  };
}
