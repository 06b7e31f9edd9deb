import * as z from 'zod';
import { applicationFaultSchema } from '../world/fault-schema';
import { expectationSchema } from './expectation-schema';
import { inputSchema, personSchema } from './input-schema';
import { duration, text } from './schema-parts';

/** The scenario of a CDK application that does not use this library's constructs. */
export const applicationScenarioSchema = z.strictObject({
  title: text.describe('One sentence for the report'),
  start: z.iso.datetime().default('2026-03-02T09:00:00Z').describe('When it begins, ISO 8601 in UTC: everything is deployed by then'),
  duration: duration.describe('How long inputs and people go on; afterwards time runs on, at most 6 hours, until queues have run dry'),
  mostInvocations: z
    .int()
    .positive()
    .default(50_000)
    .describe('So many invocations of functions before the end are taken for a loop, and the rehearsal breaks off'),
  parameters: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .default({})
    .describe('CloudFormation parameters, by name or by StackName/Name'),
  functions: z
    .record(z.string(), text)
    .default({})
    .describe('Modules that stand in for functions: construct path (or the end of one) or function name → file that exports handler'),
  objects: z
    .record(z.string().regex(/^s3:\/\/[a-z0-9.-]{3,63}\/\S+$/, 's3://bucket/key'), text)
    .default({})
    .describe('Objects in buckets that no stack holds: s3://bucket/key → file'),
  inputs: z.array(inputSchema).default([]).describe('What reaches the application from outside'),
  faults: z.array(applicationFaultSchema).default([]).describe('What goes wrong'),
  people: z.array(personSchema).default([]).describe('Who answers task tokens and activities'),
  expect: expectationSchema.prefault({}).describe('What must be so; default: only what is checked in every rehearsal'),
});

export type ApplicationScenario = z.output<typeof applicationScenarioSchema>;
export type ApplicationInput = ApplicationScenario['inputs'][number];
export type ApplicationPerson = ApplicationScenario['people'][number];
export type ApplicationFault = ApplicationScenario['faults'][number];
