/** Rendering the selected templates and merging each of them into the pod. */
import {
  TemplateError,
  type CompiledTemplate,
  type FunctionContext,
  type GoValue,
  type SidecarTemplateData,
} from '../gotemplate/index.ts';
import { decodePod, type Pod } from '../kubernetes/index.ts';
import { textKey, type TextKey } from '../memo/index.ts';
import { decodeOverlay, mergeSharedOverlay, OverlayError } from '../strategic-merge/index.ts';
import { compareStrings } from '../go/utf8.ts';
import { findContainer, withList } from './containers.ts';
import { InjectionError } from './injection-error.ts';
import { container } from './names.ts';
import { nativeByAnnotation } from './native-sidecar.ts';
import type { InjectionObserver } from './observer.ts';
import type { Overlay, OverlayCache, RenderedTemplate } from './overlay-cache.ts';
import { renderingKey } from './rendering-key.ts';
import { templateValue } from './template-data.ts';

/** What {@link renderTemplates} works with. */
export interface RenderInput {
  /** The pod as it was sent. */
  readonly pod: Pod;
  /** What `.` is. */
  readonly data: SidecarTemplateData;
  /** Whether some template may change maps of the data, see {@link templateValue}. */
  readonly changesMaps: boolean;
  /** What template functions may know of the world. */
  readonly context: Partial<FunctionContext>;
  /** Names of the templates to render, in order. */
  readonly selected: readonly string[];
  readonly templates: ReadonlyMap<string, CompiledTemplate>;
  /** Whether the proxy runs as a native sidecar unless an annotation says otherwise. */
  readonly native: boolean;
  readonly cache: OverlayCache;
  readonly observer?: InjectionObserver;
}

/** What a set of templates wrote. */
export interface Rendering {
  /** All that it depends on, see rendering-key.ts. */
  readonly key: TextKey;
  readonly templates: readonly RenderedTemplate[];
}

/** The results of rendering. */
export interface Rendered {
  /** The request's pod with the output of all templates. */
  readonly merged: Pod;
  /** What the templates alone make. */
  readonly templatePod: Pod;
  /** Where all that it depends on is known. */
  readonly rendering?: Rendering;
}

/** What decoding and merging the output of a template takes, in steps of a template (0.4 µs): pods may ask for thousands of templates. */
const mergeSteps = 1500;
const charactersPerStep = 8;

/** Renders and merges. Throws an {@link InjectionError}. */
export function renderTemplates(input: RenderInput): Rendered {
  const { pod, data, selected, templates, native, cache, context, observer } = input;
  const reads = observer === undefined ? renderingKey(templates, selected)?.(data) : undefined;
  const key = reads === undefined ? undefined : textKey(reads);
  const known = key === undefined ? undefined : cache.rendering(key);
  const render = known === undefined ? renderer(input) : undefined;
  const rendered: RenderedTemplate[] = [];
  let merged = pod;
  let templatePod: Pod | undefined;
  for (const [index, name] of selected.entries()) {
    const one = render === undefined ? (known?.[index] as RenderedTemplate) : render(name, templatePod);
    rendered.push(one);
    context.spend?.(mergeSteps + one.length / charactersPerStep);
    templatePod = one.templatePod;
    if (nativeByAnnotation(merged) ?? native) merged = moveProxyToInit(merged, templatePod);
    observer?.stepped('native-proxy', merged, name);
    merged = mergeInto(merged, one.overlay);
    observer?.stepped('template', merged, name);
  }
  if (key !== undefined && known === undefined) cache.keepRendering(key, rendered);
  const rendering = key === undefined ? undefined : { key, templates: rendered };
  return { merged, templatePod: templatePod ?? emptyPod, rendering };
}

/** Renders one template; `templatePod` is what earlier ones made. */
type Render = (name: string, templatePod: Pod | undefined) => RenderedTemplate;

function renderer(input: RenderInput): Render {
  // One value for all templates: what one of them changes in its maps, the next one sees.
  const value = templateValue(input.data, input.changesMaps);
  return (name, templatePod) => {
    const text = renderText(name, value, input);
    const [overlay, alone] = applyAlone(templatePod, text, input.cache);
    return { overlay, length: text.length, templatePod: alone };
  };
}

function renderText(name: string, value: GoValue, input: RenderInput): string {
  const { templates, data, changesMaps, cache, context, observer } = input;
  const template = templates.get(name);
  if (template === undefined) {
    const known = [...templates.keys()].sort(compareStrings).join(', ');
    throw failed('template-not-found', `requested template ${JSON.stringify(name)} not found; have ${known}`);
  }
  try {
    if (observer !== undefined) return observer.render(name, template, value, context);
    const again = changesMaps ? undefined : cache.renderers.render(template, data, context);
    return again ?? template.execute(value, context);
  } catch (error) {
    if (error instanceof TemplateError) throw failed('template-failed', error.message, error);
    throw error;
  }
}

/** What a template's output is merged into to see what it brings. */
const emptyPod: Pod = decodePod({});

/** The overlay of a text, and the pod that it makes of what earlier templates brought. */
function applyAlone(templatePod: Pod | undefined, text: string, cache: OverlayCache): [Overlay, Pod] {
  try {
    const overlay = cache.get(text, decodeOverlay);
    if (templatePod !== undefined) return [overlay, mergeSharedOverlay(templatePod, overlay.shared)];
    return [overlay, (overlay.alone ??= mergeSharedOverlay(emptyPod, overlay.shared))];
  } catch (error) {
    if (error instanceof OverlayError)
      throw failed('overlay-failed', `failed applying injection overlay: ${error.message}`, error);
    throw error;
  }
}

function mergeInto(pod: Pod, overlay: Overlay): Pod {
  try {
    return mergeSharedOverlay(pod, overlay.shared);
  } catch (error) {
    if (!(error instanceof OverlayError)) throw error;
    const message = `failed parsing generated injected YAML (check Istio sidecar injector configuration): ${error.message}`;
    throw failed('merge-failed', message, error);
  }
}

/** A user's proxy container becomes an init container where the template has it as one, so that both are merged. */
function moveProxyToInit(pod: Pod, templatePod: Pod): Pod {
  const own = findContainer(pod.spec.containers, container.proxy);
  if (own === undefined || findContainer(templatePod.spec.initContainers, container.proxy) === undefined) return pod;
  const others = (pod.spec.containers ?? []).filter((item) => item !== own);
  return withList(withList(pod, 'containers', others), 'initContainers', [...(pod.spec.initContainers ?? []), own]);
}

function failed(reason: InjectionError['reason'], message: string, cause?: unknown): InjectionError {
  return new InjectionError(reason, `failed to run injection template: ${message}`, cause);
}
