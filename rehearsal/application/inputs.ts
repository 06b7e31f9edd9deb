import { AwsError } from '../cloud/types';
import type { Laptop } from '../world/laptop';
import { INPUT_KINDS, type InputKind } from './input-schema';
import type { Places } from './places';
import { DEFAULT_BUS, targetOf } from './references';
import { numbered } from './repetition';
import type { InputResult } from './result';
import type { ApplicationInput } from './scenario-schema';
import { sendInput, type Sent } from './send';

/** One input, sent, and what it got. */
export interface SentInput extends Sent {
  atMillis: number;
  index: number;
  n: number;
  kind: InputKind;
  to: string;
}

export const kindOf = (input: ApplicationInput): InputKind => INPUT_KINDS.find((kind) => input[kind] !== undefined)!;

const LISTED_EACH = 20;

/** What reaches the application from outside, at its times. */
export class Inputs {
  readonly sent: SentInput[] = [];

  constructor(
    private readonly laptop: Laptop,
    private readonly places: Places,
    private readonly inputs: readonly ApplicationInput[],
    private readonly directory: string,
  ) {}

  schedule(startMillis: number): void {
    this.inputs.forEach((input, index) => {
      // One timer at a time: there may be a hundred thousand repetitions.
      const next = (n: number): void => {
        const atMillis = startMillis + input.at + (n - 1) * (input.every ?? 0);
        if (n > (input.times ?? 1)) return;
        this.laptop.clock.at(atMillis, () => {
          next(n + 1);
          this.send(input, index, n);
        });
      };
      next(1);
    });
  }

  private send(input: ApplicationInput, index: number, n: number): void {
    const { cloud, clock } = this.laptop;
    const done = cloud.begin(`an input of the scenario`);
    const target = targetOf(input);
    const facts = { atMillis: clock.now(), index, n, kind: kindOf(input), to: this.nameOf(target) };
    const told = (sent: Sent): void => {
      this.sent.push({ ...facts, ...sent });
      if (sent.unmatched === true) cloud.record('inputs', 'unmatched', { input: `inputs[${index}]`, n, to: facts.to });
      if (!sent.ok) cloud.record('inputs', 'failed', { input: `inputs[${index}]`, n, to: facts.to, answer: sent.words });
    };
    const place = target === undefined ? undefined : this.places.at(target.path, target.kind);
    if (target !== undefined && place === undefined) {
      told({ ok: false, words: 'it is not deployed' });
      return done();
    }
    sendInput({ laptop: this.laptop, directory: this.directory }, numbered(input, n), place)
      .then(told, (error: unknown) => {
        if (!(error instanceof AwsError)) return clock.fail(error);
        told({ ok: false, words: `${error.code}: ${error.message}` });
      })
      .finally(done);
  }

  private nameOf(target: ReturnType<typeof targetOf>): string {
    return target === undefined ? DEFAULT_BUS : this.places.pathOf(target.path, target.kind);
  }

  results(startMillis: number): { inputs: InputResult[]; leftOut: number } {
    const ordered = [...this.sent].sort((one, other) => one.atMillis - other.atMillis || one.index - other.index || one.n - other.n);
    const listed = ordered.filter(({ ok, n }) => !ok || n <= LISTED_EACH);
    const inputs = listed.map(({ atMillis, index, n, kind, to, ok, words, status }) => ({
      t: (atMillis - startMillis) / 1000,
      where: `inputs[${index}]`,
      n,
      kind,
      to,
      ok,
      words,
      ...(status === undefined ? {} : { status }),
    }));
    return { inputs, leftOut: ordered.length - listed.length };
  }
}
