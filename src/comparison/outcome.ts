/** What one configuration makes of a pod. */
import type { Configuration, InjectionWebhook } from '../configuration/index.ts';
import { completeNamespaceLabels, evaluate, webhooksOf, type ExplanationReason } from '../explanation/index.ts';
import type { FunctionContext } from '../gotemplate/index.ts';
import { OverlayCache, type InjectedPod } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';

/** One of the configurations that are compared, with what it remembers. */
export interface Side {
  readonly configuration: Configuration;
  readonly context: Partial<FunctionContext>;
  readonly cache: OverlayCache;
  readonly webhooks: readonly InjectionWebhook[];
  /** Unescaped path of the webhook's URL. */
  readonly path: string;
  /** Whether every pod is taken to be sent by the API server, so that selectors are not asked. */
  readonly isSent: boolean;
}

/** What is known of a side beside its configuration. */
export interface SideOptions {
  /** Default: no environment, clock or chance. */
  readonly context?: Partial<FunctionContext>;
  /** Default: `/inject`. */
  readonly path?: string;
  /** Default: false. */
  readonly isSent?: boolean;
}

export function sideOf(configuration: Configuration, options: SideOptions = {}): Side {
  const { context = {}, path = '/inject', isSent = false } = options;
  return { configuration, context, cache: new OverlayCache(), webhooks: webhooksOf(configuration), path, isSent };
}

/** What became of a pod. */
export type Outcome =
  | {
      readonly kind: 'injected';
      readonly reason: ExplanationReason;
      /** After the injection. */
      readonly pod: Pod;
      readonly injected: InjectedPod;
    }
  | {
      readonly kind: 'skipped';
      readonly reason: ExplanationReason;
      /** As it was sent. */
      readonly pod: Pod;
    }
  | { readonly kind: 'refused'; readonly reason: ExplanationReason; readonly message: string };

/**
 * Runs the injector's own functions. Never throws.
 * @param pod decoded, with its namespace filled in
 */
export function outcomeOf(side: Side, pod: Pod): Outcome {
  const namespace = pod.metadata.namespace ?? '';
  const labels = side.configuration.cluster.namespaces.get(namespace)?.labels;
  const { verdict, reason, injected, failure } = evaluate({
    ...side,
    pod,
    namespaceLabels: labels && completeNamespaceLabels(namespace, labels),
  });
  if (verdict === 'injected' && injected !== undefined)
    return { kind: 'injected', reason, pod: injected.pod, injected };
  if (verdict === 'denied') return { kind: 'refused', reason, message: failure?.message ?? '' };
  return { kind: 'skipped', reason, pod };
}

/** Whether it is known that the API server sends the pods of a namespace, or does not. */
export function knowsNamespace({ configuration, isSent }: Side, namespace: string): boolean {
  return isSent || configuration.cluster.namespaces.has(namespace);
}
