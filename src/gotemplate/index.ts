/** Go's `text/template` with the functions of sprig and Istio's injector. */
export { type CompiledTemplate, type CompileOptions, type RecordedOutput } from './compile/template.ts';
export { TemplateError, type TemplatePhase } from './error.ts';
export { FunctionError, Interrupted, type FunctionContext, type FunctionTable } from './function.ts';
export { sidecarTemplateData, sidecarTemplateDataFromJson, type SidecarTemplateData } from './injection-data.ts';
export type { DataPath, DataPaths } from './record/origin.ts';
export type { Written } from './record/recorder.ts';
export {
  anyKey,
  projectionOf,
  showPath,
  templateReads,
  type DataRead,
  type Place,
  type PlaceKey,
  type Project,
  type ReadsOptions,
  type TemplateReads,
} from './reads/index.ts';
export { compileRecordedTemplate, compileTemplate, renderTemplate, type RenderOptions } from './render.ts';
export { rerenderer, type Rerenderer } from './segments/rerender.ts';
export { Typed, type GoValue } from './values.ts';
