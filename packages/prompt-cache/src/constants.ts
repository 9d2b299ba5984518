/** The package's own name: of the lever, of its middleware and in decisions. */
export const LEVER_NAME = 'prompt-cache';

/** How long a cached prefix lives after its last use. Source: Amazon Bedrock user guide, prompt caching. */
export const TTL_MS: Readonly<Record<'5m' | '1h', number>> = { '5m': 300_000, '1h': 3_600_000 };

/** Prefixes that a client remembers. */
export const DEFAULT_MAX_PREFIXES = 4096;

/** How long a call waits for another that writes what it could read. */
export const DEFAULT_MAX_WAIT_MS = 1_000;

/** Where a store keeps what was learned. */
export const DEFAULT_STORE_KEY = 'costkit:prompt-cache';

/** Earlier user turns among which a conversation's last cached turn is searched. */
export const EARLIER_TURNS = 4;

/** Ends of system blocks that may carry a point of their own, counted from the last. */
export const SYSTEM_PLACES = 3;

/** Reads that were expected and did not come, one after another, until a prefix is switched off. */
export const MAX_MISSED_READS = 3;

/** How long a prefix that is not read stays switched off. */
export const SWITCHED_OFF_MS = 1_800_000;

/**
 * Arrivals closer together than this count as one: the service answers more slowly, so that the later request
 * cannot read what the earlier one writes.
 */
export const SHORTEST_GAP_MS = 100;

/** Prefixes of single blocks that a client remembers: 8 bytes each. */
export const SKETCH_SLOTS = 65_536;
