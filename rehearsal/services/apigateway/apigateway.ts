import type { Caller, HttpRequest, HttpResponse, Operation, Random, ServiceDouble } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { ApiKeys } from './api-keys';
import { Authorizers } from './authorizer';
import { answerHttpApi } from './http-handler';
import type { HttpApi } from './http-model';
import { GatewayMetrics } from './metrics';
import { jsonAnswer } from './request';
import type { GatewayRequest } from './request';
import { answerRest } from './rest-handler';
import type { RestApi } from './rest-model';
import type { Outcome } from './rest-visit';

const host = /^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/** REST and HTTP APIs: they are called over HTTP. Its own operations are refused by name. */
export class ApiGateway implements ServiceDouble {
  readonly service = 'apigateway';
  readonly operations: Record<string, Operation> = {};
  readonly rest = new Map<string, RestApi>();
  readonly http = new Map<string, HttpApi>();
  readonly keys = new ApiKeys();
  private readonly authorizers: Authorizers;
  private readonly metrics: GatewayMetrics;
  private readonly random: Random;

  constructor(private readonly cloud: LaptopCloud) {
    this.authorizers = new Authorizers(cloud);
    this.metrics = new GatewayMetrics(cloud);
    this.random = cloud.random.fork('apigateway');
    cloud.router.onHosts(
      (name) => host.test(name),
      (request, signer) => this.answer(request, signer),
    );
  }

  /** Where an API is called, without a slash at the end: at its stage, `$default` or the only one; undefined: nowhere. */
  urlOf(apiId: string): string | undefined {
    const rest = this.rest.get(apiId);
    if (rest !== undefined) {
      const [stage] = rest.stages.keys();
      return stage === undefined ? undefined : `${this.endpointOf(apiId)}/${stage}`;
    }
    const http = this.http.get(apiId);
    if (http === undefined) return undefined;
    if (http.stages.has('$default')) return this.endpointOf(apiId);
    const [stage] = http.stages.keys();
    return stage === undefined ? undefined : `${this.endpointOf(apiId)}/${stage}`;
  }

  endpointOf(apiId: string): string {
    const suffix = this.cloud.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    return `https://${apiId}.execute-api.${this.cloud.region}.${suffix}`;
  }

  private async answer(request: HttpRequest, signer: Caller | undefined): Promise<HttpResponse> {
    const url = new URL(request.url);
    const id = host.exec(url.host.toLowerCase())?.[1] ?? '';
    const read: GatewayRequest = {
      id: this.random.uuid(),
      atMillis: this.cloud.clock.now(),
      method: request.method.toUpperCase(),
      host: url.host,
      fullPath: decoded(url.pathname),
      path: decoded(url.pathname),
      rawQuery: url.search.replace(/^\?/, ''),
      headers: request.headers,
      body: request.body,
      signer,
    };
    const end = this.cloud.begin(`a request at the API ${id}`);
    try {
      return await this.answerApi(id, read);
    } finally {
      end();
    }
  }

  private async answerApi(id: string, request: GatewayRequest): Promise<HttpResponse> {
    const rest = this.rest.get(id);
    const http = this.http.get(id);
    if (rest !== undefined) return this.answerAtRest(rest, request);
    if (http !== undefined) return this.answerAtHttp(http, request);
    return jsonAnswer(403, { message: 'Forbidden' });
  }

  private async answerAtRest(api: RestApi, request: GatewayRequest): Promise<HttpResponse> {
    const { name, path } = splitStage(request.path);
    const stage = api.stages.get(name);
    if (stage === undefined) return jsonAnswer(403, { message: 'Forbidden' });
    const context = { cloud: this.cloud, keys: this.keys, authorizers: this.authorizers };
    const below = { ...request, path };
    const outcome = await answerRest(context, api, stage, below);
    this.note({ ApiName: api.name, Stage: stage.name }, { api: api.name, stage: stage.name }, below, outcome);
    return { ...outcome.response, headers: { 'x-amzn-requestid': request.id, ...outcome.response.headers } };
  }

  private async answerAtHttp(api: HttpApi, request: GatewayRequest): Promise<HttpResponse> {
    const { name, path } = splitStage(request.path);
    const named = api.stages.get(name);
    const stage = named ?? api.stages.get('$default');
    if (stage === undefined) return jsonAnswer(404, { message: 'Not Found' });
    const context = { cloud: this.cloud, authorizers: this.authorizers };
    const outcome = await answerHttpApi(context, api, stage, named === undefined ? request : { ...request, path });
    const about = { api: String(api.properties['Name'] ?? api.id), stage: stage.name };
    this.note({ ApiId: api.id, Stage: stage.name }, about, request, outcome);
    return { ...outcome.response, headers: { 'apigw-requestid': request.id.slice(0, 16), ...outcome.response.headers } };
  }

  /** Metrics of each request; what the API answers in trouble of its own or of its functions is told with the reason. */
  private note(dimensions: Record<string, string>, about: Record<string, string>, request: GatewayRequest, outcome: Outcome): void {
    const { status } = outcome.response;
    this.metrics.count(dimensions, status, this.cloud.clock.now() - request.atMillis);
    if (status < 500 && outcome.reason === undefined) return;
    const { method, path } = request;
    this.cloud.record('apigateway', 'failed', {
      ...about,
      method,
      path,
      status,
      reason: outcome.reason ?? 'answered so by the integration',
    });
  }
}

/** The first part of the path names the stage. */
function splitStage(path: string): { name: string; path: string } {
  const [, name = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  return { name, path: rest === '' ? '/' : rest };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export const createApiGateway = (cloud: LaptopCloud): ApiGateway => new ApiGateway(cloud);
