package image

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Workload is one pod spec and the object that runs it. An object with several pod templates (a JobSet, a LeaderWorkerSet) is as many
// workloads of the same name, for their selectors and secrets differ.
type Workload struct {
	// Namespace is as written: empty where it is left to whoever applies the object.
	Kind, APIVersion, Namespace, Name string
	// File and Line are where the object begins.
	File string
	Line int
	// Inferred is true where the pod spec was found by its shape, in an object of no known kind.
	Inferred    bool
	Images      []Mention
	PullSecrets []string
	// ServiceAccount is empty where the pod takes its namespace's default.
	ServiceAccount string
	// NodeSelector are labels that every node of these pods has: the selector, and required affinity that leaves one value.
	NodeSelector map[string]string
	// Tolerations are written as kubectl writes taints: key=value:effect, key:effect for any value, * for any key.
	Tolerations []string
	// Replicas is how many pods run at once; zero where it is one for each node, or not told.
	Replicas int
}

// Mention is one image in a pod spec. Ref and Policy are as written; Ref is empty where the object says so, or a bare pod leaves it out.
// Container is the name of the container or, for an image volume, of the volume.
type Mention struct {
	Ref, Container, Policy  string
	Init, Volume, Ephemeral bool
	Line                    int
}

// Secret is what may be known of a Secret without what it holds. Keys are the registries that the pull secret's auths name. Complaint says why the
// kubelet cannot pull with it. With neither, what it holds is filled in later (encrypted, or a placeholder).
type Secret struct {
	Namespace, Name, Type, File string
	Line                        int
	Keys                        []string
	Complaint                   string
}

// ServiceAccount lends its pull secrets to pods that name none.
type ServiceAccount struct {
	Namespace, Name string
	PullSecrets     []string
}

// Manifests is what was read, in the order of the input.
type Manifests struct {
	Workloads []Workload
	Secrets   []Secret
	Accounts  []ServiceAccount
}

// ReadManifests reads a YAML stream or JSON of Kubernetes objects, one document at a time. The name is put into errors and positions. With an
// error comes what was read before it.
func ReadManifests(r io.Reader, name string) (Manifests, error) {
	in := reading{}
	err := in.stream(r, name)
	return in.Manifests, err
}

// ReadObject reads one object in JSON. What it is, apiVersion and kind, is taken from the arguments where it does not say so itself, as in an answer of
// the Kubernetes API or in an asset export.
func ReadObject(text []byte, apiVersion, kind string) (Manifests, error) {
	var m Manifests
	d := &document{chunk: chunk{text: text, line: 1, json: true}}
	err := d.parse(func(root *yaml.Node) error { return d.object(root, typeMeta{apiVersion, kind}, &m) })
	return m, err
}

// reading gathers what one or several inputs hold.
type reading struct {
	Manifests
	// passOver leaves out documents that are no Kubernetes objects; objects counts the others.
	passOver bool
	objects  int
}

func (in *reading) stream(r io.Reader, name string) error {
	s := newSplitter(r, name)
	for {
		c, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		d := &document{file: name, chunk: c}
		// One document, or more where only the parser sees the border.
		if err := d.parse(func(root *yaml.Node) error { return in.document(d, root) }); err != nil {
			return err
		}
	}
}

func (in *reading) document(d *document, root *yaml.Node) error {
	err := d.object(root, typeMeta{}, &in.Manifests)
	if in.passOver && errors.Is(err, errNoObject) {
		return nil
	}
	in.objects++
	return err
}

// FromManifests lists the images of a YAML stream or JSON of Kubernetes objects, sorted, each once: of containers, init and ephemeral
// containers and image volumes, in every workload kind and in custom resources that hold a pod spec.
func FromManifests(text []byte) ([]string, error) {
	m, err := ReadManifests(bytes.NewReader(text), "")
	if err != nil {
		return nil, err
	}
	out := []string{}
	for _, w := range m.Workloads {
		for _, i := range w.Images {
			if i.Ref != "" {
				out = append(out, i.Ref)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
