import type { CompiledTemplate, FunctionContext, GoValue } from '../gotemplate/index.ts';
import type { Pod } from '../kubernetes/index.ts';

/** The steps that change the pod, in their order; `native-proxy` and `template` once for each template. */
export type InjectionStep =
  | 'native-proxy'
  | 'template'
  | 'overrides'
  | 'init-user'
  | 'environment'
  | 'prometheus'
  | 'probes'
  | 'metadata'
  | 'order';

/** Sees an injection from inside, to explain it. Must not change anything it is given. */
export interface InjectionObserver {
  /** Renders in place of the template itself, and must give the same text. */
  readonly render: (
    name: string,
    template: CompiledTemplate,
    data: GoValue,
    context: Partial<FunctionContext>,
  ) => string;
  /** A step was done and made this pod; `template` names the template of the step. */
  readonly stepped: (step: InjectionStep, pod: Pod, template?: string) => void;
}
