import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AccountState, emptyAccount, type JsonService, Refusal } from './account-state.js';
import { bedrockOperation } from './bedrock-control.js';
import { budgetsService } from './budgets-service.js';
import { cloudWatchService } from './cloud-watch-service.js';
import { costExplorerService } from './cost-explorer-service.js';
import { queryServices } from './query-services.js';

export interface FakeAccount extends AccountState {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const READS = /^(Describe|Get|List|Simulate)/;

const QUOTAS: JsonService = {
  ListServiceQuotas: () => ({
    Quotas: [
      {
        QuotaName: 'Cross-region model inference tokens per minute for Anthropic Claude Sonnet 4.5',
        Value: 200_000,
      },
      { QuotaName: 'On-demand model inference requests per minute for Amazon Nova Lite', Value: 0 },
    ],
  }),
};

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly error?: string;
}

/**
 * An AWS account on loopback that keeps what it is sent, as far as `costkit alerts` and `costkit doctor` speak with it,
 * in the services' own protocols: AWS JSON (Budgets, Cost Explorer, CloudWatch, Service Quotas), Query (SNS, STS, IAM)
 * and REST JSON (Bedrock's control plane).
 */
export async function startFakeAccount(): Promise<FakeAccount> {
  const account = emptyAccount();
  const jsonServices: Readonly<Record<string, JsonService>> = {
    AWSBudgetServiceGateway: budgetsService(account),
    AWSInsightsIndexService: costExplorerService(account),
    GraniteServiceVersion20100801: cloudWatchService(account),
    ServiceQuotasV20190624: QUOTAS,
  };
  const query = queryServices(account);

  const note = (operation: string): void => {
    account.operations.push(operation);
    if (!READS.test(operation)) account.writes.push(operation);
    if (account.denied.has(operation))
      throw new Refusal('AccessDeniedException', `not authorized to perform: ${operation}`, 403);
  };

  const answerJson = (target: string, body: string, region: string): Answer => {
    const type = 'application/x-amz-json-1.1';
    const [service = '', operation = ''] = target.split('.');
    try {
      note(operation);
      const handler = jsonServices[service]?.[operation];
      if (handler === undefined) throw new Refusal('UnknownOperationException', target);
      return { status: 200, type, body: JSON.stringify(handler(JSON.parse(body), region)) };
    } catch (error) {
      const { name, message, status = 500 } = error as Refusal;
      return { status, type, error: name, body: JSON.stringify({ __type: name, message }) };
    }
  };

  const answerQuery = (body: string, region: string): Answer => {
    const type = 'text/xml';
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    try {
      note(action);
      const handler = query[action];
      if (handler === undefined) throw new Refusal('InvalidAction', action);
      const result = `<${action}Result>${handler(form, region)}</${action}Result>`;
      const metadata = '<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>';
      return { status: 200, type, body: `<${action}Response>${result}${metadata}</${action}Response>` };
    } catch (error) {
      const { name, message, status = 500 } = error as Refusal;
      const details = `<Type>Sender</Type><Code>${name}</Code><Message>${message}</Message>`;
      return { status, type, body: `<ErrorResponse><Error>${details}</Error></ErrorResponse>` };
    }
  };

  const answerRest = ({ method = '', url = '' }: IncomingMessage, body: string, region: string): Answer => {
    const type = 'application/json';
    try {
      const [operation, answer] = bedrockOperation(account, method, url.split('?')[0] ?? '', body, region);
      note(operation);
      return { status: 200, type, body: JSON.stringify(answer() ?? {}) };
    } catch (error) {
      const { name, message, status = 500 } = error as Refusal;
      return { status, type, error: name, body: JSON.stringify({ message }) };
    }
  };

  const answerTo = (request: IncomingMessage, body: string): Answer => {
    // Credential=<key>/<date>/<region>/<service>/aws4_request
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') return answerJson(target, body, region);
    return request.headers['content-type']?.includes('form') === true
      ? answerQuery(body, region)
      : answerRest(request, body, region);
  };

  const server = createServer((request, response) => {
    let sent = '';
    request.on('data', (chunk) => {
      sent += String(chunk);
    });
    request.on('end', () => {
      const { status, type, error, body } = answerTo(request, sent);
      response.writeHead(status, {
        'content-type': type,
        ...(error === undefined ? {} : { 'x-amzn-errortype': error }),
      });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(account, {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
