package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/live"
)

// googleText are the google provider's own arguments that are strings, under its names, and what they mean. Its environment variables stand in for
// those that are left out, in its order (google provider, "Provider Reference").
var googleText = map[string]string{ //nolint:gosec // what arguments mean is no credential
	"credentials":                 "Path or content of a credentials file in JSON. `GOOGLE_CREDENTIALS`, `GOOGLE_CLOUD_KEYFILE_JSON` and `GCLOUD_KEYFILE_JSON` stand in for it, and after them Application Default Credentials.",
	"access_token":                "Access token, in place of credentials. `GOOGLE_OAUTH_ACCESS_TOKEN` stands in for it.",
	"impersonate_service_account": "Service account to impersonate. `GOOGLE_IMPERSONATE_SERVICE_ACCOUNT` stands in for it.",
	"project":                     "Project that data sources look in when they name none. `GOOGLE_PROJECT`, `GOOGLE_CLOUD_PROJECT`, `GCLOUD_PROJECT` and `CLOUDSDK_CORE_PROJECT` stand in for it.",
	"region":                      "Region that data sources look in when they name none. `GOOGLE_REGION`, `GCLOUD_REGION` and `CLOUDSDK_COMPUTE_REGION` stand in for it.",
	"zone":                        "Zone that data sources look in when they name none. `GOOGLE_ZONE`, `GCLOUD_ZONE` and `CLOUDSDK_COMPUTE_ZONE` stand in for it.",
	"billing_project":             "Project that calls are counted to, under `user_project_override`. `GOOGLE_BILLING_PROJECT` stands in for it.",
	"request_timeout":             "How long one request may take, such as `30s`; `120s` when left out.",
	"request_reason":              "Reason that is sent with each request, for audit logs. `CLOUDSDK_CORE_REQUEST_REASON` stands in for it.",
	"universe_domain":             "Domain of the Google Cloud universe; `googleapis.com` when left out.",
}

func providerAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"enforcement": schema.StringAttribute{Optional: true, Validators: []validator.String{oneOf(enforcements...)},
			MarkdownDescription: "What a failed check does: `error` stops the plan (default), `warn` only warns, `off` judges nothing. The environment variable `" + enforcementVariable +
				"` wins over it, so that nothing stands in the way of `terraform destroy`."},
		"assets_file": schema.StringAttribute{Optional: true,
			MarkdownDescription: "Path of a Cloud Asset Inventory export (NDJSON, gzip accepted). Data sources then read it in place of Google Cloud, and no credentials are needed."},
		"impersonate_service_account_delegates": schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Delegation chain of the impersonation."},
		"user_project_override":                 schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether calls are counted to `billing_project`. `USER_PROJECT_OVERRIDE` stands in for it."},
	}
	for name, about := range googleText {
		attributes[name] = schema.StringAttribute{Optional: true, Sensitive: name == "access_token" || name == "credentials", MarkdownDescription: about}
	}
	for _, name := range live.EndpointAttributes() {
		attributes[name] = schema.StringAttribute{Optional: true,
			MarkdownDescription: "Endpoint of an API with its version and a final `/`, as the google provider takes it. `GOOGLE_" + strings.ToUpper(name) + "` stands in for it."}
	}
	return attributes
}
