import type { HttpResponse } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import type { ApiKeys } from './api-keys';
import type { Authorizers } from './authorizer';
import { gatewayResponse } from './gateway-responses';
import type { ResponseType } from './gateway-responses';
import type { GatewayRequest } from './request';
import type { EventScope } from './rest-event';
import type { RestApi, RestMatch, RestStage } from './rest-model';

export interface RestContext {
  cloud: LaptopCloud;
  keys: ApiKeys;
  authorizers: Authorizers;
}

export interface Visit {
  context: RestContext;
  api: RestApi;
  stage: RestStage;
  request: GatewayRequest;
  match: RestMatch;
  scope: EventScope;
  /** The method's ARN for this request: what policies speak of. */
  methodArn: string;
}

/** Why the API answered as it did, for those who look for it. */
export interface Outcome {
  response: HttpResponse;
  reason?: string;
}

export const refused = (api: RestApi, type: ResponseType, message?: string, reason?: string): Outcome => ({
  response: gatewayResponse(api, type, message === undefined ? {} : { message }),
  ...(reason === undefined ? {} : { reason }),
});

export const binaryTypes = ({ properties }: RestApi): string[] => (properties['BinaryMediaTypes'] ?? []) as string[];
