import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { events, lambda, sqs } from './account';
import { ACCOUNT, ENDPOINT, REGION, ROOT, temporaryFolder } from './cdk';
import { eventually } from './ledger';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A copy of an example whose charter reads differently. */
export function changedCharter(example: string, change: (charter: string) => string): string {
  const folder = path.join(temporaryFolder(), path.basename(example));
  cpSync(path.join(ROOT, example), folder, { recursive: true });
  const file = path.join(folder, 'usecase.yaml');
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`the charter of ${example} does not hold what should be changed`);
  writeFileSync(file, after);
  return folder;
}

/** A function URL under its own name, which MiniStack tells by the Host header. */
export function postToUrl(functionUrl: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const url = new URL(functionUrl);
  const { hostname, port } = new URL(ENDPOINT);
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/${REGION}/lambda/aws4_request, SignedHeaders=host, Signature=0`;
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        hostname,
        port,
        method: 'POST',
        path: url.pathname,
        headers: { host: url.host, 'content-type': 'application/json', authorization, ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    request.once('error', reject);
    request.end(JSON.stringify(body));
  });
}

/** MiniStack's function URLs do not say who signed: the event is the URL's own, sent to the function. */
export async function approve(functionName: string, releaseId: string, userArn: string): Promise<{ statusCode: number; body: string }> {
  const event = {
    version: '2.0',
    rawPath: '/approve',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ releaseId, comment: 'looks good' }),
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST', path: '/approve' }, authorizer: { iam: { userArn } } },
  };
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }));
  return JSON.parse(Buffer.from(Payload ?? []).toString()) as { statusCode: number; body: string };
}

export async function putKpiEvents(...details: Record<string, unknown>[]): Promise<void> {
  const Entries = details.map((detail) => ({ Source: 'ticket-system', DetailType: 'KpiObserved', Detail: JSON.stringify(detail) }));
  const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
  if (FailedEntryCount !== 0) throw new Error(`EventBridge refused ${String(FailedEntryCount)} events`);
}

/** Whether all messages of a queue were dealt with in time. */
export async function drained(queueUrl: string, withinSeconds = 30): Promise<boolean> {
  const empty = await eventually(async () => ((await waiting(queueUrl)) === 0 ? true : undefined), withinSeconds);
  return empty === true;
}

async function waiting(queueUrl: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'] as const;
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
