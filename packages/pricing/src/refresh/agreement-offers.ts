import type { CommandClass } from '../command-class.js';
import { listModels } from '../list-models.js';
import { checkOptions } from './check-options.js';
import type { PriceDocument, PriceItem, PriceSource } from './price-source.js';

/** The part of `@aws-sdk/client-bedrock` that {@link agreementOffers} uses; the module itself fits. */
export interface AgreementCommands {
  /** As the SDK's own. */
  readonly ListFoundationModelAgreementOffersCommand: CommandClass<{ modelId: string; offerType: 'PUBLIC' }>;
}

/** A `BedrockClient`, whichever copy of the SDK it comes from. */
export interface AgreementClientLike {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  send(command: any): Promise<any>;
}

interface Answer {
  readonly offers?: readonly {
    readonly termDetails?: {
      readonly usageBasedPricingTerm?: {
        readonly rateCard?: readonly {
          readonly dimension?: string;
          readonly price?: string;
          readonly unit?: string;
        }[];
      };
    };
  }[];
}

/** Answers that say: this model is not sold through AWS Marketplace, or not to this account. */
const NO_OFFERS = new Set(['ValidationException', 'ResourceNotFoundException', 'AccessDeniedException']);

/** How {@link agreementOffers} asks. */
export interface AgreementOffersOptions {
  /** Ids of the models to ask for. @defaultValue every model of the catalogue */
  readonly models?: readonly string[];
  /** Today, as the day of the answers. @defaultValue the machine's clock */
  readonly now?: () => Date;
}

/**
 * The rate cards of models that AWS Marketplace bills (all modern Claude, GPT, Cohere …), which list a new model before
 * the price list does: `ListFoundationModelAgreementOffers`, public offers only. Needs
 * `bedrock:ListFoundationModelAgreementOffers`. The token with which an offer could be accepted is not kept.
 *
 * A model that has no agreement, or that this account may not ask about, is passed over; other errors of the SDK pass
 * through.
 *
 * @throws InvalidOptionError when an option is unknown.
 *
 * @example
 * ```ts
 * import * as bedrock from '@aws-sdk/client-bedrock';
 *
 * const source = agreementOffers(new bedrock.BedrockClient({ region: 'us-east-1' }), bedrock);
 * ```
 */
export function agreementOffers(
  client: AgreementClientLike,
  commands: AgreementCommands,
  options: AgreementOffersOptions = {},
): PriceSource {
  checkOptions(options, ['models', 'now']);
  const { models = listModels().map(({ id }) => id), now = (): Date => new Date() } = options;
  return {
    isComplete: false,
    async *documents(onProgress) {
      for (const [index, model] of models.entries()) {
        const items = await itemsOf(client, commands, model);
        const title = `rate card of ${model}`;
        onProgress?.({ done: index + 1, total: models.length, title });
        if (items.length > 0) yield documentOf(title, model, items, now());
      }
    },
  };
}

function documentOf(title: string, model: string, items: readonly PriceItem[], at: Date): PriceDocument {
  return {
    title,
    source: 'aws-agreement',
    offer: 'agreement',
    model,
    publishedOn: at.toISOString().slice(0, 10),
    items,
  };
}

async function itemsOf(
  client: AgreementClientLike,
  commands: AgreementCommands,
  modelId: string,
): Promise<PriceItem[]> {
  let answer: Answer;
  try {
    answer = (await client.send(
      new commands.ListFoundationModelAgreementOffersCommand({ modelId, offerType: 'PUBLIC' }),
    )) as Answer;
  } catch (error) {
    if (NO_OFFERS.has((error as Error | undefined)?.name ?? '')) return [];
    throw error;
  }
  return (answer.offers ?? []).flatMap(({ termDetails }) =>
    (termDetails?.usageBasedPricingTerm?.rateCard ?? []).map(({ dimension = '', price, unit = '' }) => ({
      usageType: dimension,
      attributes: {},
      unit,
      ...(price === undefined ? {} : { usd: price }),
    })),
  );
}
