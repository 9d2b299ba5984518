import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { CatalogueModel } from '@costkit/pricing';

/** What a probe has seen: no prompt, no answer, no id and no time, so that two Bedrocks can be compared. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** What a probe asks with. */
export interface ProbeBench {
  readonly client: BedrockRuntimeClient;
  /** The id or profile to call. */
  readonly modelId: string;
  /** The catalogue's row of it. */
  readonly model: CatalogueModel;
  /** Different in every run, so that no run reads what another one has cached. */
  readonly salt: string;
}

/** One thing that the local Bedrock assumes about the service. */
export interface Probe {
  readonly name: string;
  /** What is asked, in a few words. */
  readonly about: string;
  /** Whether it makes sense for a model. */
  readonly appliesTo: (model: CatalogueModel) => boolean;
  readonly ask: (bench: ProbeBench) => Promise<Facts>;
}

/** Nothing came back: no credentials, no network, or no dollars left. */
export class NotAsked extends Error {
  override readonly name = 'NotAsked';
}

/** What was seen of one request: what `read` finds in its answer, or how it was refused. */
export async function outcomeOf<Output>(
  send: () => Promise<Output>,
  read: (output: Output) => Facts | Promise<Facts>,
): Promise<Facts> {
  try {
    return { outcome: 'answered', ...(await read(await send())) };
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    if (status === undefined) throw new NotAsked(`${name}: ${message}`, { cause: error });
    return { outcome: name, status, wording: message };
  }
}
