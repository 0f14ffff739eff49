package registry

import _ "github.com/google/go-containerregistry/pkg/v1/remote/transport"
