import type { AwsError } from '../../cloud/types';
import type { ServiceModel } from '../service-registry';
import { traitsOf } from './scalars';

export interface ErrorFacts {
  /** Name of the exception's shape; the code itself where the service models no such exception. */
  shapeName: string;
  /** Code in XML answers, and in the header for clients that once spoke the query protocol. */
  queryCode: string;
  status: number;
  fault: 'Sender' | 'Receiver';
  schema: ReturnType<ServiceModel['errors']['get']>;
}

export function errorFacts(model: ServiceModel, error: AwsError): ErrorFacts {
  const schema = model.errors.get(error.code);
  const traits = schema === undefined ? {} : traitsOf(schema);
  const queryError = traits['awsQueryError'] as [string, number] | undefined;
  const modelledStatus = queryError?.[1] ?? (traits['httpError'] as number | undefined);
  // A double that names no status leaves it to the model; JSON services answer 400 whatever their model says.
  const isJson = model.protocol === 'awsJson1_0' || model.protocol === 'awsJson1_1';
  const status = error.statusCode === 400 && !isJson ? (modelledStatus ?? 400) : error.statusCode;
  return {
    shapeName: schema?.getName() ?? error.code,
    queryCode: queryError?.[0] ?? error.code,
    status,
    fault: status >= 500 ? 'Receiver' : 'Sender',
    schema,
  };
}
