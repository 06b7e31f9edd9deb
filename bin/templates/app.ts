import { devDependencies, peerDependencies, version } from '../../package.json';

const APP_FILE = 'app.cjs';

/** The CDK app of an empty folder. CommonJS by its ending, whatever the folder's package.json says. */
export const appTemplate = (name: string): string => `const path = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const { AiUseCase } = require('cdk-sluice');

const app = new App();
const directory = app.node.tryGetContext('useCase') ?? __dirname;
const stack = new Stack(app, '${name}');
AiUseCase.fromCharter(stack, 'UseCase', path.resolve(directory));
`;

export const cdkJson = `${JSON.stringify({ app: `node ${APP_FILE}` }, null, 2)}\n`;

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
export const existingAppHint = (directory: string): string => `add the use case to a stack of your app:
  import { AiUseCase } from 'cdk-sluice';
  AiUseCase.fromCharter(stack, 'UseCase', ${JSON.stringify(directory)});`;
