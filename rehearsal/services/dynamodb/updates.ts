import { addNumbers } from './decimal';
import { validation } from './errors';
import { valueOf } from './conditions';
import { valueAt } from './paths';
import type { FunctionNode, Operand, ParsedUpdate, Path, UpdateSection } from './parse';
import { addToNumber, changeSet, typeOf } from './values';
import type { AttributeValue, Item } from './values';

const wrongType = (): Error => validation('An operand in the update expression has an incorrect data type');

const noSuchAttribute = (): Error => validation('The provided expression refers to an attribute that does not exist in the item');

function evaluateFunction(node: FunctionNode, item: Item, values: Item): AttributeValue {
  const [first, second] = node.args as [Operand, Operand];
  if (node.name === 'if_not_exists') return valueAt(first as Path, item) ?? evaluate(second, item, values);
  const left = evaluate(first, item, values);
  const right = evaluate(second, item, values);
  if (node.name === 'list_append') {
    if (left.L === undefined || right.L === undefined) throw wrongType();
    return { L: [...left.L, ...right.L] };
  }
  if (left.N === undefined || right.N === undefined) throw wrongType();
  return { N: addNumbers(left.N, right.N, node.type === 'add' ? 1 : -1) };
}

function evaluate(operand: Operand, item: Item, values: Item): AttributeValue {
  if (Array.isArray(operand)) {
    const value = valueAt(operand, item);
    if (value === undefined) throw noSuchAttribute();
    return value;
  }
  return 'args' in operand ? evaluateFunction(operand, item, values) : valueOf(operand, values);
}

function added(section: UpdateSection, existing: AttributeValue | undefined, values: Item): AttributeValue | undefined {
  const change = evaluate(section.val, {}, values);
  const type = typeOf(change);
  if (existing !== undefined && typeOf(existing) !== type) throw wrongType();
  if (section.type === 'add' && type === 'N') return addToNumber(existing, change);
  if (existing === undefined && section.type === 'delete') return undefined;
  return changeSet(existing, change, section.type === 'delete');
}

/** The container that holds the path's last step, copied on the way so that the stored item stays as it is. */
function parentOf(path: Path, item: Item, owned: Set<object>): AttributeValue | undefined {
  let parent: AttributeValue = { M: item };
  for (let depth = 0; depth < path.length - 1; depth += 1) {
    const step = path[depth] as string | number;
    const child: AttributeValue | undefined = typeof step === 'number' ? parent.L?.[step] : parent.M?.[step];
    if (child === undefined) return undefined;
    const container: object | undefined = child.M ?? child.L;
    if (container === undefined) return undefined;
    if (owned.has(container)) {
      parent = child;
      continue;
    }
    const copy: AttributeValue = child.M === undefined ? { L: [...(child.L ?? [])] } : { M: { ...child.M } };
    owned.add((copy.M ?? copy.L) as object);
    if (typeof step === 'number') (parent.L as AttributeValue[])[step] = copy;
    else (parent.M as Item)[step] = copy;
    parent = copy;
  }
  return parent;
}

function put(parent: AttributeValue, step: string | number, value: AttributeValue): void {
  // Beyond the end means at the end: DynamoDB's lists have no holes.
  if (typeof step === 'number' && parent.L !== undefined) parent.L[Math.min(step, parent.L.length)] = value;
  else if (typeof step === 'string' && parent.M !== undefined) parent.M[step] = value;
  else throw invalidPath();
}

const invalidPath = (): Error => validation('The document path provided in the update expression is invalid for update');

/** Where sections touch one list: what goes goes by its old place, and what comes beyond the end is appended by its element number. */
export function inOrderOfEffect(sections: readonly UpdateSection[]): UpdateSection[] {
  const rank = ({ type, path }: UpdateSection): number => {
    const last = path[path.length - 1];
    return type === 'remove' ? -1 : typeof last === 'number' ? last : 0;
  };
  return [...sections].sort((left, right) => rank(left) - rank(right));
}

/** An update that takes things away does nothing where there is no item. */
export const onlyTakesAway = ({ sections }: ParsedUpdate): boolean => sections.every(({ type }) => type === 'remove' || type === 'delete');

type Removal = { list: AttributeValue[]; index: number };

function take(parent: AttributeValue, step: string | number, removals: Removal[]): void {
  // List elements go last: every path means the list as it was before.
  if (typeof step === 'number' && parent.L !== undefined) {
    if (step < parent.L.length) removals.push({ list: parent.L, index: step });
  } else if (typeof step === 'string' && parent.M !== undefined) delete parent.M[step];
  else throw invalidPath();
}

/** The item after the update. Every operand is read from the item as it was before. */
export function applyUpdate(update: ParsedUpdate, before: Item, values: Item): Item {
  const after: Item = { ...before };
  const owned = new Set<object>();
  const removals: Removal[] = [];
  for (const section of update.sections) {
    let value: AttributeValue | undefined;
    if (section.type === 'set') value = evaluate(section.val, before, values);
    else if (section.type !== 'remove') value = added(section, valueAt(section.path, before), values);
    const parent = section.path.length === 1 ? { M: after } : parentOf(section.path, after, owned);
    if (parent === undefined) throw invalidPath();
    const step = section.path[section.path.length - 1] as string | number;
    if (value === undefined) take(parent, step, removals);
    else put(parent, step, value);
  }
  removals.sort((left, right) => right.index - left.index);
  for (const { list, index } of removals) list.splice(index, 1);
  return after;
}
