import {
  DescribeEndpointCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListInferenceComponentsCommand,
  ListModelsCommand,
  ListTagsCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { ControlRecord } from '../../core/contracts';
import { type AdoptedState, planTeardown, type TeardownPlan } from '../../core/release/teardown';
import { readControl } from '../shared/control-store';
import type { StoredRelease } from '../shared/releases';
import type { StepParts } from './parts';
import { forgetScaling } from './scaling';

interface Named {
  name?: string;
  arn?: string;
}

interface Page {
  items: Named[];
  next?: string;
}

type ReadPage = (paging: { NameContains: string; MaxResults: number; NextToken?: string }) => Promise<Page>;

const PAGE_SIZE = 100;
const RELEASES = 'releases';

/** Looks for what there is, so that nothing a lost workflow left behind is forgotten. */
export async function teardownPlan(parts: StepParts): Promise<TeardownPlan> {
  const { ledger, sagemaker, surroundings } = parts;
  const { prefix } = surroundings;
  await forgetScaling(parts);
  const ours = (read: ReadPage): Promise<string[]> => taggedNames(sagemaker, prefix, read);
  const control = await readControl(ledger);
  const releases = (await ledger.query<StoredRelease>(RELEASES)).filter((release) => isUnderWay(release, control));
  const found = {
    releases: releases.map(({ id, executionArn }) => ({ releaseId: id, executionArn: executionArn ?? '' })),
    endpoints: await ours(async (paging) => {
      const { Endpoints, NextToken } = await sagemaker.send(new ListEndpointsCommand(paging));
      return { items: (Endpoints ?? []).map((item) => ({ name: item.EndpointName, arn: item.EndpointArn })), next: NextToken };
    }),
    endpointConfigs: await ours(async (paging) => {
      const { EndpointConfigs, NextToken } = await sagemaker.send(new ListEndpointConfigsCommand(paging));
      return {
        items: (EndpointConfigs ?? []).map((item) => ({ name: item.EndpointConfigName, arn: item.EndpointConfigArn })),
        next: NextToken,
      };
    }),
    models: await ours(async (paging) => {
      const { Models, NextToken } = await sagemaker.send(new ListModelsCommand(paging));
      return { items: (Models ?? []).map((item) => ({ name: item.ModelName, arn: item.ModelArn })), next: NextToken };
    }),
    components: await ours(async (paging) => {
      const { InferenceComponents, NextToken } = await sagemaker.send(new ListInferenceComponentsCommand(paging));
      return {
        items: (InferenceComponents ?? []).map((item) => ({ name: item.InferenceComponentName, arn: item.InferenceComponentArn })),
        next: NextToken,
      };
    }),
  };
  return planTeardown(control, found, await adoptedState(sagemaker, control));
}

/** Not ended, or with something left to do after its end: settling the endpoint when the rollback window is over, or once it was taken back. */
function isUnderWay({ id, endedAt, window, tidiedAt }: StoredRelease, control: ControlRecord | undefined): boolean {
  return endedAt === undefined || control?.lockedBy === id || (window !== undefined && tidiedAt === undefined);
}

async function adoptedState(sagemaker: SageMakerClient, control: ControlRecord | undefined): Promise<AdoptedState | undefined> {
  if (control?.endpointAdopted !== true || control.endpointName === undefined) {
    return undefined;
  }
  try {
    const { EndpointStatus, EndpointConfigName } = await sagemaker.send(
      new DescribeEndpointCommand({ EndpointName: control.endpointName }),
    );
    return { status: EndpointStatus ?? '', configName: EndpointConfigName ?? '' };
  } catch (error) {
    // Its owner has deleted it.
    if (error instanceof Error && /could not find/i.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

/** By name, and by tag: a name alone could be somebody else's. */
async function taggedNames(sagemaker: SageMakerClient, prefix: string, read: ReadPage): Promise<string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const page = await read({ NameContains: prefix, MaxResults: PAGE_SIZE, ...(next === undefined ? {} : { NextToken: next }) });
    for (const { name, arn } of page.items) {
      if (name?.startsWith(`${prefix}-`) === true && arn !== undefined && (await isOurs(sagemaker, arn, prefix))) {
        names.push(name);
      }
    }
    next = page.next;
  } while (next !== undefined);
  return names;
}

async function isOurs(sagemaker: SageMakerClient, arn: string, prefix: string): Promise<boolean> {
  const { Tags } = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
  return (Tags ?? []).some(({ Key, Value }) => Key === 'sluice:stack' && Value === prefix);
}
