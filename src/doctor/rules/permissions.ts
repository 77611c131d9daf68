/** Whether the server may do what it has to. */
import type { Facts, Installation, Permission } from '../facts.ts';
import { finding, type Finding } from '../findings.ts';

export function findMissingPermissions({ permissions: { subject, missing } }: Facts): Finding[] {
  return missing.map((permission) =>
    finding('PERMISSION_MISSING', 'ServiceAccount', { subject, permission: describePermission(permission) }),
  );
}

function describePermission({ group, resource, verb, name, namespace }: Permission): string {
  const what = group === '' ? resource : `${resource}.${group}`;
  const which = name === undefined ? '' : ` ${name}`;
  return `${verb} ${what}${which}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}

/** What the permissions depend on. */
export interface PermissionSettings {
  /** Whether the versions of nodes matter: `ENABLE_NATIVE_SIDECARS` is `auto`. */
  readonly nodes: boolean;
  /** Whether the certificate is our own, so that the secret is written. */
  readonly selfSigned: boolean;
  /** Name of the secret of the certificate. */
  readonly secret: string;
  readonly mutating: readonly string[];
  readonly validating: readonly string[];
}

/** What a server needs; the roles of the chart grant just this. */
export function neededPermissions(installation: Installation, settings: PermissionSettings): Permission[] {
  const { namespace, serviceName } = installation;
  const suffix = ['', 'default'].includes(installation.revision) ? '' : `-${installation.revision}`;
  const registration = 'admissionregistration.k8s.io';
  const of = (verbs: readonly string[], permission: Omit<Permission, 'verb'>): Permission[] =>
    verbs.map((verb) => ({ ...permission, verb }));
  const configMaps = [serviceName, `istio-sidecar-injector${suffix}`, `istio${suffix}`];
  const kinds = {
    mutatingwebhookconfigurations: settings.mutating,
    validatingwebhookconfigurations: settings.validating,
  };
  return [
    ...of(['list', 'watch'], { group: '', resource: 'namespaces' }),
    ...of(settings.nodes ? ['list', 'watch'] : [], { group: '', resource: 'nodes' }),
    ...of(['list', 'watch'], { group: 'networking.istio.io', resource: 'proxyconfigs' }),
    ...configMaps.flatMap((name) => of(['list', 'watch'], { group: '', resource: 'configmaps', name, namespace })),
    ...of(['list', 'watch', ...(settings.selfSigned ? ['update'] : [])], {
      group: '',
      resource: 'secrets',
      name: settings.secret,
      namespace,
    }),
    ...of(settings.selfSigned ? ['create'] : [], { group: '', resource: 'secrets', namespace }),
    ...of(['get', 'update'], {
      group: 'coordination.k8s.io',
      resource: 'leases',
      name: `outrigger-leader${suffix}`,
      namespace,
    }),
    ...of(['create'], { group: 'coordination.k8s.io', resource: 'leases', namespace }),
    ...Object.entries(kinds).flatMap(([resource, names]) => [
      ...of(['list', 'watch'], { group: registration, resource }),
      ...names.flatMap((name) => of(['patch'], { group: registration, resource, name })),
    ]),
  ];
}
