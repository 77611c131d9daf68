/** Where the API server is, and how to prove who we are: the service account of the pod, or a kubeconfig. */
import { existsSync, readFileSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Agent, RequestOptions } from 'node:https';
import { isIPv6 } from 'node:net';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Variables } from '../configuration/index.ts';
import { fileError, StartupError } from '../server/startup-error.ts';

/** What a call adds to its request: trusted CA, client certificate, authorization header. */
export type RequestCredentials = Pick<
  RequestOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized' | 'auth'
> & {
  readonly headers?: OutgoingHttpHeaders;
  /** Set only where a proxy leads to the API server. */
  readonly agent?: Agent;
};

/** Access to one API server. */
export interface Credentials {
  /** `https://HOST:PORT`, perhaps with a path. */
  readonly server: URL;
  /** Read anew for each call, since tokens and certificates are replaced while we run. */
  readonly forRequest: () => Promise<RequestCredentials>;
}

/** Where a pod finds its service account. */
const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Finds the credentials: the given kubeconfig, else `KUBECONFIG`, else the service account of the pod, else `~/.kube/config`.
 * @throws {StartupError} when there are none, or they cannot be read
 */
export async function loadCredentials(kubeconfig: string | undefined, variables: Variables): Promise<Credentials> {
  const files = kubeconfig === undefined ? (variables['KUBECONFIG'] ?? '').split(delimiter) : [kubeconfig];
  const given = files.filter((file) => file !== '');
  if (given.length > 0) return kubeconfigCredentials(given);
  const host = variables['KUBERNETES_SERVICE_HOST'];
  if (host !== undefined && existsSync(join(serviceAccountFolder, 'token'))) {
    return serviceAccountCredentials(host, variables['KUBERNETES_SERVICE_PORT'] ?? '443', serviceAccountFolder);
  }
  const own = join(variables['HOME'] ?? '', '.kube/config');
  if (existsSync(own)) return kubeconfigCredentials([own]);
  throw new StartupError(
    'NO_CLUSTER',
    'no API server is known: give --kubeconfig, set KUBECONFIG, run in a cluster, or serve files with --standalone',
  );
}

/**
 * The credentials of a pod. They need no more than two files, so that a server in a cluster does not load the Kubernetes client,
 * which costs 80 MB of memory.
 */
export function serviceAccountCredentials(host: string, port: string, folder: string): Credentials {
  return {
    server: new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
    forRequest: () =>
      Promise.resolve({
        ca: readFileSync(join(folder, 'ca.crt')),
        headers: { authorization: `Bearer ${readFileSync(join(folder, 'token'), 'utf8').trim()}` },
      }),
  };
}

async function kubeconfigCredentials(files: readonly string[]): Promise<Credentials> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  for (const file of files) mergeFile(config, new KubeConfig(), file);
  const cluster = config.getCurrentCluster();
  const from = files.join(delimiter);
  if (cluster === null) {
    throw new StartupError('KUBECONFIG_INVALID', `${from} has no current context with a cluster`);
  }
  const server = URL.parse(cluster.server);
  if (server?.protocol !== 'https:') {
    throw new StartupError('KUBECONFIG_INVALID', `${from}: the server ${cluster.server} is not an https:// URL`);
  }
  return {
    server,
    forRequest: async () => {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      const { agent, headers, ...others } = options;
      const credentials = { ...others, headers: headers as OutgoingHttpHeaders };
      // Its own agents keep no connections; they are needed only to get through a proxy.
      return cluster.proxyUrl === undefined ? credentials : { ...credentials, agent: agent as Agent };
    },
  };
}

function mergeFile(config: KubeConfig, next: KubeConfig, file: string): void {
  try {
    next.loadFromFile(file);
    const first = config.getCurrentContext();
    config.mergeConfig(next, typeof first === 'string' && first !== '');
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw fileError('kubeconfig', file, error);
    const why = error instanceof Error ? error.message : String(error);
    throw new StartupError('KUBECONFIG_INVALID', `${file} is not a kubeconfig: ${why}`, { cause: error });
  }
}
