export { type KnownBlocks } from './blocks.ts';
export { decodeYaml, decodeYamlExact, decodeYamlMap, decodeYamlShared, decodeYamlStrict } from './decode.ts';
export { encodeYaml } from './encode.ts';
export { ownText } from './flat-text.ts';
export { YamlError } from './error.ts';
export { type JsonRecord, isRecord, recordsIn, setOwn, valueAt } from './record.ts';
export { formatFloat32 } from './scalar-value.ts';
