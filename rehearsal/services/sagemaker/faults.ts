export type EndpointFaultKind = 'capacity' | 'silent-rollback' | 'hang' | 'rollback-failed';
export type EndpointChange = 'CreateEndpoint' | 'UpdateEndpoint' | 'UpdateEndpointWeightsAndCapacities';

export interface EndpointFault {
  /**
   * `capacity`: no instances; a new endpoint fails, an update is rolled back and says why. Each strike empties one instance pool.
   * `silent-rollback`: an update ends InService with the old config and without a reason.
   * `hang`: stays Creating or Updating for hours, then ends as `capacity` does.
   * `rollback-failed`: an update finds no instances and its rollback fails too: UpdateRollbackFailed.
   */
  kind: EndpointFaultKind;
  /** How many changes it strikes. @default 1 */
  times?: number;
  /** @default - CreateEndpoint and UpdateEndpoint */
  operation?: EndpointChange;
  /** @default - every endpoint */
  endpointName?: string;
}

/** Faults wait here for the next change that they apply to. */
export class EndpointFaults {
  private readonly waiting: (EndpointFault & { left: number })[] = [];

  add(fault: EndpointFault): void {
    const left = fault.times ?? 1;
    if (!Number.isInteger(left) || left < 1) throw new RangeError(`An endpoint fault strikes at least once, got times: ${left}.`);
    this.waiting.push({ ...fault, left });
  }

  /** The fault that strikes this change, used up. */
  strike(operation: EndpointChange, endpointName: string, kind?: EndpointFaultKind): EndpointFaultKind | undefined {
    const fault = this.waiting.find((one) => one.left > 0 && (kind ?? one.kind) === one.kind && applies(one, operation, endpointName));
    if (fault === undefined) return undefined;
    fault.left -= 1;
    return fault.kind;
  }
}

function applies(fault: EndpointFault, operation: EndpointChange, endpointName: string): boolean {
  if (fault.endpointName !== undefined && fault.endpointName !== endpointName) return false;
  if (fault.operation !== undefined) return fault.operation === operation;
  if (fault.kind === 'silent-rollback' || fault.kind === 'rollback-failed') return operation === 'UpdateEndpoint';
  return operation !== 'UpdateEndpointWeightsAndCapacities';
}
