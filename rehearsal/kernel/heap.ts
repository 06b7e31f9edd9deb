/** Binary heap over numbers of priority; equal priorities leave in the order in which they came. */
export class StableHeap<T> {
  private readonly entries: { priority: number; order: number; value: T }[] = [];
  private pushed = 0;

  get size(): number {
    return this.entries.length;
  }

  get firstPriority(): number | undefined {
    return this.entries[0]?.priority;
  }

  peek(): T | undefined {
    return this.entries[0]?.value;
  }

  push(priority: number, value: T): void {
    const entries = this.entries;
    const entry = { priority, order: this.pushed++, value };
    let index = entries.length;
    entries.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = entries[parentIndex]!;
      if (!before(entry, parent)) break;
      entries[index] = parent;
      index = parentIndex;
    }
    entries[index] = entry;
  }

  pop(): T | undefined {
    const entries = this.entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first?.value;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= entries.length) break;
      const right = entries[childIndex + 1];
      if (right !== undefined && before(right, entries[childIndex]!)) childIndex += 1;
      const child = entries[childIndex]!;
      if (!before(child, last)) break;
      entries[index] = child;
      index = childIndex;
    }
    entries[index] = last;
    return first.value;
  }
}

function before(one: { priority: number; order: number }, other: { priority: number; order: number }): boolean {
  return one.priority < other.priority || (one.priority === other.priority && one.order < other.order);
}
