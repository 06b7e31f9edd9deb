import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import jsonata from 'jsonata';
import type { CreatedResource, Members, ResourceContext } from '../../../rehearsal/cloud/types';
import { VirtualClock } from '../../../rehearsal/kernel/clock';
import { createCloud, type LaptopCloud } from '../../../rehearsal/kernel/cloud';
import { createRandom } from '../../../rehearsal/kernel/random';
import { createDoubles, resourceTypes } from '../../../rehearsal/services';
import type { SageMaker } from '../../../rehearsal/services/sagemaker';

/** What the launcher asks for a resource whose type MiniStack lacks. */
interface ResourceRequest {
  do: 'create' | 'update' | 'remove';
  type: string;
  logicalId: string;
  stackName: string;
  properties: Members;
  previous?: Members;
  created?: CreatedResource;
}

/** An expression of a workflow, and what it may read. */
interface Expression {
  expression: string;
  states: Record<string, unknown>;
  variables: Record<string, unknown>;
}

/** Between two calls so much virtual time goes by: what is asked for again has become ready, or is gone. */
const MILLIS_BETWEEN_CALLS = 300_000;
/** What every model container says. */
export const MODEL_ANSWER = { spam: false, by: 'the model' };
const CALLER = 'arn:aws:iam::123456789012:role/witness';

/** Our own doubles over loopback HTTP, for the services that MiniStack lacks. */
export class DoublesServer {
  readonly cloud: LaptopCloud;
  private readonly clock: VirtualClock;
  private readonly server: Server;
  private last: Promise<unknown> = Promise.resolve();

  constructor(account: { accountId: string; region: string }) {
    this.clock = new VirtualClock({ startMillis: Date.now() });
    this.cloud = createCloud({ ...account, clock: this.clock, random: createRandom(1), doubles: createDoubles });
    const answer = { status: 200, body: Buffer.from(JSON.stringify(MODEL_ANSWER)), contentType: 'application/json', latencyMillis: 20 };
    this.cloud.double<SageMaker>('sagemaker').setContainers(() => ({ predict: () => answer }));
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => fail(response, error));
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  /** One after the other: virtual time runs for one call at a time. */
  inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.last.then(async () => {
      await this.clock.run(this.clock.now() + MILLIS_BETWEEN_CALLS);
      return this.clock.complete(Promise.resolve().then(work));
    });
    this.last = done.catch(() => undefined);
    return done;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (request.url === '/resources') {
      const created = await this.inTurn(() => this.resource(JSON.parse(body.toString()) as ResourceRequest));
      response.setHeader('content-type', 'application/json').end(JSON.stringify(created ?? {}));
      return;
    }
    if (request.url === '/jsonata') {
      const value = await evaluate(JSON.parse(body.toString()) as Expression);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ value }));
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const url = `https://${this.hostOf(headers)}${request.url ?? '/'}`;
    const answer = await this.inTurn(() =>
      this.cloud.requestHttp({ method: request.method ?? 'GET', url, headers, body }, { principalArn: CALLER }),
    );
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  /** The name under which a request is signed says whom it is for; SageMaker's two services share theirs. */
  private hostOf(headers: Record<string, string>): string {
    const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers['authorization'] ?? '')?.[1];
    if (service === undefined) throw new Error('a request to the doubles is not signed: nobody can tell which service it is for');
    if (service !== 'sagemaker') return `${service}.${this.cloud.region}.amazonaws.com`;
    return `${headers['x-amz-target'] === undefined ? 'runtime' : 'api'}.sagemaker.${this.cloud.region}.amazonaws.com`;
  }

  private resource(request: ResourceRequest): CreatedResource | void | Promise<CreatedResource | void> {
    const { properties, previous, created } = request;
    const type = resourceTypes.find((one) => one.type === request.type);
    if (type === undefined) throw new Error(`the doubles have no resource type ${request.type}`);
    const context = this.contextOf(request);
    if (request.do === 'create') return type.create(properties, context);
    if (created === undefined) throw new Error(`${request.do} of ${request.logicalId} does not say what was created`);
    if (request.do === 'remove') return type.remove(created, properties, context);
    if (type.update === undefined || previous === undefined) throw new Error(`${request.type} cannot be updated`);
    return type.update(properties, previous, created, context);
  }

  private contextOf({ logicalId, stackName }: ResourceRequest): ResourceContext {
    return {
      cloud: this.cloud,
      logicalId,
      constructPath: `${stackName}/${logicalId}`,
      stackName,
      stackId: this.cloud.arn('cloudformation', `stack/${stackName}/doubles`),
      physicalName: (maxLength = 63) => `${stackName}-${logicalId}`.slice(0, maxLength),
      assetPath: () => undefined,
    };
  }
}

/** By the reference implementation, as Step Functions does: an expression without a value is an error. */
async function evaluate({ expression, states, variables }: Expression): Promise<unknown> {
  const value: unknown = await jsonata(expression).evaluate(undefined, { ...variables, states });
  if (value === undefined) throw new Error('the expression has no value');
  return value;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function fail(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ __type: 'DoublesFailed', message }));
}
