import { AwsError } from '../cloud/types';
import type { Fault } from '../cloud/types';

/** Status codes of common errors; the SDK decides by code and status whether to try again. */
const statusOfErrors: Record<string, number> = {
  InternalServerError: 500,
  InternalServerException: 500,
  InternalServiceError: 500,
  InternalFailure: 500,
  InternalError: 500,
  ServiceException: 500,
  ModelError: 424,
  ServiceUnavailable: 503,
  ServiceUnavailableException: 503,
  SlowDown: 503,
  TooManyRequestsException: 429,
  RequestTimeout: 408,
  AccessDenied: 403,
};

/** Faults of the scenario, in the order in which they are written. */
export class FaultPlan {
  private readonly remaining: { fault: Fault; times: number }[];

  constructor(faults: readonly Fault[]) {
    this.remaining = faults.map((fault) => ({ fault, times: fault.times ?? Infinity }));
  }

  add(fault: Fault): void {
    this.remaining.push({ fault, times: fault.times ?? Infinity });
  }

  /** The error with which this call fails now; each call uses up one strike. */
  strike(service: string, operation: string, nowMillis: number): AwsError | undefined {
    if (this.remaining.length === 0) return undefined;
    const entry = this.remaining.find(
      ({ fault, times }) =>
        times > 0 &&
        fault.service === service &&
        fault.operation === operation &&
        nowMillis >= fault.fromMillis &&
        nowMillis < fault.untilMillis,
    );
    if (entry === undefined) return undefined;
    entry.times -= 1;
    const { error } = entry.fault;
    return new AwsError(error, `${error}: injected by a fault of the scenario`, statusOfErrors[error] ?? 400);
  }
}
