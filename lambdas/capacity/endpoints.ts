import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  type SageMakerClient,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from '@aws-sdk/client-sagemaker';
import type { Endpoints } from './parts';

const isMissing = (error: unknown): boolean => error instanceof Error && /could not find/i.test(error.message);
const isThereAlready = (error: unknown): boolean => error instanceof Error && /already exist/i.test(error.message);

export function endpointsOf(sageMaker: SageMakerClient): Endpoints {
  return {
    look: async (EndpointName) => {
      try {
        const { EndpointStatus, EndpointConfigName, ProductionVariants } = await sageMaker.send(
          new DescribeEndpointCommand({ EndpointName }),
        );
        return {
          status: EndpointStatus ?? '',
          ...(EndpointConfigName === undefined ? {} : { configName: EndpointConfigName }),
          variants: (ProductionVariants ?? []).map(({ VariantName, CurrentInstanceCount }) => ({
            name: VariantName ?? '',
            instances: CurrentInstanceCount ?? 0,
          })),
        };
      } catch (error) {
        if (isMissing(error)) return 'gone';
        throw error;
      }
    },
    create: async (input) => {
      try {
        await sageMaker.send(new CreateEndpointCommand(input));
      } catch (error) {
        // Asked for by a look that was lost.
        if (!isThereAlready(error)) throw error;
      }
    },
    delete: async (EndpointName) => {
      try {
        await sageMaker.send(new DeleteEndpointCommand({ EndpointName }));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
    setInstances: async (EndpointName, VariantName, DesiredInstanceCount) => {
      await sageMaker.send(
        new UpdateEndpointWeightsAndCapacitiesCommand({
          EndpointName,
          DesiredWeightsAndCapacities: [{ VariantName, DesiredInstanceCount }],
        }),
      );
    },
  };
}
