import * as path from 'node:path';
import type { CharterGate } from '../../core/charter/sections/gates';
import { checkedGate } from './checked-gate';
import { writtenPath } from './written-path';
import type { CustomGateProps, GoldenSetGateProps, LoadGateProps, OutputSchemaGateProps } from './gate-props';

/**
 * What a candidate must pass in the dark, before anybody is asked to approve it. Every gate that is not passed, for whatever reason, ends
 * the release.
 *
 * @example
 * const gate = Gate.goldenSet('labels', {
 *   data: GateData.file('golden.jsonl'),
 *   scorer: Scorer.exactMatch('label'),
 *   atLeast: 0.9,
 *   notWorse: { than: GateRival.STABLE, by: 0.01 },
 * });
 */
export abstract class Gate {
  /**
   * Scores the candidate's answers to a golden set.
   *
   * @param name 2 to 32 of a-z, 0-9 and -
   * @param props lines, scorer and demands
   */
  static goldenSet(name: string, props: GoldenSetGateProps): Gate {
    const { data, scorer, ...rest } = props;
    return new WrittenGate({ name, goldenSet: { ...rest, data: data._charter, scorer: scorer._charter } });
  }

  /**
   * Checks the form of the candidate's answers.
   *
   * @param name 2 to 32 of a-z, 0-9 and -
   * @param props lines and schema
   */
  static outputSchema(name: string, props: OutputSchemaGateProps): Gate {
    return new WrittenGate({
      name,
      outputSchema: { data: props.data._charter, schema: writtenPath(props.schemaFile), atLeast: props.atLeast },
    });
  }

  /**
   * Measures latency, errors and cost of the candidate under load.
   *
   * @param name 2 to 32 of a-z, 0-9 and -
   * @param props requests, load and demands
   */
  static load(name: string, props: LoadGateProps): Gate {
    const { data, latency, notSlower, ...rest } = props;
    return new WrittenGate({
      name,
      load: {
        ...rest,
        data: data._charter,
        latency: latency && { percentile: latency.percentile, below: latency.belowMillis },
        notSlower: notSlower && { ...notSlower, than: 'stable' },
      },
    });
  }

  /**
   * Asks a function or a state machine of yours.
   *
   * @param name 2 to 32 of a-z, 0-9 and -
   * @param props what is asked
   */
  static custom(name: string, props: CustomGateProps): Gate {
    const { handler, stateMachine, timeoutMinutes } = props;
    return new WrittenGate({
      name,
      custom: {
        function: handler?.functionArn,
        stateMachine: stateMachine?.stateMachineArn,
        timeout: timeoutMinutes === undefined ? undefined : `${timeoutMinutes}m`,
      },
    });
  }

  /** @internal A gate of a charter, which is checked already. */
  static _ofCharter(gate: CharterGate, fileOf: (written: string) => string): Gate {
    return new CheckedGate(gate, fileOf);
  }

  /** @internal The same as the charter would write it. */
  abstract readonly _charter: unknown;

  /** @internal With defaults filled in, and where its files are. */
  abstract _checked(): { gate: CharterGate; fileOf: (written: string) => string };
}

class WrittenGate extends Gate {
  constructor(override readonly _charter: Record<string, unknown>) {
    super();
  }

  override _checked() {
    return { gate: checkedGate(this._charter), fileOf: (written: string) => path.resolve(written) };
  }
}

class CheckedGate extends Gate {
  override readonly _charter: unknown;

  constructor(
    private readonly gate: CharterGate,
    private readonly fileOf: (written: string) => string,
  ) {
    super();
    this._charter = gate;
  }

  override _checked() {
    return { gate: this.gate, fileOf: this.fileOf };
  }
}
