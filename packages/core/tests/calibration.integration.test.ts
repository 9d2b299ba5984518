import {
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, proseModel, startLocalBedrock } from '@costkit/local';
import { type Calibration, createCalibration, estimateText } from '@costkit/tokens';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BedrockClientLike,
  type Call,
  deriveClient,
  estimatedTokens,
  leverPlugin,
  NO_USAGE,
  promptTokens,
  receiptOf,
  settingsPlugin,
} from '../src/index.js';
import { memoryStore } from '../src/memory-store.js';
import { localClient } from './local-client.js';

const OPUS = 'us.anthropic.claude-opus-5-5';
const PROSE = 'A customer may return every product within thirty days of its delivery. ';
const ask = (text: string, more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: OPUS,
  messages: [{ role: 'user', content: [{ text }] }],
  inferenceConfig: { maxTokens: 20 },
  ...more,
});

let bedrock: LocalBedrock;
let bare: ReturnType<typeof localClient>;
beforeEach(async () => {
  bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 30 } }) } });
  bare = localClient(bedrock, 'HTTP/2', { maxAttempts: 1 });
});
afterEach(async () => {
  bare.destroy();
  await bedrock.stop();
});

/** The last estimate and the calibration of a client's calls. */
interface Seen {
  total: number;
  calibration: Calibration | undefined;
}

function watched(client: typeof bare = bare, seen: Seen = { total: 0, calibration: undefined }) {
  const lever = leverPlugin('watch', [
    {
      name: 'watch',
      slot: 'fit',
      mode: 'enforce',
      fit: (view, call) => {
        seen.total = estimatedTokens(view, call).total;
        seen.calibration = (call as Call).calibration;
        return undefined;
      },
    },
  ]);
  return { client: deriveClient(client, lever), seen };
}

describe('calibration', () => {
  it('follows what the model reports: cached, streamed and whole, each input token once', async () => {
    const { client, seen } = watched();
    const system = [{ text: PROSE.repeat(200) }, { cachePoint: { type: 'default' as const } }];
    const errors: number[] = [];
    for (let call = 0; call < 24; call++) {
      const input = ask(`${call} ${PROSE.repeat(20 + 5 * call)}`, call % 3 === 0 ? {} : { system });
      const output =
        call % 2 === 0
          ? await client.send(new ConverseCommand(input))
          : await client.send(new ConverseStreamCommand(input));
      if ('stream' in output) for await (const _ of output.stream ?? []) void _;
      const { usage } = receiptOf(output) ?? { usage: NO_USAGE };
      errors.push(Math.abs(seen.total / promptTokens(usage) - 1));
    }
    // Belief and the local tokenizer differ by half.
    expect(errors[0]).toBeGreaterThan(0.3);
    for (const error of errors.slice(12)) expect(error).toBeLessThan(0.05);
    expect(seen.calibration?.observations(OPUS)).toBe(24);
  });

  it('knows the tokenizer of a model that is believed in before its first answer', async () => {
    await bedrock.stop();
    bedrock = await startLocalBedrock({
      tokenizer: { count: (text) => Math.round(estimateText(text) * 1.45) },
    });
    bare = localClient(bedrock);
    const { client, seen } = watched();
    const output = await client.send(new ConverseCommand(ask(PROSE.repeat(50))));
    expect(Math.abs(seen.total / (receiptOf(output)?.usage.input ?? 0) - 1)).toBeLessThan(0.08);
  });

  it('learns nothing from answers that are not complete, refused or hold what no text says', async () => {
    const { client, seen } = watched();
    const { stream } = await client.send(new ConverseStreamCommand(ask(PROSE)));
    for await (const _ of stream ?? []) break;
    await client.send(new ConverseCommand(ask(PROSE, { modelId: 'us.anthropic.no-model' }))).catch(() => 0);
    const image = { image: { format: 'png' as const, source: { bytes: new Uint8Array(10) } } };
    await client.send(
      new ConverseCommand(ask(PROSE, { messages: [{ role: 'user', content: [image, { text: PROSE }] }] })),
    );
    expect(seen.calibration?.observations(OPUS)).toBe(0);
    await client.send(new ConverseCommand(ask(PROSE)));
    expect(seen.calibration?.observations(OPUS)).toBe(1);
  });

  it('learns by itself from the first answers of a model, and then where somebody measures anyway', async () => {
    const calibration = createCalibration();
    const client = deriveClient(bare, settingsPlugin({ calibration }));
    for (let call = 0; call < 60; call++) await client.send(new ConverseCommand(ask(`${call} ${PROSE}`)));
    expect(calibration.observations(OPUS)).toBe(50);
    const measuring = watched(client).client;
    for (let call = 0; call < 8; call++) await measuring.send(new ConverseCommand(ask(`${call} ${PROSE}`)));
    expect(calibration.observations(OPUS)).toBe(52);
  }, 60_000);

  it('is one for each client, unless one is shared', async () => {
    const [one, other] = [watched(), watched()];
    await one.client.send(new ConverseCommand(ask(PROSE)));
    await other.client.send(new ConverseCommand(ask(PROSE)));
    expect(one.seen.calibration).not.toBe(other.seen.calibration);
    const calibration = createCalibration();
    const share = (client: BedrockClientLike) =>
      deriveClient(client as typeof bare, settingsPlugin({ calibration }));
    for (const client of [share(bare), share(bare)]) await client.send(new ConverseCommand(ask(PROSE)));
    expect(calibration.observations(OPUS)).toBe(2);
  });

  it('begins warm from a store, with the very first call', async () => {
    const store = memoryStore();
    const first = createCalibration({ store });
    const client = deriveClient(bare, settingsPlugin({ calibration: first }));
    for (let call = 0; call < 8; call++) {
      await client.send(new ConverseCommand(ask(`${call} ${PROSE.repeat(20)}`)));
    }
    await first.flush();
    const second = createCalibration({ store });
    const { client: cold, seen } = watched(deriveClient(bare, settingsPlugin({ calibration: second })));
    const output = await cold.send(new ConverseCommand(ask(PROSE.repeat(40))));
    expect(Math.abs(seen.total / (receiptOf(output)?.usage.input ?? 0) - 1)).toBeLessThan(0.05);
  });

  it('estimates what an abandoned stream has cost by what it has learned', async () => {
    const { client } = watched();
    for (let call = 0; call < 10; call++) {
      await client.send(new ConverseCommand(ask(`${call} ${PROSE.repeat(20)}`)));
    }
    const input = ask(PROSE.repeat(60), { inferenceConfig: { maxTokens: 400 } });
    const output = await client.send(new ConverseStreamCommand(input));
    for await (const _ of output.stream ?? []) break;
    const { quality, usage } = receiptOf(output) ?? { quality: undefined, usage: NO_USAGE };
    expect(quality).toBe('estimated');
    const whole = await bare.send(new ConverseCommand(input));
    expect(Math.abs(usage.input / (whole.usage?.inputTokens ?? 0) - 1)).toBeLessThan(0.05);
  });

  it('learns from bodies of InvokeModel too', async () => {
    const { client, seen } = watched();
    const body = JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 20,
      messages: [{ role: 'user', content: PROSE.repeat(10) }],
    });
    await client.send(new InvokeModelCommand({ modelId: OPUS, body }));
    expect(seen.calibration?.observations(OPUS)).toBe(1);
  });
});
