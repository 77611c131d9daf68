/** How protobuf names are spelt in JSON and in Go. */

/** protoc's default `json_name`: `source_labels` → `sourceLabels`. */
export function jsonCamelCase(name: string): string {
  return name.replace(/_+([a-z]?)/g, (_, letter: string) => letter.toUpperCase());
}

/** The Go field name of protoc-gen-go: `source_labels` → `SourceLabels`, `ipv4_cidr` → `Ipv4Cidr`, `sha_256` → `Sha_256`. */
export function goCamelCase(name: string): string {
  if (name.startsWith('_')) return `X${goCamelCase(name.slice(1))}`;
  return name.replace(
    /(?:_(?=[a-z]))?([A-Za-z])([a-z]*)/g,
    (_, first: string, rest: string) => first.toUpperCase() + rest,
  );
}
