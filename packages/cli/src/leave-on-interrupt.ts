import process from 'node:process';

/** Told when somebody presses Ctrl-C. */
export interface Leaving {
  readonly signal: AbortSignal;
  /** Ctrl-C ends the process again. */
  end(): void;
}

/** Whoever interrupts the command leaves its work in order, instead of in the middle of a step. */
export function leaveOnInterrupt(): Leaving {
  const controller = new AbortController();
  const { signal } = controller;
  const leave = (): void => controller.abort(new Error('Interrupted.'));
  process.once('SIGINT', leave);
  return { signal, end: () => process.off('SIGINT', leave) };
}
