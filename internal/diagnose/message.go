package diagnose

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
)

// reasons are the waiting reasons of containers whose image the kubelet could not get (kubernetes pkg/kubelet/images/types.go and the CRI's
// errors), also written before the cause in messages of kubelets since 1.33.
var reasons = []string{"ErrImagePull", "ImagePullBackOff", "ImageInspectError", "ErrImageNeverPull", "InvalidImageName", "RegistryUnavailable", "SignatureValidationFailed"}

var (
	wrapped    = regexp.MustCompile(`(?s)^(?:Failed to pull image|Back-off pulling image) "([^"]*)"(?:: (.*))?$`)
	onlyReason = regexp.MustCompile(`^Error: (?:` + strings.Join(reasons, "|") + `)$`)
	innerLead  = regexp.MustCompile(`^(` + strings.Join(reasons, "|") + `)(?:: |$)`)
	anImage    = regexp.MustCompile(`(?i)\b(?:image|reference|image tag|image name|container image) "([^"]+)"`)
	// masked are the names of images in a message: an image may be called what another message means.
	masked  = regexp.MustCompile(`(?i)\b(image|reference|image tag|image name) "[^"]*"`)
	aLookup = regexp.MustCompile(`\blookup ([^\s:]+)`)
	anURL   = regexp.MustCompile(`https?://(?:[^/\s"@]*@)?([^/\s"?]+)`)
	aHost   = regexp.MustCompile(`pulling from host (\S+)`)
	aDial   = regexp.MustCompile(`dial tcp \[?([0-9a-f.:]+?)\]?:\d+:`)
)

// unwrap takes the kubelet's words off a message: the image it names, the reason it repeats, and the cause; empty where there is none.
func unwrap(message string) (ref, reason, cause string) {
	cause = strings.TrimSpace(message)
	if m := wrapped.FindStringSubmatch(cause); m != nil {
		ref, cause = m[1], m[2]
	} else if m := anImage.FindStringSubmatch(cause); m != nil {
		ref = m[1]
	}
	if onlyReason.MatchString(cause) {
		return ref, strings.TrimPrefix(cause, "Error: "), ""
	}
	if m := innerLead.FindStringSubmatch(cause); m != nil {
		reason, cause = m[1], strings.TrimSpace(cause[len(m[0]):])
	}
	return ref, reason, cause
}

// symptom is a failure as the table's rows look at it.
type symptom struct {
	reason string
	// text is the cause in lower case, without the names of images.
	text string
	// host is the registry or other server that was asked; told is true when the message names it, else it is the image's.
	host    string
	told    bool
	google  bool
	private bool
	node    Node
}

func examine(f Failure, n Node) symptom {
	ref, reason, cause := unwrap(f.Message)
	if f.Image != "" {
		ref = f.Image
	}
	s := symptom{reason: f.Reason, node: n, text: strings.ToLower(masked.ReplaceAllString(cause, `$1 "…"`))}
	if reason != "" {
		s.reason = reason
	}
	s.host, s.told = hostOf(s.text), true
	if s.host == "" {
		s.told = false
		if r, err := image.Parse(ref); err == nil {
			s.host = r.Host
		}
	}
	s.google = isGoogle(s.host)
	s.private = !s.google && s.host != "" && (image.ClassOf(s.host) == image.Private || dialsPrivate(s.text))
	return s
}

// hostOf is the server that a message speaks of; empty where it names none.
func hostOf(text string) string {
	for _, pattern := range []*regexp.Regexp{aLookup, anURL, aHost} {
		if m := pattern.FindStringSubmatch(text); m != nil {
			return strings.TrimSuffix(m[1], ".")
		}
	}
	return ""
}

// isGoogle reports whether Private Google Access leads to a host: the registries and the APIs that a pull asks (configure-private-google-access).
func isGoogle(host string) bool {
	name, _, _ := strings.Cut(strings.ToLower(host), ":")
	return name != "" && (image.ClassOf(host) == image.Google || name == "googleapis.com" || strings.HasSuffix(name, ".googleapis.com"))
}

// dialsPrivate reports whether the address that was dialled is of a private network: then the host is a registry of one's own.
func dialsPrivate(text string) bool {
	m := aDial.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	a, err := netip.ParseAddr(m[1])
	return err == nil && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast())
}

// isPullReason reports whether a waiting reason means that an image is missing.
func isPullReason(reason string) bool { return slices.Contains(reasons, reason) }
