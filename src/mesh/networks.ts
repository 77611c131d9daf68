/** The document `meshNetworks` (Istio's `mesh.ParseMeshNetworks` and `agent.ValidateMeshNetworks`). */
import { ErrorCollector } from '../go/multierror.ts';
import { isAddr } from '../go/netip.ts';
import type {
  MeshNetworks,
  Network,
  Network_IstioNetworkGateway,
  Network_NetworkEndpoints,
} from '../protobuf/index.ts';
import { ProtobufJsonError, readMessage } from '../protobuf/index.ts';
import { checkSubnet } from '../validation/rules/addresses.ts';
import { checkFqdn, isDnsLabel } from '../validation/rules/domains.ts';
import { checkPort } from '../validation/rules/ports.ts';
import { YamlError } from '../yaml/index.ts';
import { decodeDocument, MeshConfigError } from './decode.ts';

export interface MeshNetworksOptions {
  /** `RESOLVE_HOSTNAME_GATEWAYS`: gateways may be named by host name. Default: true. */
  readonly resolveHostnameGateways?: boolean;
}

/** The networks of a document. Throws {@link MeshConfigError}. */
export function decodeMeshNetworks(text: string, options: MeshNetworksOptions = {}): MeshNetworks {
  const networks = readNetworks(text);
  const message = validateMeshNetworks(networks, options).render();
  if (message !== undefined) throw new MeshConfigError(message);
  return networks;
}

function readNetworks(text: string): MeshNetworks {
  try {
    return readMessage('istio.mesh.v1alpha1.MeshNetworks', decodeDocument(text));
  } catch (error) {
    if (!(error instanceof ProtobufJsonError || error instanceof YamlError)) throw error;
    throw new MeshConfigError(`failed to convert to proto. ${error.message}`, { cause: error });
  }
}

/** Checks the networks; the order of networks is that of the document. */
export function validateMeshNetworks(
  { networks }: MeshNetworks,
  { resolveHostnameGateways = true }: MeshNetworksOptions = {},
): ErrorCollector {
  const errors = new ErrorCollector();
  for (const [name, network] of Object.entries(networks)) {
    for (const message of findNetworkErrors(network, resolveHostnameGateways)) {
      errors.addListed(`invalid network ${name}: ${message}`);
    }
  }
  return errors;
}

function findNetworkErrors({ endpoints, gateways }: Network, resolveHostnames: boolean): string[] {
  let errors: string[] = [];
  const add = (message: string | undefined): void => {
    if (message !== undefined) errors.push(message);
  };
  for (const endpoint of endpoints) add(findEndpointError(endpoint));
  for (const gateway of gateways) {
    const badAddress = findGatewayAddressError(gateway, resolveHostnames);
    // Istio drops what it has found in this network so far.
    if (badAddress !== undefined) errors = [badAddress];
    if (gateway.registryServiceName !== undefined) add(checkFqdn(gateway.registryServiceName)?.message);
    add(checkPort(gateway.port)?.message);
  }
  return errors;
}

function findEndpointError({ fromCidr, fromRegistry }: Network_NetworkEndpoints): string | undefined {
  if (fromCidr !== undefined) return checkSubnet(fromCidr)?.message;
  if (fromRegistry === undefined || isDnsLabel(fromRegistry)) return undefined;
  return `invalid registry name: ${fromRegistry}`;
}

function findGatewayAddressError(
  { address }: Network_IstioNetworkGateway,
  resolveHostnames: boolean,
): string | undefined {
  if (address === undefined || isAddr(address)) return undefined;
  if (!resolveHostnames) {
    return `${address} is not a valid IP (hostname is allowed if RESOLVE_HOSTNAME_GATEWAYS is enabled)`;
  }
  return checkFqdn(address) === undefined ? undefined : `${address} is not a valid IP address or DNS name`;
}
