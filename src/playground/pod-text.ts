/** The pod in the editor: a Pod, or the pod that a workload's controller would make. */
import { DecodeError, type Pod } from '../kubernetes/index.ts';
import { kindsWithPods, podOfWorkload, type WorkloadPod } from '../workloads/pod-of-workload.ts';
import { decodeYaml, encodeYaml, YamlError } from '../yaml/index.ts';
import type { Problem } from './preview-types.ts';

/** Namespace of pods that name none. */
const defaultNamespace = 'default';

/** Reads the first document of a text. */
export function readPod(text: string): WorkloadPod | Problem {
  try {
    const workload = podOfWorkload(decodeYaml(text), defaultNamespace);
    return workload ?? podProblem(`This is no object with a pod. Known kinds: ${kindsWithPods.join(', ')}.`);
  } catch (error) {
    if (error instanceof YamlError) return podProblem(error.message, error);
    if (error instanceof DecodeError) return podProblem(error.message);
    throw error;
  }
}

/** Tells what {@link readPod} gave. */
export function isProblem(result: object): result is Problem {
  return 'editor' in result;
}

/** Problems with annotations, at the lines where they are written. */
export function annotationProblems(text: string, pod: Pod, message: string): Problem[] {
  const names = Object.keys(pod.metadata.annotations ?? {}).filter((name) => message.includes(name));
  const lines = text.split('\n');
  const problems = names.flatMap((name) => {
    const index = lines.findIndex((line) => keyOf(line) === name);
    const column = index < 0 ? 0 : (lines[index] ?? '').indexOf(name) + 1;
    return index < 0 ? [] : [{ editor: 'pod' as const, line: index + 1, column, message }];
  });
  return problems.length > 0 ? problems : [podProblem(message)];
}

/** A pod as it is shown; what every pod has says nothing. */
export function showPod({ metadata, spec }: Pod): string {
  return encodeYaml({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
}

function keyOf(line: string): string | undefined {
  return /^\s*(?:\{\s*)?(["']?)([^"'\s]+?)\1\s*:/.exec(line)?.[2];
}

function podProblem(message: string, { line, column } = { line: 0, column: 0 }): Problem {
  return { editor: 'pod', line, column, message };
}
