/** User and group ids on OpenShift, which gives every namespace a range of its own. */
import type { NamespaceObject } from '../configuration/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { findProxy, replaceContainer } from './containers.ts';
import { lookup } from './maps.ts';
import { annotation, container, defaultProxyId } from './names.ts';

/** User and group of the proxy. */
export interface ProxyIds {
  readonly uid: number;
  readonly gid: number;
}

/** The ids where the platform does not choose them. */
export const defaultProxyIds: ProxyIds = { uid: defaultProxyId, gid: defaultProxyId };

/** The last id of the namespace's ranges; the default for a range that is absent or malformed. */
export function openshiftProxyIds(namespace: NamespaceObject | undefined): ProxyIds {
  const users = lookup(namespace?.annotations, annotation.openshiftUidRange);
  const groups = lookup(namespace?.annotations, annotation.openshiftGroups) ?? users;
  return {
    uid: endOfBlock(users ?? '') ?? defaultProxyId,
    gid: endOfFirstBlock(groups ?? '') ?? defaultProxyId,
  };
}

/** One malformed block spoils the list. */
function endOfFirstBlock(blocks: string): number | undefined {
  const ends = blocks.split(',').map(endOfBlock);
  return ends.includes(undefined) ? undefined : ends[0];
}

/**
 * Last id of `<start>/<size>` or `<start>-<end>`. Text after the second number is ignored, numbers are 32 bits wide and sums wrap
 * around (`fmt.Sscanf` into `uint32`).
 */
function endOfBlock(block: string): number | undefined {
  const separator = block.includes('/') ? '/' : '-';
  const [, start, second] = new RegExp(`^[ \\t]*([0-9]+)${separator}[ \\t]*([0-9]+)`).exec(block) ?? [];
  if (!isUint32(start) || !isUint32(second)) return undefined;
  return separator === '-' ? Number(second) : (Number(start) + Number(second) - 1) >>> 0;
}

const isUint32 = (digits: string | undefined): digits is string => digits !== undefined && Number(digits) < 2 ** 32;

/**
 * The pod without the ids of its proxy when they are the application's: OpenShift gives all containers of a pod the same ids, and on
 * re-injection the proxy's must come from the template again.
 */
export function clearSharedProxyIds(pod: Pod): Pod {
  const security = findProxy(pod)?.securityContext;
  if (security === undefined || (security.runAsUser ?? 0) !== applicationUser(pod)) return pod;
  const { runAsUser: _user, runAsGroup: _group, ...rest } = security;
  return replaceContainer(pod, container.proxy, (proxy) => ({ ...proxy, securityContext: rest }));
}

const ownContainers: ReadonlySet<string | undefined> = new Set([container.proxy, container.init, container.validation]);

/** The last user that a container of the application names. */
function applicationUser(pod: Pod): number {
  const all = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])];
  const users = all
    .filter(({ name }) => !ownContainers.has(name))
    .map(({ securityContext }) => securityContext?.runAsUser);
  return users.findLast((user) => user !== undefined) ?? 0;
}
