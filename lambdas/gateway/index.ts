import type { StreamifyHandler } from 'aws-lambda';
import { type HttpAnswer, type HttpEvent, isHttpEvent } from '../shared/http';
import { DirectCaller, UrlCaller } from './caller';
import { Gateway } from './gateway';
import { parts } from './parts';
import type { DirectEvent } from './request';
import { StreamingGateway } from './streaming';

function buffered(): (event: HttpEvent | DirectEvent) => Promise<HttpAnswer> {
  const gateway = new Gateway(parts);
  return (event) => gateway.handle(event);
}

function streaming(): StreamifyHandler<HttpEvent | DirectEvent, void> {
  const gateway = new StreamingGateway(parts);
  return awslambda.streamifyResponse((event, stream) =>
    gateway.stream(event, isHttpEvent(event) ? new UrlCaller(stream) : new DirectCaller(stream)),
  );
}

/** A URL that streams asks for a handler that does. */
export const handler = process.env['STREAMING'] === 'true' ? streaming() : buffered();
