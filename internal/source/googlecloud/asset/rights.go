package asset

import (
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/api/accesscontextmanager/v1"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
)

func (r *reader) repository(l *line) error {
	m := &artifactregistrypb.Repository{}
	if err := message(l, m); err != nil {
		return err
	}
	if m.GetName() == "" {
		m.Name = strings.TrimPrefix(l.name, "//artifactregistry.googleapis.com/")
	}
	r.inventory.Repository(m)
	return nil
}

func (r *reader) policy(l *line) error {
	m := &iampb.Policy{}
	if err := worded(lenient.Unmarshal(l.policy, m)); err != nil {
		r.inventory.PolicyUnread(l.name, "the policy could not be read from the export: "+err.Error())
		return err
	}
	r.inventory.Policy(l.name, m)
	return nil
}

func (r *reader) role(l *line) error {
	var p struct {
		IncludedPermissions []string `json:"includedPermissions"`
		Deleted             bool     `json:"deleted"`
	}
	if err := plain(l.data, &p); err != nil {
		return err
	}
	if p.Deleted {
		p.IncludedPermissions = nil // it grants nothing any more
	}
	r.inventory.Role(strings.TrimPrefix(l.name, "//iam.googleapis.com/"), p.IncludedPermissions)
	return nil
}

func (r *reader) account(l *line) error {
	var a struct {
		Email string `json:"email"`
	}
	if err := plain(l.data, &a); err != nil {
		return err
	}
	if a.Email != "" {
		r.inventory.ServiceAccount(projectOf(l.name), a.Email)
	}
	return nil
}

// perimeter reads what is enforced, not the dry run. A bridge restricts nothing and comes out so.
func (r *reader) perimeter(l *line) error {
	data := l.data
	if data == nil {
		data = l.perimeter
	}
	var p accesscontextmanager.ServicePerimeter
	name := strings.TrimPrefix(l.name, "//accesscontextmanager.googleapis.com/")
	if err := plain(data, &p); err != nil {
		r.inventory.PerimeterUnread(name, "it could not be read from the export: "+err.Error())
		return err
	}
	out := googlecloud.Perimeter{Name: name}
	if p.Status != nil {
		out.Resources, out.Restricted = p.Status.Resources, p.Status.RestrictedServices
		for _, e := range p.Status.EgressPolicies {
			if e.EgressTo != nil {
				out.EgressTo = append(out.EgressTo, e.EgressTo.Resources...)
			}
		}
	}
	r.inventory.Perimeter(out)
	return nil
}
