import type { Cloud, CreatedResource, HttpRequest, Members, ResourceContext } from '../cloud/types';

const CLOUDFORMATION = { kind: 'world', principalArn: 'cloudformation.amazonaws.com' } as const;
const DEFAULT_TIMEOUT_SECONDS = 3600;

interface ResponseBody {
  Status: 'SUCCESS' | 'FAILED';
  Reason?: string;
  PhysicalResourceId?: string;
  Data?: Record<string, unknown>;
}

/** A custom resource that answered FAILED: what it may have made by then is deleted by its physical id. */
export class CustomResourceFailure extends Error {
  constructor(
    message: string,
    readonly physicalId: string | undefined,
  ) {
    super(message);
  }
}

interface Waiting {
  answer(body: ResponseBody): void;
}

/** CloudFormation's side of custom resources: invokes the service token's function and waits for a PUT to the response URL. */
export class CustomResources {
  private readonly host: string;
  private readonly waiting = new Map<string, Waiting>();
  private requests = 0;

  constructor(private readonly cloud: Cloud) {
    this.host = `cloudformation-custom-resource-response-${cloud.region.replaceAll('-', '')}.s3.amazonaws.com`;
    cloud.onHttp(this.host, (request) => this.receive(request));
  }

  async request(
    kind: 'Create' | 'Update' | 'Delete',
    type: string,
    properties: Members,
    context: ResourceContext,
    previous?: { created: CreatedResource; properties: Members },
  ): Promise<CreatedResource> {
    this.requests += 1;
    const requestId = `${context.logicalId}-${this.requests}`;
    const answered = this.awaitAnswer(requestId, Number(properties.ServiceTimeout ?? DEFAULT_TIMEOUT_SECONDS), context);
    const event = {
      RequestType: kind,
      ServiceToken: properties.ServiceToken,
      ResponseURL: `https://${this.host}/${requestId}`,
      StackId: context.stackId,
      RequestId: requestId,
      LogicalResourceId: context.logicalId,
      ResourceType: type,
      ResourceProperties: properties,
      ...(previous === undefined ? {} : { PhysicalResourceId: previous.created.ref }),
      ...(kind === 'Update' ? { OldResourceProperties: previous?.properties } : {}),
    };
    const payload = new TextEncoder().encode(JSON.stringify(event));
    await this.cloud.call(
      'lambda',
      'Invoke',
      { FunctionName: properties.ServiceToken, InvocationType: 'Event', Payload: payload },
      CLOUDFORMATION,
    );
    const body = await answered;
    if (body.Status !== 'SUCCESS') {
      const reason = body.Reason ?? 'the custom resource failed without a reason';
      throw new CustomResourceFailure(`${context.logicalId}: ${reason}`, body.PhysicalResourceId);
    }
    return { ref: body.PhysicalResourceId ?? previous?.created.ref ?? requestId, attributes: body.Data ?? {} };
  }

  private awaitAnswer(requestId: string, timeoutSeconds: number, context: ResourceContext): Promise<ResponseBody> {
    return new Promise((resolve, reject) => {
      const timeout = this.cloud.clock.after(timeoutSeconds * 1000, () => {
        this.waiting.delete(requestId);
        reject(new Error(`${context.logicalId}: the custom resource did not answer within ${timeoutSeconds} s`));
      });
      this.waiting.set(requestId, {
        answer: (body) => {
          this.cloud.clock.cancel(timeout);
          this.waiting.delete(requestId);
          resolve(body);
        },
      });
    });
  }

  private receive(request: HttpRequest): { status: number; headers: Record<string, string>; body: Uint8Array } {
    const requestId = new URL(request.url, `https://${this.host}`).pathname.slice(1);
    const waiting = this.waiting.get(requestId);
    const status = request.method === 'PUT' && waiting !== undefined ? 200 : 403;
    if (status === 200) waiting?.answer(JSON.parse(new TextDecoder().decode(request.body)) as ResponseBody);
    return { status, headers: {}, body: new Uint8Array() };
  }
}
