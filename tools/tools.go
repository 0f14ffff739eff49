//go:build generate

// Package tools pins what the repository is made with, and makes what is generated.
package tools

import (
	_ "github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs"
)

// Examples are written as terraform fmt writes them.
//go:generate terraform fmt -recursive ../examples/

// The pages of the provider, its resources and functions, from their schemas, examples and templates. The terraform on the PATH is used.
//go:generate go run github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs generate --provider-dir .. --provider-name gkepreflight --rendered-provider-name gkepreflight

// The page of each check, from its declaration. After the other pages, for these clear the folder.
//go:generate go -C .. run ./internal/docs/generate
