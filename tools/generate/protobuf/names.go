package main

import "strings"

// jsonCamelCase is protoc's default json_name: an underscore is dropped and a letter behind it made upper case.
func jsonCamelCase(name string) string {
	var out strings.Builder
	upper := false
	for _, char := range []byte(name) {
		if char == '_' {
			upper = true
			continue
		}
		if upper && isLower(char) {
			char -= 'a' - 'A'
		}
		upper = false
		out.WriteByte(char)
	}
	return out.String()
}

// goCamelCase is the name protoc-gen-go gives a field that clashes with nothing.
func goCamelCase(name string) string {
	var out strings.Builder
	for i := 0; i < len(name); i++ {
		char := name[i]
		switch {
		case char == '_' && i == 0:
			out.WriteByte('X')
		case char == '_' && i+1 < len(name) && isLower(name[i+1]):
		case '0' <= char && char <= '9':
			out.WriteByte(char)
		case i == 0 || !isLower(char):
			out.WriteString(strings.ToUpper(string(char)))
			i = copyLowerRun(&out, name, i)
		default:
			out.WriteByte(char - ('a' - 'A'))
			i = copyLowerRun(&out, name, i)
		}
	}
	return out.String()
}

func copyLowerRun(out *strings.Builder, name string, i int) int {
	for i+1 < len(name) && isLower(name[i+1]) {
		i++
		out.WriteByte(name[i])
	}
	return i
}

func isLower(char byte) bool { return 'a' <= char && char <= 'z' }
