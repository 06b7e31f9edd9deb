// Synthesizes every example under each of its profiles, with validation on, as `cdk deploy` would. Ends with 1 where one is refused.
import { execFileSync } from 'node:child_process';

const EXAMPLES = [
  ['examples/support-triage'],
  ['examples/support-triage', 'cpu'],
  ['examples/flight-delay'],
  ['examples/flight-delay', 'dev'],
  ['examples/flight-delay/watched'],
  ['examples/claims-summary'],
  ['examples/claims-summary/overflow'],
];

for (const [folder, profile] of EXAMPLES) {
  const context = ['-c', `useCase=${folder}`, ...(profile === undefined ? [] : ['-c', `profile=${profile}`])];
  console.log(`synth ${folder}${profile === undefined ? '' : `, profile ${profile}`}`);
  execFileSync('npx', ['cdk', 'synth', '-q', ...context], { stdio: ['ignore', 'inherit', 'inherit'] });
}
