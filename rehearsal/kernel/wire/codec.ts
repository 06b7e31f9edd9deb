import type { AwsError, Members } from '../../cloud/types';
import { serviceModel } from '../service-registry';
import { decodeAwsJson, encodeAwsJson, encodeAwsJsonError } from './aws-json';
import { decodeAwsQuery, encodeAwsQuery, encodeAwsQueryError } from './aws-query';
import type { DecodedRequest, WireRequest, WireResponse } from './message';
import { decodeRest, encodeRest, encodeRestJsonError, encodeRestXmlError } from './rest';
import { dechunk, nameOperation, takeBucket, takeHeaders } from './s3';

/** Wire format → members as SDK v3 shapes them. */
export function decodeRequest(service: string, request: WireRequest): DecodedRequest {
  const model = serviceModel(service);
  switch (model.protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      return decodeAwsJson(model, request);
    case 'awsQuery':
      return decodeAwsQuery(model, request);
    case 'restJson1':
      return decodeRest(model, request);
    case 'restXml':
      return decodeS3(service, request);
  }
}

export function encodeAnswer(service: string, operation: string, output: Members, requestId: string): WireResponse {
  const model = serviceModel(service);
  switch (model.protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      return encodeAwsJson(model, operation, output);
    case 'awsQuery':
      return encodeAwsQuery(model, operation, output, requestId);
    case 'restJson1':
    case 'restXml':
      return encodeRest(model, operation, output);
  }
}

export function encodeError(service: string, error: AwsError, requestId: string): WireResponse {
  const model = serviceModel(service);
  switch (model.protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      return encodeAwsJsonError(model, error);
    case 'awsQuery':
      return encodeAwsQueryError(model, error, requestId);
    case 'restJson1':
      return encodeRestJsonError(model, error);
    case 'restXml':
      return encodeRestXmlError(model, error, requestId);
  }
}

function decodeS3(service: string, request: WireRequest): DecodedRequest {
  const { bucket, request: withoutBucket } = takeBucket(dechunk(takeHeaders(request)));
  const decoded = decodeRest(serviceModel(service), nameOperation(bucket, withoutBucket));
  return bucket === undefined ? decoded : { ...decoded, input: { ...decoded.input, Bucket: bucket } };
}
