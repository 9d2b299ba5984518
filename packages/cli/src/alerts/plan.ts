import { CliUsageError } from '../cli-error.js';
import { type AccountResource, type Present, specOf } from './account-resource.js';
import { type Change, differences } from './json.js';
import { brokenConstraints } from './request-constraints.js';

/** What is to be done about one thing. */
export type PlanAction =
  /** It is not there. */
  | 'create'
  /** It is there as we once wanted it; something else is wanted now. */
  | 'update'
  /** Somebody else has edited it. */
  | 'drift'
  /** It is there as wanted. */
  | 'same'
  /** Somebody else's is there, and differs. */
  | 'conflict';

/** One line of a plan. */
export interface PlanEntry {
  readonly action: PlanAction;
  readonly kind: string;
  readonly name: string;
  readonly region: string;
  readonly ours: boolean;
  readonly changes: readonly Change[];
}

/** A plan, with what carries it out. */
export interface Plan {
  readonly entries: readonly (PlanEntry & { readonly resource: AccountResource })[];
}

function actionOf(
  { desired }: AccountResource,
  present: Present | undefined,
  changes: readonly Change[],
): PlanAction {
  if (present === undefined) return 'create';
  if (changes.length === 0) return 'same';
  if (!present.ours) return 'conflict';
  return present.spec === specOf(desired) ? 'drift' : 'update';
}

/** @throws `CliUsageError` when a service would refuse a request, before anything is sent. */
function checkRequests(resources: readonly AccountResource[]): void {
  const broken = resources.flatMap(({ kind, name, requests }) =>
    requests.flatMap((request) => brokenConstraints(request).map((problem) => `${kind} ${name}: ${problem}`)),
  );
  if (broken.length === 0) return;
  throw new CliUsageError(
    `AWS would refuse what the configuration asks for: ${broken.join('; ')}. Nothing was sent`,
    'COSTKIT_INVALID_REQUEST',
  );
}

/** Compares what is wanted with what is there; changes nothing. */
export async function makePlan(resources: readonly AccountResource[]): Promise<Plan> {
  checkRequests(resources);
  const entries = await Promise.all(
    resources.map(async (resource) => {
      const present = await resource.read();
      const changes = present === undefined ? [] : differences(present.view, resource.desired);
      const { kind, name, region } = resource;
      return {
        action: actionOf(resource, present, changes),
        kind,
        name,
        region,
        ours: present?.ours ?? false,
        changes,
        resource,
      };
    }),
  );
  return { entries };
}

/**
 * Carries a plan out, in order.
 *
 * @param replace - also what somebody else has made
 * @returns what could not be done, because it is somebody else's
 */
export async function applyPlan({ entries }: Plan, replace: boolean): Promise<PlanEntry[]> {
  const left: PlanEntry[] = [];
  for (const entry of entries) {
    if (entry.action === 'same') continue;
    if (entry.action === 'create') await entry.resource.create();
    else if (entry.action !== 'conflict' || replace) await entry.resource.update();
    else left.push(entry);
  }
  return left;
}

/** Removes what is ours, the last made first. */
export async function destroyPlan({ entries }: Plan): Promise<PlanEntry[]> {
  const ours = entries.filter((entry) => entry.ours).reverse();
  for (const { resource } of ours) await resource.remove();
  return ours;
}
