// Package schema carries the JSON Schemas of what this project writes and reads.
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

// Config is the JSON Schema of the configuration of `gkepreflight check`, in .gkepreflight.yaml.
//
//go:embed config.schema.json
var Config []byte

// Policy is the JSON Schema of what `gkepreflight check --policy` reads.
//
//go:embed policy.schema.json
var Policy []byte

// Baseline is the JSON Schema of what `gkepreflight check --write-baseline` writes.
//
//go:embed baseline.schema.json
var Baseline []byte
