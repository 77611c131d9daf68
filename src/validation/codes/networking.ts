/** Rule codes of VirtualService, DestinationRule, Gateway, ServiceEntry, WorkloadEntry, WorkloadGroup and ProxyConfig. */
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from './cause.ts';
import type { Rule } from './cause.ts';

const virtualService = {
  'delegate-conflict': forbidden('A VirtualService without hosts has neither gateways nor TLS or TCP routes.'),
  'claim-route-in-mesh': notSupported('JWT claims can only be matched at gateways.'),
  'mesh-wildcard-host': notSupported('The host * is only possible at gateways.'),
  'host-duplicate': duplicate('The hosts of a VirtualService do not overlap.'),
  'route-required': required('A route says where the traffic goes.'),
  'route-conflict': forbidden('Parts of an HTTP route that exclude each other.'),
  'route-unused': invalid('A rule is never reached because of an earlier one.'),
  'match-required': required('A TLS route has at least one match.'),
  'sni-host-required': required('A TLS match has at least one SNI host.'),
  'sni-host-address': invalid('SNI hosts are names, not addresses.'),
  'sni-host-not-covered': invalid('An SNI host is one of the hosts of the VirtualService.'),
  'source-namespace': invalid('A source namespace is a DNS label.'),
  'destination-required': required('A destination is required.'),
  'destination-host': invalid('A destination names a host.'),
  'subset-name': invalid('A subset name is a DNS label.'),
  'total-weight': invalid('Some destination has a weight.'),
  'authority-repeated': forbidden('The authority is set at most once.'),
  'cors-origin-empty': required('An allowed origin is not empty.'),
  'cors-method': notSupported('An allowed method is an HTTP method.'),
  'cors-max-age-precision': invalid('maxAge is a whole number of seconds.'),
  'fault-empty': required('A fault is an abort or a delay.'),
  'fault-not-supported': notSupported('Faults that Istio does not support.'),
  'grpc-status': notSupported('The name of a gRPC status.'),
  'http-status': invalid('An HTTP status lies in 200..599.'),
  'deprecated-field': invalid('A field that another one has replaced.'),
  'redirect-empty': required('A redirect changes something.'),
  'redirect-code': invalid('A redirect code lies in 300..399.'),
  'redirect-scheme': notSupported('A redirect goes to http or https.'),
  'direct-response-size': tooLong('The body of a direct response is small.'),
  'rewrite-conflict': forbidden('A rewrite has one of uri and uriRegexRewrite.'),
  'rewrite-empty': required('A rewrite changes something.'),
  'retry-attempts': invalid('A retry policy allows for attempts.'),
  'retry-on': notSupported('A condition to retry on is one of Envoy’s or an HTTP status.'),
} as const satisfies Record<string, Rule>;

export const networkingRules = { ...virtualService } as const satisfies Record<string, Rule>;
