package topology

// ImageAnswer is what a registry said about an image when it was asked.
type ImageAnswer struct {
	Object
	// Ref is the normalized reference.
	Ref string
	// Served says whether the registry serves a manifest under the reference; unknown with the reason why, such as "403: DENIED".
	Served Value[bool]
	// Platforms are all that the manifest serves, as os/architecture[/variant].
	Platforms Value[[]string]
	// Schema1 is an image in Docker's first format.
	Schema1 bool
	// Mirror says whether mirror.gcr.io served it then, too. Unknown for what is not of docker.io.
	Mirror Value[bool]
	// Digest is that of the manifest; empty where it was not told.
	Digest string
}

// AnswerID is the identity of the answer about a normalized reference.
func AnswerID(ref string) ID { return ID("answer:" + ref) }
