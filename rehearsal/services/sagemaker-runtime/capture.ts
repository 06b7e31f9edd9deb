import { AwsError, type Cloud, type Random } from '../../cloud/types';
import { under } from '../sagemaker/s3-uri';
import type { CaptureSettings, EndpointRecord, Variant } from '../sagemaker/state';

const FLUSH_MILLIS = 60_000;
/** Where disks are this full, SageMaker stops capturing and says nothing. */
const FULL_DISK_PERCENT = 75;

interface Batch {
  settings: CaptureSettings;
  roleArn: string;
  /** Endpoint, variant and hour. */
  folder: string;
  startedAtMillis: number;
  lines: string[];
}

/** One request and its answer. */
export interface Captured {
  input: Uint8Array;
  inputType: string;
  output: Uint8Array;
  outputType: string;
  inferenceId: string | undefined;
  atMillis: number;
}

/** Writes requests and answers to S3 as SageMaker's data capture does: lines of JSON, a file for some minutes of a variant. */
export class DataCapture {
  private readonly random: Random;
  private readonly batches = new Map<string, Batch>();

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('sagemaker-runtime:capture');
  }

  take(endpoint: EndpointRecord, variant: Variant, settings: CaptureSettings, captured: Captured): void {
    if (endpoint.diskPercent >= FULL_DISK_PERCENT) return;
    if (settings.sampledPercent < 100 && this.random.next() * 100 >= settings.sampledPercent) return;
    const hour = new Date(captured.atMillis).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const folder = `${endpoint.name}/${variant.variantName}/${hour}`;
    const batch = this.batches.get(folder) ?? this.open(folder, settings, variant, captured.atMillis);
    batch.lines.push(JSON.stringify(this.record(settings, captured)));
  }

  private open(folder: string, settings: CaptureSettings, variant: Variant, startedAtMillis: number): Batch {
    const batch: Batch = { settings, roleArn: variant.model.executionRoleArn, folder, startedAtMillis, lines: [] };
    this.batches.set(folder, batch);
    const end = this.cloud.begin(`captured data of ${folder}`);
    this.cloud.clock.after(FLUSH_MILLIS, async () => {
      this.batches.delete(folder);
      try {
        await this.write(batch);
      } finally {
        end();
      }
    });
    return batch;
  }

  private async write({ settings, roleArn, folder, startedAtMillis, lines }: Batch): Promise<void> {
    // mm-ss-mmm-uuid.jsonl, as SageMaker names its files.
    const time = new Date(startedAtMillis).toISOString().slice(14, 23).replaceAll(/[:.]/g, '-');
    const input = {
      Bucket: settings.bucket,
      Key: under(settings.prefix, `${folder}/${time}-${this.random.uuid()}.jsonl`),
      Body: new TextEncoder().encode(`${lines.join('\n')}\n`),
      ...(settings.kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: settings.kmsKeyId }),
    };
    try {
      await this.cloud.call('s3', 'PutObject', input, { kind: 'role', roleArn });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // On AWS nobody is told but the endpoint's log.
      this.cloud.record('sagemaker', 'capture-lost', { folder, records: lines.length, error: error.code, message: error.message });
    }
  }

  private record(settings: CaptureSettings, captured: Captured): Record<string, unknown> {
    const { input, inputType, output, outputType, inferenceId, atMillis } = captured;
    return {
      captureData: {
        ...(settings.input ? { endpointInput: side(settings, 'INPUT', inputType, input) } : {}),
        ...(settings.output ? { endpointOutput: side(settings, 'OUTPUT', outputType, output) } : {}),
      },
      eventMetadata: {
        eventId: this.random.uuid(),
        ...(inferenceId === undefined ? {} : { inferenceId }),
        inferenceTime: `${new Date(atMillis).toISOString().slice(0, 19)}Z`,
      },
      eventVersion: '0',
    };
  }
}

/** What the capture config does not declare as CSV or JSON arrives in base64. */
function side(settings: CaptureSettings, mode: 'INPUT' | 'OUTPUT', observedContentType: string, body: Uint8Array): Record<string, unknown> {
  const type = observedContentType.split(';', 1)[0]!.trim();
  const encoding = settings.jsonContentTypes.includes(type) ? 'JSON' : settings.csvContentTypes.includes(type) ? 'CSV' : 'BASE64';
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return { observedContentType, mode, data: bytes.toString(encoding === 'BASE64' ? 'base64' : 'utf8'), encoding };
}
