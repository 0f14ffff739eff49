package checks

import (
	"cmp"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// pulling are the predefined roles that hold artifactregistry.repositories.downloadArtifacts (IAM documentation, roles and permissions).
// roles/container.defaultNodeServiceAccount is not among them.
var pulling = map[string]bool{
	"roles/owner": true, "roles/editor": true, "roles/viewer": true,
	"roles/artifactregistry.reader": true, "roles/artifactregistry.writer": true, "roles/artifactregistry.repoAdmin": true,
	"roles/artifactregistry.admin": true, "roles/artifactregistry.editor": true, "roles/artifactregistry.viewer": true,
	"roles/artifactregistry.createOnPushWriter": true, "roles/artifactregistry.createOnPushRepoAdmin": true,
	"roles/artifactregistry.containerRegistryMigrationAdmin": true,
	"roles/cloudbuild.builds.builder":                        true, "roles/run.builder": true, "roles/run.sourceDeveloper": true, "roles/appengine.appAdmin": true,
	"roles/appengine.deployer": true, "roles/cloudfunctions.admin": true, "roles/cloudfunctions.editor": true, "roles/cloudfunctions.developer": true,
	"roles/composer.worker": true, "roles/firebase.admin": true, "roles/securitycenter.admin": true, "roles/iam.devOps": true,
	"roles/iam.dataScientist": true, "roles/iam.securityAuditor": true, "roles/iam.supportUser": true,
}

// defaultAccount is how the addresses of the Compute Engine default accounts end.
const defaultAccount = "-compute@developer.gserviceaccount.com"

const downloadPermission = "artifactregistry.repositories.downloadArtifacts"

// grants answers whether an account may read a repository, from the grants the sources hold.
type grants struct{ t *topology.Topology }

// right is an answer with what it rests on.
type right struct {
	verdict topology.Verdict
	why     string
	grant   *topology.Grant
}

// mayPull is Kleene over every grant that reaches the repository.
func (g grants) mayPull(p *topology.NodePool, repo image.Repository) right {
	id := topology.Identify("google_artifact_registry_repository", repo.Project, repo.Location, repo.Name)
	open, whole := "", false
	list, placed := g.t.GrantsReaching(repo.Project)
	for _, grant := range list {
		reaches := g.reaches(grant, repo, id, placed)
		if reaches == topology.Fail {
			continue
		}
		whole = whole || grant.Authoritative && grant.Repository == nil && !grant.Above && grant.MembersTold
		names, why := g.names(grant, p)
		if names == topology.Fail {
			continue
		}
		role := g.pulls(grant.Role)
		switch v := topology.All(reaches, names, role); {
		case v == topology.Fail:
		case v == topology.Pass && !grant.Conditional:
			return right{topology.Pass, "", grant}
		case v == topology.Pass:
			open = grant.Address + " grants it under a condition, which is not evaluated here"
		case grant.Above && names == topology.Pass && role == topology.Pass:
			open = grant.Address + " grants it on a folder or an organisation, and whether that holds project " + quote(repo.Project) + " is not told"
		default:
			open = grant.Address + cmp.Or(why, g.untold(grant.Role), " may grant it, and not all of it is known")
		}
	}
	switch {
	case open != "":
		return right{topology.Undecided, open, nil}
	case g.t.RefusedIn(topology.IAM, repo.Project) != "":
		return right{topology.Undecided, "not all grants of project " + quote(repo.Project) + " could be read: " + g.t.RefusedIn(topology.IAM, repo.Project), nil}
	case whole && (p.ServiceAccount.Known() || p.Account != "") || g.createdHere(p):
		return right{topology.Fail, "", nil}
	}
	return right{topology.Undecided, g.unseen(p, repo), nil}
}

// reaches asks whether a grant is on the repository or its project. The project counts that the registry lies in, not the cluster's.
// One above it holds where it is known what the project lies in: then only its own folders and organisation were listed.
func (g grants) reaches(grant *topology.Grant, repo image.Repository, id topology.ID, placed bool) topology.Verdict {
	if grant.Above && placed && grant.On != "" {
		return topology.Pass
	}
	if grant.Above {
		return topology.Undecided
	}
	if grant.Repository == nil && grant.Project == "" {
		return topology.Undecided
	}
	if grant.Repository == nil {
		return topology.Of(topology.Known(grant.Project == repo.Project, topology.Origin{}))
	}
	on, known := grant.Repository.Get()
	if !known {
		return topology.Undecided
	}
	return topology.Of(topology.Known(on == id, topology.Origin{}))
}

// names asks whether a grant is for the pool's account: by its address, by reference, or for everybody. Who is in a group is not told.
func (g grants) names(grant *topology.Grant, p *topology.NodePool) (topology.Verdict, string) {
	email, known := p.ServiceAccount.Get()
	verdict, why := topology.Fail, ""
	for _, m := range grant.Members {
		text, told := m.Text.Get()
		switch {
		case m.Account != "" && m.Account == p.Account:
			return topology.Pass, ""
		case told && (text == "allUsers" || text == "allAuthenticatedUsers"):
			return topology.Pass, ""
		case told && known && email != "" && text == "serviceAccount:"+email:
			return topology.Pass, ""
		case told && known && email == "" && strings.HasSuffix(text, defaultAccount):
			if grant.Project == p.Project {
				return topology.Pass, "" // a project grants to its own
			}
			verdict, why = topology.Undecided, " grants it to "+text+", and whether that is the default account of project "+quote(p.Project)+" is not told"
		case told && (strings.HasPrefix(text, "group:") || strings.HasPrefix(text, "domain:") || strings.HasPrefix(text, "principalSet:")):
			verdict, why = topology.Undecided, " grants it to "+text+", and who belongs to that is not told"
		case !told && m.Account == "" && g.pulls(grant.Role) != topology.Fail:
			verdict, why = topology.Undecided, " grants it to a member that is "+m.Text.Why()
		}
	}
	if !grant.MembersTold && verdict == topology.Fail {
		return topology.Undecided, " names members that are not known"
	}
	return verdict, why
}

// pulls asks whether a role holds the permission to download.
func (g grants) pulls(role topology.Value[string]) topology.Verdict {
	name, known := role.Get()
	switch {
	case !known:
		return topology.Undecided
	case pulling[name]:
		return topology.Pass
	case strings.HasPrefix(name, "roles/"):
		return topology.Fail
	}
	for _, r := range g.t.Roles() {
		full := "projects/" + r.Project + "/roles/" + r.Name
		if string(r.ID) != name && full != name && !(r.Project == "" && strings.HasSuffix(name, "/roles/"+r.Name)) {
			continue
		}
		permissions, told := r.Permissions.Get()
		if !told {
			return topology.Undecided
		}
		for _, p := range permissions {
			if p == downloadPermission {
				return topology.Pass
			}
		}
		return topology.Fail
	}
	return topology.Undecided
}

// untold says why nobody knows what a custom role holds, where a source was refused to say it.
func (g grants) untold(role topology.Value[string]) string {
	name, known := role.Get()
	for _, r := range g.t.Roles() {
		if known && !r.Permissions.Known() && "projects/"+r.Project+"/roles/"+r.Name == name {
			return " grants " + name + ", and what that holds is not known: " + r.Permissions.Why()
		}
	}
	return ""
}

// createdHere reports whether the plan itself creates the pool's account: then it has only what the plan grants.
func (g grants) createdHere(p *topology.NodePool) bool {
	email, known := p.ServiceAccount.Get()
	for _, a := range g.t.Accounts() {
		same := a.ID == p.Account && p.Account != "" || known && email != "" && a.Email.Or("") == email
		if same && a.Managed {
			return a.Created
		}
	}
	return false
}

func (g grants) unseen(p *topology.NodePool, repo image.Repository) string {
	if email, known := p.ServiceAccount.Get(); known && email == "" {
		return "the nodes use the Compute Engine default account, whose Editor grant is off by default in organisations created after May 2024, and no grant for it in project " + quote(repo.Project) + " is seen"
	} else if !known && p.Account == "" {
		return "the nodes' service account is " + p.ServiceAccount.Why()
	}
	return "the grants of project " + quote(repo.Project) + " are not all seen: a state that holds them (--state), an export (--assets) or a live read (--live) would tell"
}

// accountName names a pool's account for people.
func accountName(p *topology.NodePool) string {
	email, known := p.ServiceAccount.Get()
	switch {
	case !known && p.Account != "":
		return "service account " + string(p.Account[strings.LastIndexByte(string(p.Account), '/')+1:])
	case !known:
		return "the service account"
	case email == "":
		return "the Compute Engine default account"
	}
	return "service account " + quote(email)
}
