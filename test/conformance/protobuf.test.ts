/** Which specs Istio's decoder refused, judged by the reader alone: everything refused later was read. */
import { expect, it } from 'vitest';
import { messageType, ProtobufJsonError, readMessage, writeMessage } from '../../src/protobuf/index.ts';
import { describeShared, sharedLines } from '../support/shared.ts';

interface Case {
  id: string;
  operation: string;
  object: { apiVersion: string; kind: string; spec?: unknown };
  expect: { allowed: boolean; message?: string; messageMatch?: string };
}

const kinds: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'istio.security.v1beta1.AuthorizationPolicy',
  DestinationRule: 'istio.networking.v1alpha3.DestinationRule',
  EnvoyFilter: 'istio.networking.v1alpha3.EnvoyFilter',
  Gateway: 'istio.networking.v1alpha3.Gateway',
  PeerAuthentication: 'istio.security.v1beta1.PeerAuthentication',
  ProxyConfig: 'istio.networking.v1beta1.ProxyConfig',
  RequestAuthentication: 'istio.security.v1beta1.RequestAuthentication',
  ServiceEntry: 'istio.networking.v1alpha3.ServiceEntry',
  Sidecar: 'istio.networking.v1alpha3.Sidecar',
  Telemetry: 'istio.telemetry.v1alpha1.Telemetry',
  TrafficExtension: 'istio.extensions.v1alpha1.TrafficExtension',
  VirtualService: 'istio.networking.v1alpha3.VirtualService',
  WasmPlugin: 'istio.extensions.v1alpha1.WasmPlugin',
  WorkloadEntry: 'istio.networking.v1alpha3.WorkloadEntry',
  WorkloadGroup: 'istio.networking.v1alpha3.WorkloadGroup',
};

const lead = 'error decoding configuration: ';
const folder = 'conformance/validation';

/** The reader's text for a spec that it refuses. */
function decodingError(type: string, spec: unknown): string | undefined {
  try {
    readMessage(messageType(type), spec);
    return undefined;
  } catch (error) {
    if (error instanceof ProtobufJsonError) return error.message;
    throw error;
  }
}

/** Whether the request got as far as the decoding of its spec. */
function isRead({ operation, object, expect: { allowed, message = '' } }: Case): boolean {
  if (!/^(CREATE|UPDATE)$/.test(operation) || !String(object.apiVersion).includes('istio.io/')) return false;
  return allowed || message.startsWith(lead) || message.startsWith('configuration is invalid: ');
}

for (const [kind, type] of Object.entries(kinds)) {
  describeShared(`decoding of ${kind}`, `${folder}/${kind}.jsonl`, () => {
    const cases = sharedLines<Case>(`${folder}/${kind}.jsonl`).filter(
      (record) => record.object.kind === kind && isRead(record),
    );
    it.each(cases.map((record) => [record.id, record] as const))('%s', (_, { object, expect: { message = '' } }) => {
      const error = decodingError(type, object.spec);
      expect(error === undefined ? undefined : lead + error).toBe(message.startsWith(lead) ? message : undefined);
      if (error !== undefined) return;
      const written = writeMessage(readMessage(messageType(type), object.spec));
      expect(writeMessage(readMessage(messageType(type), JSON.parse(written)))).toBe(written);
    });
  });
}
