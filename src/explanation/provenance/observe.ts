/** Runs the injection once more, with its own functions, and keeps what each step made and each template wrote. */
import { compileRecordedTemplate, type CompiledTemplate, type RecordedOutput } from '../../gotemplate/index.ts';
import {
  injectPod,
  OverlayCache,
  type InjectedPod,
  type InjectionParameters,
  type InjectionStep,
} from '../../injection/index.ts';
import type { Pod } from '../../kubernetes/index.ts';

/** What an injection depends on; `context` by default is no environment, clock or chance. */
export type ObservedParameters = Omit<InjectionParameters, 'cache' | 'context' | 'observer'> &
  Partial<Pick<InjectionParameters, 'context'>>;

/** A rendered template. */
export interface ObservedTemplate {
  readonly name: string;
  readonly source: string;
  readonly output: RecordedOutput;
}

/** The pod after a step. */
export interface ObservedStep {
  readonly step: InjectionStep;
  readonly pod: Pod;
  /** Of the steps `native-proxy` and `template`. */
  readonly template?: ObservedTemplate;
}

/** One injection from inside. */
export interface Observation {
  readonly injected: InjectedPod;
  readonly steps: readonly ObservedStep[];
  readonly templates: readonly ObservedTemplate[];
}

const recorded = new WeakMap<CompiledTemplate, ReturnType<typeof compileRecordedTemplate>>();

function recordedForm(template: CompiledTemplate): ReturnType<typeof compileRecordedTemplate> {
  let form = recorded.get(template);
  if (form === undefined)
    recorded.set(template, (form = compileRecordedTemplate(template.text, { name: template.name })));
  return form;
}

/** Observes an injection. Throws what {@link injectPod} throws. */
export function observe(parameters: ObservedParameters): Observation {
  const steps: ObservedStep[] = [];
  const templates: ObservedTemplate[] = [];
  const injected = injectPod({
    context: {},
    ...parameters,
    cache: new OverlayCache(),
    observer: {
      render: (name, template, data, context) => {
        const output = recordedForm(template)(data, context);
        templates.push({ name, source: template.text, output });
        return output.text;
      },
      stepped: (step, pod, name) => {
        steps.push({ step, pod, ...(name === undefined ? {} : { template: templates.at(-1) }) });
      },
    },
  });
  return { injected, steps, templates };
}
