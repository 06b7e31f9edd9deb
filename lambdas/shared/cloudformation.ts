import { request } from 'node:https';

/** What CloudFormation waits for at the response URL of a custom resource. */
export interface CloudFormationAnswer {
  responseUrl: string;
  stackId: string;
  requestId: string;
  logicalResourceId: string;
  physicalResourceId: string;
  status: 'SUCCESS' | 'FAILED';
  reason?: string;
  data?: Record<string, string>;
}

const ATTEMPTS = 3;
const TIMEOUT_MILLIS = 10_000;
/** CloudFormation refuses answers above 4 KB. */
const MAX_REASON_CHARACTERS = 1000;

export async function answerCloudFormation(answer: CloudFormationAnswer): Promise<void> {
  const body = Buffer.from(
    JSON.stringify({
      Status: answer.status,
      Reason: (answer.reason ?? 'Done').slice(0, MAX_REASON_CHARACTERS),
      PhysicalResourceId: answer.physicalResourceId,
      StackId: answer.stackId,
      RequestId: answer.requestId,
      LogicalResourceId: answer.logicalResourceId,
      Data: answer.data ?? {},
    }),
  );
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await put(answer.responseUrl, body);
    } catch (error) {
      if (attempt === ATTEMPTS) {
        throw error;
      }
    }
  }
}

function put(url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname, search } = new URL(url);
    const outgoing = request(
      {
        method: 'PUT',
        hostname,
        ...(port === '' ? {} : { port }),
        path: `${pathname}${search}`,
        // The URL is signed for an empty content type.
        headers: { 'content-type': '', 'content-length': body.length },
        timeout: TIMEOUT_MILLIS,
      },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        response.on('error', reject);
        response.on('end', () => {
          if (status >= 200 && status < 300) {
            resolve();
          } else {
            reject(new Error(`CloudFormation's response URL answered ${status}`));
          }
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`CloudFormation's response URL did not answer in ${TIMEOUT_MILLIS} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
