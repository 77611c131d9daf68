/** The record that an injection leaves in a pod. */
import { annotation } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { isRecord } from '../yaml/index.ts';

/** Names of what an injection brought. */
export interface InjectedParts {
  readonly containers: readonly string[];
  readonly initContainers: readonly string[];
  readonly volumes: readonly string[];
  readonly imagePullSecrets: readonly string[];
}

/** Whether a pod was injected. */
export function isInjected({ metadata: { annotations } }: Pod): boolean {
  return annotations !== undefined && Object.hasOwn(annotations, annotation.status);
}

/** Reads the record; what is not in it, or not as it should be, is empty. */
export function injectedParts({ metadata: { annotations } }: Pod): InjectedParts {
  const text =
    annotations !== undefined && Object.hasOwn(annotations, annotation.status) ? annotations[annotation.status] : '';
  const record = parseRecord(text ?? '');
  const names = (key: string): readonly string[] => {
    const list = Object.hasOwn(record, key) ? record[key] : undefined;
    return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
  };
  return {
    containers: names('containers'),
    initContainers: names('initContainers'),
    volumes: names('volumes'),
    imagePullSecrets: names('imagePullSecrets'),
  };
}

function parseRecord(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
