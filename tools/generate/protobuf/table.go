package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"reflect"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// table is a set of messages and enums, closed under "is the type of a field of".
type table struct {
	messages map[string]protoreflect.MessageDescriptor
	enums    map[string]protoreflect.EnumDescriptor
	// known holds types that another table has already; they are not added here.
	known *table
}

func newTable() *table {
	return &table{
		messages: map[string]protoreflect.MessageDescriptor{},
		enums:    map[string]protoreflect.EnumDescriptor{},
	}
}

func (t *table) addMessage(message protoreflect.MessageDescriptor) {
	name := string(message.FullName())
	if _, seen := t.messages[name]; seen {
		return
	}
	if t.known != nil && t.known.messages[name] != nil {
		return
	}
	t.messages[name] = message
	for field := range fieldsOf(message) {
		value := field
		if field.IsMap() {
			value = field.MapValue()
		}
		if value.Message() != nil {
			t.addMessage(value.Message())
		}
		if value.Enum() != nil {
			t.addEnum(value.Enum())
		}
	}
}

func (t *table) addEnum(enum protoreflect.EnumDescriptor) {
	name := string(enum.FullName())
	if t.known == nil || t.known.enums[name] == nil {
		t.enums[name] = enum
	}
}

// fieldsOf yields the fields in declaration order.
func fieldsOf(message protoreflect.MessageDescriptor) func(func(protoreflect.FieldDescriptor) bool) {
	return func(yield func(protoreflect.FieldDescriptor) bool) {
		for i := range message.Fields().Len() {
			if !yield(message.Fields().Get(i)) {
				return
			}
		}
	}
}

// json writes the table one message a line; the format is described in src/protobuf/descriptor.ts.
func (t *table) json(modules string) *bytes.Buffer {
	out := &bytes.Buffer{}
	fmt.Fprintf(out, "{\n%s: %s,\n", quote("generated"), quote("Written by tools/generate/protobuf from "+modules+"; do not edit."))
	fmt.Fprintf(out, "%s: {\n", quote("messages"))
	for i, name := range slices.Sorted(maps.Keys(t.messages)) {
		separator(out, i)
		fmt.Fprintf(out, "%s: [%s", quote(name), quote(goTypeName(t.messages[name])))
		for field := range fieldsOf(t.messages[name]) {
			fmt.Fprintf(out, ", %s", quote(fieldLine(field)))
		}
		out.WriteString("]")
	}
	fmt.Fprintf(out, "\n},\n%s: {\n", quote("enums"))
	for i, name := range slices.Sorted(maps.Keys(t.enums)) {
		separator(out, i)
		fmt.Fprintf(out, "%s: {", quote(name))
		values := t.enums[name].Values()
		for j := range values.Len() {
			if j > 0 {
				out.WriteString(", ")
			}
			fmt.Fprintf(out, "%s: %d", quote(string(values.Get(j).Name())), values.Get(j).Number())
		}
		out.WriteString("}")
	}
	out.WriteString("\n}\n}\n")
	return out
}

func separator(out *bytes.Buffer, index int) {
	if index > 0 {
		out.WriteString(",\n")
	}
}

func quote(text string) string {
	quoted := &bytes.Buffer{}
	encoder := json.NewEncoder(quoted)
	encoder.SetEscapeHTML(false) // map<string,string> reads better
	if err := encoder.Encode(text); err != nil {
		log.Fatal(err)
	}
	return strings.TrimSuffix(quoted.String(), "\n")
}

// fieldLine is `NAME NUMBER TYPE [flag…]`; see src/protobuf/descriptor.ts.
func fieldLine(field protoreflect.FieldDescriptor) string {
	words := []string{string(field.Name()), fmt.Sprint(field.Number())}
	switch {
	case field.IsMap():
		words = append(words, fmt.Sprintf("map<%s,%s>", typeWord(field.MapKey()), typeWord(field.MapValue())))
	case field.IsList():
		words = append(words, typeWord(field), "repeated")
	default:
		words = append(words, typeWord(field))
	}
	if oneof := field.ContainingOneof(); oneof != nil {
		if oneof.IsSynthetic() {
			words = append(words, "optional")
		} else {
			words = append(words, "oneof="+string(oneof.Name()))
		}
	}
	if field.JSONName() != jsonCamelCase(string(field.Name())) {
		words = append(words, "json="+field.JSONName())
	}
	if name := goFieldName(field); name != goCamelCase(string(field.Name())) {
		words = append(words, "go="+name)
	}
	return strings.Join(words, " ")
}

func typeWord(field protoreflect.FieldDescriptor) string {
	switch {
	case field.Message() != nil:
		return string(field.Message().FullName())
	case field.Enum() != nil:
		return string(field.Enum().FullName())
	default:
		return field.Kind().String()
	}
}

// goTypeName is the type as Go's %T prints it without the star: `v1alpha3.VirtualService`.
func goTypeName(message protoreflect.MessageDescriptor) string {
	return goStruct(message).String()
}

func goStruct(message protoreflect.MessageDescriptor) reflect.Type {
	found, err := protoregistry.GlobalTypes.FindMessageByName(message.FullName())
	if err != nil {
		log.Fatal(err)
	}
	return reflect.TypeOf(found.Zero().Interface()).Elem()
}

// goFieldName reads the name of the struct field from the tags of the generated code; members of a oneof live in
// wrapper structs whose only field has the name.
func goFieldName(field protoreflect.FieldDescriptor) string {
	parent := goStruct(field.ContainingMessage())
	if name, ok := taggedField(parent, field); ok {
		return name
	}
	wrappers, ok := reflect.New(parent).Interface().(interface{ XXX_OneofWrappers() []any })
	if ok {
		for _, wrapper := range wrappers.XXX_OneofWrappers() {
			if name, ok := taggedField(reflect.TypeOf(wrapper).Elem(), field); ok {
				return name
			}
		}
	}
	return goCamelCase(string(field.Name()))
}

func taggedField(owner reflect.Type, field protoreflect.FieldDescriptor) (string, bool) {
	for i := range owner.NumField() {
		for part := range strings.SplitSeq(owner.Field(i).Tag.Get("protobuf"), ",") {
			if part == "name="+string(field.Name()) {
				return owner.Field(i).Name, true
			}
		}
	}
	return "", false
}
