import {
  compileConfiguration,
  decodeClusterObjects,
  indexClusterObjects,
  readFeatures,
} from '../configuration/index.ts';
import type { FunctionContext } from '../gotemplate/index.ts';
import { injectorFor, type Injector } from './injector.ts';
import { defaultCluster, defaultRevision } from './names.ts';

/** What a program gives to make an injector. Texts are those of the keys of Istio's ConfigMaps. */
export interface InjectorOptions {
  /** Key `config` of `istio-sidecar-injector`, YAML. */
  readonly config: string;
  /** Key `values` of `istio-sidecar-injector`, JSON or YAML. */
  readonly values: string;
  /** Key `mesh` of `istio`, YAML, applied on the built-in defaults. Default: only those. */
  readonly mesh?: string;
  /** Namespaces, Nodes and ProxyConfigs of the cluster: YAML texts or decoded objects. Default: none. */
  readonly objects?: readonly unknown[];
  /** Revision served. Default: `default`; may be empty. */
  readonly revision?: string;
  /** Id of the cluster that `objects` belong to. Default: `Kubernetes`. */
  readonly clusterId?: string;
  /** Feature variables: `ENABLE_NATIVE_SIDECARS`, `PLATFORM`, `COMPLIANCE_POLICY`. Default: none. */
  readonly features?: Readonly<Record<string, string>>;
  /** Environment, clock and chance for template functions. Default: none. */
  readonly context?: Partial<FunctionContext>;
}

/** Makes an injector from texts. Throws a `ConfigurationError` for the first thing that is wrong in them. */
export function createInjector(options: InjectorOptions): Injector {
  const { config, values, mesh, objects = [], context } = options;
  const texts = objects.filter((object) => typeof object === 'string');
  const fromTexts = decodeClusterObjects(texts.map((text, index) => ({ file: `objects[${index}]`, text })));
  const others = indexClusterObjects(objects.filter((object) => typeof object !== 'string'));
  const configuration = compileConfiguration({
    config: { file: 'config', text: config },
    values: { file: 'values', text: values },
    mesh: mesh === undefined ? [] : [{ file: 'mesh', text: mesh }],
    revision: options.revision ?? defaultRevision,
    clusterId: options.clusterId ?? defaultCluster,
    cluster: {
      namespaces: new Map([...fromTexts.namespaces, ...others.namespaces]),
      nodes: new Map([...fromTexts.nodes, ...others.nodes]),
      proxyConfigs: [...fromTexts.proxyConfigs, ...others.proxyConfigs],
      webhooks: fromTexts.webhooks ?? others.webhooks,
    },
    features: readFeatures(options.features ?? {}).features,
  });
  return injectorFor(configuration, context);
}
