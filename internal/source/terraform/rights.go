package terraform

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

func (w *world) readRepository(in *instance, f *topology.Facts) {
	r := &topology.Repository{Object: w.object(in)}
	r.Format = stringOf(w.settled(in, "format"), in.from("format"))
	r.Mode = stringOf(w.settled(in, "mode"), in.from("mode"), "STANDARD_REPOSITORY")
	remote := single(w.settled(in, "remote_repository_config"))
	r.Upstream = topology.Unknown[string]("not set", in.from("remote_repository_config"))
	for _, path := range [][]string{{"docker_repository", "public_repository"}, {"docker_repository", "custom_repository", "uri"}, {"common_repository", "uri"}} {
		if v := dig(remote, path...); !isUnset(v) {
			r.Upstream = stringOf(v, in.from("remote_repository_config"))
			break
		}
	}
	credentials, told := elements(dig(remote, "upstream_credentials"))
	r.UpstreamAuthenticated = told && len(credentials) > 0
	members, told := elements(dig(w.settled(in, "virtual_repository_config"), "upstream_policies"))
	r.MembersTold = told
	for i, m := range members {
		from := in.from(fmt.Sprintf("virtual_repository_config.upstream_policies[%d].repository", i))
		member := topology.Unknown[topology.ID](topology.KnownAfterApply, from)
		if t, ok := w.joinValue(in, attribute(m, "repository"), "google_artifact_registry_repository"); ok {
			member = t.fact(from)
		} else if refs := w.nestedReferences(in, i, "virtual_repository_config", "upstream_policies", "repository"); refs != nil {
			member = w.choose(w.resolve(refs, w.ask(in, "google_artifact_registry_repository")), nil).fact(from)
		}
		r.Members = append(r.Members, member)
	}
	f.Repositories = append(f.Repositories, r)
}

func (w *world) readVPCSC(in *instance, f *topology.Facts) {
	f.VPCSC = append(f.VPCSC, &topology.VPCSCConfig{Object: w.object(in), Policy: stringOf(w.settled(in, "vpcsc_policy"), in.from("vpcsc_policy"), "DENY")})
}

func (w *world) readPerimeter(in *instance, f *topology.Facts) {
	p := &topology.Perimeter{Object: w.object(in)}
	status := w.settled(in, "status")
	p.Projects = stringsOf(dig(status, "resources"), in.from("status.resources"))
	p.Restricted = stringsOf(dig(status, "restricted_services"), in.from("status.restricted_services"))
	var to []string
	rules, told := elements(dig(status, "egress_policies"))
	for _, r := range rules {
		list, known := stringsOf(dig(r, "egress_to", "resources"), in.from("status.egress_policies")).Get()
		told = told && known
		to = append(to, list...)
	}
	p.EgressTo = topology.Known(to, in.from("status.egress_policies"))
	if !told {
		p.EgressTo = topology.Unknown[[]string](topology.KnownAfterApply, in.from("status.egress_policies"))
	}
	f.Perimeters = append(f.Perimeters, p)
}

func (w *world) readServiceAccount(in *instance, f *topology.Facts) {
	a := &topology.ServiceAccount{Object: w.object(in)}
	a.Email = topology.Unknown[string](topology.KnownAfterApply, in.from("email"))
	if email := emailOf(in, w.identify(in).project); email != "" {
		a.Email = topology.Known(email, in.from("email"))
	}
	f.Accounts = append(f.Accounts, a)
}

// emailOf is a service account's address; where apply has yet to tell, it follows from the account ID and the project.
func emailOf(in *instance, project string) string {
	for _, a := range []string{"email", "account_id", "project"} {
		if isSensitive(attribute(in.value, a)) {
			return ""
		}
	}
	if s, known := asString(attribute(in.value, "email")); known && s != "" {
		return s
	}
	if s, known := asString(attribute(in.value, "account_id")); known && s != "" && project != "" {
		return s + "@" + project + ".iam.gserviceaccount.com"
	}
	return ""
}

// accountID is the identity of a service account by its address.
func accountID(email string) topology.ID {
	return topology.Identify("google_service_account", "-", "-", email)
}

// account joins an attribute that names a service account.
func (w *world) account(in *instance, v, raw cty.Value, path []string) (topology.Value[string], topology.ID) {
	from := in.from(strings.Join(path, "."))
	if isSensitive(v) && !isNull(v) {
		return topology.Unknown[string](whySensitive, from), ""
	}
	if s, known := asString(v); known && s != "" {
		email := s[strings.LastIndexByte(s, '/')+1:]
		if email == "default" {
			return topology.Known("", from), "" // as GKE writes the Compute Engine default account
		}
		return topology.Known(email, from), accountID(email)
	}
	// An unknown account that is written somewhere is not the default one, though it pass through a local.
	e, written := in.expressionAt(path)
	if isKnown(raw) || !written || len(e.references) == 0 {
		if isUnset(v) {
			return topology.Default("", from), ""
		}
		return topology.Unknown[string](topology.KnownAfterApply, from), ""
	}
	to := found{instances: instanceMarks(raw)}
	if len(to.instances) == 0 {
		to = w.resolve(e.references, w.ask(in, "google_service_account"))
	}
	if len(to.instances) == 1 && to.instances[0].typ == "google_service_account" {
		it := w.identify(to.instances[0])
		account := topology.Unknown[string](topology.KnownAfterApply, from)
		if email := emailOf(to.instances[0], it.project); email != "" {
			account = topology.Known(email, from)
		}
		account.Inferred = to.open
		return account, it.id
	}
	return topology.Unknown[string](topology.KnownAfterApply, from), ""
}

// expressionAt is what the configuration writes at a path through nested blocks, of which a number chooses one.
func (in *instance) expressionAt(path []string) (expression, bool) {
	if in.config == nil {
		return expression{}, false
	}
	e, told := in.config.attributes[path[0]]
	for _, p := range path[1:] {
		if !told || len(e.blocks) == 0 {
			return expression{}, false
		}
		if n, err := strconv.Atoi(p); err == nil {
			if n >= len(e.blocks) {
				return expression{}, false
			}
			e = expression{blocks: e.blocks[n : n+1]}
			continue
		}
		e, told = e.blocks[0][p]
	}
	return e, told
}

func (w *world) readRole(in *instance, f *topology.Facts) {
	f.Roles = append(f.Roles, &topology.Role{Object: w.object(in), Permissions: stringsOf(w.settled(in, "permissions"), in.from("permissions"))})
}

// readGrant reads the member, binding and policy resources of projects and of repositories.
func (w *world) readGrant(in *instance, f *topology.Facts) {
	g := topology.Grant{Object: w.object(in), Project: w.grantProject(in)}
	if strings.HasPrefix(in.typ, "google_folder_") || strings.HasPrefix(in.typ, "google_organization_") {
		g.Project, g.Above = "", true
		g.On = nodeOf(in)
	}
	if strings.HasPrefix(in.typ, "google_artifact_registry_repository_iam_") {
		id := w.join(in, []string{"repository"}, "google_artifact_registry_repository", nil).fact(in.from("repository"))
		g.Repository = &id
	}
	conditions, told := elements(w.settled(in, "condition"))
	g.Conditional = !told || len(conditions) > 0
	g.Role = stringOf(attribute(in.value, "role"), in.from("role"))
	if !g.Role.Known() {
		if role := w.join(in, []string{"role"}, "google_project_iam_custom_role", nil); role.instance != nil {
			g.Role = topology.Known(w.roleName(role), in.from("role"))
		}
	}
	switch {
	case strings.HasSuffix(in.typ, "_iam_policy"):
		w.readPolicyData(in, g, f)
		return
	case strings.HasSuffix(in.typ, "_iam_binding"):
		g.Binding = !in.data
		list, told := elements(attribute(in.value, "members"))
		g.MembersTold = told
		for _, v := range list {
			g.Members = append(g.Members, w.member(in, v, "members"))
		}
		if !told {
			g.Members = []topology.Member{w.member(in, attribute(in.value, "members"), "members")}
			g.MembersTold = g.Members[0].Account != ""
		}
	default:
		g.Members, g.MembersTold = []topology.Member{w.member(in, attribute(in.value, "member"), "member")}, true
	}
	f.Grants = append(f.Grants, &g)
}

// roleName is a custom role as grants name it.
func (w *world) roleName(role target) string {
	if it := w.identify(role.instance); !it.hidden && it.project != "" && it.name != "" {
		return "projects/" + it.project + "/roles/" + it.name
	}
	return string(role.id)
}

// nodeOf is the folder or organisation of a grant, as an ancestry names it: folders/123, organizations/456.
func nodeOf(in *instance) string {
	for _, a := range []struct{ attr, kind string }{{"folder", "folders/"}, {"org_id", "organizations/"}} {
		v := attribute(in.value, a.attr)
		if s, known := asString(v); known && s != "" && !isSensitive(v) {
			return a.kind + strings.TrimPrefix(s, a.kind)
		}
	}
	return ""
}

func (w *world) grantProject(in *instance) string {
	return strings.TrimPrefix(w.object(in).Project, "projects/")
}

// member reads one member. An unknown one that refers to a service account is that account.
func (w *world) member(in *instance, v cty.Value, attr string) topology.Member {
	m := topology.Member{Text: stringOf(v, in.from(attr))}
	if m.Text.Known() {
		return m
	}
	list := instanceMarks(v)
	if len(list) == 0 {
		list = w.resolveAttribute(in, []string{attr}, "google_service_account").instances
	}
	if len(list) == 1 && list[0].typ == "google_service_account" {
		m.Account = w.identify(list[0]).id
	}
	return m
}

// readPolicyData reads an authoritative policy, which the provider takes as the JSON of a policy document.
func (w *world) readPolicyData(in *instance, g topology.Grant, f *topology.Facts) {
	var policy struct {
		Bindings []struct {
			Role      string          `json:"role"`
			Members   []string        `json:"members"`
			Condition json.RawMessage `json:"condition"`
		} `json:"bindings"`
	}
	data := attribute(in.value, "policy_data")
	text, known := asString(data)
	g.Authoritative, g.MembersTold = !in.data, true // a data source tells what is granted now, and the plan may add to it
	if !known || isSensitive(data) || json.Unmarshal([]byte(text), &policy) != nil {
		g.MembersTold = false
		g.Role = topology.Unknown[string](topology.KnownAfterApply, in.from("policy_data"))
		f.Grants = append(f.Grants, &g)
		return
	}
	for i, b := range policy.Bindings {
		one := g
		one.ID += topology.ID(fmt.Sprintf("#%d", i))
		one.Role = topology.Known(b.Role, in.from("policy_data"))
		one.Conditional = len(b.Condition) > 0 && string(b.Condition) != "null"
		for _, m := range b.Members {
			one.Members = append(one.Members, topology.Member{Text: topology.Known(m, in.from("policy_data"))})
		}
		f.Grants = append(f.Grants, &one)
	}
	if len(policy.Bindings) == 0 {
		f.Grants = append(f.Grants, &g)
	}
}
