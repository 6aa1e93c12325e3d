// Reads YAML documents with the readers that Kubernetes and Flux use.
//
// Input: one JSON string per line, a YAML document. Output: one JSON object per line with what
// each reader understood, or the text of its error.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	v3 "go.yaml.in/yaml/v3"
	kubernetes "sigs.k8s.io/yaml"
)

func main() {
	input := bufio.NewReader(os.Stdin)
	output := bufio.NewWriter(os.Stdout)
	decoder := json.NewDecoder(input)
	encoder := json.NewEncoder(output)
	for decoder.More() {
		var document string
		if err := decoder.Decode(&document); err != nil {
			log.Fatal(err)
		}
		if err := encoder.Encode(read([]byte(document))); err != nil {
			log.Fatal(err)
		}
	}
	if err := output.Flush(); err != nil {
		log.Fatal(err)
	}
}

func read(document []byte) map[string]any {
	return map[string]any{
		"kubernetes": readKubernetes(document),
		"flux":       readFlux(document),
	}
}

// The API server, kubectl and Argo CD.
func readKubernetes(document []byte) any {
	text, err := kubernetes.YAMLToJSONStrict(document)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return json.RawMessage(text)
}

// kustomize, and with it Flux.
func readFlux(document []byte) any {
	var value any
	if err := v3.Unmarshal(document, &value); err != nil {
		return map[string]string{"error": err.Error()}
	}
	if _, err := json.Marshal(value); err != nil {
		return map[string]string{"error": err.Error()}
	}
	return value
}
