/** All functions of injection templates beside Go's own: sprig's, and Istio's, which replace some of them. */
import type { FunctionTable } from '../function.ts';
import { containerFunctions } from './istio/containers.ts';
import { istioEncodingFunctions } from './istio/encodings.ts';
import { istioMapFunctions } from './istio/maps.ts';
import { istioStringFunctions } from './istio/strings.ts';
import { cryptoFunctions } from './sprig/crypto.ts';
import { dateFunctions } from './sprig/dates.ts';
import { defaultFunctions } from './sprig/defaults.ts';
import { dictFunctions } from './sprig/dicts.ts';
import { encodingFunctions } from './sprig/encodings.ts';
import { environmentFunctions } from './sprig/environment.ts';
import { jsonFunctions } from './sprig/json.ts';
import { listFunctions } from './sprig/lists.ts';
import { mathFunctions } from './sprig/math.ts';
import { pathFunctions } from './sprig/paths.ts';
import { randomFunctions } from './sprig/random.ts';
import { regexFunctions } from './sprig/regex.ts';
import { stringFunctions } from './sprig/strings.ts';
import { unsupportedFunctions } from './sprig/unsupported.ts';
import { urlFunctions } from './sprig/urls.ts';
import { versionFunctions } from './sprig/versions.ts';

export const templateFunctions: FunctionTable = new Map(
  [
    ...stringFunctions,
    ...listFunctions,
    ...dictFunctions,
    ...defaultFunctions,
    ...jsonFunctions,
    ...mathFunctions,
    ...regexFunctions,
    ...encodingFunctions,
    ...pathFunctions,
    ...urlFunctions,
    ...versionFunctions,
    ...dateFunctions,
    ...cryptoFunctions,
    ...randomFunctions,
    ...environmentFunctions,
    ...unsupportedFunctions,
    ...istioStringFunctions,
    ...istioMapFunctions,
    ...containerFunctions,
    ...istioEncodingFunctions,
  ].map((fn) => [fn.name, fn]),
);
