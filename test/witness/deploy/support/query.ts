import { ACCOUNT, ENDPOINT, REGION } from './cdk';

/** A call by AWS's query protocol, for services that have no client here: the answer's XML. */
export async function query(service: 'cloudformation' | 'iam' | 'monitoring', parameters: Record<string, string>): Promise<string> {
  const scope = `Credential=${ACCOUNT}/20260101/${REGION}/${service}/aws4_request`;
  const answer = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams(parameters).toString(),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${String(parameters['Action'])} was answered with ${answer.status}: ${text}`);
  return text;
}

/** Values of all elements of a name. */
export const valuesOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value]) => String(value));
