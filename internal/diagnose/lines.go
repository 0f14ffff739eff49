package diagnose

import (
	"bufio"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// longestLine bounds a line of text: the API server cuts events at a kilobyte.
const longestLine = 1 << 20

var (
	// said is where the kubelet's own words begin in a line; what stands before them are columns.
	said = regexp.MustCompile(`Failed to pull image "|Back-off pulling image "|Error: (?:` + strings.Join(reasons, "|") + `)\b|Failed to inspect image "|Failed to apply default image tag "|` +
		`Container image "[^"]*" is not present with pull policy of Never|Unable to retrieve some image pull secrets|rpc error: code = \w+ desc = failed to pull|failed to pull and unpack image "`)
	eventTable = regexp.MustCompile(`^(NAMESPACE\s+)?LAST SEEN\s+(?:TYPE|FIRST SEEN|COUNT)\s`)
	described  = regexp.MustCompile(`^(Name|Namespace|Node|Events):\s*(.*)$`)
	inside     = regexp.MustCompile(`^\s+(Image|Reason|Container Runtime Version|Kubelet Version):\s+(\S.*)$`)
	nodeTable  = regexp.MustCompile(`^(\S+)\s+(?:Not)?Ready\S*\s.*\s(v\d\S*)\s.*\s(containerd://\S+)\s*$`)
	columnPod  = regexp.MustCompile(`(?i)\bpod/(\S+)`)
	columnNode = regexp.MustCompile(`\bkubelet, (\S+)`)
	columnSeen = regexp.MustCompile(`\(x(\d+) over`)
	// trailing are the columns that -o wide puts behind the message: first seen, count, name.
	trailing = regexp.MustCompile(`\s+\S+\s+\d+\s+\S+$`)
)

// lines reads the text that kubectl writes for people.
type lines struct {
	reading           *Reading
	name, space, node string // of what is described
	image             string
	runtime, kubelet  string
	namespaced, wide  bool
	known             bool // something of kubectl's was seen
	describesPod      bool
}

func (r *Reading) readLines(in *bufio.Reader) error {
	l := lines{reading: r}
	scanner := bufio.NewScanner(in)
	scanner.Buffer(make([]byte, 0, 1<<16), longestLine)
	n := 0
	for scanner.Scan() {
		n++
		l.line(strings.TrimRight(scanner.Text(), " \t\r"))
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d is longer than %d bytes: %s", n+1, longestLine, expected)
	case err != nil:
		return fmt.Errorf("after line %d: %w", n, err)
	}
	if !l.known {
		return fmt.Errorf("is neither JSON nor kubectl's text about pods (%d lines read): %s", n, expected)
	}
	return nil
}

func (l *lines) line(s string) {
	if at := said.FindStringIndex(s); at != nil {
		l.known = true
		l.event(s[:at[0]], s[at[0]:])
		return
	}
	if m := eventTable.FindStringSubmatch(s); m != nil {
		*l = lines{reading: l.reading, known: true, namespaced: m[1] != "", wide: strings.Contains(s, "FIRST SEEN")}
		return
	}
	if m := described.FindStringSubmatch(s); m != nil {
		l.about(m[1], strings.TrimSpace(m[2]))
		return
	}
	if m := inside.FindStringSubmatch(s); m != nil && l.name != "" {
		l.detail(m[1], m[2])
		return
	}
	if m := nodeTable.FindStringSubmatch(s); m != nil {
		l.reading.Nodes[m[1]] = Node{Containerd: generation(m[3], m[2])}
	}
}

// about reads the unindented lines of `kubectl describe`; each object begins with its name.
func (l *lines) about(field, value string) {
	switch field {
	case "Name":
		*l = lines{reading: l.reading, known: l.known, name: value}
	case "Namespace":
		l.space = value
	case "Node":
		l.node, _, _ = strings.Cut(value, "/")
		if l.node == "<none>" {
			l.node = ""
		}
		if l.name != "" && !l.describesPod {
			l.describesPod, l.known = true, true
			l.reading.Pods++
		}
	case "Events":
		l.known = true
	}
}

// detail reads the indented lines of `kubectl describe`. A container that waits shows its reason and no message.
func (l *lines) detail(field, value string) {
	switch field {
	case "Image":
		l.image = value
	case "Reason":
		if isPullReason(value) {
			l.known = true
			l.reading.Failures = append(l.reading.Failures, Failure{Namespace: l.space, Pod: l.name, Node: l.node, Image: clip(l.image, longest), Reason: value})
		}
	case "Container Runtime Version", "Kubelet Version":
		if field == "Kubelet Version" {
			l.kubelet = value
		} else {
			l.runtime = value
		}
		l.reading.Nodes[l.name] = Node{Containerd: generation(l.runtime, l.kubelet)}
	}
}

// event reads one event: the columns before the message say whose it is.
func (l *lines) event(columns, message string) {
	l.reading.Events++
	f := Failure{Namespace: l.space, Pod: l.name, Node: l.node, Count: 1}
	if m := columnPod.FindStringSubmatch(columns); m != nil {
		f = Failure{Pod: m[1], Count: 1}
		if fields := strings.Fields(columns); l.namespaced && len(fields) > 0 {
			f.Namespace = fields[0]
		}
		if l.wide {
			message = trailing.ReplaceAllString(message, "")
		}
	}
	if m := columnNode.FindStringSubmatch(columns); m != nil {
		f.Node = m[1]
	}
	if m := columnSeen.FindStringSubmatch(columns); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n > 0 && n < 1<<30 {
			f.Count = n
		}
	}
	f.Reason = "Failed"
	if strings.HasPrefix(message, "Unable to retrieve") {
		f.Reason = "FailedToRetrieveImagePullSecret"
	}
	f.Message = clip(message, longest)
	f.Image, _, _ = unwrap(f.Message)
	l.reading.Failures = append(l.reading.Failures, f)
}
