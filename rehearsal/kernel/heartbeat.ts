const turnsIndex = 0;
const runningIndex = 1;
const lengthIndex = 2;
const headerBytes = 16;
const nameBytes = 240;
const checkMillis = 500;

/**
 * Shared memory in which the simulation thread shows that it moves on, and what it works for. A handler that never parks blocks its
 * thread for good, so that only another thread can notice, and name it.
 */
export class Heartbeat {
  private readonly counters: Int32Array;
  private readonly name: Uint8Array;
  private readonly encoder = new TextEncoder();
  private worker = '';

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(headerBytes + nameBytes)) {
    this.counters = new Int32Array(buffer, 0, 4);
    this.name = new Uint8Array(buffer, headerBytes, nameBytes);
  }

  turn(): void {
    this.counters[turnsIndex] = (this.counters[turnsIndex]! + 1) | 0;
  }

  /** Whether the thread is expected to move on: false while it waits for real work or has nothing to do. */
  running(isRunning: boolean): void {
    this.counters[runningIndex] = isRunning ? 1 : 0;
  }

  /** What the thread works for now. */
  working(name: string): void {
    if (name === this.worker) return;
    this.worker = name;
    const bytes = this.encoder.encode(name).subarray(0, nameBytes);
    this.name.set(bytes);
    this.counters[lengthIndex] = bytes.length;
  }
}

/** For another thread: calls `onStuck` once, with the name of what ran last, when the simulation has not moved for `limitMillis`. */
export function watchHeartbeat(buffer: SharedArrayBuffer, limitMillis: number, onStuck: (worker: string) => void): () => void {
  const counters = new Int32Array(buffer, 0, 4);
  let turns = Atomics.load(counters, turnsIndex);
  let movedMillis = performance.now();
  const timer = setInterval(
    () => {
      const now = performance.now();
      const current = Atomics.load(counters, turnsIndex);
      if (current !== turns || Atomics.load(counters, runningIndex) === 0) {
        turns = current;
        movedMillis = now;
        return;
      }
      if (now - movedMillis < limitMillis) return;
      clearInterval(timer);
      const length = Atomics.load(counters, lengthIndex);
      onStuck(new TextDecoder().decode(new Uint8Array(buffer, headerBytes, nameBytes).slice(0, length)));
    },
    Math.min(checkMillis, limitMillis),
  );
  timer.unref();
  return () => clearInterval(timer);
}
