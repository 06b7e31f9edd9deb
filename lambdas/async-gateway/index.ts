import { S3Client } from '@aws-sdk/client-s3';
import { Gateway } from '../gateway/gateway';
import { parts } from '../gateway/parts';
import type { DirectEvent } from '../gateway/request';
import { CLIENT, lean } from '../shared/client';
import { required } from '../shared/env';
import type { HttpAnswer, HttpEvent } from '../shared/http';
import { storeRequest } from './store';

const bucket = required('ASYNC_BUCKET');
const s3 = lean(new S3Client({ ...CLIENT, maxAttempts: 2 }));
const gateway = new Gateway({ ...parts, store: (request) => storeRequest(s3, bucket, request) });

/** The gateway of an asynchronous use case: every request is stored first. A bundle of its own, since no other one needs a client for S3. */
export const handler = (event: HttpEvent | DirectEvent): Promise<HttpAnswer> => gateway.handle(event);
