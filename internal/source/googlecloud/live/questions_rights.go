package live

import (
	"context"
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/api/iam/v1"
)

const securityReviewer = "roles/iam.securityReviewer"

// withConditions asks for policies in the version that shows conditions; an older one leaves conditional grants looking unconditional.
func withConditions(resource string) *iampb.GetIamPolicyRequest {
	return &iampb.GetIamPolicyRequest{Resource: resource, Options: &iampb.GetPolicyOptions{RequestedPolicyVersion: 3}}
}

var repositoryList = question[[]*artifactregistrypb.Repository]{
	rule{method: "artifactregistry.projects.locations.repositories.list", permission: "artifactregistry.repositories.list", role: "roles/artifactregistry.reader"},
	func(ctx context.Context, s *services, args []string) ([]*artifactregistrypb.Repository, error) {
		c, err := s.repositories()
		if err != nil {
			return nil, err
		}
		it := c.ListRepositories(ctx, &artifactregistrypb.ListRepositoriesRequest{Parent: named("projects/%s/locations/%s", args), PageSize: 1000}, how...)
		return collect(it, func() any { return it.Response })
	},
}

var repositoryPolicy = question[*iampb.Policy]{
	rule{method: "artifactregistry.projects.locations.repositories.getIamPolicy", permission: "artifactregistry.repositories.getIamPolicy", role: securityReviewer},
	func(ctx context.Context, s *services, args []string) (*iampb.Policy, error) {
		c, err := s.repositories()
		if err != nil {
			return nil, err
		}
		return c.GetIamPolicy(ctx, withConditions(named("projects/%s/locations/%s/repositories/%s", args)), how...)
	},
}

var vpcscConfig = question[*artifactregistrypb.VPCSCConfig]{
	rule{method: "artifactregistry.projects.locations.getVpcscConfig", permission: "artifactregistry.vpcscconfigs.get", role: "roles/viewer"},
	func(ctx context.Context, s *services, args []string) (*artifactregistrypb.VPCSCConfig, error) {
		c, err := s.repositories()
		if err != nil {
			return nil, err
		}
		return c.GetVPCSCConfig(ctx, &artifactregistrypb.GetVPCSCConfigRequest{Name: named("projects/%s/locations/%s/vpcscConfig", args)}, how...)
	},
}

var projectSettings = question[*artifactregistrypb.ProjectSettings]{
	rule{method: "artifactregistry.projects.getProjectSettings", permission: "artifactregistry.projectsettings.get", role: "roles/artifactregistry.reader"},
	func(ctx context.Context, s *services, args []string) (*artifactregistrypb.ProjectSettings, error) {
		c, err := s.repositories()
		if err != nil {
			return nil, err
		}
		return c.GetProjectSettings(ctx, &artifactregistrypb.GetProjectSettingsRequest{Name: named("projects/%s/projectSettings", args)}, how...)
	},
}

var project = question[*resourcemanagerpb.Project]{
	rule{method: "cloudresourcemanager.projects.get", permission: "resourcemanager.projects.get", role: "roles/browser"},
	func(ctx context.Context, s *services, args []string) (*resourcemanagerpb.Project, error) {
		c, err := s.projects()
		if err != nil {
			return nil, err
		}
		return c.GetProject(ctx, &resourcemanagerpb.GetProjectRequest{Name: named("projects/%s", args)}, how...)
	},
}

var projectPolicy = question[*iampb.Policy]{
	rule{method: "cloudresourcemanager.projects.getIamPolicy", permission: "resourcemanager.projects.getIamPolicy", role: securityReviewer},
	func(ctx context.Context, s *services, args []string) (*iampb.Policy, error) {
		c, err := s.projects()
		if err != nil {
			return nil, err
		}
		return c.GetIamPolicy(ctx, withConditions(named("projects/%s", args)), how...)
	},
}

// folder and the policies above projects take a full name: folders/123, organizations/456.
var folder = question[*resourcemanagerpb.Folder]{
	rule{method: "cloudresourcemanager.folders.get", permission: "resourcemanager.folders.get", role: "roles/browser", above: true},
	func(ctx context.Context, s *services, args []string) (*resourcemanagerpb.Folder, error) {
		c, err := s.folders()
		if err != nil {
			return nil, err
		}
		return c.GetFolder(ctx, &resourcemanagerpb.GetFolderRequest{Name: args[0]}, how...)
	},
}

var folderPolicy = question[*iampb.Policy]{
	rule{method: "cloudresourcemanager.folders.getIamPolicy", permission: "resourcemanager.folders.getIamPolicy", role: securityReviewer, above: true},
	func(ctx context.Context, s *services, args []string) (*iampb.Policy, error) {
		c, err := s.folders()
		if err != nil {
			return nil, err
		}
		return c.GetIamPolicy(ctx, withConditions(args[0]), how...)
	},
}

var organizationPolicy = question[*iampb.Policy]{
	rule{method: "cloudresourcemanager.organizations.getIamPolicy", permission: "resourcemanager.organizations.getIamPolicy", role: securityReviewer, above: true},
	func(ctx context.Context, s *services, args []string) (*iampb.Policy, error) {
		c, err := s.organizations()
		if err != nil {
			return nil, err
		}
		return c.GetIamPolicy(ctx, withConditions(args[0]), how...)
	},
}

// role takes the full name of a custom role, of a project or an organisation.
var role = question[[]string]{
	rule{method: "iam.roles.get", permission: "iam.roles.get", role: "roles/iam.roleViewer"},
	func(ctx context.Context, s *services, args []string) ([]string, error) {
		c, err := s.iam()
		if err != nil {
			return nil, err
		}
		var r *iam.Role
		if strings.HasPrefix(args[0], "organizations/") {
			r, err = c.Organizations.Roles.Get(args[0]).Context(ctx).Do()
		} else {
			r, err = c.Projects.Roles.Get(args[0]).Context(ctx).Do()
		}
		if err != nil {
			return nil, err
		}
		return r.IncludedPermissions, nil
	},
}
