// From a rollback's commit to the last answer of the candidate, over the ways to roll back, beside SageMaker's deployment guardrails and a
// plain alarm → Lambda → weights design in the same laptop cloud.
//   node bench/run.mjs rollback [seeds of Sluice's scenarios] [seeds of the others]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Condition, type Peer, type PeerRun, runPeer } from './rollback/peers';
import { comparison, sluiceTable } from './rollback/report';
import { prepareSluice, runSluice } from './rollback/sluice';

const LIMIT_SECONDS = 2;
const RESULTS = path.resolve('bench/results/rollback.md');

/** A deployment under guardrails is `Updating` by nature. */
const PEERS: [Peer, Condition][] = [
  ['guardrails', 'calm'],
  ['guardrails', 'throttled'],
  ['plain', 'calm'],
  ['plain', 'updating'],
  ['plain', 'throttled'],
];

async function main(): Promise<void> {
  const [ours = '5', theirs = '20'] = process.argv.slice(2);
  const output = mkdtempSync(path.join(tmpdir(), 'sluice-rollback-'));
  try {
    const jobs = await prepareSluice(output);
    const peers: PeerRun[] = [];
    for (const [peer, condition] of PEERS) {
      for (let seed = 1; seed <= Number(theirs); seed += 1) peers.push(await runPeer(peer, condition, seed, output));
      console.error(`${peer}, ${condition}: ${theirs} runs`);
    }
    const sluice = await runSluice(jobs, Number(ours), ({ scenario, seed, broken }) =>
      console.error(`${scenario}, seed ${seed}${broken.length === 0 ? '' : `: ${broken.join(', ')}`}`),
    );
    const report = [sluiceTable(sluice), comparison(sluice, peers)];
    console.log(report.join('\n\n'));
    mkdirSync(path.dirname(RESULTS), { recursive: true });
    writeFileSync(RESULTS, page(report[0] ?? '', report[1] ?? ''));
    const worst = Math.max(...sluice.map(({ commitToLastAnswer }) => commitToLastAnswer));
    if (worst > LIMIT_SECONDS) {
      console.error(`a candidate's answer began ${worst} s after a rollback was committed: at most ${LIMIT_SECONDS} s are promised`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

const page = (ours: string, beside: string): string => `# Rolling back: how long a bad candidate goes on answering

Written by \`node bench/run.mjs rollback\`: virtual time, seeded. A request a second, half of them for a candidate that fails (or is worse, where a KPI, a person or nobody notices), on \`ml.g5.xlarge\`.

## Sluice, over the ways in which a rollback begins
${ours}

A gateway's circuit opens after a few failures in a row, so a candidate that fails outright gets few requests even before the commit, and none began after it here; the other rows are the ones in which the two seconds show. *Errors, alarm or verdict* is whichever of the two was first.

*Sign*: the alarm's change of state, or a person's request. *Commit*: the write of the control record. The promise is 2 s: a gateway believes a record for so long, and an answer that has begun is waited for. The candidate's weight at SageMaker is 0 from beginning to end, so nothing has to be accepted by SageMaker for its traffic to end; afterwards the endpoint is updated to stable alone, as soon as SageMaker accepts that. (Within the rollback window the release that is taken back has SageMaker's weight until then, for callers who go past the gateway.)

## The same trouble under three designs
${beside}

The two others give the candidate a tenth of the requests.

- *SageMaker guardrails*: blue/green, a tenth of the capacity first, an alarm of one minute on the variant's 5XX errors. SageMaker is taken to look at its alarms each 30 s, and to send traffic back at once; AWS publishes neither. The new fleet goes on until it is terminated (1 to 3 minutes), without traffic.
- *Alarm → Lambda → weights*: the same alarm calls a function that sets the candidate's weight to 0 with \`UpdateEndpointWeightsAndCapacities\`, as tutorials do. In the calm it takes the one to two minutes in which SageMaker moves weights. While the endpoint is \`Updating\`, or SageMaker's API throttles, the call is refused; Lambda tries three times within minutes and drops the event. What helps then is only that the alarm goes off again: an alarm that stays in ALARM never does.
- Sluice's rows are its alarm scenarios from above: *Updating* is every \`UpdateEndpoint\` refused with a ValidationException, *throttles* is \`UpdateEndpoint\` throttled, not the whole API. Its alarm is its own (15 minutes, a share of failures), not the one of the others; all is counted from the alarm on.
- From sign to commit is known to half a second: a rehearsal's timeline has whole seconds. From commit to last answer it is milliseconds.
- Medians are over the runs in which the answers ended; those that still went on after an hour are named beside them.
- Callers of a gateway get the baseline's answer where the candidate fails; callers of an endpoint get the failure.
- Durations of endpoint changes are the laptop cloud's (3 to 7 minutes to update, 1 to 2 to move weights), by a uniform draw.
`;

void main();
