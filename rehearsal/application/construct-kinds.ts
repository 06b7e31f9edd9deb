import { BadInputError } from '../../core/errors';
import type { TemplateConstruct } from '../assembly/constructs';
import { endsWithPath } from '../kernel/constructs';
import { unknownPath } from '../world/construct-path';

/** What a scenario may name, by its resource types. */
export const KINDS = {
  bus: ['AWS::Events::EventBus'],
  queue: ['AWS::SQS::Queue'],
  topic: ['AWS::SNS::Topic'],
  bucket: ['AWS::S3::Bucket'],
  'function URL, REST API or HTTP API': ['AWS::Lambda::Url', 'AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api'],
  'state machine': ['AWS::StepFunctions::StateMachine'],
  function: ['AWS::Lambda::Function'],
  table: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  alarm: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
} as const satisfies Record<string, readonly string[]>;

export type Kind = keyof typeof KINDS;

/** What a scenario names at a place, and what must stand there. */
export interface Reference {
  where: string;
  path: string;
  kind: Kind;
}

/** A function with a URL answers for it. */
function pathsOf({ constructPath, type }: TemplateConstruct): string[] {
  return type === 'AWS::Lambda::Url' ? [constructPath, constructPath.slice(0, constructPath.lastIndexOf('/'))] : [constructPath];
}

/** Finds what scenarios name in the templates: exactly one construct, or the scenario is refused. */
export class ConstructFinder {
  constructor(private readonly constructs: readonly TemplateConstruct[]) {}

  find({ where, path, kind }: Reference): TemplateConstruct {
    const types: readonly string[] = KINDS[kind];
    const known = this.constructs.filter(({ type, constructPath }) => types.includes(type) && constructPath !== '');
    const exact = known.filter((construct) => pathsOf(construct).includes(path));
    const found = exact.length > 0 ? exact : known.filter((construct) => pathsOf(construct).some((one) => endsWithPath(one, path)));
    const [first, second] = found;
    const paths = known.map(({ constructPath }) => constructPath);
    if (first === undefined) throw unknownPath(`${where}: no ${kind} has the construct path ${path}`, path, paths);
    if (second === undefined) return first;
    throw new BadInputError(
      [
        `${where}: more than one ${kind} has a construct path that ends with ${path}`,
        `  allowed: more of the path, so that it names one: ${found.map(({ constructPath }) => constructPath).join(', ')}`,
      ].join('\n'),
    );
  }

  paths(types?: readonly string[]): string[] {
    return this.constructs
      .filter(({ type, constructPath }) => constructPath !== '' && (types === undefined || types.includes(type)))
      .map(({ constructPath }) => constructPath);
  }
}
