/**
 * What the output of a set of templates depends on, as text. Of the pod that is only what the templates can read (see gotemplate/reads): not,
 * for instance, its name or the random name of its service account's volume, so that all pods of a workload have one key.
 */
import {
  projectionOf,
  templateReads,
  type CompiledTemplate,
  type PlaceKey,
  type Project,
  type SidecarTemplateData,
  type TemplateReads,
} from '../gotemplate/index.ts';

/** Makes the key for some data. */
export type RenderingKey = (data: SidecarTemplateData) => string;

/** Sets of templates whose keys are known; pods may ask for any. */
const MAX_SETS = 128;
/** Templates of a set. */
const MAX_TEMPLATES = 16;

type Templates = ReadonlyMap<string, CompiledTemplate>;

const sets = new WeakMap<Templates, Map<string, RenderingKey | undefined>>();
const reads = new WeakMap<CompiledTemplate, TemplateReads>();

/**
 * The key of a set of templates, in the order in which they are rendered; undefined where the output depends on more than the data, may
 * change other data than the values (of which every request has its own then), or reads so much that no two pods are alike.
 */
export function renderingKey(templates: Templates, selected: readonly string[]): RenderingKey | undefined {
  if (selected.length > MAX_TEMPLATES) return undefined;
  let known = sets.get(templates);
  if (known === undefined) sets.set(templates, (known = new Map()));
  const name = JSON.stringify(selected);
  if (known.has(name)) return known.get(name);
  if (known.size >= MAX_SETS) return undefined;
  const key = makeKey(name, templates, selected);
  known.set(name, key);
  return key;
}

function makeKey(name: string, templates: Templates, selected: readonly string[]): RenderingKey | undefined {
  const projects: { readonly part: 'ObjectMeta' | 'Spec'; readonly project: Project }[] = [];
  for (const one of new Set(selected)) {
    const template = templates.get(one);
    if (template === undefined) return undefined;
    const { root, usesContext, changes } = readsOf(template);
    if (usesContext || root.isWhole || !changes.every(isInValues)) return undefined;
    for (const part of ['ObjectMeta', 'Spec'] as const) {
      const place = root.children.get(part);
      if (place?.isWhole === true) return undefined;
      if (place !== undefined) projects.push({ part, project: projectionOf(place) });
    }
  }
  return (data) => {
    let key = name + othersOf(data);
    for (const { part, project } of projects) key += project(data[part]);
    return key;
  };
}

function readsOf(template: CompiledTemplate): TemplateReads {
  let found = reads.get(template);
  if (found === undefined) reads.set(template, (found = templateReads(template.text, { name: template.name })));
  return found;
}

const isInValues = ([part]: readonly PlaceKey[]): boolean => part === 'Values';

/** The parts of the data that are small, or objects that never change. */
function othersOf(data: SidecarTemplateData): string {
  const { TypeMeta, DeploymentMeta } = data;
  const objects = `${idOf(data.Values)},${idOf(data.MeshConfig)},${idOf(data.ProxyConfig)}`;
  const ids = `${String(data.ProxyUID)},${String(data.ProxyGID)},${String(data.NativeSidecars)}`;
  const texts = [
    TypeMeta.kind,
    TypeMeta.apiVersion,
    DeploymentMeta.Name,
    DeploymentMeta.Namespace,
    data.Revision,
    data.ProxyImage,
    data.InboundTrafficPolicyMode,
    data.CompliancePolicy,
  ];
  let key = `${objects},${ids}`;
  for (const text of texts) key += text === undefined ? '-' : `,${String(text.length)}"${text}`;
  return key;
}

/** Numbers that stand for objects; one is never given again. */
const objectIds = new WeakMap<object, string>();
let lastId = 0;

function idOf(object: object | null): string {
  if (object === null) return '-';
  let id = objectIds.get(object);
  if (id === undefined) objectIds.set(object, (id = String(++lastId)));
  return id;
}
