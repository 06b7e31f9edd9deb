import { writtenPath } from './written-path';

/**
 * Lines that a gate sends to a candidate: a JSON object a line. `request` is the model's own body; `expected` is what scorers compare with;
 * further fields are for slices, groups and scorers.
 *
 * @example
 * const data = GateData.file('golden.jsonl');
 */
export abstract class GateData {
  /**
   * A file beside the app, uploaded with it; its hash is part of the evidence, and checked before every use.
   *
   * @param path of a `.jsonl` file; relative paths start at the working directory
   */
  static file(path: string): GateData {
    return new WrittenData(writtenPath(path));
  }

  /**
   * An object in S3. A bucket with a key of its own must let the gate's handler decrypt.
   *
   * @param url `s3://bucket/key`
   * @param sha256 64 hex digits; without it, whatever stands there is used, and its hash noted
   */
  static s3(url: string, sha256?: string): GateData {
    return new WrittenData(sha256 === undefined ? url : { url, sha256 });
  }

  /** @internal The same as the charter would write it. */
  abstract readonly _charter: string | Record<string, string>;
}

class WrittenData extends GateData {
  constructor(override readonly _charter: string | Record<string, string>) {
    super();
  }
}
