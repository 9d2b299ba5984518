import { createHash } from 'node:crypto';
import type { Call } from './lever.js';
import type { RequestView } from './request-view.js';
import type { CoreSettings } from './settings.js';

// Bedrock's limits on `requestMetadata`: 1 to 16 entries, 256 characters, this alphabet (service model).
const MAX_ENTRIES = 16;
const MAX_LENGTH = 256;
const FOREIGN = /[^a-zA-Z0-9\s:_@$#=/+,.-]/gu;

const clean = (text: string): string => text.replace(FOREIGN, '_').slice(0, MAX_LENGTH);

const hashed = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 32);

/**
 * Writes the allowed tags into the request's metadata, so that they reach the account's invocation logs. What
 * does not fit is said on the receipt.
 */
export function writeMetadata(view: RequestView, call: Call, settings: CoreSettings): RequestView {
  const metadata: Record<string, string> = {};
  const changed: string[] = [];
  const left: string[] = [];
  const room = MAX_ENTRIES - Object.keys(view.tags).length;
  for (const name of settings.metadataTags) {
    const value = call.tags[name];
    if (value === undefined || Object.hasOwn(view.tags, name)) continue;
    if (Object.keys(metadata).length >= room) {
      left.push(name);
      continue;
    }
    const text = settings.hashedTags.includes(name) ? hashed(value) : value;
    if (clean(text) !== text || clean(name) !== name) changed.push(name);
    metadata[clean(name)] = clean(text);
  }
  const report = (action: string, names: readonly string[], reason: string): void => {
    if (names.length > 0) {
      call.decide({ lever: 'core', mode: 'enforce', action: `${action}: ${names.join(', ')}`, reason });
    }
  };
  report(
    'shortened metadata tags',
    changed,
    'Bedrock takes 256 characters of a fixed alphabet; others became "_".',
  );
  report('left out metadata tags', left, `Bedrock takes at most ${MAX_ENTRIES} entries of request metadata.`);
  return Object.keys(metadata).length === 0 ? view : view.withMetadata(metadata);
}
