package topology

// Repository is an Artifact Registry repository.
type Repository struct {
	Object
	// Format is DOCKER for images. Mode is STANDARD_REPOSITORY, REMOTE_REPOSITORY or VIRTUAL_REPOSITORY.
	Format Value[string]
	Mode   Value[string]
	// Upstream of a remote repository: DOCKER_HUB, or the URI of a registry.
	Upstream Value[string]
	// UpstreamAuthenticated is true when a remote repository has credentials for its upstream.
	UpstreamAuthenticated bool
	// Members are the repositories behind a virtual one.
	Members []Value[ID]
	// MembersTold is false when the list as a whole is unknown.
	MembersTold bool
}

// ServiceAccount is a Google service account.
type ServiceAccount struct {
	Object
	Email Value[string]
}

// Member is whom a grant names: a text such as serviceAccount:a@p.iam.gserviceaccount.com, or an account known only by reference.
type Member struct {
	Text    Value[string]
	Account ID
}

// Grant gives a role to members on a project or a repository.
type Grant struct {
	Object
	// Project the grant is on; Repository when it is on one repository of it. Above is true for one on a folder or an organisation, which may hold
	// any project.
	Project    string
	Above      bool
	Repository *Value[ID]
	Role       Value[string]
	Members    []Member
	// MembersTold is false when the list as a whole is unknown.
	MembersTold bool
	// Conditional grants hold only where their condition does, which is not evaluated here.
	Conditional bool
	// Authoritative is true for a policy that says everything that is granted on its project.
	Authoritative bool
}

// Role is a custom role.
type Role struct {
	Object
	Permissions Value[[]string]
}

// VPCSCConfig is what remote repositories of a project and location may do inside a perimeter.
type VPCSCConfig struct {
	Object
	Policy Value[string] // ALLOW or DENY
}

// Perimeter is a VPC Service Controls perimeter.
type Perimeter struct {
	Object
	// Projects it protects, as projects/NUMBER or projects/ID.
	Projects Value[[]string]
	// Restricted are the services it restricts.
	Restricted Value[[]string]
	// EgressTo are the resources that its egress rules lead to; nil when they are not told.
	EgressTo Value[[]string]
}
