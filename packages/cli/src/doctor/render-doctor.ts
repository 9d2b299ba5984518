import pc from 'picocolors';
import type { Check, CheckStatus } from './check.js';

const SIGNS: Readonly<Record<CheckStatus, string>> = {
  ok: pc.green('ok     '),
  warn: pc.yellow('warn   '),
  fail: pc.red('fail   '),
  unknown: pc.dim('unknown'),
};

/** Checks for people: what was found, and what to do. */
export function renderDoctor(checks: readonly Check[]): string {
  const lines = checks.flatMap(({ check, subject, status, found, advice }) => [
    `${SIGNS[status]}  ${check}, ${pc.bold(subject)}: ${found}`,
    ...(advice === undefined ? [] : [`         ${advice}`]),
  ]);
  const count = (status: CheckStatus): number => checks.filter((one) => one.status === status).length;
  const summary = (['ok', 'warn', 'fail', 'unknown'] as const).map((status) => `${count(status)} ${status}`);
  return `${lines.join('\n')}\n\n${summary.join(', ')}`;
}
