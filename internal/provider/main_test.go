package provider

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// TestMain has every test run the terraform on PATH, or else the tofu. Where there is neither, plugin-testing downloads one.
func TestMain(m *testing.M) {
	if os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		if path, err := exec.LookPath("terraform"); err == nil {
			os.Setenv("TF_ACC_TERRAFORM_PATH", path)
		} else if path, err := exec.LookPath("tofu"); err == nil {
			os.Setenv("TF_ACC_TERRAFORM_PATH", path)
			os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org")
		}
	}
	os.Setenv("TF_ACC_PROVIDER_NAMESPACE", "gkepreflight")
	for _, name := range []string{enforcementVariable, "TF_LOG", "TF_LOG_PROVIDER", "TF_CLI_ARGS", "TF_CLI_CONFIG_FILE"} {
		os.Unsetenv(name)
	}
	code := m.Run()
	if builtIn != "" {
		_ = os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

var factories = map[string]func() (tfprotov6.ProviderServer, error){"gkepreflight": providerserver.NewProtocol6WithError(New("test")())}

var downloaded = sync.OnceValues(func() (string, error) {
	return (&releases.LatestVersion{Product: product.Terraform}).Install(context.Background())
})

// terraformPath is the binary that the command line tests run.
func terraformPath(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	path, err := downloaded()
	if err != nil {
		t.Skipf("neither terraform nor tofu is on PATH, and none can be downloaded: %v", err)
	}
	return path
}
