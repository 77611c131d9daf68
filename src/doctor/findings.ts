/** Everything that the doctor can find: one registry for the rules, the command, the documentation and the tests. */

export type Level = 'error' | 'warning' | 'info';

interface FindingKind {
  readonly level: Level;
  /** `{name}` stands for a detail of the finding. */
  readonly sentence: string;
  readonly remedy: string;
}

export const findingKinds = {
  NO_CONFIGURATION: {
    level: 'error',
    sentence: 'No webhook configuration leads to the service {service}: nothing is injected.',
    remedy: 'Install the chart or apply manifests/kustomize, with sidecarInjectorWebhook.enabled.',
  },
  SERVICE_MISSING: {
    level: 'error',
    sentence: 'The service {service} does not exist, so that its webhooks are dead.',
    remedy: 'Install what belongs to it, or delete the configuration: {command}',
  },
  NO_ENDPOINTS: {
    level: 'error',
    sentence: 'The service {service} has no ready endpoint.',
    remedy: 'Look at its pods: kubectl get pods --namespace {namespace}',
  },
  FEW_ENDPOINTS: {
    level: 'warning',
    sentence: 'The service {service} has a single ready endpoint, and failurePolicy Fail: pods wait for that one.',
    remedy: 'Run two replicas or more.',
  },
  CA_BUNDLE_MISSING: {
    level: 'error',
    sentence: '{webhook} has no caBundle: the API server trusts no certificate of it.',
    remedy: 'The running webhook sets it; look at its log, and at its permission to patch {configuration}.',
  },
  CA_BUNDLE_INVALID: {
    level: 'error',
    sentence: 'The caBundle of {webhook} is not a PEM certificate.',
    remedy: 'Remove the field where it is managed by hand or by GitOps; the running webhook then sets it.',
  },
  CA_EXPIRES: {
    level: 'warning',
    sentence: 'A CA in the caBundle of {webhook} expires on {date}.',
    remedy: 'Self-signed CAs are renewed by the leader: look at its log. Otherwise renew the CA.',
  },
  CERTIFICATE_NOT_TRUSTED: {
    level: 'error',
    sentence: 'The certificate served at {service} is not trusted by the caBundle of {webhook}: {reason}.',
    remedy: 'Somebody else may manage the field: kubectl get {configuration} -o yaml --show-managed-fields',
  },
  CERTIFICATE_EXPIRED: {
    level: 'error',
    sentence: 'The certificate served at {service} expired on {date}.',
    remedy: 'Look at the log of the pods; with --certificates=secret renew the secret.',
  },
  CERTIFICATE_EXPIRES: {
    level: 'warning',
    sentence: 'The certificate served at {service} expires on {date}.',
    remedy: 'It should have been renewed by now: look at the log of the pods.',
  },
  NOT_REACHABLE: {
    level: 'info',
    sentence: 'The certificate of {service} was not looked at, since it cannot be reached from here: {reason}.',
    remedy:
      'Forward a port, and name it: kubectl port-forward --namespace {namespace} service/{name} 8443:443; outrigger doctor --connect 127.0.0.1:8443',
  },
  DEACTIVATED: {
    level: 'info',
    sentence: '{configuration} has been deactivated by `istioctl tag set default`.',
    remedy: 'Delete it once nobody goes back to it.',
  },
  OVERLAP: {
    level: 'warning',
    sentence: 'Pods ({pod}) of namespace {namespace} are sent to {first} and to {second}: they are injected twice.',
    remedy: 'Give the two different revisions, or remove one.',
  },
  MATCHES_NOTHING: {
    level: 'info',
    sentence: 'No namespace is selected by {configuration}.',
    remedy: 'Label one: kubectl label namespace NAME {label}; or delete it when it is no longer used.',
  },
  REVISION_WITHOUT_INJECTOR: {
    level: 'error',
    sentence:
      'Namespace {namespace} asks for injection by {label}, and no webhook answers that: its pods get no sidecar.',
    remedy: 'Install that revision or tag, or change the label.',
  },
  LABELS_IN_CONFLICT: {
    level: 'warning',
    sentence:
      'Namespace {namespace} has both labels istio-injection={value} and istio.io/rev={revision}: the second one counts for nothing.',
    remedy: 'Remove one: kubectl label namespace {namespace} istio-injection-',
  },
  REVISION_SHARED: {
    level: 'error',
    sentence:
      '{first} and {second} have the same revision {revision} and different services: each control plane sets its own CA in both.',
    remedy: 'Give one another revision, or switch one off (INJECTION_WEBHOOK_CONFIG_NAME="" for istiod).',
  },
  FAIL_IN_SYSTEM_NAMESPACE: {
    level: 'error',
    sentence:
      '{webhook} has failurePolicy Fail and takes pods of {namespace}: when it is away they cannot start, and perhaps it cannot itself.',
    remedy: 'Exclude the namespace by a selector or a match condition, as the chart does.',
  },
  INJECTION_MAY_BE_SKIPPED: {
    level: 'warning',
    sentence: '{webhook} has failurePolicy Ignore: while it cannot be reached, pods start without sidecar.',
    remedy: 'Set sidecarInjectorWebhook.failurePolicy=Fail once it runs with several replicas.',
  },
  VALIDATION_MAY_BE_SKIPPED: {
    level: 'info',
    sentence: '{webhook} has failurePolicy Ignore, and could have Fail now: it is reachable.',
    remedy: 'Set validationWebhook.failurePolicy=Fail, or run with --manage-failure-policy.',
  },
  TIMEOUT_LONG: {
    level: 'warning',
    sentence: '{webhook} may hold every request for {seconds} s.',
    remedy: 'Ten seconds are plenty.',
  },
  PERMISSION_MISSING: {
    level: 'error',
    sentence: '{subject} may not {permission}.',
    remedy: 'Apply the roles of the chart again; they are in manifests/chart/templates/rbac.yaml.',
  },
  PERMISSIONS_UNKNOWN: {
    level: 'info',
    sentence: 'The permissions of the server were not looked at: {reason}.',
    remedy: 'Run as somebody who may create subjectaccessreviews.',
  },
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingId = keyof typeof findingKinds;

/** Something found. */
export interface Finding {
  readonly id: FindingId;
  readonly level: Level;
  /** `KIND/NAME` of what it is about. */
  readonly object: string;
  readonly message: string;
  readonly remedy: string;
}

/** Makes a finding of the registry; details fill its texts. */
export function finding(id: FindingId, object: string, details: Readonly<Record<string, string>> = {}): Finding {
  const { level, sentence, remedy } = findingKinds[id];
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(details, name) ? (details[name] ?? '') : whole));
  return { id, level, object, message: fill(sentence), remedy: fill(remedy) };
}

const order: readonly Level[] = ['error', 'warning', 'info'];

/** The worst first, otherwise in the order given. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

/** Whether there is something to do; what is only said for information does not count. */
export function hasProblems(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level !== 'info');
}
