/** The proxy's image, put together from the values, the proxy configuration and the pod's annotation. */
import type { InjectionValues } from '../configuration/index.ts';
import type { ProxyConfig } from '../mesh/index.ts';
import { lookup, type StringMap } from './maps.ts';
import { annotation } from './names.ts';

const defaultName = 'proxyv2';
/** The type whose images have no suffix in their tag. */
const defaultType = 'default';
/** Types that a tag may already name, as a suffix. */
const knownTypes = ['distroless', 'debug'];

/** `.ProxyImage` of the templates: `<hub>/<name>:<tag>`, the tag with the image type as suffix. */
export function proxyImage(values: InjectionValues, proxyConfig: ProxyConfig, annotations: StringMap): string {
  const type = imageType(values, proxyConfig, annotations);
  return `${values.hub}/${values.proxyImage === '' ? defaultName : values.proxyImage}:${tagForType(values.tag, type)}`;
}

/** An image type that is set but empty also counts, and stands for the tag as it is. */
function imageType(values: InjectionValues, { image }: ProxyConfig, annotations: StringMap): string {
  return lookup(annotations, annotation.proxyImageType) ?? image?.imageType ?? values.variant;
}

function tagForType(tag: string, type: string): string {
  if (type === '') return tag;
  const suffix = knownTypes.map((known) => `-${known}`).find((known) => tag.endsWith(known)) ?? '';
  const base = tag.slice(0, tag.length - suffix.length);
  return type === defaultType ? base : `${base}-${type}`;
}
