import { readFile } from 'node:fs/promises';
import { RoutingPolicyError } from './errors.js';
import { parseRoutingPolicy, type RoutingPolicy } from './routing-policy.js';

/**
 * Reads a routing policy from a file.
 *
 * @throws {@link RoutingPolicyError} when the file cannot be read or is no policy.
 *
 * @example
 * ```ts
 * const policy = await loadRoutingPolicy('routing-policy.json');
 * const routed = withRouter(client, { tiers, policy });
 * ```
 */
export async function loadRoutingPolicy(file: string | URL): Promise<RoutingPolicy> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new RoutingPolicyError(
      '',
      `the file "${file}" cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      { cause },
    );
  }
  return parseRoutingPolicy(text);
}
