/**
 * Lists of strings that functions made for the template. Go's `sortAlpha` sorts a `[]string` where it is; here only these are, since
 * the others belong to the pod and the mesh configuration, which other readers share.
 */
const own = new WeakSet<readonly string[]>();

/** Notes that a list belongs to the template; gives it back. */
export function ownList<T extends readonly string[] | null>(list: T): T {
  if (list !== null) own.add(list);
  return list;
}

export const isOwnList = (list: unknown): list is string[] => Array.isArray(list) && own.has(list);
