/** As much of a client as is read here. */
export interface Sender {
  config?: Readonly<Record<string, unknown>>;
}

type Configuration = NonNullable<Sender['config']>;

const copies = new WeakMap<Configuration, Configuration>();
const senders = new WeakMap<Sender, Sender>();

/**
 * A copy of a client's configuration, made anew whenever that has changed. The SDK spreads all of it for every command
 * it sends. Its own object, which it fills key by key, is a hash table to V8, and to spread that takes a thirtieth of
 * a bare send; the copy is spread at once.
 */
function quickConfiguration(configuration: Configuration): Configuration {
  let copy = copies.get(configuration) ?? {};
  for (const key in configuration) {
    if (copy[key] === configuration[key]) continue;
    copy = { ...configuration };
    copies.set(configuration, copy);
    break;
  }
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
