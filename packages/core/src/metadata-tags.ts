import { createHash } from 'node:crypto';
import type { Call } from './lever.js';
import type { Tags } from './receipt.js';
import type { RequestView } from './request-view.js';
import type { CoreSettings } from './settings.js';

// Bedrock's limits on `requestMetadata`: 1 to 16 entries, 256 characters, this alphabet (service model).
const MAX_ENTRIES = 16;
const MAX_LENGTH = 256;
// Of its white space what HTTP headers and every dialect of patterns take: a wider one failed calls of InvokeModel.
const FOREIGN = /[^a-zA-Z0-9 \t\n\r:_@$#=/+,.-]/gu;

const clean = (text: string): string => text.replace(FOREIGN, '_').slice(0, MAX_LENGTH);

const hashed = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 32);

/** What becomes of the allowed tags of a call. */
interface Plan {
  readonly metadata: Readonly<Record<string, string>>;
  /** Tags whose name or value had to change. */
  readonly changed: readonly string[];
  /** Tags without a place. */
  readonly left: readonly string[];
}

function plan(view: RequestView, tags: Tags, { metadataTags, hashedTags }: CoreSettings): Plan {
  const metadata: Record<string, string> = {};
  const changed: string[] = [];
  const left: string[] = [];
  const room = MAX_ENTRIES - Object.keys(view.tags).length;
  for (const name of new Set(metadataTags)) {
    const value: string | undefined | null = tags[name];
    const key = clean(name);
    // The request's own entries stay as they are.
    if (value === undefined || value === null || Object.hasOwn(view.tags, name)) continue;
    const isTaken = Object.hasOwn(view.tags, key) || Object.hasOwn(metadata, key);
    if (key === '' || isTaken || Object.keys(metadata).length >= room) {
      left.push(name);
      continue;
    }
    // Without types, the number of a user is soon a tag: it is no reason to fail a call.
    const given = String(value);
    const text = hashedTags.includes(name) ? hashed(given) : given;
    if (clean(text) !== text || key !== name) changed.push(name);
    metadata[key] = clean(text);
  }
  return { metadata, changed, left };
}

/**
 * Writes the allowed tags into the request's metadata, so that they reach the account's invocation logs. What
 * does not fit is said on the receipt.
 */
export function writeMetadata(view: RequestView, call: Call, settings: CoreSettings): RequestView {
  const { metadata, changed, left } = plan(view, call.tags, settings);
  const edited = Object.keys(metadata).length === 0 ? view : view.withMetadata(metadata);
  const report = (action: string, names: readonly string[], reason: string): void => {
    if (names.length > 0) {
      call.decide({ lever: 'core', mode: 'enforce', action: `${action}: ${names.join(', ')}`, reason });
    }
  };
  if (edited === view) {
    report(
      'left out metadata tags',
      Object.keys(metadata),
      'No view knows this request, so nothing is added to it.',
    );
  } else {
    report(
      'shortened metadata tags',
      changed,
      'Bedrock takes 256 characters of a fixed alphabet; others became "_".',
    );
  }
  report(
    'left out metadata tags',
    left,
    `Bedrock takes at most ${MAX_ENTRIES} entries of request metadata, each name once.`,
  );
  return edited;
}
