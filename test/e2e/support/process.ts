/** Makes a control plane without nodes call a process of this machine where it would call a Deployment. */
import type { ControlPlane } from './control-plane.ts';
import type { ManifestObject, WebhookEntry } from './manifests.ts';

export const webhookKinds = 'mutatingwebhookconfigurations,validatingwebhookconfigurations';

/** Runs kubectl and throws unless all is well. */
export async function succeed(cluster: ControlPlane, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await cluster.kubectl(...args);
  // A warning of the API server is a failure, too.
  if (code !== 0 || stderr !== '') throw new Error(stderr);
}

/** The arguments of the container, which the process takes instead. */
export function containerArgs(objects: readonly ManifestObject[]): string[] {
  const deployment = objects.find(({ kind }) => kind === 'Deployment') as unknown as {
    spec: { template: { spec: { containers: { args: string[] }[] } } };
  };
  return deployment.spec.template.spec.containers.flatMap(({ args }) => args);
}

/** The service leads to this machine, and the webhooks call the process's port: an ExternalName service maps none. */
export async function reachProcess(cluster: ControlPlane, service: string, port: number): Promise<void> {
  const external = { spec: { type: 'ExternalName', externalName: 'localhost', clusterIP: null, clusterIPs: null } };
  const patch = ['patch', 'service', service, '-n', 'istio-system', '--type=merge', '-p', JSON.stringify(external)];
  await succeed(cluster, ...patch);
  for (const kind of webhookKinds.split(',')) {
    const { items } = await cluster.get<{ items: { metadata: { name: string }; webhooks: WebhookEntry[] }[] }>(kind);
    for (const { metadata, webhooks } of items) {
      const operations = webhooks.flatMap(({ clientConfig }, index) =>
        clientConfig.service['name'] === service
          ? [{ op: 'replace', path: `/webhooks/${index}/clientConfig/service/port`, value: port }]
          : [],
      );
      await succeed(cluster, 'patch', kind, metadata.name, '--type=json', '-p', JSON.stringify(operations));
    }
  }
}
