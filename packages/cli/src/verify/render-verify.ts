import pc from 'picocolors';
import { textTable } from '../text-table.js';
import type { Verification, VerifyResult } from './run-verify.js';

const SIGNS: Readonly<Record<Verification['status'], string>> = {
  same: pc.green('same'),
  wording: pc.yellow('other words'),
  differs: pc.red('differs'),
  'not asked': pc.dim('not asked'),
  expected: pc.dim('expected'),
};

const factsText = (facts: object): string =>
  Object.entries(facts)
    .map(([fact, value]) => `${fact}: ${value}`)
    .join('\n');

function foundText({ status, local, differences, reason }: Verification): string {
  if (status === 'expected') return factsText(local);
  return (
    reason ??
    differences
      .map(({ fact, local: here = 'nothing', live = 'nothing' }) => `${fact}: ${here} → ${live}`)
      .join('\n')
  );
}

/** For people: what was asked of each model, and where the service does something else than is assumed. */
export function renderVerify({ verifications, forecast, spent }: VerifyResult): string {
  const models = [...new Set(verifications.map(({ modelId }) => modelId))];
  const tables = models.map((modelId) => {
    const table = textTable(
      ['asked', '', spent === undefined ? 'the local Bedrock' : 'local → service'],
      [],
      [32, 13, 74],
    );
    for (const one of verifications) {
      if (one.modelId === modelId) table.push([one.about, SIGNS[one.status], foundText(one)]);
    }
    return `${pc.bold(modelId)}\n${table.toString()}`;
  });
  const count = (status: Verification['status']): number =>
    verifications.filter((one) => one.status === status).length;
  const summary =
    spent === undefined
      ? `Nothing was sent to AWS. The same ${verifications.length} questions cost about ${forecast} there: ask them with --live.`
      : `${count('same')} same, ${count('wording')} in other words, ${count('differs')} differ, ${count('not asked')} not asked. Spent: ${spent}; forecast: ${forecast}.`;
  return `${tables.join('\n\n')}\n\n${summary}`;
}
