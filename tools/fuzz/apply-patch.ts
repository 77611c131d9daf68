/** JSON Patch (RFC 6902) as an API server applies it, written apart from ours to hold ours against it. */

export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** Applies a patch of `add`, `replace` and `remove` in place. Throws when an operation does not fit, as the API server would. */
export function applyPatch(document: unknown, operations: readonly Operation[]): unknown {
  const root = { document };
  for (const { op, path, value } of operations) {
    if (path !== '' && !path.startsWith('/')) throw new Error(`no pointer: ${path}`);
    const steps = `/document${path}`
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() ?? '';
    const parent = steps.reduce<unknown>((at, step) => member(at, step, path), root);
    if (op !== 'add' && op !== 'replace' && op !== 'remove') throw new Error(`operation ${op}`);
    change(parent, last, op, structuredClone(value), path);
  }
  return root.document;
}

function member(value: unknown, step: string, path: string): unknown {
  if (Array.isArray(value)) return value[indexOf(step, value.length - 1, path)] as unknown;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) throw new Error(`nothing at ${path}`);
  return Object.getOwnPropertyDescriptor(value, step)?.value as unknown;
}

function change(parent: unknown, key: string, op: 'add' | 'replace' | 'remove', value: unknown, path: string): void {
  if (Array.isArray(parent)) {
    const index =
      op === 'add' && key === '-' ? parent.length : indexOf(key, parent.length - (op === 'add' ? 0 : 1), path);
    parent.splice(index, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
    return;
  }
  if (typeof parent !== 'object' || parent === null) throw new Error(`no container at ${path}`);
  if (op !== 'add' && !Object.hasOwn(parent, key)) throw new Error(`nothing at ${path}`);
  if (op === 'remove') Reflect.deleteProperty(parent, key);
  else Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

function indexOf(step: string, most: number, path: string): number {
  const index = /^(?:0|[1-9][0-9]*)$/.test(step) ? Number(step) : -1;
  if (index < 0 || index > most) throw new Error(`no index ${step} at ${path}`);
  return index;
}
