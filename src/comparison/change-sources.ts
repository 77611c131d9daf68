/** Which lines of which templates, and which settings, made the values that changed. */
import { provenanceOf, sourceText, type FieldProvenance, type PodProvenance } from '../explanation/provenance/index.ts';
import { InjectionError, readPathEnvironment, webhookParameters } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import type { Side } from './outcome.ts';

/** Where a value comes from. */
export interface ChangeSource {
  /** What the step of the injection that gave the value does. */
  readonly step: string;
  /** The line of a template that wrote it, counted from 1, and its text. */
  readonly template?: { readonly name: string; readonly line: number; readonly text: string };
  /** What the value was made of, such as `values global.proxy.image`. */
  readonly values: readonly string[];
}

/** Finds sources in one pod on one side. */
export class ChangeSources {
  readonly #provenance: PodProvenance | undefined;
  readonly #side: Side;

  constructor(pod: Pod, side: Side) {
    this.#side = side;
    this.#provenance = provenance(pod, side);
  }

  /** The source of a field, or of the first field below it; `undefined` where no injection made it. */
  of(path: string): ChangeSource | undefined {
    const field = this.#provenance?.fields.get(path) ?? this.#firstBelow(path);
    if (field === undefined || field.step === 'request') return undefined;
    const [place] = field.template?.places ?? [];
    const values = field.values.map(sourceText);
    if (field.template === undefined || place === undefined) return { step: field.explanation, values };
    const { name } = field.template;
    const text = this.#side.configuration.injection.templates.get(name)?.text.split('\n')[place.line - 1] ?? '';
    return { step: field.explanation, template: { name, line: place.line, text: text.trim() }, values };
  }

  #firstBelow(path: string): FieldProvenance | undefined {
    for (const [text, field] of this.#provenance?.fields ?? []) {
      if (text.startsWith(`${path}.`) || text.startsWith(`${path}[`)) return field;
    }
    return undefined;
  }
}

function provenance(pod: Pod, { configuration, context, path }: Side): PodProvenance | undefined {
  const { parameters } = webhookParameters(configuration, pod, readPathEnvironment(path).env);
  try {
    return provenanceOf({ ...parameters, context });
  } catch (error) {
    if (error instanceof InjectionError) return undefined;
    throw error;
  }
}
