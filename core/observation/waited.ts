import type { DecisionObserved } from '../contracts';

/** How long the caller waited, as KPIs of the type latency count it: of a streamed answer until its first byte, since reading begins then. */
export const waitedFor = ({ firstByteMillis, latencyMillis }: Pick<DecisionObserved, 'firstByteMillis' | 'latencyMillis'>): number =>
  firstByteMillis ?? latencyMillis;
