import { readFile } from 'node:fs/promises';
import { ConverseCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { type LocalModel, simulatedModel } from '@costkit/local';
import { resolveModel } from '@costkit/pricing';
import { loadRoutingPolicy } from '@costkit/router';
import type { CostkitConfig } from 'costkit';
import { CliUsageError } from '../../cli-error.js';
import { readTier } from '../../tier-option.js';
import type { DemoStep, Scenario } from '../scenario.js';
import { ASSUMPTIONS, BREVITY_SOURCE } from './support-assumptions.js';
import { DEMO_MODELS } from './support-models.js';

const START_MS = Date.parse('2026-11-16T09:00:00Z');
const SECONDS_BETWEEN_REQUESTS = 16;

/** Options of {@link requestsScenario}. */
export interface RequestsOptions {
  /** Model of requests that name none. */
  readonly model?: string;
  /** A routing policy, whose tiers are the models in `tiers`. */
  readonly policy?: string;
  /** `name=modelId`, cheap to strong. */
  readonly tiers?: readonly string[];
}

const shownLine = (file: string, index: number): string => `line ${index + 1} of "${file}"`;

function readRequest(line: string, index: number, file: string, model: string): ConverseCommandInput {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new CliUsageError(
      `${shownLine(file, index)} is no JSON. Every line must be one Converse request`,
      'COSTKIT_BROKEN_LINE',
      { cause },
    );
  }
  const request = value as Partial<ConverseCommandInput> | null;
  if (
    typeof request !== 'object' ||
    request === null ||
    !Array.isArray(request.messages) ||
    request.messages.length === 0
  ) {
    throw new CliUsageError(
      `${shownLine(file, index)} is no Converse request: it has no messages. A line looks like {"messages":[{"role":"user","content":[{"text":"…"}]}]}`,
      'COSTKIT_BROKEN_LINE',
    );
  }
  const input = { modelId: model, ...request } as ConverseCommandInput;
  if (resolveModel(input.modelId ?? '') === undefined) {
    throw new CliUsageError(
      `${shownLine(file, index)} names the unknown model "${input.modelId}". Name one that \`costkit price\` lists`,
      'COSTKIT_UNKNOWN_MODEL',
    );
  }
  return input;
}

async function readRequests(file: string, model: string): Promise<readonly ConverseCommandInput[]> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new CliUsageError(
      `cannot read "${file}". Name a JSONL file of Converse requests`,
      'COSTKIT_CANNOT_READ',
      { cause },
    );
  });
  const requests = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [readRequest(line, index, file, model)]));
  if (requests.length === 0)
    throw new CliUsageError(
      `"${file}" is empty. Every line must be one Converse request`,
      'COSTKIT_BROKEN_LINE',
    );
  return requests;
}

async function routerOf({ policy, tiers = [] }: RequestsOptions): Promise<CostkitConfig['router']> {
  if (policy === undefined) return false;
  return {
    tiers: tiers.map(readTier),
    policy: await loadRoutingPolicy(policy),
    clock: { now: () => START_MS, monotonicMs: () => 0 },
  };
}

/** Any Converse requests, in the order of their file, as they would come in from users. */
export async function requestsScenario(file: string, options: RequestsOptions): Promise<Scenario> {
  const requests = await readRequests(file, options.model ?? DEMO_MODELS.frontier);
  const router = await routerOf(options);
  const routed: CostkitConfig = {
    ...(router === undefined ? {} : { router }),
    promptCache: false,
    outputLimit: false,
  };
  const cached: CostkitConfig = { ...routed, promptCache: {} };
  const limited: CostkitConfig = { ...cached, outputLimit: { mode: 'enforce', brevity: true } };
  const steps: readonly [DemoStep, ...DemoStep[]] = [
    { name: 'naive', config: undefined, batch: false },
    ...(router === false ? [] : [{ name: 'routing', config: routed, batch: false }]),
    { name: 'prompt caching', config: cached, batch: false },
    { name: 'output limits', config: limited, batch: false },
    { name: 'batch (if all of it can wait)', config: limited, batch: true },
  ];
  return {
    startMs: START_MS,
    bedrock: { models: { '*': answersTo(requests) } },
    waitingFeature: 'requests',
    steps,
    run: async ({ client, clock, batch, atOnce }) => {
      const send = (request: ConverseCommandInput): Promise<unknown> =>
        withTags({ feature: 'requests' }, () => client.send(new ConverseCommand(request)));
      if (batch) {
        await atOnce(requests.map((request) => () => send(request)));
        return undefined;
      }
      for (const request of requests) {
        await send(request);
        await clock.advance(SECONDS_BETWEEN_REQUESTS * 1_000);
      }
      return undefined;
    },
  };
}

const lastText = ({ messages = [] }: ConverseCommandInput): string =>
  (messages.at(-1)?.content ?? []).map((block) => block.text ?? '').join('\n');

/** Answers of the demo's stated length, which grow shorter when they are asked to. */
function answersTo(requests: readonly ConverseCommandInput[]): LocalModel {
  const cores = [...new Set(requests.map(lastText).filter((text) => text.trim() !== ''))];
  return simulatedModel({
    questions: cores.map((core) => ({ core, answer: 'not graded', difficulty: 'any' })),
    accuracy: { any: 1 },
    verbosityTokens: ASSUMPTIONS.answerTokens,
    brevity: { shareOfTokensKept: ASSUMPTIONS.brevityShareKept, source: BREVITY_SOURCE },
    source: 'not graded',
  });
}

/** What a run on requests assumes. */
export const REQUESTS_NOTE: string = `The answers are simulated, ${ASSUMPTIONS.answerTokens.mean} tokens long on average, and nobody graded them. Brevity: ${BREVITY_SOURCE}. A request comes in every ${SECONDS_BETWEEN_REQUESTS} seconds.`;
