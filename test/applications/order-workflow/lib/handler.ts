import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';

/** One of the handlers of this application, bundled; the SDK is the one of Lambda's runtime. */
export function handler(scope: Construct, id: string, file: string, environment: Record<string, string>): NodejsFunction {
  return new NodejsFunction(scope, id, {
    entry: path.join(__dirname, '..', 'handlers', `${file}.ts`),
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(10),
    memorySize: 256,
    environment,
    bundling: { format: OutputFormat.CJS, externalModules: ['@aws-sdk/*'] },
  });
}
