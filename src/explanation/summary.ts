/** What an injection brings, by names: images and resources, but never values of environment variables. */
import type { InjectedPod } from '../injection/index.ts';
import type { Container, Pod } from '../kubernetes/index.ts';
import type { InjectionSummary } from './explanation.ts';

/** A container that the templates brought or changed, as it ends up in the pod. */
export interface ContainerSummary {
  readonly name: string;
  readonly list: 'containers' | 'initContainers';
  /** An init container that keeps running. */
  readonly native: boolean;
  /** Whether the pod had a container of this name, whose settings were merged. */
  readonly own: boolean;
  readonly image: string;
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  /** Names of its environment variables. */
  readonly env: readonly string[];
}

/** A probe or lifecycle handler of the application that now asks the agent. */
export interface ProbeSummary {
  readonly container: string;
  readonly probe: string;
}

const lists = ['initContainers', 'containers'] as const;
const probes = ['startupProbe', 'readinessProbe', 'livenessProbe', 'lifecycle'] as const;

/** Sums up an injection of `before`. */
export function summarize(before: Pod, { pod, templates, templatePod }: InjectedPod): InjectionSummary {
  const brought = new Set(lists.flatMap((list) => (templatePod.spec[list] ?? []).map(({ name }) => name)));
  const had = new Set(lists.flatMap((list) => (before.spec[list] ?? []).map(({ name }) => name)));
  const containers = lists.flatMap((list) =>
    (pod.spec[list] ?? [])
      .filter(({ name }) => brought.has(name))
      .map((container) => describeContainer(container, list, had.has(container.name))),
  );
  return {
    templates,
    native: containers.some(({ native }) => native),
    containers,
    volumes: newNames(before.spec.volumes, pod.spec.volumes),
    labels: newKeys(before.metadata.labels, pod.metadata.labels),
    annotations: newKeys(before.metadata.annotations, pod.metadata.annotations),
    imagePullSecrets: newNames(before.spec.imagePullSecrets, pod.spec.imagePullSecrets),
    probes: rewrittenProbes(before, pod, brought),
  };
}

function describeContainer(
  { name, image, resources, env, restartPolicy }: Container,
  list: ContainerSummary['list'],
  own: boolean,
): ContainerSummary {
  return {
    name,
    list,
    native: list === 'initContainers' && restartPolicy === 'Always',
    own,
    image: image ?? '',
    requests: resources.requests ?? {},
    limits: resources.limits ?? {},
    env: (env ?? []).map((variable) => variable.name),
  };
}

function rewrittenProbes(before: Pod, after: Pod, brought: ReadonlySet<string>): ProbeSummary[] {
  return lists.flatMap((list) =>
    (after.spec[list] ?? [])
      .filter(({ name }) => !brought.has(name))
      .flatMap((container) => {
        const old = before.spec[list]?.find(({ name }) => name === container.name);
        return probes
          .filter((probe) => old !== undefined && JSON.stringify(old[probe]) !== JSON.stringify(container[probe]))
          .map((probe) => ({ container: container.name, probe }));
      }),
  );
}

type Named = readonly { readonly name?: string }[] | undefined;

function newNames(before: Named, after: Named): string[] {
  const known = new Set(before?.map(({ name }) => name));
  return (after ?? []).map(({ name }) => name ?? '').filter((name) => !known.has(name));
}

function newKeys(before: object | undefined, after: object | undefined): string[] {
  return Object.keys(after ?? {}).filter((key) => !Object.hasOwn(before ?? {}, key));
}
