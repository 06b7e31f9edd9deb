import { httpResources } from './http-resources';
import { restResources } from './rest-resources';

export { ApiGateway, createApiGateway } from './apigateway';
export const apiGatewayResources = [...restResources, ...httpResources];
