import { bodyBytes, HttpError, type HttpEvent, isHttpEvent } from '../shared/http';

/** Lambda called without the function URL: the same members, and the unit by name. */
export interface DirectEvent {
  body?: string;
  isBase64Encoded?: boolean;
  contentType?: string;
  unit?: string;
}

export interface InferenceRequest {
  body: Buffer;
  contentType: string;
  /** Missing: the request is a unit of its own. */
  unit?: string;
}

/** SageMaker's limit of a body. */
const MAX_BODY_BYTES = 6_291_456;
const MAX_UNIT_CHARACTERS = 256;
const DEFAULT_CONTENT_TYPE = 'application/json';

export function readRequest(event: HttpEvent | DirectEvent): InferenceRequest {
  return isHttpEvent(event) ? readHttp(event) : checked(bodyBytes(event), event.contentType, event.unit);
}

function readHttp(event: HttpEvent): InferenceRequest {
  const { method, path } = event.requestContext.http;
  if (method !== 'POST' || path !== '/') {
    throw new HttpError(404, `There is no ${method} ${path}`, 'POST /', "Send the model's own body to POST /");
  }
  return checked(bodyBytes(event), event.headers?.['content-type'], event.headers?.['x-sluice-unit']);
}

function checked(body: Buffer, contentType: string | undefined, unit: string | undefined): InferenceRequest {
  if (body.length === 0 || body.length > MAX_BODY_BYTES) {
    throw new HttpError(
      body.length === 0 ? 400 : 413,
      `The body has ${body.length} bytes`,
      `1 to ${MAX_BODY_BYTES} bytes`,
      "Send the model's own body",
    );
  }
  if (unit !== undefined && (unit === '' || unit.length > MAX_UNIT_CHARACTERS)) {
    throw new HttpError(
      400,
      `The unit (header x-sluice-unit) has ${unit.length} characters`,
      `1 to ${MAX_UNIT_CHARACTERS} characters`,
      'Send the id of the user, case or session, or leave the header out',
    );
  }
  return { body, contentType: contentType ?? DEFAULT_CONTENT_TYPE, unit };
}
