// Command terraform-provider-gkepreflight serves the provider to Terraform.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

// version is set when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger such as delve")
	flag.Parse()
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/gkepreflight/gkepreflight", Debug: *debug})
	if err != nil {
		log.Fatal(err)
	}
}
