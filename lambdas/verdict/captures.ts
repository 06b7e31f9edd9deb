import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ShadowPolicy } from '../../core/contracts';
import { captureRoot } from '../../core/release/shadow-config';
import { captureFolders, type PairCounts, Pairing, readCaptures, type Side } from '../../core/shadow';

/** What is captured where. */
export interface CapturePlace {
  bucket: string;
  releaseId: string;
  endpointName: string;
  variants: Record<Side, string>;
  openedAtMillis: number;
}

export interface CapturesRead {
  pairs: PairCounts;
  /** Lines that could not be read. */
  unreadable: number;
  filesLeft: number;
}

const SIDES: Side[] = ['stable', 'shadow'];
/** A look comes each minute: what it does not get to is read by the next one. */
const FILES_PER_LOOK = 120;
const FILES_AT_A_TIME = 8;
/** SageMaker names folders after when it began a file, and writes it minutes later. */
const LATE_MILLIS = 90 * 60_000;

/** Compares the captured answers of both variants, file by file. What it has read it keeps in memory: a new one starts over. */
export class CaptureReader {
  private readonly pairing: Pairing;
  private readonly seen = new Set<string>();
  private listedFromMillis: number;
  private unreadable = 0;

  constructor(
    private readonly s3: S3Client,
    readonly place: CapturePlace,
    policy: ShadowPolicy,
  ) {
    const { agreementField: field, agreementTolerance: tolerance } = policy;
    this.pairing = new Pairing({ ...(field === undefined ? {} : { field }), ...(tolerance === undefined ? {} : { tolerance }) });
    this.listedFromMillis = place.openedAtMillis;
  }

  async read(nowMillis: number): Promise<CapturesRead> {
    const found = await this.newFiles(nowMillis);
    const files = found.slice(0, FILES_PER_LOOK);
    for (let start = 0; start < files.length; start += FILES_AT_A_TIME) {
      await Promise.all(files.slice(start, start + FILES_AT_A_TIME).map((file) => this.readFile(file)));
    }
    const filesLeft = found.length - files.length;
    // Answers wait by their own time: while files of yesterday are read, those of yesterday are not late.
    this.pairing.forget(filesLeft > 0 ? this.listedFromMillis : nowMillis);
    if (filesLeft === 0) this.listedFromMillis = Math.max(this.place.openedAtMillis, nowMillis - LATE_MILLIS);
    return { pairs: { ...this.pairing.counts }, unreadable: this.unreadable, filesLeft };
  }

  /** Both sides by time, so that counterparts come close together. */
  private async newFiles(nowMillis: number): Promise<{ side: Side; key: string }[]> {
    const listed = await Promise.all(SIDES.map((side) => this.list(side, nowMillis)));
    const files = listed.flat().filter(({ key }) => !this.seen.has(key));
    const timeOf = (key: string): string => key.split('/').slice(-5).join('/');
    return files.sort((one, other) => (timeOf(one.key) < timeOf(other.key) ? -1 : 1));
  }

  private async list(side: Side, nowMillis: number): Promise<{ side: Side; key: string }[]> {
    const { bucket, releaseId, endpointName, variants } = this.place;
    const folders = captureFolders(captureRoot(releaseId), endpointName, variants[side], this.listedFromMillis, nowMillis);
    const files: { side: Side; key: string }[] = [];
    for (const folder of folders) {
      let token: string | undefined;
      do {
        const answer = await this.s3.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: folder, ...(token === undefined ? {} : { ContinuationToken: token }) }),
        );
        files.push(...(answer.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [{ side, key: Key }])));
        token = answer.NextContinuationToken;
      } while (token !== undefined);
    }
    return files;
  }

  private async readFile({ side, key }: { side: Side; key: string }): Promise<void> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.place.bucket, Key: key }));
    const { answers, unreadable } = readCaptures((await Body?.transformToString()) ?? '');
    this.pairing.add(side, answers);
    this.unreadable += unreadable;
    this.seen.add(key);
  }
}
