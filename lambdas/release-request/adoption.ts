import { DescribeEndpointCommand, DescribeEndpointConfigCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { ControlRecord } from '../../core/contracts';
import { adoptedRelease, type DescribedEndpoint } from '../../core/release/adoption';
import { adopt, type Change, firstControl } from '../../core/release/control';
import type { DescribedConfig } from '../../core/release/sagemaker';
import { createControl, readControl } from '../shared/control-store';
import type { Ledger } from '../shared/ledger';

export interface Adopter {
  describeEndpoint(endpointName: string): Promise<DescribedEndpoint>;
  describeConfig(configName: string): Promise<DescribedConfig>;
}

export function adopterOf(sagemaker: SageMakerClient): Adopter {
  return {
    describeEndpoint: (EndpointName) => sagemaker.send(new DescribeEndpointCommand({ EndpointName })),
    describeConfig: async (EndpointConfigName) =>
      (await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }))) as unknown as DescribedConfig,
  };
}

/** Writes the first control record. A live endpoint that is named is read, never touched. */
export async function ensureControl(
  ledger: Ledger,
  adopter: Adopter,
  existingEndpoint: string | undefined,
  holdout: number,
  change: Change,
): Promise<ControlRecord> {
  const known = await readControl(ledger);
  if (known !== undefined) {
    return known;
  }
  const first = firstControl(holdout, change);
  const control = existingEndpoint === undefined ? first : await adopted(adopter, existingEndpoint, first, change);
  await createControl(ledger, control);
  return (await readControl(ledger)) ?? control;
}

async function adopted(adopter: Adopter, endpointName: string, first: ControlRecord, change: Change): Promise<ControlRecord> {
  const endpoint = await adopter.describeEndpoint(endpointName);
  const config = await adopter.describeConfig(endpoint.EndpointConfigName ?? '');
  const stable = adoptedRelease(endpointName, endpoint, config);
  const result = adopt(first, { endpointName, stable }, { ...change, reason: `Adopted the endpoint ${endpointName}` });
  if (!result.ok) {
    throw new Error(result.reason);
  }
  return { ...result.next, version: 1 };
}
