import path from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** The handlers as they are: no bundler, the SDK comes with the runtime. */
export const handlers = (): Code => Code.fromAsset(path.join(__dirname, '..', 'handlers'));
