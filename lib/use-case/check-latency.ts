import type { Charter } from '../../core/charter';

/** Above the gateway's own limit no answer would ever count. */
export function checkLatencyKpis({ kpis }: Charter, invokeTimeoutMillis: number): void {
  kpis.forEach(({ name, aboveMillis }, index) => {
    if (aboveMillis === undefined || aboveMillis < invokeTimeoutMillis) return;
    throw new Error(
      `kpis[${index}].above of ${name} is ${aboveMillis} ms, but the gateway answers from the baseline after ${invokeTimeoutMillis} ms: ` +
        `give less than that, or a longer invokeTimeoutMillis.`,
    );
  });
}
