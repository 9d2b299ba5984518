import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  type BedrockPlugin,
  checkOptions,
  deriveClient,
  isMode,
  isPositiveInteger,
  type Lever,
  type LeverMode,
  leverPlugin,
  receiptOf,
} from '@costkit/core';

interface PreviewOptions {
  /** Most tokens of an answer to a call tagged `purpose: preview`. */
  readonly maxTokens: number;
  /** @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
}

/** Caps the answers of previews. */
function previewPlugin(options: PreviewOptions): BedrockPlugin {
  checkOptions<PreviewOptions>('previews', options, { maxTokens: isPositiveInteger, mode: isMode });
  const { maxTokens, mode = 'enforce' } = options;
  const lever: Lever = {
    name: 'previews',
    slot: 'fit',
    mode,
    fit: (view, call) => {
      if (call.tags['purpose'] !== 'preview') return undefined;
      const pinned = view.pinned.get('maxTokens');
      const [action, reason] =
        pinned === undefined ? [`capped at ${maxTokens}`, 'The call is a preview.'] : ['left alone', pinned];
      return {
        view: pinned === undefined ? view.withMaxTokens(maxTokens) : view,
        decisions: [{ lever: 'previews', mode, action, reason }],
      };
    },
  };
  return leverPlugin('previews', [lever]);
}

const client = deriveClient(
  new BedrockRuntimeClient({ region: 'us-east-1' }),
  previewPlugin({ maxTokens: 20 }),
);
const output = await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Describe the lighthouse.' }] }],
    requestMetadata: { purpose: 'preview' },
  }),
);
for (const { lever, action, reason } of receiptOf(output)?.decisions ?? [])
  console.log(lever, action, reason);
