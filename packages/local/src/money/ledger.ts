import type { CallMode } from '../contract.js';
import { type Dollars, dollars } from './dollars.js';
import { type BilledAmount, type BilledTokens, type PricedRequest, priceRequest } from './rates.js';

/** What one billed request cost, as the server saw it. */
export interface BillLine {
  readonly requestId: string;
  /** When the request was billed, on the server's clock. */
  readonly at: Date;
  readonly operation: string;
  /** The id or ARN as called. */
  readonly modelId: string;
  /** The foundation-model id behind it. */
  readonly model: string;
  /** `global`, `geo:us`, `inRegion` or `govcloud`. */
  readonly scope: string;
  readonly region: string;
  readonly mode: CallMode;
  /** `token`, unless the id names provisioned or imported capacity, which is not paid by token. */
  readonly billing: 'token' | 'provisioned' | 'imported';
  readonly tokens: BilledTokens;
  /** Units that are not tokens, such as `{ image: 1 }`. */
  readonly units: Readonly<Record<string, number>>;
  /** Each count with its rate. */
  readonly lines: readonly BilledAmount[];
  /** The exact cost; `undefined` when a count of the request has no known rate. */
  readonly picoUsd: bigint | undefined;
  /** Whether the client got the whole answer; a stream it left is billed for what was sent. */
  readonly answerComplete: boolean;
  /** Tags of the request, as the caller sent them. */
  readonly requestMetadata?: Readonly<Record<string, string>>;
}

/** The account's bill so far. */
export interface Bill {
  /** Sum of all lines whose rates are known. */
  readonly total: Dollars;
  /** `false` when a line has no known rate: the total is then a lower bound. */
  readonly complete: boolean;
  readonly lines: readonly BillLine[];
}

/** Books requests and adds them up. */
export interface Ledger {
  book(request: Omit<PricedRequest, 'at'> & LineHead): BillLine;
  bill(): Bill;
}

interface LineHead {
  readonly requestId: string;
  readonly operation: string;
  readonly modelId: string;
  readonly answerComplete: boolean;
  readonly requestMetadata?: Readonly<Record<string, string>>;
}

/** Makes an empty ledger. `now` dates the lines and chooses the price in force. */
export function createLedger(now: () => number): Ledger {
  const lines: BillLine[] = [];
  return {
    book(request) {
      const at = now();
      const amounts = priceRequest({ ...request, at });
      const line: BillLine = {
        requestId: request.requestId,
        at: new Date(at),
        operation: request.operation,
        modelId: request.modelId,
        model: request.model.id,
        scope: request.scope,
        region: request.region,
        mode: request.mode,
        billing: request.billing,
        tokens: request.tokens,
        units: request.units,
        lines: amounts,
        picoUsd: sum(amounts),
        answerComplete: request.answerComplete,
        ...(request.requestMetadata === undefined ? {} : { requestMetadata: request.requestMetadata }),
      };
      lines.push(line);
      return line;
    },
    bill() {
      let totalPicoUsd = 0n;
      for (const line of lines) for (const { picoUsd } of line.lines) totalPicoUsd += picoUsd ?? 0n;
      return {
        total: dollars(totalPicoUsd),
        complete: lines.every((line) => line.picoUsd !== undefined),
        lines: [...lines],
      };
    },
  };
}

function sum(amounts: readonly BilledAmount[]): bigint | undefined {
  let total = 0n;
  for (const { picoUsd } of amounts) {
    if (picoUsd === undefined) return undefined;
    total += picoUsd;
  }
  return total;
}
