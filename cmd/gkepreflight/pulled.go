package main

import (
	"fmt"
	"io"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// pulled is what the flags say the nodes will pull: on every cluster chosen, for a flag names no cluster.
func (f *checkFlags) pulled(stdin io.Reader) (topology.Facts, error) {
	anywhere := topology.Unknown[topology.ID]("flags name no cluster", topology.Origin{})
	var facts topology.Facts
	for i, ref := range f.images {
		from := fmt.Sprintf("--image %s", ref)
		object := topology.Object{ID: topology.ID(fmt.Sprintf("addr:flag/%d", i)), Kind: "image", Address: from, Name: ref}
		facts.Images = append(facts.Images, &topology.ImageUse{Ref: topology.Known(ref, topology.Origin{Object: from, Attribute: "image"}), Cluster: anywhere,
			From: "--image", Object: object, Declared: true})
	}
	for _, path := range f.manifests {
		m, err := image.ReadPath(path, stdin)
		if err != nil {
			return facts, err
		}
		facts = topology.Lay(facts, m.Facts(anywhere, true), nil)
	}
	return facts, nil
}
