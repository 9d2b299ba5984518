import type {
  BedrockRuntime,
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import type { BedrockPlugin, Ladder } from '@costkit/core';
import { describe, expectTypeOf, it } from 'vitest';
import {
  type CascadeCheck,
  type RouterOptions,
  type RoutingPolicy,
  type RoutingRule,
  routerPlugin,
  withRouter,
} from './index.js';

declare const client: BedrockRuntimeClient;
declare const aggregated: BedrockRuntime;
declare const command: ConverseCommand;
declare const options: RouterOptions;

describe('withRouter', () => {
  it('returns the type it is given', () => {
    expectTypeOf(withRouter(client, options)).toEqualTypeOf<BedrockRuntimeClient>();
    expectTypeOf(withRouter(aggregated, options)).toEqualTypeOf<BedrockRuntime>();
    expectTypeOf(withRouter(client, options).send(command)).resolves.toEqualTypeOf<ConverseCommandOutput>();
  });

  it('takes clients only', () => {
    // @ts-expect-error: no client
    withRouter({}, options);
    // @ts-expect-error: tiers are required
    withRouter(client, {});
  });
});

describe('routerPlugin', () => {
  it('is a plugin with a ladder', () => {
    expectTypeOf(routerPlugin(options)).toExtend<BedrockPlugin & { readonly ladder: Ladder }>();
    client.middlewareStack.use(routerPlugin(options));
  });
});

describe('options', () => {
  it('take a policy as JSON modules have it', () => {
    const json = { version: 1, createdAt: '2026-11-22', tasks: { faq: { tier: 'cheap' } } };
    expectTypeOf(json).toExtend<RoutingPolicy>();
  });

  it('take checks that answer now or later, with or without a reason', () => {
    expectTypeOf(() => true).toExtend<CascadeCheck>();
    expectTypeOf(() => Promise.resolve({ accept: false, reason: 'short' })).toExtend<CascadeCheck>();
    expectTypeOf(() => 'yes').not.toExtend<CascadeCheck>();
  });

  it('take conditions or a function', () => {
    expectTypeOf({ when: { task: ['a', 'b'] }, tier: 'cheap' }).toExtend<RoutingRule>();
    expectTypeOf({ when: () => true, tier: 'cheap', force: true }).toExtend<RoutingRule>();
    expectTypeOf({ when: { operation: 'Chat' as const }, tier: 'cheap' }).not.toExtend<RoutingRule>();
  });
});
