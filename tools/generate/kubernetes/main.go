// Command kubernetes writes the field tables that src/kubernetes/ reads: for every struct reachable from a v1.Pod
// (pod-fields.json) and, beyond those, from the workload kinds that hold a pod template (workload-fields.json), its Go field
// names, JSON names, Go types and strategic merge strategies, taken by reflection from the public Kubernetes modules.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	openshift "github.com/openshift/api/apps/v1"
	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const header = "made by tools/generate/kubernetes from k8s.io/api v0.35.3 and github.com/openshift/api; to make it again: npm run generate"

// Types with their own JSON form, which the reader implements by hand.
var ownKinds = map[reflect.Type]string{
	reflect.TypeFor[resource.Quantity]():  "quantity",
	reflect.TypeFor[intstr.IntOrString](): "intOrString",
	reflect.TypeFor[meta.Time]():          "time",
	reflect.TypeFor[meta.FieldsV1]():      "rawJson",
}

// Package prefixes that are unique over both files. Core and meta share "v1", as Go prints them.
var prefixes = map[string]string{
	"k8s.io/api/apps/v1":               "appsv1",
	"k8s.io/api/batch/v1":              "batchv1",
	"github.com/openshift/api/apps/v1": "openshiftv1",
}

type field struct {
	Name          string   `json:"name"`
	JSON          string   `json:"json"`
	Type          string   `json:"type"`
	OmitEmpty     bool     `json:"omitEmpty,omitempty"`
	OmitZero      bool     `json:"omitZero,omitempty"`
	Inline        bool     `json:"inline,omitempty"`
	PatchStrategy []string `json:"patchStrategy,omitempty"`
	PatchMergeKey string   `json:"patchMergeKey,omitempty"`
}

type definition struct {
	Kind       string  `json:"kind"`
	Underlying string  `json:"underlying,omitempty"`
	Fields     []field `json:"fields,omitempty"`
}

type table struct {
	Generated string                `json:"generated"`
	Types     map[string]definition `json:"types"`
}

// walker collects definitions; it leaves out what `known` has already.
type walker struct {
	known map[string]definition
	seen  map[string]reflect.Type
	types map[string]definition
}

func typeName(t reflect.Type) string {
	if t.Name() == "" || t.PkgPath() == "" {
		switch t.Kind() {
		case reflect.Pointer:
			return "*" + typeName(t.Elem())
		case reflect.Slice:
			return "[]" + typeName(t.Elem())
		case reflect.Map:
			return "map[" + typeName(t.Key()) + "]" + typeName(t.Elem())
		}
		return t.String()
	}
	if prefix, ok := prefixes[t.PkgPath()]; ok {
		return prefix + "." + t.Name()
	}
	return t.String()
}

func (w *walker) walk(t reflect.Type) {
	if t.PkgPath() == "" {
		switch t.Kind() {
		case reflect.Map:
			w.walk(t.Key())
			w.walk(t.Elem())
		case reflect.Pointer, reflect.Slice:
			w.walk(t.Elem())
		}
		return
	}
	name := typeName(t)
	if other, ok := w.seen[name]; ok {
		if other != t {
			panic("two types are named " + name)
		}
		return
	}
	w.seen[name] = t
	if _, ok := w.known[name]; ok {
		return
	}
	w.types[name] = w.define(t)
}

func (w *walker) define(t reflect.Type) definition {
	if kind, ok := ownKinds[t]; ok {
		return definition{Kind: kind}
	}
	switch t.Kind() {
	case reflect.Struct:
		result := definition{Kind: "struct"}
		for i := range t.NumField() {
			w.walk(t.Field(i).Type)
			result.Fields = append(result.Fields, describe(t.Field(i)))
		}
		return result
	case reflect.Map:
		underlying := reflect.MapOf(t.Key(), t.Elem())
		w.walk(underlying)
		return definition{Kind: "map", Underlying: typeName(underlying)}
	case reflect.Slice:
		underlying := reflect.SliceOf(t.Elem())
		w.walk(underlying)
		return definition{Kind: "slice", Underlying: typeName(underlying)}
	}
	return definition{Kind: t.Kind().String()}
}

func describe(f reflect.StructField) field {
	tag := strings.Split(f.Tag.Get("json"), ",")
	result := field{Name: f.Name, JSON: tag[0], Type: typeName(f.Type), PatchMergeKey: f.Tag.Get("patchMergeKey")}
	for _, option := range tag[1:] {
		switch option {
		case "omitempty":
			result.OmitEmpty = true
		case "omitzero":
			result.OmitZero = true
		case "inline":
		default:
			panic("unknown JSON option " + option + " of " + f.Name)
		}
	}
	result.Inline = f.Anonymous && tag[0] == ""
	if strategy := f.Tag.Get("patchStrategy"); strategy != "" {
		result.PatchStrategy = strings.Split(strategy, ",")
	}
	return result
}

func collect(known map[string]definition, roots ...reflect.Type) map[string]definition {
	w := walker{known: known, seen: map[string]reflect.Type{}, types: map[string]definition{}}
	for _, root := range roots {
		w.walk(root)
	}
	return w.types
}

// write prints one type a line, so that a new Kubernetes version shows as a readable difference.
func write(path string, types map[string]definition) error {
	encoded, err := json.Marshal(table{Generated: header, Types: types})
	if err != nil {
		return err
	}
	encoded = bytes.ReplaceAll(encoded, []byte(`"types":{`), []byte("\n\"types\": {\n"))
	encoded = bytes.ReplaceAll(encoded, []byte(`},"`), []byte("},\n\""))
	encoded = bytes.ReplaceAll(encoded, []byte(`{"name":`), []byte("\n  {\"name\":"))
	return os.WriteFile(path, append(encoded, '\n'), 0o644)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . FOLDER")
		os.Exit(2)
	}
	pod := collect(nil, reflect.TypeFor[core.Pod]())
	workloads := collect(pod,
		reflect.TypeFor[apps.Deployment](),
		reflect.TypeFor[apps.DaemonSet](),
		reflect.TypeFor[apps.ReplicaSet](),
		reflect.TypeFor[apps.StatefulSet](),
		reflect.TypeFor[batch.Job](),
		reflect.TypeFor[batch.CronJob](),
		reflect.TypeFor[core.ReplicationController](),
		reflect.TypeFor[openshift.DeploymentConfig](),
	)
	for name, types := range map[string]map[string]definition{"pod-fields.json": pod, "workload-fields.json": workloads} {
		if err := write(filepath.Join(os.Args[1], name), types); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
