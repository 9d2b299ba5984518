import { type Receipt, type RequestView, receiptOf } from '@costkit/core';
import { costOf, type PriceQuery } from '@costkit/pricing';
import { ON_DEMAND_CONCURRENCY } from './constants.js';
import { readRecord } from './read-record.js';
import type { BatchFailure, BatchResult, BatchSuccess, OnDemandClient } from './types.js';

/** A record on its own way. */
export interface Single {
  readonly recordId: string;
  readonly view: RequestView;
}

/** What a wrapped client knows better than the answer: other levers may have changed the call. */
const costOfReceipt = ({
  usage,
  quality,
  cost,
}: Receipt): Pick<BatchSuccess, 'usage' | 'quality' | 'cost'> => ({
  usage,
  quality,
  cost,
});

async function send(
  client: OnDemandClient,
  { recordId, view }: Single,
  query: PriceQuery,
): Promise<BatchResult> {
  const { ConverseCommand } = await import('@aws-sdk/client-bedrock-runtime');
  try {
    const output = (await client.send(new ConverseCommand(view.input as never))) as Record<string, unknown>;
    const receipt = receiptOf(output);
    const { usage, quality } = readRecord(view, output);
    const { total, complete } = costOf(usage, query);
    return {
      recordId,
      ok: true,
      output,
      mode: 'on-demand',
      ...(receipt === undefined
        ? { usage, quality, cost: complete ? total : undefined }
        : costOfReceipt(receipt)),
    };
  } catch (error) {
    return failureOf(recordId, error);
  }
}

function failureOf(recordId: string, error: unknown): BatchFailure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { recordId, ok: false, errorCode: name, errorMessage: message };
}

/** Answers records one by one, some at the same time, in their order. */
export async function* sendOnDemand(
  client: OnDemandClient,
  records: readonly Single[],
  query: PriceQuery,
  signal: AbortSignal | undefined,
): AsyncGenerator<BatchResult> {
  const sending: Promise<BatchResult>[] = [];
  for (const [index, record] of records.entries()) {
    signal?.throwIfAborted();
    sending.push(send(client, record, query));
    if (index >= ON_DEMAND_CONCURRENCY - 1) yield await (sending.shift() as Promise<BatchResult>);
  }
  for (const sent of sending) yield await sent;
}
