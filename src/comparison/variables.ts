import type { Pod } from '../kubernetes/index.ts';

/** The value of a variable of a container or init container. */
export function variableOf({ spec }: Pod, container: string, name: string): string | undefined {
  const found = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].find((item) => item.name === container);
  return found?.env?.find((variable) => variable.name === name)?.value;
}
