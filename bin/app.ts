import { App } from 'aws-cdk-lib';
import { FEATURE_FLAGS } from './context';
import { addUseCase } from './synthesize';

const USAGE = 'Say which use case: cdk synth -c useCase=<folder with usecase.yaml> [-c profile=<name>]';

function main(): void {
  const app = new App({ context: FEATURE_FLAGS });
  const charterPath: unknown = app.node.tryGetContext('useCase');
  const profile: unknown = app.node.tryGetContext('profile');
  if (typeof charterPath !== 'string' || charterPath === '') throw new Error(USAGE);
  addUseCase(app, { charterPath, ...(typeof profile === 'string' && profile !== '' ? { profile } : {}) });
  app.synth();
}

try {
  main();
} catch (error) {
  // A person reads this: the message says what to do, a stack trace would not. With CDK_DEBUG the trace is shown too.
  console.error(process.env['CDK_DEBUG'] === undefined && error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
