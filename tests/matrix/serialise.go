// Reads {"style", "json"} a line; writes the JSON as Go writes it, in base64, a line.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
)

func written(style, text string) []byte {
	var out bytes.Buffer
	raw := []byte(text)
	switch style {
	case "compact": // json.RawMessage, sent on
		json.Compact(&out, raw)
	case "html": // json.RawMessage in a struct
		var compact bytes.Buffer
		json.Compact(&compact, raw)
		json.HTMLEscape(&out, compact.Bytes())
	case "indent":
		json.Indent(&out, raw, "", "  ")
	case "map": // sorts the keys
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		var value any
		decoder.Decode(&value)
		made, _ := json.Marshal(value)
		out.Write(made)
	case "encoder": // sorts the keys, and ends the line
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		var value any
		decoder.Decode(&value)
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		encoder.Encode(value)
	}
	return out.Bytes()
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var job struct{ Style, Json string }
		json.Unmarshal(lines.Bytes(), &job)
		fmt.Println(base64.StdEncoding.EncodeToString(written(job.Style, job.Json)))
	}
}
