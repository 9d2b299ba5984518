import type { LocalClock, RouteHandler } from '../contract.js';
import type { RuntimeHandler } from '../runtime/runtime-handler.js';
import { controlOperationOf } from '../trouble/control-operations.js';
import type { TroubleScript } from '../trouble/trouble.js';
import { meetTrouble } from '../trouble/troubled-frames.js';
import type { RecordedHandler } from './answer-request.js';
import { requireCaller } from './authorization.js';
import { BedrockFault } from './bedrock-fault.js';

/** Chooses the service: S3 by its signature, since buckets may have any name, the rest by path. */
export function routeServices(services: {
  readonly objects: RouteHandler;
  readonly control: RouteHandler;
  readonly runtime: RuntimeHandler;
  readonly region: string;
  readonly accountId: string;
  readonly clock: LocalClock;
  readonly trouble: TroubleScript;
}): RecordedHandler {
  const { objects, control, runtime, region, accountId, clock, trouble } = services;
  return async (http, record) => {
    const object = await objects(http);
    if (object !== undefined) return object;
    const caller = requireCaller(http);
    record.service = http.path.startsWith('/model/') ? 'bedrock-runtime' : 'bedrock';
    const callerArn = `arn:aws:iam::${accountId}:user/${caller.accessKeyId ?? 'bearer'}`;
    const { requestId } = record;
    const inference = await runtime({ http, requestId, region: caller.region ?? region, callerArn, record });
    if (inference !== undefined) return inference;
    const operation = controlOperationOf(http.method, http.path);
    if (operation !== undefined) {
      record.operation = operation;
      await meetTrouble(trouble.next({ operation, modelIds: [] }), clock, http.signal, false);
    }
    const response = await control(http);
    if (response === undefined) {
      throw new BedrockFault(
        'UnknownOperationException',
        `The local Bedrock has no ${http.method} ${http.path}.`,
      );
    }
    return response;
  };
}
