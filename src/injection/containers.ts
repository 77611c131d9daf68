/** Finding, replacing and moving containers of a pod. Pods are values: every change gives a new pod that shares what did not change. */
import type { Container, Pod } from '../kubernetes/index.ts';
import { container as names } from './names.ts';

/** The two lists a template can write to. */
export type ContainerList = 'containers' | 'initContainers';

/** First container of a name. */
export function findContainer(list: readonly Container[] | null | undefined, name: string): Container | undefined {
  return list?.find((item) => item.name === name);
}

/** A container of a name and the list it is in; `containers` is searched first. */
export function locateContainer(pod: Pod, name: string): { list: ContainerList; container: Container } | undefined {
  for (const list of ['containers', 'initContainers'] as const) {
    const container = findContainer(pod.spec[list], name);
    if (container !== undefined) return { list, container };
  }
  return undefined;
}

/** The proxy of a pod, wherever it runs. */
export function findProxy(pod: Pod): Container | undefined {
  return locateContainer(pod, names.proxy)?.container;
}

/** The pod with another value of one list. */
export function withList(pod: Pod, list: ContainerList, items: Container[]): Pod {
  return { ...pod, spec: { ...pod.spec, [list]: items } };
}

/** The pod with its first container of that name (searched as {@link locateContainer} does) replaced. */
export function replaceContainer(pod: Pod, name: string, change: (container: Container) => Container): Pod {
  const found = locateContainer(pod, name);
  if (found === undefined) return pod;
  const items = pod.spec[found.list] ?? [];
  const changed = change(found.container);
  return withList(
    pod,
    found.list,
    items.map((item) => (item === found.container ? changed : item)),
  );
}

/** Where {@link moveContainer} puts a container. */
export type Place = 'first' | 'last';

/** Moves the container of a name; several of that name collapse to the last one. */
export function moveContainer(list: readonly Container[], name: string, place: Place): Container[] {
  const moved = list.findLast((item) => item.name === name);
  const others = removeContainer(list, name);
  if (moved === undefined) return others;
  return place === 'first' ? [moved, ...others] : [...others, moved];
}

/** The list without every container of a name. */
export function removeContainer(list: readonly Container[], name: string): Container[] {
  return list.filter((item) => item.name !== name);
}
