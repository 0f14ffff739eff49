package live

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

func from(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

// Attributes win over the environment, and of variables the first, as in the google provider.
func TestResolve(t *testing.T) {
	yes, no := true, false
	for _, tc := range []struct {
		name  string
		given Attributes
		env   map[string]string
		got   func(Options) string
		want  string
	}{
		{"credentials of the attribute", Attributes{Credentials: "a.json"}, map[string]string{"GOOGLE_CREDENTIALS": "b.json"}, credentialsOf, "a.json,"},
		{"credentials of the environment", Attributes{}, map[string]string{"GOOGLE_CREDENTIALS": "b.json", "GCLOUD_KEYFILE_JSON": "d.json"}, credentialsOf, "b.json,"},
		{"its second variable", Attributes{}, map[string]string{"GOOGLE_CLOUD_KEYFILE_JSON": "c.json", "GCLOUD_KEYFILE_JSON": "d.json"}, credentialsOf, "c.json,"},
		{"its third", Attributes{}, map[string]string{"GCLOUD_KEYFILE_JSON": "d.json"}, credentialsOf, "d.json,"},
		{"a token keeps the environment's credentials away", Attributes{AccessToken: "t"}, map[string]string{"GOOGLE_CREDENTIALS": "b.json"}, credentialsOf, ",t"},
		{"credentials keep its token away", Attributes{Credentials: "a.json"}, map[string]string{AccessTokenVariable: "t"}, credentialsOf, "a.json,"},
		{"both of the environment: the token wins when asked", Attributes{}, map[string]string{"GOOGLE_CREDENTIALS": "b.json", AccessTokenVariable: "t"}, credentialsOf, "b.json,t"},
		{"impersonation", Attributes{}, map[string]string{"GOOGLE_IMPERSONATE_SERVICE_ACCOUNT": "a@b"}, func(o Options) string { return o.ImpersonateServiceAccount }, "a@b"},
		{"project of the attribute", Attributes{Project: "p"}, map[string]string{"GOOGLE_PROJECT": "q"}, projectOf, "p"},
		{"GOOGLE_PROJECT", Attributes{}, map[string]string{"GOOGLE_PROJECT": "q", "GOOGLE_CLOUD_PROJECT": "r"}, projectOf, "q"},
		{"GOOGLE_CLOUD_PROJECT", Attributes{}, map[string]string{"GOOGLE_CLOUD_PROJECT": "r", "GCLOUD_PROJECT": "s"}, projectOf, "r"},
		{"GCLOUD_PROJECT", Attributes{}, map[string]string{"GCLOUD_PROJECT": "s", "CLOUDSDK_CORE_PROJECT": "t"}, projectOf, "s"},
		{"CLOUDSDK_CORE_PROJECT", Attributes{}, map[string]string{"CLOUDSDK_CORE_PROJECT": "t"}, projectOf, "t"},
		{"region as a self link", Attributes{Region: "https://www.googleapis.com/compute/v1/projects/p/regions/europe-west1"}, nil, func(o Options) string { return o.Region }, "europe-west1"},
		{"region of gcloud", Attributes{}, map[string]string{"CLOUDSDK_COMPUTE_REGION": "us-east1"}, func(o Options) string { return o.Region }, "us-east1"},
		{"zone", Attributes{}, map[string]string{"GCLOUD_ZONE": "us-east1-b"}, func(o Options) string { return o.Zone }, "us-east1-b"},
		{"billing", Attributes{}, map[string]string{"GOOGLE_BILLING_PROJECT": "b", "USER_PROJECT_OVERRIDE": "true"}, billingOf, "b true"},
		{"billing, overridden in the block", Attributes{UserProjectOverride: &no}, map[string]string{"GOOGLE_BILLING_PROJECT": "b", "USER_PROJECT_OVERRIDE": "true"}, billingOf, "b false"},
		{"billing of the block", Attributes{BillingProject: "c", UserProjectOverride: &yes}, map[string]string{"GOOGLE_BILLING_PROJECT": "b"}, billingOf, "c true"},
		{"reason", Attributes{}, map[string]string{"CLOUDSDK_CORE_REQUEST_REASON": "audit"}, func(o Options) string { return o.RequestReason }, "audit"},
		{"time-out", Attributes{}, nil, func(o Options) string { return o.RequestTimeout.String() }, "2m0s"},
		{"its own time-out", Attributes{RequestTimeout: "30s"}, nil, func(o Options) string { return o.RequestTimeout.String() }, "30s"},
		{"user agent", Attributes{}, map[string]string{"GOOGLE_TERRAFORM_USERAGENT_EXTENSION": "x/1"}, func(o Options) string { return o.UserAgent }, "gkepreflight x/1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, err := Resolve(tc.given, from(tc.env))
			if err != nil {
				t.Fatal(err)
			}
			if got := tc.got(o); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func credentialsOf(o Options) string { return o.Credentials + "," + o.AccessToken }
func projectOf(o Options) string     { return o.Project }
func billingOf(o Options) string {
	if o.UserProjectOverride {
		return o.BillingProject + " true"
	}
	return o.BillingProject + " false"
}

// Bad settings are one error that names the setting and its form.
func TestResolveErrors(t *testing.T) {
	for _, tc := range []struct {
		name  string
		given Attributes
		env   map[string]string
		says  string
	}{
		{"both", Attributes{Credentials: "a.json", AccessToken: "t"}, nil, "credentials and access_token are both given"},
		{"time-out", Attributes{RequestTimeout: "two minutes"}, nil, `request_timeout is "two minutes": expected a duration`},
		{"no time at all", Attributes{RequestTimeout: "0s"}, nil, "expected a duration"},
		{"override", Attributes{}, map[string]string{"USER_PROJECT_OVERRIDE": "perhaps"}, `USER_PROJECT_OVERRIDE is "perhaps"`},
		{"endpoint without a slash", Attributes{Endpoints: map[string]string{"dns_custom_endpoint": "https://host/dns/v1"}}, nil, "dns_custom_endpoint is"},
		{"endpoint of the environment", Attributes{}, map[string]string{"GOOGLE_IAM_CUSTOM_ENDPOINT": "host/v1/"}, "GOOGLE_IAM_CUSTOM_ENDPOINT is"},
		{"endpoint without a version", Attributes{Endpoints: map[string]string{"iam_custom_endpoint": "https://host/"}}, nil, "ends in the API's version"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := Resolve(tc.given, from(tc.env)); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%v, want %q", err, tc.says)
			}
		})
	}
}

func TestEndpoints(t *testing.T) {
	for _, tc := range []struct{ attribute, value, want string }{
		{"compute_custom_endpoint", "https://host/compute/v1/", "https://host"},
		{"compute_custom_endpoint", "https://host/compute/beta/", "https://host"},
		{"compute_custom_endpoint", "https://host/v1/", "https://host"},
		{"container_custom_endpoint", "http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080"},
		{"dns_custom_endpoint", "https://host/some/where/dns/v1/", "https://host/some/where"},
		{"resource_manager_v3_custom_endpoint", "https://host/v3/", "https://host"},
		{"resource_manager_custom_endpoint", "https://host/v1/", "https://host"},
		{"artifact_registry_custom_endpoint", "https://host/artifactregistry/v1/", "https://host/artifactregistry"},
	} {
		o, err := Resolve(Attributes{Endpoints: map[string]string{tc.attribute: tc.value}}, from(nil))
		if err != nil {
			t.Errorf("%s: %v", tc.value, err)
			continue
		}
		if got := slices.Collect(maps.Values(o.endpoints)); !slices.Equal(got, []string{tc.want}) {
			t.Errorf("%s: %v, want %s", tc.value, got, tc.want)
		}
	}
	if names := EndpointAttributes(); !slices.IsSorted(names) || len(names) != 8 {
		t.Errorf("attributes %v", names)
	}
}

// The headers that the google provider sends, and none of them when they are not asked for.
func TestHeaders(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*Options)
		want   map[string]string
	}{
		{"none", func(*Options) {}, map[string]string{"User-Agent": "gkepreflight"}},
		{"a billing project without the override", func(o *Options) { o.BillingProject = "b" }, map[string]string{"User-Agent": "gkepreflight"}},
		{"all", func(o *Options) {
			o.BillingProject, o.UserProjectOverride, o.RequestReason, o.UserAgent = "b", true, "audit", "Terraform/1.8"
		}, map[string]string{"User-Agent": "Terraform/1.8", "X-Goog-User-Project": "b", "X-Goog-Request-Reason": "audit"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, estate())
			read(t, client(t, s, tc.change), everything())
			for _, call := range s.Calls() {
				got := map[string]string{}
				for _, name := range []string{"User-Agent", "X-Goog-User-Project", "X-Goog-Request-Reason", trailHeader} {
					if v := call.Header.Get(name); v != "" {
						got[name] = v
					}
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Fatalf("%s:\n%s", call.Path, diff)
				}
			}
		})
	}
}

// Nothing is asked, read or looked for before the first question.
func TestNewAsksNothing(t *testing.T) {
	s := serve(t, fake.World{})
	client(t, s, func(o *Options) { o.Credentials, o.AccessToken, o.RequestTimeout = "no such file", "", time.Second })
	if len(s.Calls()) > 0 {
		t.Errorf("%v", s.Calls())
	}
}
