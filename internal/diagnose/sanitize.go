package diagnose

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// longest bounds a message in bytes; the API server cuts those of events at 1,024.
const longest = 8192

var (
	inUserinfo = regexp.MustCompile(`(https?://)[^/\s"@]+@`)
	// Registries redirect to storage with signed addresses: whoever holds one can fetch.
	inQuery  = regexp.MustCompile(`([?&;])([^=&;\s"]+)=([^&;\s"]*)`)
	inHeader = regexp.MustCompile(`(?i)\b(bearer|basic) ([a-z0-9._~+/-]{16,}=*)`)
)

// plain are the members of a query that hold no secret and help to understand it: the token protocol's, and the mirror's.
var plain = map[string]bool{"scope": true, "service": true, "ns": true, "n": true, "last": true}

// sanitize makes a message or a name safe to show: no control characters, no secrets of addresses and headers.
func sanitize(s string) string {
	s = inUserinfo.ReplaceAllString(s, "${1}REDACTED@")
	s = inQuery.ReplaceAllStringFunc(s, func(member string) string {
		m := inQuery.FindStringSubmatch(member)
		if plain[m[2]] {
			return member
		}
		end := ""
		if strings.HasSuffix(m[3], ":") {
			end = ":" // of the sentence: `request to https://…?sig=…: 403 Forbidden`
		}
		return m[1] + m[2] + "=REDACTED" + end
	})
	s = inHeader.ReplaceAllString(s, "$1 REDACTED")
	return report.Clean(s)
}

// clip cuts a text at a whole character, and says so.
func clip(s string, size int) string {
	if len(s) <= size {
		return s
	}
	cut := size
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%s… (%d bytes more)", s[:cut], len(s)-cut)
}
