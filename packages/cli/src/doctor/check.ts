/** `unknown`: it could not be looked at. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'unknown';

/** What one check has found. */
export interface Check {
  /** `identity`, `permissions`, `logging`, `model access`, `quotas` or `prices`. */
  readonly check: string;
  /** What was looked at: a feature, a Region, a model. */
  readonly subject: string;
  readonly status: CheckStatus;
  /** One sentence. */
  readonly found: string;
  /** What to do; absent when nothing is to be done. */
  readonly advice?: string;
}

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
]);

/** What a check says that could not be made. */
export function notChecked(check: string, subject: string, action: string, error: unknown): Check {
  const { name } = error as Error;
  return DENIED.has(name)
    ? {
        check,
        subject,
        status: 'unknown',
        found: `${action} is not allowed.`,
        advice: `Allow ${action}, or look yourself.`,
      }
    : {
        check,
        subject,
        status: 'unknown',
        found: `${action} failed with ${name}.`,
        advice: 'Check the network and the endpoint, and try again.',
      };
}
