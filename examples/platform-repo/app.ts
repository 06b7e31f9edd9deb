import { App } from 'aws-cdk-lib';
import { NetworkStack } from './network-stack';
import { RankingStack } from './ranking-stack';
import { TranscriptionStack } from './transcription-stack';

// An app as a platform team has it: its own network and its own people to page. Single constructs of Sluice join it.
const app = new App();
const env = { region: 'eu-west-1' };
const { vpc, onCall } = new NetworkStack(app, 'platform-network', { env });
new RankingStack(app, 'ranking', { env, vpc, onCall });
new TranscriptionStack(app, 'transcription', { env, onCall });
app.synth();
