/** Cluster and network of a pod, and the environment of the proxy that follows from them and from the URL. */
import type { InjectionValues } from '../../configuration/index.ts';
import { compareStrings } from '../../go/utf8.ts';
import type { EnvVar, Pod } from '../../kubernetes/index.ts';
import { replaceContainer } from '../containers.ts';
import { lookup, mapOf } from '../maps.ts';
import { container, env, label } from '../names.ts';
import type { Environment } from '../path-environment.ts';

/** The URL's environment, completed by cluster and network where they are known. */
export function proxyEnvironment(fromPath: Environment, values: InjectionValues, pod: Pod): Environment {
  const cluster = nonEmpty(lookup(fromPath, env.clusterId)) ?? values.clusterName;
  // The label counts even when it is empty: it then hides the network of the values.
  const network =
    lookup(pod.metadata.labels, label.network) ?? nonEmpty(lookup(fromPath, env.network)) ?? values.network;
  const known = [
    [env.clusterId, cluster],
    [env.network, network],
  ] as const;
  return mapOf(
    Object.entries(fromPath),
    known.filter(([, value]) => value !== ''),
  );
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** Sets the environment on the proxy: entries of these names are removed wherever they stand, then added at the end, sorted. */
export function setProxyEnvironment(pod: Pod, environment: Environment): Pod {
  const names = Object.keys(environment).sort(compareStrings);
  if (names.length === 0) return pod;
  const added = names.map((name) => envVar(name, environment[name] ?? ''));
  return replaceContainer(pod, container.proxy, (proxy) => {
    const kept = (proxy.env ?? []).filter(({ name }) => name === undefined || !Object.hasOwn(environment, name));
    return { ...proxy, env: [...kept, ...added] };
  });
}

/** A variable as Kubernetes writes it: an empty value is left out. */
export function envVar(name: string, value: string): EnvVar {
  return value === '' ? { name } : { name, value };
}

/** Adds a variable at the end of the proxy's environment. */
export function appendProxyEnv(pod: Pod, name: string, value: string): Pod {
  return replaceContainer(pod, container.proxy, (proxy) => ({
    ...proxy,
    env: [...(proxy.env ?? []), envVar(name, value)],
  }));
}
