import type { Cloud, Members } from '../../cloud/types';
import type { S3 } from '../s3';
import { readS3Uri } from './s3-uri';
import type { Store } from './store';
import { untarGz } from './tar';

/** Model data that the containers of rehearsed training jobs wrote, wherever it lies now. */
export class TrainedData {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
  ) {}

  has(modelDataUrl: string | undefined): boolean {
    return this.find(modelDataUrl) !== undefined;
  }

  /** Its files; undefined: something else stands there, or nothing. */
  files(modelDataUrl: string | undefined): Record<string, Buffer> | undefined {
    const data = this.find(modelDataUrl);
    return data === undefined ? undefined : untarGz(data);
  }

  /** Whether a model package holds such data. */
  inPackage(packageArn: string): boolean {
    const containers = this.store.packages.get(packageArn)?.definition.InferenceSpecification?.Containers as Members[] | undefined;
    return this.has(containers?.[0]?.ModelDataUrl as string | undefined);
  }

  private find(modelDataUrl: string | undefined): Uint8Array | undefined {
    if (this.store.trained.size === 0 || modelDataUrl === undefined) return undefined;
    const { bucket, key } = readS3Uri('modelDataUrl', modelDataUrl);
    const found = this.cloud.double<S3>('s3').findBucket(bucket)?.current(key);
    return found !== undefined && this.store.trained.has(found.etag) ? found.body : undefined;
  }
}
