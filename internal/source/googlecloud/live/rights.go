package live

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/iam/apiv1/iampb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// rights reads repositories and who may read them, where an image asks for one.
func (r *reading) rights(s scope) []task {
	asked := r.repositories()
	if len(asked) == 0 {
		return nil
	}
	places := map[string]map[string][]image.Repository{}
	for _, a := range asked {
		if places[a.Project] == nil {
			places[a.Project] = map[string][]image.Repository{}
		}
		places[a.Project][a.Location] = append(places[a.Project][a.Location], a)
	}
	var tasks []task
	for _, p := range s.projects {
		tasks = append(tasks, r.defaultAccount(p))
	}
	for _, p := range slices.Sorted(maps.Keys(places)) {
		tasks = append(tasks, r.repositoriesOf(p, places[p]))
	}
	return append(tasks, r.grants(s, slices.Sorted(maps.Keys(places)), asked))
}

// repositories are those that images ask for, each once.
func (r *reading) repositories() []image.Repository {
	refs := slices.Clone(r.want.Images)
	for _, u := range r.want.Told.Images {
		if ref, known := u.Ref.Get(); known {
			refs = append(refs, ref)
		}
	}
	found := map[image.Repository]bool{}
	for _, ref := range refs {
		if parsed, err := image.Parse(ref); err == nil {
			if a, is := parsed.Repository(); is {
				found[a] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b image.Repository) int { return strings.Compare(a.String(), b.String()) })
}

// defaultAccount tells the address of the account of nodes that name none. Without it their rights are undecided.
func (r *reading) defaultAccount(project string) task {
	return func() func() {
		account, number, err := r.project(project)
		n, _ := strconv.ParseInt(number, 10, 64)
		return func() {
			if err == nil {
				r.inv.Project(project, n, account)
			}
		}
	}
}

// repositoriesOf lists a project's repositories in the locations that are asked for, and what remote ones among those asked for may do there.
func (r *reading) repositoriesOf(project string, places map[string][]image.Repository) task {
	return func() func() {
		errs := make([]error, 0, len(places))
		var tasks []task
		for _, location := range slices.Sorted(maps.Keys(places)) {
			tasks = append(tasks, func() func() {
				list, err := look(r, repositoryList, project, location)
				config, configErr := r.perimeterOf(project, location, list, places[location])
				return func() {
					errs = append(errs, planned(err))
					for _, found := range list {
						r.inv.Repository(found)
					}
					if config != nil {
						r.inv.VPCSCConfig(config)
					}
					if configErr != nil {
						r.untold.VPCSC = append(r.untold.VPCSC, untoldConfig(project, location, configErr))
					}
				}
			})
		}
		if slices.ContainsFunc(slices.Concat(slices.Collect(maps.Values(places))...), func(a image.Repository) bool { return strings.HasSuffix(a.Name, "gcr.io") }) {
			tasks = append(tasks, r.redirections(project))
		}
		hand := r.ask(tasks)
		return func() {
			hand()
			r.settle(topology.Repositories, project, errs...)
		}
	}
}

// redirections asks what a project's hosts of gcr.io lead to.
func (r *reading) redirections(project string) task {
	return func() func() {
		s, err := look(r, projectSettings, project)
		return func() {
			if err != nil {
				r.inv.ProjectSettingsUnread(project, err.Error())
				return
			}
			r.inv.ProjectSettings(project, s)
		}
	}
}

// perimeterOf asks what remote repositories may do inside a perimeter, where a repository asked for is one, or has one behind it.
func (r *reading) perimeterOf(project, location string, list []*artifactregistrypb.Repository, asked []image.Repository) (*artifactregistrypb.VPCSCConfig, error) {
	for _, found := range list {
		name := lastSegment(found.GetName())
		remote := found.GetMode() == artifactregistrypb.Repository_REMOTE_REPOSITORY || found.GetMode() == artifactregistrypb.Repository_VIRTUAL_REPOSITORY
		if remote && slices.ContainsFunc(asked, func(a image.Repository) bool { return a.Name == name }) {
			return look(r, vpcscConfig, project, location)
		}
	}
	return nil, nil
}

func untoldConfig(project, location string, why error) *topology.VPCSCConfig {
	v := googlecloud.New(Source)
	v.VPCSCConfig(&artifactregistrypb.VPCSCConfig{Name: named("projects/%s/locations/%s/vpcscConfig", []string{project, location})})
	config := v.Facts().VPCSC[0]
	config.Policy = topology.Unknown[string](why.Error(), config.From("vpcscPolicy"))
	return config
}

// grants reads the policies of the repositories that are asked for, of their projects and of what is above those, and then the custom roles that these
// grant to nodes.
func (r *reading) grants(s scope, projects []string, asked []image.Repository) task {
	return func() func() {
		ofRepositories, errs := make([]*iampb.Policy, len(asked)), map[string][]error{}
		var tasks []task
		for i, a := range asked {
			tasks = append(tasks, func() func() {
				p, err := look(r, repositoryPolicy, a.Project, a.Location, a.Name)
				ofRepositories[i] = p
				return func() {
					errs[a.Project] = append(errs[a.Project], planned(err))
					if err == nil {
						r.inv.Policy("//artifactregistry.googleapis.com/"+a.String(), p)
					}
				}
			})
		}
		lines := make([]ancestry, len(projects))
		for i, p := range projects {
			tasks = append(tasks, func() func() { lines[i] = r.ancestry(p); return nil })
		}
		hand := r.ask(tasks)
		policies := slices.Clone(ofRepositories)
		for _, l := range lines {
			for _, n := range l.nodes {
				policies = append(policies, n.policy)
			}
		}
		for _, p := range s.projects {
			if account, _, err := r.project(p); err == nil && account != "" {
				s.accounts = append(s.accounts, "serviceAccount:"+account)
			}
		}
		roles := r.ask(r.roles(customRoles(policies, s.accounts)))
		return func() {
			hand()
			roles()
			r.inherit(projects, lines)
			for i, p := range projects {
				r.settle(topology.IAM, p, append(errs[p], lines[i].err)...)
			}
		}
	}
}

func untoldRole(name string, why error) *topology.Role {
	v := googlecloud.New(Source)
	v.Role(name, nil)
	role := v.Facts().Roles[0]
	role.Permissions = topology.Unknown[[]string](why.Error(), role.From("includedPermissions"))
	return role
}

// customRoles are those that policies grant to accounts of nodes, or to groups that may hold them.
func customRoles(policies []*iampb.Policy, accounts []string) []string {
	found := map[string]bool{}
	for _, p := range policies {
		for _, b := range p.GetBindings() {
			if !strings.HasPrefix(b.GetRole(), "roles/") && slices.ContainsFunc(b.GetMembers(), func(m string) bool { return mayBe(m, accounts) }) {
				found[b.GetRole()] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func mayBe(member string, accounts []string) bool {
	kind, _, _ := strings.Cut(member, ":")
	return slices.Contains(accounts, member) || slices.Contains([]string{"allUsers", "allAuthenticatedUsers", "group", "domain", "principalSet", "projectEditor", "projectOwner", "projectViewer"}, kind)
}

// roles reads custom roles. One that cannot be read stays one of which nobody knows what it holds, and why.
func (r *reading) roles(names []string) []task {
	var tasks []task
	for _, name := range names {
		tasks = append(tasks, func() func() {
			permissions, err := look(r, role, name)
			return func() {
				if err == nil {
					r.inv.Role(name, permissions)
				} else {
					r.untold.Roles = append(r.untold.Roles, untoldRole(name, err))
				}
			}
		})
	}
	return tasks
}
