import { devDependencies, peerDependencies, version } from '../../package.json';
import { FEATURE_FLAGS } from '../context';
import { constructId, stackDescription } from '../names';

const APP_FILE = 'app.cjs';

/** The CDK app of an empty folder. CommonJS by its ending, whatever the folder's package.json says. */
export const appTemplate = (name: string): string => `const path = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const { AiUseCase } = require('cdk-sluice');

const app = new App();
const directory = app.node.tryGetContext('useCase') ?? __dirname;
const stack = new Stack(app, '${name}', { description: '${stackDescription(name)}' });
AiUseCase.fromCharter(stack, '${constructId(name)}', path.resolve(directory), { profile: app.node.tryGetContext('profile') });
`;

/** The CDK command line adds nothing to the template of its own: what is deployed is what was rehearsed. */
export const cdkJson = `${JSON.stringify(
  { app: `node ${APP_FILE}`, versionReporting: false, assetMetadata: false, context: FEATURE_FLAGS },
  null,
  2,
)}\n`;

export const packageJson = (name: string): string =>
  `${JSON.stringify(
    {
      name,
      private: true,
      scripts: {
        validate: 'cdk-sluice validate .',
        rehearse: 'cdk-sluice rehearse .',
        deploy: 'cdk deploy --outputs-file cdk-outputs.json',
      },
      dependencies: { ...peerDependencies, 'cdk-sluice': `^${version}` },
      devDependencies: { 'aws-cdk': `^${devDependencies['aws-cdk']}` },
    },
    null,
    2,
  )}\n`;

export const gitIgnore = 'node_modules/\ncdk.out/\ncdk-outputs.json\n';

/** What an existing CDK app adds to its own code. */
export const existingAppHint = (name: string, directory: string): string => `add the use case to a stack of your app:
  import { AiUseCase } from 'cdk-sluice';
  AiUseCase.fromCharter(stack, '${constructId(name)}', ${JSON.stringify(directory)});`;
