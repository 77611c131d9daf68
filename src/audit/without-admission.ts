/** Takes out of a pod what the API server's own admission put into injected containers after the injection. */
import type { InjectedParts } from '../comparison/index.ts';
import type { Container, Pod } from '../kubernetes/index.ts';
import { isRecord } from '../yaml/index.ts';
import { portsWithDefaults, probeWithDefaults } from './defaults.ts';

/** Where the token of the service account is mounted (k8s.io/kubernetes/plugin/pkg/admission/serviceaccount). */
const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const tokenVolume = /^(?:kube-api-access-|default-token-)/;

/** What LimitRanger set, as it writes it down: `LimitRanger plugin set: cpu request for container app; …`. */
const limitRanger = 'kubernetes.io/limit-ranger';

/** Both pods without tokens, and the live one without defaults of a LimitRange in injected containers. */
export function withoutAdmission(
  live: Pod,
  today: Pod,
  parts: InjectedParts,
): { readonly live: Pod; readonly today: Pod } {
  const limited = live.metadata.annotations?.[limitRanger] ?? '';
  const isLimited = ({ name }: Container): boolean =>
    [...parts.containers, ...parts.initContainers].includes(name) &&
    new RegExp(`container ${name.replaceAll(/[^\w-]/g, '.')}(?:;|$)`).test(limited);
  const counterpart = (name: string): Container | undefined =>
    [...(today.spec.containers ?? []), ...(today.spec.initContainers ?? [])].find((item) => item.name === name);
  const unlimited = (item: Container): Container =>
    isLimited(item) ? withoutAdded(item, counterpart(item.name)) : item;
  return {
    live: withContainers(withoutTokens(withoutTolerations(live)), (item) => withReadDefaults(unlimited(item))),
    today: withContainers(withoutTokens(withoutTolerations(today)), withReadDefaults),
  };
}

/** Variables of the proxy that quote fields of the pod: whether these had their defaults already makes no difference. */
const quotes: ReadonlyMap<string, (document: unknown) => unknown> = new Map([
  ['ISTIO_META_POD_PORTS', portsWithDefaults],
  [
    'ISTIO_KUBE_APP_PROBERS',
    (probers) =>
      isRecord(probers)
        ? Object.fromEntries(Object.entries(probers).map(([path, probe]) => [path, probeWithDefaults(probe)]))
        : probers,
  ],
]);

function withReadDefaults(item: Container): Container {
  if (item.env?.some(({ name }) => quotes.has(name)) !== true) return item;
  const env = item.env.map((variable) => {
    const complete = quotes.get(variable.name);
    const document = complete === undefined ? undefined : parsed(variable.value ?? '');
    return complete === undefined || document === undefined
      ? variable
      : { ...variable, value: sortedJson(complete(document)) };
  });
  return { ...item, env };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function sortedJson(document: unknown): string {
  return JSON.stringify(document, (_key, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

/** DefaultTolerationSeconds and the DaemonSet controller add them. */
function withoutTolerations(pod: Pod): Pod {
  const { tolerations, ...spec } = pod.spec;
  if (!Array.isArray(tolerations)) return pod;
  const kept = tolerations.filter(
    (one: unknown) => !(isRecord(one) && String(one['key']).startsWith('node.kubernetes.io/')),
  );
  return { ...pod, spec: { ...spec, ...(kept.length > 0 && { tolerations: kept }) } as Pod['spec'] };
}

function withoutTokens(pod: Pod): Pod {
  const tokens = (pod.spec.volumes ?? []).filter(({ name }) => tokenVolume.test(name)).map(({ name }) => name);
  const without = (item: Container): Container => {
    const mounts = (item.volumeMounts ?? []).filter(
      ({ name, mountPath }) => !(mountPath === tokenPath && (tokens.includes(name) || tokenVolume.test(name))),
    );
    const { volumeMounts: _mounts, ...rest } = item;
    return mounts.length === 0 ? rest : { ...item, volumeMounts: mounts };
  };
  const volumes = (pod.spec.volumes ?? []).filter(({ name }) => !tokens.includes(name));
  return withContainers({ ...pod, spec: { ...pod.spec, volumes } }, without);
}

function withContainers(pod: Pod, change: (item: Container) => Container): Pod {
  const { containers, initContainers } = pod.spec;
  const spec = {
    ...pod.spec,
    containers: (containers ?? []).map(change),
    initContainers: (initContainers ?? []).map(change),
  };
  return { ...pod, spec };
}

/** Amounts that only the live container has were added. */
function withoutAdded(item: Container, today: Container | undefined): Container {
  const kept = (kind: 'requests' | 'limits'): Record<string, string> =>
    Object.fromEntries(
      Object.entries(item.resources[kind] ?? {}).filter(([name]) => Object.hasOwn(today?.resources[kind] ?? {}, name)),
    );
  const [requests, limits] = [kept('requests'), kept('limits')];
  const resources = {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(requests).length > 0 && { requests }),
  };
  return { ...item, resources };
}
