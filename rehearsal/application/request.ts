import type { DeployedResource } from '../assembly/standing';
import type { HttpResponse, ServiceDouble } from '../cloud/types';
import type { Laptop } from '../world/laptop';
import { shown, textHolds } from './partial';
import type { ApplicationInput } from './scenario-schema';
import { asText, outsiderArn, type Sent } from './send';

type Request = NonNullable<ApplicationInput['request']>;

/** What the API Gateway double knows of its APIs. */
interface Apis extends ServiceDouble {
  urlOf(apiId: string): string | undefined;
}

/** An HTTP request from outside, and whether it was answered as expected. */
export async function sendRequest(laptop: Laptop, request: Request, place: DeployedResource): Promise<Sent> {
  const base = baseUrl(laptop, place);
  if (base === undefined) return { ok: false, words: 'it has no stage that answers' };
  const { method, path, query = {}, body } = request;
  const search = new URLSearchParams(query).toString();
  const { cloud } = laptop;
  const response = await cloud.requestHttp(
    {
      method,
      url: `${base.replace(/\/$/, '')}${path}${search === '' ? '' : `?${search}`}`,
      headers: { ...defaultHeaders(body), ...request.headers },
      body: body === undefined ? new Uint8Array() : Buffer.from(asText(body)),
    },
    request.as === 'iam' ? { principalArn: outsiderArn(cloud) } : undefined,
  );
  const text = new TextDecoder().decode(await wholeBody(response));
  const words = `${method} ${path}: ${response.status} ${shown(text)}`.trim();
  const otherwise = request.answer === undefined ? undefined : difference(request.answer, response, text);
  const ok = request.answer === undefined ? response.status < 500 : otherwise === undefined;
  return { ok, words, status: response.status, ...(otherwise === undefined ? {} : { otherwise }) };
}

function baseUrl({ cloud }: Laptop, { type, ref, attributes }: DeployedResource): string | undefined {
  return type === 'AWS::Lambda::Url' ? String(attributes['FunctionUrl']) : cloud.double<Apis>('apigateway').urlOf(ref);
}

const defaultHeaders = (body: unknown): Record<string, string> => {
  if (body === undefined) return {};
  return { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' };
};

async function wholeBody({ body, chunks }: HttpResponse): Promise<Uint8Array> {
  if (chunks === undefined) return body;
  const parts: Uint8Array[] = [];
  for await (const part of chunks) parts.push(part);
  return Buffer.concat(parts);
}

function difference(wanted: NonNullable<Request['answer']>, response: HttpResponse, text: string): string | undefined {
  const seen = `${response.status} ${shown(text)}`.trim();
  const isStatus = wanted.status === undefined ? response.status < 500 : response.status === wanted.status;
  if (!isStatus) return seen;
  if (wanted.body !== undefined && !textHolds(text, wanted.body)) return seen;
  const headers = new Map(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const other = Object.entries(wanted.headers ?? {}).find(([name, value]) => headers.get(name.toLowerCase()) !== value);
  return other === undefined ? undefined : `${other[0]}: ${headers.get(other[0].toLowerCase()) ?? 'no such header'}`;
}
