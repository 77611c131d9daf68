package main

// The packages of istio.io/api whose messages the injector and the validator read, those of its filters' settings, and
// google's well-known types that an Any may hold.
import (
	_ "google.golang.org/protobuf/types/known/anypb"
	_ "google.golang.org/protobuf/types/known/durationpb"
	_ "google.golang.org/protobuf/types/known/emptypb"
	_ "google.golang.org/protobuf/types/known/fieldmaskpb"
	_ "google.golang.org/protobuf/types/known/structpb"
	_ "google.golang.org/protobuf/types/known/timestamppb"
	_ "google.golang.org/protobuf/types/known/wrapperspb"
	_ "istio.io/api/envoy/config/filter/http/alpn/v2alpha1"
	_ "istio.io/api/envoy/config/filter/network/metadata_exchange"
	_ "istio.io/api/envoy/extensions/stats"
	_ "istio.io/api/extensions/v1alpha1"
	_ "istio.io/api/mesh/v1alpha1"
	_ "istio.io/api/meta/v1alpha1"
	_ "istio.io/api/networking/v1alpha3"
	_ "istio.io/api/networking/v1beta1"
	_ "istio.io/api/security/v1beta1"
	_ "istio.io/api/telemetry/v1alpha1"
	_ "istio.io/api/type/v1beta1"
)

// istioRoots are the messages that are read by name; istio.json holds what can be reached from them.
var istioRoots = []string{
	"google.protobuf.Any",
	"google.protobuf.BoolValue",
	"google.protobuf.BytesValue",
	"google.protobuf.DoubleValue",
	"google.protobuf.Duration",
	"google.protobuf.Empty",
	"google.protobuf.FieldMask",
	"google.protobuf.FloatValue",
	"google.protobuf.Int32Value",
	"google.protobuf.Int64Value",
	"google.protobuf.ListValue",
	"google.protobuf.StringValue",
	"google.protobuf.Struct",
	"google.protobuf.Timestamp",
	"google.protobuf.UInt32Value",
	"google.protobuf.UInt64Value",
	"google.protobuf.Value",
	"istio.extensions.v1alpha1.TrafficExtension",
	"istio.extensions.v1alpha1.WasmPlugin",
	"istio.mesh.v1alpha1.MeshConfig",
	"istio.mesh.v1alpha1.MeshNetworks",
	"istio.mesh.v1alpha1.ProxyConfig",
	"istio.meta.v1alpha1.IstioStatus",
	"istio.networking.v1alpha3.DestinationRule",
	"istio.networking.v1alpha3.EnvoyFilter",
	"istio.networking.v1alpha3.Gateway",
	"istio.networking.v1alpha3.ServiceEntry",
	"istio.networking.v1alpha3.Sidecar",
	"istio.networking.v1alpha3.VirtualService",
	"istio.networking.v1alpha3.WorkloadEntry",
	"istio.networking.v1alpha3.WorkloadGroup",
	"istio.networking.v1beta1.ProxyConfig",
	"istio.security.v1beta1.AuthorizationPolicy",
	"istio.security.v1beta1.PeerAuthentication",
	"istio.security.v1beta1.RequestAuthentication",
	"istio.telemetry.v1alpha1.Telemetry",
}
