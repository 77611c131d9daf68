// Command crds writes src/validation/crd/schemas.json: the structural schemas of Istio's CustomResourceDefinitions, as the module
// istio.io/api publishes them, without descriptions. Run it with `go run . FOLDER`, the folder to write
// schemas.json into; the output depends on go.mod alone.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	_ "istio.io/api/networking/v1"
	"sigs.k8s.io/yaml"
)

const module = "istio.io/api"

type definition struct {
	Spec struct {
		Group string `json:"group"`
		Names struct {
			Kind string `json:"kind"`
		} `json:"names"`
		Versions []struct {
			Name   string `json:"name"`
			Served bool   `json:"served"`
			Schema struct {
				OpenAPIV3Schema map[string]any `json:"openAPIV3Schema"`
			} `json:"schema"`
		} `json:"versions"`
	} `json:"spec"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . FOLDER")
		os.Exit(2)
	}
	encoded, err := run()
	if err == nil {
		err = os.WriteFile(filepath.Join(os.Args[1], "schemas.json"), encoded, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "crds:", err)
		os.Exit(1)
	}
}

func run() ([]byte, error) {
	listed, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}} {{.Version}}", module).Output()
	if err != nil {
		return nil, fmt.Errorf("locating %s: %w", module, err)
	}
	dir, version, _ := strings.Cut(strings.TrimSpace(string(listed)), " ")
	text, err := os.ReadFile(filepath.Join(dir, "kubernetes", "customresourcedefinitions.gen.yaml"))
	if err != nil {
		return nil, err
	}

	// Versions of one kind mostly share a schema, so each distinct schema is written once.
	schemas := []json.RawMessage{}
	seen := map[string]int{}
	kinds := map[string]int{}
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		var crd definition
		if err := yaml.Unmarshal(document, &crd); err != nil {
			return nil, err
		}
		for _, v := range crd.Spec.Versions {
			if !v.Served {
				continue
			}
			encoded, err := json.Marshal(withoutDescriptions(v.Schema.OpenAPIV3Schema, false))
			if err != nil {
				return nil, err
			}
			index, known := seen[string(encoded)]
			if !known {
				index = len(schemas)
				seen[string(encoded)] = index
				schemas = append(schemas, encoded)
			}
			kinds[crd.Spec.Group+"/"+v.Name+"/"+crd.Spec.Names.Kind] = index
		}
	}

	return encode(map[string]any{
		"$generated": "by tools/generate/crds from " + module + " " + version + "; do not edit",
		"kinds":      kinds,
		"schemas":    schemas,
	})
}

// withoutDescriptions drops the prose. `names` says that the keys are property names, so that a property called description stays.
func withoutDescriptions(value any, names bool) any {
	switch v := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, child := range v {
			if key == "description" && !names {
				continue
			}
			kept[key] = withoutDescriptions(child, key == "properties" && !names)
		}
		return kept
	case []any:
		for i, child := range v {
			v[i] = withoutDescriptions(child, false)
		}
		return v
	default:
		return value
	}
}

func encode(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return buffer.Bytes(), err
}
