/** Where workloads and pods come from: files, or a running cluster. */
import { existsSync } from 'node:fs';
import type { JsonRecord } from '../yaml/index.ts';
import type { Terminal } from '../server/terminal.ts';
import { ObjectFiles } from './object-stream.ts';

/** Objects, one after the other. */
export interface WorkloadSource {
  /** Namespaces, nodes, ProxyConfigs and webhook configurations that decide about the pods. */
  readonly surroundings: readonly unknown[];
  /** @param kinds by default all that hold pods */
  objects(kinds?: readonly string[]): AsyncIterable<JsonRecord>;
  /** How much is read, from 0 to 1; `undefined` where that is not known. */
  part(): number | undefined;
  close(): void;
}

/** How a cluster is reached. */
export interface SourceFlags {
  readonly kubeconfig?: string;
}

const surroundingKinds = ['Namespace', 'Node', 'ProxyConfig', 'MutatingWebhookConfiguration'];

/** Whether a reference names the running cluster, and no file of that name. */
export function isCluster(reference: string): boolean {
  return (reference === 'cluster' || reference === 'current') && !existsSync(reference);
}

/** Opens what the references name: files, folders, `-`, or `cluster` alone. */
export async function openWorkloads(
  references: readonly string[],
  flags: SourceFlags,
  terminal: Terminal,
): Promise<WorkloadSource> {
  if (references.some(isCluster)) {
    const { openCluster } = await import('./live-workloads.ts');
    return openCluster(flags, terminal);
  }
  const files = new ObjectFiles(references, terminal);
  const surroundings: unknown[] = [];
  for await (const object of files.objects(surroundingKinds)) surroundings.push(object);
  return {
    surroundings,
    objects: (kinds) => files.objects(kinds),
    part: () => files.part,
    close: () => undefined,
  };
}
