// Package schema carries the JSON Schemas of what this project writes.
package schema

import _ "embed"

// Report is the JSON Schema of `gkepreflight check --format json`.
//
//go:embed report.schema.json
var Report []byte

// Diagnose is the JSON Schema of `gkepreflight diagnose --format json`.
//
//go:embed diagnose.schema.json
var Diagnose []byte
