import { EventEmitter } from 'node:events';
import https from 'node:https';

export interface Put {
  options: https.RequestOptions;
  body: Record<string, unknown>;
}

/** Stands for CloudFormation's response URL: answers with the given statuses in turn, then 200. */
export function fakeResponseUrl(...statuses: number[]): Put[] {
  const puts: Put[] = [];
  jest.spyOn(https, 'request').mockImplementation(((options: https.RequestOptions, answered: (response: EventEmitter) => void) => {
    const outgoing = new EventEmitter() as EventEmitter & { end(body: Buffer): void; destroy(error: Error): void };
    outgoing.destroy = (error) => outgoing.emit('error', error);
    outgoing.end = (body) => {
      puts.push({ options, body: JSON.parse(body.toString('utf8')) as Record<string, unknown> });
      const response = Object.assign(new EventEmitter(), { statusCode: statuses.shift() ?? 200, resume: () => undefined });
      answered(response);
      response.emit('end');
    };
    return outgoing;
  }) as never);
  return puts;
}
