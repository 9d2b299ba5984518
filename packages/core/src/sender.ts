/** As much of a client as is read here. */
export interface Sender {
  config?: Readonly<Record<string, unknown>>;
}

type Configuration = NonNullable<Sender['config']>;

/** A copy with what it was made of, to be compared member by member: enumerating a copy as well would take twice as long. */
interface Snapshot {
  readonly copy: Configuration;
  readonly names: readonly string[];
  readonly values: readonly unknown[];
}

const snapshots = new WeakMap<Configuration, Snapshot>();
const senders = new WeakMap<Sender, Sender>();

function isCurrent({ names, values }: Snapshot, configuration: Configuration): boolean {
  if (Object.keys(configuration).length !== names.length) return false;
  for (let index = 0; index < names.length; index += 1) {
    if (configuration[names[index] as string] !== values[index]) return false;
  }
  return true;
}

/**
 * A copy of a client's configuration, made anew whenever that has changed. The SDK spreads all of it for every command
 * it sends. Its own object, which it fills key by key, is a hash table to V8, and to spread that takes a thirtieth of
 * a bare send; the copy is spread at once.
 */
function quickConfiguration(configuration: Configuration): Configuration {
  const known = snapshots.get(configuration);
  if (known !== undefined && isCurrent(known, configuration)) return known.copy;
  const copy = { ...configuration };
  snapshots.set(configuration, { copy, names: Object.keys(copy), values: Object.values(copy) });
  return copy;
}

/**
 * What the SDK sees as the client while it sends: a derived client in all but its configuration, which is a copy that
 * it spreads quickly. To everybody else a derived client's configuration is the very object of the client it is from.
 */
export function senderOf(client: Sender): Sender {
  // A client that was derived from a derived one comes by twice.
  if (client.config === undefined || Object.hasOwn(client, 'config')) return client;
  const sender: Sender = senders.get(client) ?? Object.create(client);
  senders.set(client, sender);
  sender.config = quickConfiguration(client.config);
  return sender;
}
