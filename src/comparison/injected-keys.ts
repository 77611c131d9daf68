/** Labels and annotations that Istio's injection writes. */
import { annotation, label } from '../injection/index.ts';

interface InjectedKey {
  /** Whether people set it as well, so that without the owner's template it is taken for theirs. */
  readonly byUsers: boolean;
}

const always: InjectedKey = { byUsers: false };
const alsoByUsers: InjectedKey = { byUsers: true };

const keys: Readonly<Record<'label' | 'annotation', ReadonlyMap<string, InjectedKey>>> = {
  label: new Map([
    ['security.istio.io/tlsMode', always],
    ['networking.istio.io/tunnel', always],
    ['service.istio.io/canonical-name', always],
    ['service.istio.io/canonical-revision', always],
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
    ['container.apparmor.security.beta.kubernetes.io/istio-init', alsoByUsers],
    ['container.apparmor.security.beta.kubernetes.io/istio-proxy', alsoByUsers],
    ['k8s.v1.cni.cncf.io/networks', alsoByUsers],
  ]),
};

/** Whether a key that the owner's template does not have came with the injection. */
export function isInjectedKey(
  kind: 'label' | 'annotation',
  key: string,
  _value: string,
  hasTemplate: boolean,
): boolean {
  const known = keys[kind].get(key);
  return known !== undefined && (hasTemplate || !known.byUsers);
}
