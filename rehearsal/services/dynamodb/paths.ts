import type { Path } from './parse';
import type { AttributeValue, Item } from './values';

export function valueAt(path: Path, item: Item): AttributeValue | undefined {
  let value: AttributeValue | undefined = item[path[0] as string];
  for (let depth = 1; depth < path.length && value !== undefined; depth += 1) {
    const step = path[depth] as string | number;
    value = typeof step === 'number' ? value.L?.[step] : value.M?.[step];
  }
  return value;
}

interface Branch {
  value?: AttributeValue;
  members: Map<string | number, Branch>;
}

function asValue(branch: Branch): AttributeValue {
  if (branch.value !== undefined) return branch.value;
  const steps = [...branch.members];
  if (typeof steps[0]?.[0] === 'number') {
    const inOrder = steps.sort(([left], [right]) => (left as number) - (right as number));
    return { L: inOrder.map(([, member]) => asValue(member)) };
  }
  return { M: Object.fromEntries(steps.map(([name, member]) => [name, asValue(member)])) };
}

/** Only what the paths name, in the item's own structure; list elements close up. */
export function project(paths: readonly Path[], item: Item): Item {
  const flat: Item = {};
  const root: Branch = { members: new Map() };
  for (const path of paths) {
    const value = valueAt(path, item);
    if (value === undefined) continue;
    if (path.length === 1) {
      flat[path[0] as string] = value;
      continue;
    }
    let branch = root;
    for (const step of path) {
      const next = branch.members.get(step) ?? { members: new Map() };
      branch.members.set(step, next);
      branch = next;
    }
    branch.value = value;
  }
  for (const [name, branch] of root.members) flat[name as string] = asValue(branch);
  return flat;
}
