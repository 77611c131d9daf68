// Command protobuf writes the message descriptors of src/protobuf from public Go modules:
// istio.json and istio-types.ts from istio.io/api, envoy.json from go-control-plane.
//
// Usage, in this folder: go run . [-envoy=false] ../../../src/protobuf
//
// The output depends only on the module versions in go.mod: the same versions give the same bytes.
package main

//go:generate sh -c "{ sed -n '1,/^import/p' envoy_packages.go; go list github.com/envoyproxy/go-control-plane/envoy/... github.com/envoyproxy/go-control-plane/contrib/... | grep v3 | grep -vE '/(alpn|istio_stats|peer_metadata|metadata_exchange|workload_discovery|wasm_filter)/v3$' | sort | sed 's/.*/\\t_ \"&\"/'; echo ')'; } > envoy_packages.go.new && mv envoy_packages.go.new envoy_packages.go"

import (
	"bytes"
	"flag"
	"log"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

func main() {
	envoy := flag.Bool("envoy", true, "also write envoy.json")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: protobuf [-envoy=false] FOLDER")
	}
	folder := flag.Arg(0)

	istio := newTable()
	for _, root := range istioRoots {
		istio.addMessage(messageNamed(root))
	}
	write(folder, "istio.json", istio.json("istio.io/api"))
	write(folder, "istio-types.ts", typeScript(istio))

	if *envoy {
		linked := newTable()
		linked.known = istio
		protoregistry.GlobalTypes.RangeMessages(func(message protoreflect.MessageType) bool {
			// The few linked proto2 messages describe protobuf itself (descriptor.proto) or belong to metrics clients;
			// no configuration holds one.
			if descriptor := message.Descriptor(); descriptor.Syntax() == protoreflect.Proto3 && !descriptor.IsMapEntry() {
				linked.addMessage(descriptor)
			}
			return true
		})
		write(folder, "envoy.json", linked.json("github.com/envoyproxy/go-control-plane/envoy and contrib"))
	}
}

func messageNamed(name string) protoreflect.MessageDescriptor {
	found, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(name))
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return found.Descriptor()
}

func write(folder, name string, content *bytes.Buffer) {
	if err := os.WriteFile(filepath.Join(folder, name), content.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
