import {
  rerenderer,
  type CompiledTemplate,
  type FunctionContext,
  type Rerenderer,
  type SidecarTemplateData,
} from '../gotemplate/index.ts';

/** Renderings of a template after which it is worth to be cut into segments, which takes some milliseconds. */
const usesBeforeCut = 4;

/** Renders templates as they do it themselves, and faster those that are rendered often. */
export class TemplateRenderers {
  readonly #known = new WeakMap<CompiledTemplate, { uses: number; renderer: Rerenderer | undefined }>();

  /**
   * The text, or undefined where the template is to be executed.
   * @throws TemplateError with phase `exec`
   */
  render(template: CompiledTemplate, data: SidecarTemplateData, context: Partial<FunctionContext>): string | undefined {
    let known = this.#known.get(template);
    if (known === undefined) this.#known.set(template, (known = { uses: 0, renderer: undefined }));
    if (++known.uses === usesBeforeCut) known.renderer = rerenderer(template);
    return known.renderer?.render(data, context);
  }
}
