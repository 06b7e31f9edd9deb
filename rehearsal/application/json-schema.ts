import * as z from 'zod';
import { applicationScenarioSchema } from './scenario-schema';

const SCHEMA_URL = 'https://github.com/cdk-sluice/cdk-sluice/blob/main/constructs-docs/application-scenario.schema.json';

/** What is published as constructs-docs/application-scenario.schema.json, for editors. */
export function applicationScenarioJsonSchema(): object {
  return {
    $id: SCHEMA_URL,
    title: 'Scenario of a CDK application, for sluice rehearse --assembly',
    ...z.toJSONSchema(applicationScenarioSchema, { io: 'input' }),
  };
}
