package checks

import "github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"

const (
	nodesAccount = "nodes@p.iam.gserviceaccount.com"
	reader       = "roles/artifactregistry.reader"
	gcr          = "gcr.io/p/app:1"
)

// grant gives artifactregistry.reader on project p to nobody; changes make of it what a case needs.
func grant(changes ...func(*topology.Grant)) change {
	return func(f *topology.Facts) {
		o := topology.Object{ID: topology.ID("grant/" + string(rune('a'+len(f.Grants)))), Kind: "google_project_iam_member", Address: "google_project_iam_member." + string(rune('a'+len(f.Grants))), Managed: true}
		g := &topology.Grant{Object: o, Project: project, Role: known(reader), MembersTold: true}
		for _, ch := range changes {
			ch(g)
		}
		f.Grants = append(f.Grants, g)
	}
}

func to(members ...string) func(*topology.Grant) {
	return func(g *topology.Grant) {
		for _, m := range members {
			g.Members = append(g.Members, topology.Member{Text: known(m)})
		}
	}
}

var toNodes = to("serviceAccount:" + nodesAccount)

// toAccount names an account by reference, whose address apply decides.
func toAccount(id topology.ID) func(*topology.Grant) {
	return func(g *topology.Grant) {
		g.Members = append(g.Members, topology.Member{Text: later[string](), Account: id})
	}
}

func memberRole(role string) func(*topology.Grant) {
	return func(g *topology.Grant) { g.Role = known(role) }
}

func onProject(name string) func(*topology.Grant) {
	return func(g *topology.Grant) { g.Project = name }
}

func onRepository(location, name string) func(*topology.Grant) {
	return func(g *topology.Grant) {
		id := known(repositoryID(location, name))
		g.Repository = &id
	}
}

func conditional(g *topology.Grant)   { g.Conditional = true }
func authoritative(g *topology.Grant) { g.Authoritative = true }

func above(g *topology.Grant) { g.Project, g.Above = "", true }

// makes has the plan create the nodes' account; emailLater leaves its address to apply.
func makes(f *topology.Facts) {
	o := topology.Object{ID: "addr:plan/google_service_account.nodes", Kind: "google_service_account", Address: "google_service_account.nodes", Managed: true, Created: true}
	f.Accounts = append(f.Accounts, &topology.ServiceAccount{Object: o, Email: known(nodesAccount)})
}

func emailLater(f *topology.Facts) {
	for _, a := range f.Accounts {
		a.Email = later[string]()
	}
	p := f.Clusters[0].Pools[0]
	p.ServiceAccount, p.Account = later[string](), "addr:plan/google_service_account.nodes"
}

func account(email string) change {
	return pool(func(p *topology.NodePool) { p.ServiceAccount = known(email) })
}

func custom(name string, permissions ...string) change {
	return func(f *topology.Facts) {
		o := object("role", project, "global", name)
		f.Roles = append(f.Roles, &topology.Role{Object: o, Permissions: known(permissions)})
	}
}

func repositoryID(location, name string) topology.ID {
	return topology.Identify("google_artifact_registry_repository", project, location, name)
}

// repo adds a Docker repository of project p in us-central1.
func repo(name string, changes ...func(*topology.Repository)) change {
	return func(f *topology.Facts) {
		r := &topology.Repository{Object: object("repository", project, region, name), Format: known("DOCKER"), Mode: known("STANDARD_REPOSITORY"), MembersTold: true}
		r.Kind, r.Address = "google_artifact_registry_repository", "google_artifact_registry_repository."+name
		for _, ch := range changes {
			ch(r)
		}
		r.ID = topology.Identify(r.Kind, r.Project, r.Location, r.Name)
		f.Repositories = append(f.Repositories, r)
	}
}

func at(location string) func(*topology.Repository) {
	return func(r *topology.Repository) { r.Location = location }
}

func remote(upstream string) func(*topology.Repository) {
	return func(r *topology.Repository) {
		r.Mode, r.Upstream = known("REMOTE_REPOSITORY"), known(upstream)
	}
}

// virtual adds the virtual repository "all" in front of others.
func virtual(members ...string) change {
	return repo("all", func(r *topology.Repository) {
		r.Mode = known("VIRTUAL_REPOSITORY")
		for _, m := range members {
			r.Members = append(r.Members, known(repositoryID(region, m)))
		}
	})
}

func vpcsc(policy string) change {
	return func(f *topology.Facts) {
		o := object("vpcsc", project, region, "")
		o.Kind, o.Address = "google_artifact_registry_vpcsc_config", "google_artifact_registry_vpcsc_config.c"
		f.VPCSC = append(f.VPCSC, &topology.VPCSCConfig{Object: o, Policy: known(policy)})
	}
}

// fence adds a perimeter that restricts Artifact Registry around projects, without an egress rule.
func fence(projects ...string) change {
	return func(f *topology.Facts) {
		p := &topology.Perimeter{Object: topology.Object{ID: "perimeter", Kind: "google_access_context_manager_service_perimeter",
			Address: "google_access_context_manager_service_perimeter.p", Name: "fence"}, Restricted: known([]string{"storage.googleapis.com", "artifactregistry.googleapis.com"}), EgressTo: known([]string{})}
		list := []string{}
		for _, name := range projects {
			list = append(list, "projects/"+name)
		}
		p.Projects = known(list)
		f.Perimeters = append(f.Perimeters, p)
	}
}

// secret adds a pull secret of the default namespace for registries.
func secret(name string, keys ...string) change {
	return func(f *topology.Facts) {
		o := topology.Object{ID: topology.ID("secret/" + name), Kind: "kubernetes_secret", Address: "kubernetes_secret." + name, Name: name}
		f.Secrets = append(f.Secrets, &topology.PullSecret{Object: o, Cluster: known(f.Clusters[0].ID), Type: known("kubernetes.io/dockerconfigjson"), Keys: known(keys)})
	}
}

// secretIs changes the last secret.
func secretIs(do func(*topology.PullSecret)) change {
	return func(f *topology.Facts) { do(f.Secrets[len(f.Secrets)-1]) }
}

// with has a pod pull with secrets.
func with(secrets ...string) func(*topology.ImageUse) {
	return func(u *topology.ImageUse) { u.Secrets = secrets }
}
