import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A function URL's event, payload version 2.0, as far as it is read. */
export interface HttpEvent {
  rawPath?: string;
  headers?: Record<string, string | undefined>;
  body?: string;
  isBase64Encoded?: boolean;
  requestContext: {
    http: { method: string; path: string };
    authorizer?: { iam?: { userArn?: string } };
  };
}

export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** An answer that refuses: what was wrong, what is allowed, what to do next. */
export class HttpError extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
    readonly allowed: string,
    readonly next: string,
  ) {
    super(message);
  }
}

export function isHttpEvent(event: unknown): event is HttpEvent {
  const context = (event as Partial<HttpEvent> | null)?.requestContext;
  return typeof context?.http?.method === 'string';
}

export function jsonAnswer(statusCode: number, body: object): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Turns refusals into answers; what is unexpected is thrown on, for Lambda to report. */
export async function answering<Answer = HttpAnswer>(act: () => Promise<Answer>): Promise<Answer | HttpAnswer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof HttpError) {
      return jsonAnswer(error.statusCode, { error: error.message, allowed: error.allowed, next: error.next });
    }
    throw error;
  }
}

export function bodyBytes(event: Pick<HttpEvent, 'body' | 'isBase64Encoded'>): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
}

export function jsonBody(event: HttpEvent, example: string): unknown {
  const text = bodyBytes(event).toString('utf8');
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch {
    throw new HttpError(400, 'The body is not JSON', example, 'Send the body as JSON');
  }
}

/** `POST /kill` → `kill`. */
export function postedAction<Action extends string>(event: HttpEvent, actions: readonly Action[]): Action {
  const { method, path } = event.requestContext.http;
  const name = path.replace(/^\/+|\/+$/g, '');
  const action = actions.find((candidate) => candidate === name);
  if (method !== 'POST' || action === undefined) {
    const allowed = actions.map((candidate) => `POST /${candidate}`).join(', ');
    throw new HttpError(404, `There is no ${method} ${path}`, allowed, 'Use one of the allowed paths');
  }
  return action;
}

/** Who signed the request. The session's name in it proves nothing. */
export function signerOf(event: HttpEvent): string {
  const arn = event.requestContext.authorizer?.iam?.userArn;
  if (arn === undefined) {
    throw new HttpError(403, 'The request is not signed', 'Requests signed with SigV4 by an IAM principal', 'Sign the request');
  }
  return arn;
}
