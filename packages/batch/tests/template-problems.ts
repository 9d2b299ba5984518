import { specification } from '@aws-cdk/cfnspec';

/** A CloudFormation template, as far as it is looked at. */
export interface Template {
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Json }>>;
}
type Json = Readonly<Record<string, unknown>>;

/** What the specification says of a property, whatever its kind. */
interface Rule {
  readonly Required?: boolean;
  readonly Type?: string;
  readonly ItemType?: string;
  readonly PrimitiveType?: string;
  readonly PrimitiveItemType?: string;
}

const { ResourceTypes, PropertyTypes } = specification();

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is only known when the template is deployed can be of any kind. */
const isIntrinsic = (value: unknown): boolean =>
  isObject(value) && /^(Ref|Fn::\w+)$/.test(Object.keys(value).join());

const PRIMITIVES: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  Integer: Number.isInteger,
  Long: Number.isInteger,
  Double: Number.isFinite,
  Json: isObject,
};

/**
 * What CloudFormation would refuse in a template, by its own specification of resources: types that there are not,
 * properties that are missing or unknown, values of another kind.
 */
export function templateProblems({ Resources }: Template): string[] {
  const problems: string[] = [];

  const checkMembers = (
    at: string,
    type: string,
    members: Json,
    rules: Readonly<Record<string, Rule>>,
  ): void => {
    for (const [name, rule] of Object.entries(rules)) {
      if (rule.Required === true && !(name in members)) problems.push(`${at}: "${name}" is missing`);
    }
    for (const [name, value] of Object.entries(members)) {
      const rule = rules[name];
      if (rule === undefined) problems.push(`${at}: ${type} has no "${name}"`);
      else checkValue(`${at}.${name}`, type, value, rule);
    }
  };

  const checkValue = (at: string, type: string, value: unknown, rule: Rule): void => {
    const { PrimitiveType, PrimitiveItemType, Type: kind = '', ItemType = '' } = rule;
    if (isIntrinsic(value)) return;
    if (PrimitiveType !== undefined) {
      if (PRIMITIVES[PrimitiveType]?.(value) !== true) problems.push(`${at}: is no ${PrimitiveType}`);
    } else if (kind === 'List' || kind === 'Map') {
      const items = kind === 'List' ? value : isObject(value) && Object.values(value);
      const item =
        PrimitiveItemType === undefined ? { Type: ItemType } : { PrimitiveType: PrimitiveItemType };
      if (!Array.isArray(items)) problems.push(`${at}: is no ${kind}`);
      else for (const [index, one] of items.entries()) checkValue(`${at}[${index}]`, type, one, item);
    } else {
      const known = PropertyTypes[`${type.split('.')[0]}.${kind}`] as { Properties?: Record<string, Rule> };
      if (!isObject(value)) problems.push(`${at}: is no ${kind}`);
      else if (known?.Properties === undefined) problems.push(`${at}: ${kind} is not specified`);
      else checkMembers(at, `${type.split('.')[0]}.${kind}`, value, known.Properties);
    }
  };

  for (const [name, { Type, Properties = {} }] of Object.entries(Resources)) {
    const type = ResourceTypes[Type];
    if (type === undefined) problems.push(`${name}: there is no ${Type}`);
    else checkMembers(name, Type, Properties, type.Properties as Readonly<Record<string, Rule>>);
  }
  return problems;
}
