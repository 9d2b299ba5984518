import pc from 'picocolors';
import type { Json } from './json.js';
import type { PlanAction, PlanEntry } from './plan.js';

const SIGNS: Readonly<Record<PlanAction, string>> = {
  create: pc.green('+ create'),
  update: pc.yellow('~ update'),
  drift: pc.yellow('! drift '),
  same: pc.dim('= same  '),
  conflict: pc.red('x others'),
};

const MOST_CHANGES = 8;
const MOST_CHARACTERS = 80;

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

function lines({ action, kind, name, region, changes }: PlanEntry): string[] {
  const head = `${SIGNS[action]}  ${kind} ${pc.bold(name)} (${region})`;
  if (action === 'create' || action === 'same') return [head];
  const told = changes
    .slice(0, MOST_CHANGES)
    .map(({ path, from, to }) => `             ${path}: ${shown(from)} → ${shown(to)}`);
  const more = changes.length - told.length;
  return [head, ...told, ...(more > 0 ? [`             and ${more} more`] : [])];
}

/** A plan for people. */
export function renderPlan(entries: readonly PlanEntry[]): string {
  return entries.flatMap(lines).join('\n');
}
