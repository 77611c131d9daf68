package main

// The package that Istio links beside Envoy's own: TypedStruct, which stands for messages that the control plane does not know.
import _ "github.com/cncf/xds/go/udpa/type/v1"
