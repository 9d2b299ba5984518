import { randomUUID } from 'node:crypto';
import type { LocalContext } from '../contract.js';
import { createConstraints } from '../control/constraints.js';
import { pageOf } from '../control/paging.js';
import { createRequestTokens } from '../control/request-tokens.js';
import { type ResourceTags, readTags } from '../control/tags.js';
import type { JsonObject } from '../json.js';
import { createResourceId } from '../resource-id.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';

/** A model that a job has made, in the API's own shape. */
interface CustomModel extends JsonObject {
  readonly modelArn: string;
  readonly modelName: string;
}

interface Deployment extends JsonObject {
  readonly customModelDeploymentArn: string;
  readonly modelDeploymentName: string;
  readonly modelArn: string;
}

/** Custom models of the account, and their deployments, which are called by token. */
export interface CustomModels {
  /** Keeps what a job has made. `baseModelId` is what it is billed as. */
  add(model: CustomModel, baseModelId: string): void;
  /** By ARN or name. @throws BedrockFault `ResourceNotFoundException` */
  get(identifier: string): JsonObject;
  list(query: URLSearchParams): JsonObject;
  /** @throws BedrockFault `ResourceNotFoundException`, `ConflictException` while it is deployed */
  delete(identifier: string): void;
  /** CreateCustomModelDeployment. @throws BedrockFault `ValidationException`, `ResourceNotFoundException` */
  deploy(body: JsonObject): JsonObject;
  /** By ARN or name. @throws BedrockFault `ResourceNotFoundException` */
  getDeployment(identifier: string): JsonObject;
  listDeployments(query: URLSearchParams): JsonObject;
  /** @throws BedrockFault `ResourceNotFoundException` */
  undeploy(identifier: string): void;
}

const DEPLOYMENT_NAME = /([0-9a-zA-Z][_-]?){1,63}/;

/** Starts without models. Deployments are announced to the engine as aliases of the base model. */
export function createCustomModels(context: LocalContext, tags: ResourceTags): CustomModels {
  const { region, accountId, aliases, customModelNames, clock } = context;
  const models = new Map<string, { readonly view: CustomModel; readonly baseModelId: string }>();
  const deployments = new Map<string, Deployment>();
  const tokens = createRequestTokens('deployment');

  const find = (identifier: string): { readonly view: CustomModel; readonly baseModelId: string } => {
    const found =
      models.get(identifier) ?? [...models.values()].find(({ view }) => view.modelName === identifier);
    if (found === undefined) throw notFound('custom model', identifier);
    return found;
  };
  const findDeployment = (identifier: string): Deployment => {
    const found =
      deployments.get(identifier) ??
      [...deployments.values()].find(({ modelDeploymentName }) => modelDeploymentName === identifier);
    if (found === undefined) throw notFound('custom model deployment', identifier);
    return found;
  };

  return {
    add: (view, baseModelId) => void models.set(view.modelArn, { view, baseModelId }),
    get: (identifier) => ({ ...find(identifier).view, modelStatus: 'Active' }),
    list: (query) => {
      const { entries, nextToken } = pageOf([...models.values()], query, ({ view }) => view.modelArn);
      return {
        modelSummaries: entries.map(({ view, baseModelId }) => ({
          modelArn: view.modelArn,
          modelName: view.modelName,
          creationTime: view['creationTime'],
          baseModelArn: view['baseModelArn'],
          baseModelName: context.catalogue.get(baseModelId)?.name ?? baseModelId,
          customizationType: view['customizationType'],
          ownerAccountId: accountId,
          modelStatus: 'Active',
        })),
        ...(nextToken === undefined ? {} : { nextToken }),
      };
    },
    delete: (identifier) => {
      const { modelArn } = find(identifier).view;
      if ([...deployments.values()].some((deployment) => deployment.modelArn === modelArn)) {
        throw new BedrockFault(
          'ConflictException',
          'The custom model is deployed. Delete its deployments first.',
        );
      }
      models.delete(modelArn);
      tags.close(modelArn);
    },
    deploy: (body) => {
      const constraints = createConstraints();
      const name = constraints.text('modelDeploymentName', body['modelDeploymentName'], {
        required: true,
        minLength: 1,
        maxLength: 63,
        pattern: DEPLOYMENT_NAME,
      });
      const modelArn = constraints.text('modelArn', body['modelArn'], { required: true, minLength: 20 });
      const description = constraints.text('description', body['description'], { maxLength: 2048 });
      const token = constraints.text('clientRequestToken', body['clientRequestToken'], { minLength: 1 });
      const given = readTags('tags', body['tags'], constraints);
      constraints.done();
      const request = [name, modelArn, description, given];
      const customModelDeploymentArn = tokens.once(token, request, () => {
        const { view, baseModelId } = find(modelArn ?? '');
        if ([...deployments.values()].some(({ modelDeploymentName }) => modelDeploymentName === name)) {
          throw validation(`A deployment with the name ${name} exists already.`);
        }
        const arn = `arn:aws:bedrock:${region}:${accountId}:custom-model-deployment/${createResourceId(randomUUID())}`;
        const time = new Date(clock.now()).toISOString();
        deployments.set(arn, {
          customModelDeploymentArn: arn,
          modelDeploymentName: name as string,
          modelArn: view.modelArn,
          createdAt: time,
          lastUpdatedAt: time,
          // The service takes a while; that it is ready at once is assumed here.
          status: 'Active',
          ...(description === undefined ? {} : { description }),
        });
        aliases.set(arn, baseModelId);
        customModelNames.set(arn, view.modelName);
        tags.open(arn, given);
        return arn;
      });
      return { customModelDeploymentArn };
    },
    getDeployment: findDeployment,
    listDeployments: (query) => {
      const { entries, nextToken } = pageOf(
        [...deployments.values()],
        query,
        ({ customModelDeploymentArn }) => customModelDeploymentArn,
      );
      return {
        modelDeploymentSummaries: entries.map(({ modelDeploymentName, description: _, ...deployment }) => ({
          ...deployment,
          customModelDeploymentName: modelDeploymentName,
        })),
        ...(nextToken === undefined ? {} : { nextToken }),
      };
    },
    undeploy: (identifier) => {
      const { customModelDeploymentArn: arn } = findDeployment(identifier);
      deployments.delete(arn);
      aliases.delete(arn);
      customModelNames.delete(arn);
      tags.close(arn);
    },
  };
}

const notFound = (kind: string, identifier: string): BedrockFault =>
  new BedrockFault('ResourceNotFoundException', `Could not find the ${kind} ${identifier}.`);
