/** Keeping traffic capture in step with the user id that a pod chose for its proxy. */
import type { Container, Pod } from '../../kubernetes/index.ts';
import type { ProxyConfig } from '../../mesh/index.ts';
import { findContainer, findProxy, replaceContainer, withList } from '../containers.ts';
import { InjectionError } from '../injection-error.ts';
import { lookup } from '../maps.ts';
import { annotation, container } from '../names.ts';

/** What follows the option is the user whose traffic is not captured. */
const userOption = '-u';

/** The log line for a user id that nothing can be adjusted to. */
export const noInitContainerWarning = 'Could not find either istio-init or istio-validation container';

/**
 * Adjusts `istio-init` or `istio-validation` to the user and group that the request's own proxy container names.
 * @param requested the pod as it was sent
 */
export function adjustInitUser(pod: Pod, requested: Pod, proxyConfig: ProxyConfig, warnings: string[]): Pod {
  const { runAsUser, runAsGroup } = findProxy(requested)?.securityContext ?? {};
  if (runAsUser === undefined && runAsGroup === undefined) return pod;
  const list = pod.spec.initContainers;
  const init = findContainer(list, container.init) ?? findContainer(list, container.validation);
  if (init === undefined) {
    warnings.push(noInitContainerWarning);
    return pod;
  }
  const tproxy = isTproxy(pod, proxyConfig);
  const withUser = tproxy && runAsUser !== undefined ? forceRoot(pod) : pod;
  const ids = !tproxy && init.name === container.validation ? withIds(init, runAsUser, runAsGroup) : init;
  const changed = runAsUser === undefined || runAsUser === 0 ? ids : withUserOption(ids, runAsUser);
  if (changed === init) return withUser;
  const items = withUser.spec.initContainers ?? [];
  return withList(
    withUser,
    'initContainers',
    items.map((item) => (item === init ? changed : item)),
  );
}

function isTproxy(pod: Pod, { interceptionMode }: ProxyConfig): boolean {
  return interceptionMode === 'TPROXY' || lookup(pod.metadata.annotations, annotation.interceptionMode) === 'TPROXY';
}

/** Transparent proxying needs root, whatever the pod asks for. */
function forceRoot(pod: Pod): Pod {
  return replaceContainer(pod, container.proxy, (proxy) => {
    if (proxy.securityContext?.runAsUser === undefined) {
      throw new InjectionError(
        'reapply-failed',
        'failed to re apply container: the istio-proxy container has no runAsUser',
      );
    }
    return { ...proxy, securityContext: { ...proxy.securityContext, runAsUser: 0 } };
  });
}

function withIds(init: Container, runAsUser: number | undefined, runAsGroup: number | undefined): Container {
  const securityContext = { ...init.securityContext };
  if (runAsUser !== undefined) securityContext.runAsUser = runAsUser;
  if (runAsGroup !== undefined) securityContext.runAsGroup = runAsGroup;
  return { ...init, securityContext };
}

function withUserOption(init: Container, user: number): Container {
  const index = init.args?.indexOf(userOption) ?? -1;
  if (init.args === undefined || index < 0) return init;
  if (index + 1 === init.args.length) {
    throw new InjectionError(
      'reapply-failed',
      `failed to re apply container: ${init.name ?? ''}: nothing follows the argument -u`,
    );
  }
  return { ...init, args: init.args.with(index + 1, String(user)) };
}
