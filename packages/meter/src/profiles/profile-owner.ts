import { createHash } from 'node:crypto';
import {
  checkOptions,
  InvalidOptionError,
  isObject,
  isText,
  type OptionCheck,
  type Tags,
} from '@costkit/core';
import { resolveModel } from '@costkit/pricing';
import { isNames } from '../is-names.js';

/** Who gets a profile of their own for each model. */
export interface ProfileOwner {
  /** Cost-allocation tags of the profiles, e.g. `{ team: 'search' }`; they tell owners apart. */
  readonly tags: Tags;
  /** Models and inference profiles that the owner calls: ids, or ARNs that name their model. */
  readonly models: readonly string[];
  /** Stands at the beginning of the profiles' names. @defaultValue the values of the tags */
  readonly name?: string;
}

/** Bedrock's limits on names and tags of resources. */
const MAX_NAME = 64;
const MAX_TAGS = 50;
const TAG_TEXT = /^[a-zA-Z0-9\s._:/=+@-]*$/;

function tagsProblem(tags: unknown): string | undefined {
  const problem = isObject(tags);
  if (problem !== undefined) return problem;
  const entries = Object.entries(tags as object);
  if (entries.length === 0 || entries.length > MAX_TAGS) return `must hold 1 to ${MAX_TAGS} tags`;
  const isTag = ([key, value]: [string, unknown]): boolean =>
    TAG_TEXT.test(key) &&
    key.length >= 1 &&
    key.length <= 128 &&
    !key.toLowerCase().startsWith('aws:') &&
    typeof value === 'string' &&
    value.length <= 256 &&
    TAG_TEXT.test(value);
  const wrong = entries.find((entry) => !isTag(entry));
  return wrong === undefined
    ? undefined
    : `must hold tags that AWS takes: letters, digits, spaces and _ . : / = + @ -, no key that begins with "aws:"; "${wrong[0]}" is none`;
}

const isModels: OptionCheck = (models) => {
  const problem = isNames(models);
  if (problem !== undefined || (models as string[]).length === 0)
    return problem ?? 'must name at least one model';
  const unknown = (models as string[]).find((model) => resolveModel(model) === undefined);
  return unknown === undefined ? undefined : `names "${unknown}", which is no model that the catalogue knows`;
};

/** @throws `InvalidOptionError` for owners that are none, or whose profiles would have the same names */
export function checkOwners(owners: readonly ProfileOwner[]): void {
  const names = new Map<string, number>();
  for (const [index, owner] of owners.entries()) {
    const path = `owners[${index}].`;
    checkOptions<ProfileOwner>('meter', owner, { tags: tagsProblem, models: isModels, name: isText }, path);
    for (const field of ['tags', 'models'] as const)
      if (owner[field] === undefined) throw new InvalidOptionError('meter', path + field, 'is missing');
    for (const modelId of owner.models) {
      const name = profileName(owner, modelId);
      const earlier = names.get(name);
      if (earlier !== undefined)
        throw new InvalidOptionError(
          'meter',
          `${path}models`,
          `leads to the profile name "${name}" of owners[${earlier}] again; give one of them another "name"`,
        );
      names.set(name, index);
    }
  }
}

/** Letters and digits with single hyphens between them, as Bedrock wants names. */
const slug = (text: string): string => text.replaceAll(/[^0-9a-zA-Z]+/g, '-').replaceAll(/^-|-$/g, '');

/** The name of an owner's profile for a model: the same every time, so that it is found again. */
export function profileName({ name, tags }: ProfileOwner, modelId: string): string {
  const byName = Object.keys(tags).sort();
  const owner = name ?? byName.map((key) => tags[key]).join('-');
  const full = slug(`${owner}-${modelId.slice(modelId.lastIndexOf('/') + 1)}`);
  if (full.length <= MAX_NAME) return full;
  const mark = createHash('sha256').update(full).digest('hex').slice(0, 8);
  return `${slug(full.slice(0, MAX_NAME - mark.length - 1))}-${mark}`;
}
