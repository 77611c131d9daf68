/** Labels and annotations that Istio's injection writes. */
import { annotation, label } from '../injection/index.ts';

interface InjectedKey {
  /** Whether people set it as well, so that without the owner's template it is taken for theirs. */
  readonly byUsers: boolean;
  /** The one value that injection writes. */
  readonly value?: string;
}

const always: InjectedKey = { byUsers: false };
const alsoByUsers: InjectedKey = { byUsers: true };

const keys: Readonly<Record<'label' | 'annotation', ReadonlyMap<string, InjectedKey>>> = {
  label: new Map([
    ['security.istio.io/tlsMode', { byUsers: false, value: 'istio' }],
    ['networking.istio.io/tunnel', { byUsers: false, value: 'http' }],
    ['service.istio.io/canonical-name', alsoByUsers],
    ['service.istio.io/canonical-revision', alsoByUsers],
    [label.network, alsoByUsers],
  ]),
  annotation: new Map([
    [annotation.status, always],
    [annotation.overrides, always],
    ['istio.io/rev', always],
    ['kubectl.kubernetes.io/default-container', alsoByUsers],
    ['kubectl.kubernetes.io/default-logs-container', alsoByUsers],
    [annotation.interceptionMode, alsoByUsers],
    ['traffic.sidecar.istio.io/includeInboundPorts', alsoByUsers],
    ['traffic.sidecar.istio.io/excludeInboundPorts', alsoByUsers],
    ['traffic.sidecar.istio.io/includeOutboundIPRanges', alsoByUsers],
    ['container.apparmor.security.beta.kubernetes.io/istio-init', { byUsers: false, value: 'runtime/default' }],
    ['container.apparmor.security.beta.kubernetes.io/istio-proxy', { byUsers: false, value: 'runtime/default' }],
    ['k8s.v1.cni.cncf.io/networks', { byUsers: false, value: 'default/istio-cni' }],
  ]),
};

/** Whether a key that the owner's template does not have came with the injection. */
export function isInjectedKey(kind: 'label' | 'annotation', key: string, value: string, hasTemplate: boolean): boolean {
  const known = keys[kind].get(key);
  if (known === undefined) return false;
  return hasTemplate || (!known.byUsers && (known.value ?? value) === value);
}

/** Annotations that a pod gets while it runs, from network plugins and from people, and that no injection has seen. */
const whileRunning =
  /^(?:cni\.projectcalico\.org|k8s\.ovn\.org|ovn\.kubernetes\.io|k8s\.v1\.cni\.cncf\.io\/network(?:s)?-status|kubectl\.kubernetes\.io\/restartedBy)/;

/** Labels and annotations that controllers write into the pods that they make. */
const byControllers =
  /^(?:(?:batch|apps|statefulset)\.kubernetes\.io\/|pod-template-|rollouts-pod-template-|controller-|job-name$|deployment)/;

/** Whether the injector has seen a label or annotation that the owner's template, where there is one, does not have. */
export function wasSeen(key: string, hasTemplate: boolean): boolean {
  return hasTemplate ? byControllers.test(key) : !whileRunning.test(key);
}
