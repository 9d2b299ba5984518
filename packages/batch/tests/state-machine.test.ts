import { readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { type Template, templateProblems } from './template-problems.js';

const template = JSON.parse(
  readFileSync(new URL('../../../examples/batch-state-machine/template.json', import.meta.url), 'utf8'),
) as Template;

/** Names that `Ref`, `Fn::GetAtt` and `Fn::Sub` refer to, anywhere below a value. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (name === 'Ref') return [String(member)];
    if (name === 'Fn::GetAtt') return [String((member as string[])[0])];
    if (name === 'Fn::Sub')
      return [...String(member).matchAll(/\$\{(\w+)(?:\.\w+)?\}/g)].map(([, one]) => one ?? '');
    return references(member);
  });
}

describe('the template of the example batch-state-machine', () => {
  const machine = template.Resources['StartJob']?.Properties;

  it('keeps to the specification of its resources', () => {
    expect(templateProblems(template)).toEqual([]);
  });

  it.each([
    ['a type that there is not', { One: { Type: 'AWS::S3::Bukkit' } }, 'One: there is no AWS::S3::Bukkit'],
    [
      'a property that there is not',
      { One: { Type: 'AWS::SNS::Topic', Properties: { Nonsense: 1 } } },
      'One: AWS::SNS::Topic has no "Nonsense"',
    ],
    [
      'a property that is missing, deep inside',
      { One: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: 'arn' }] } } },
      'One.Targets[0]: "Id" is missing',
    ],
    [
      'a value of another kind',
      { One: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: 'one', PolicyDocument: {} } } },
      'One.Topics: is no List',
    ],
  ])('would be told of %s', (_, Resources, problem) => {
    expect(templateProblems({ Resources, Parameters: {} })).toContain(problem);
  });

  it('holds a valid state machine', () => {
    const { isValid, errors } = validate(machine?.['Definition'] as object);
    expect([isValid, errors]).toEqual([true, []]);
  });

  it('refers to nothing that it does not have', () => {
    const known = [...Object.keys(template.Resources), ...Object.keys(template.Parameters)];
    const named = references(template).filter((name) => !name.startsWith('AWS::'));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('puts in the place of every name of the machine what it stands for', () => {
    const text = JSON.stringify(machine?.['Definition']);
    const placed = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    expect([...placed].sort()).toEqual(Object.keys(machine?.['DefinitionSubstitutions'] ?? {}).sort());
  });
});
