import { writtenPath } from '../gates/written-path';

/** A table of training data. */
export interface TrainingDataOptions {
  /**
   * `csv`, `jsonl` or `parquet`.
   *
   * @default - as the file's name ends
   */
  readonly format?: string;

  /**
   * Column with the row's time, for a rhythm: ISO 8601 or an epoch.
   *
   * @default - rows have no time
   */
  readonly timeColumn?: string;
}

/**
 * What traffic is compared with.
 *
 * @example
 * const baseline = DriftBaseline.trainingData('data/train.csv');
 */
export abstract class DriftBaseline {
  /**
   * The rows that the model was trained on: columns are found by the names of features, else by their paths.
   *
   * @param path of a CSV, JSONL or Parquet file, which is uploaded with the app; relative paths start at the working directory
   * @param options format, and the column of times
   */
  static trainingData(path: string, options: TrainingDataOptions = {}): DriftBaseline {
    return new WrittenBaseline({ trainingData: writtenPath(path), ...options });
  }

  /**
   * The same, from S3. A bucket with a key of its own must let the handler decrypt.
   *
   * @param url `s3://bucket/key`
   * @param sha256 64 hex digits, which are checked; without it what stands there when the baseline is made is used: another file needs another name
   * @param options format, and the column of times
   */
  static trainingDataInS3(url: string, sha256?: string, options: TrainingDataOptions = {}): DriftBaseline {
    return new WrittenBaseline({ trainingData: sha256 === undefined ? url : { url, sha256 }, ...options });
  }

  /**
   * What SageMaker Model Monitor's baseline job wrote.
   *
   * @param statisticsPath of `statistics.json`
   * @param constraintsPath of `constraints.json`; without it only distributions are compared
   */
  static statistics(statisticsPath: string, constraintsPath?: string): DriftBaseline {
    return new WrittenBaseline({
      statistics: writtenPath(statisticsPath),
      constraints: constraintsPath === undefined ? undefined : writtenPath(constraintsPath),
    });
  }

  /**
   * The first days of each release's own traffic, from its promotion: until then nothing is judged.
   *
   * @param days whole days, 1 to 90
   */
  static firstDays(days: number): DriftBaseline {
    return new WrittenBaseline({ firstDays: `${days}d` });
  }

  /** @internal As the charter would write it. */
  abstract readonly _charter: Record<string, unknown>;
}

class WrittenBaseline extends DriftBaseline {
  constructor(override readonly _charter: Record<string, unknown>) {
    super();
  }
}
