import type { AwsClients } from '../aws-clients.js';
import type { Check } from './check.js';
import { checkIdentity } from './check-identity.js';
import { checkLogging } from './check-logging.js';
import { checkModelAccess } from './check-model-access.js';
import { checkPermissions } from './check-permissions.js';
import { checkPrices } from './check-prices.js';
import { checkQuotas } from './check-quotas.js';
import type { Feature } from './feature-policies.js';

/** What `costkit doctor` looks at. */
export interface DoctorOptions {
  readonly regions: readonly string[];
  readonly models: readonly string[];
  readonly features: readonly Feature[];
  readonly nowMs: number;
  /** Told before each part. */
  readonly onProgress: (doing: string) => void;
}

/** Parts of which `onProgress` tells. */
export const DOCTOR_PARTS = 5;

/** Looks at everything that costkit needs in an account; changes nothing, and calls no model. */
export async function runDoctor(clients: AwsClients, options: DoctorOptions): Promise<Check[]> {
  const { regions, models, features, nowMs, onProgress } = options;
  const inRegions = (look: (region: string) => Promise<Check[]>): Promise<Check[]> =>
    Promise.all(regions.map(look)).then((checks) => checks.flat());

  onProgress('identity and permissions');
  const { account, check } = await checkIdentity(clients, regions[0] as string);
  const checks = [check];
  if (account !== undefined) checks.push(...(await checkPermissions(clients, account, features)));
  // Without credentials nothing else can be asked.
  if (check.status !== 'fail') {
    onProgress('logging');
    checks.push(...(await inRegions(async (region) => [await checkLogging(clients, region)])));
    onProgress('model access');
    checks.push(...(await inRegions((region) => checkModelAccess(clients, region, models))));
    onProgress('quotas');
    checks.push(...(await inRegions((region) => checkQuotas(clients, region, models))));
  }
  onProgress('prices');
  checks.push(checkPrices(nowMs));
  return checks;
}
