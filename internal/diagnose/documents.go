package diagnose

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
)

// documents takes a stream of Kubernetes JSON apart, one object of a list at a time, so that a large cluster need not fit in memory twice.
type documents struct {
	reading *Reading
	dec     *jsontext.Decoder
	// objects counts what was seen of any kind, used what is a pod or an event, and others names the rest.
	objects, used int
	lists         int
	others        []string
	terraform     bool
}

// header is what says what an object is.
type header struct {
	Kind       string `json:"kind"`
	APIVersion string `json:"apiVersion"`
}

// object reads a list, or a single object whole.
func (d *documents) object() error {
	if _, err := d.dec.ReadToken(); err != nil {
		return misread(err, d.dec)
	}
	var h header
	var whole bytes.Buffer
	list := false
	// later are items without a kind of their own, read before that of their list (kubectl sorts members by name).
	var later []jsontext.Value
	for d.dec.PeekKind() == '"' {
		token, err := d.dec.ReadToken()
		if err != nil {
			return misread(err, d.dec)
		}
		name := token.String()
		if name == "items" && d.dec.PeekKind() == '[' {
			list = true
			kept, err := d.each(h)
			if err != nil {
				return err
			}
			later = append(later, kept...)
			continue
		}
		value, err := d.dec.ReadValue()
		if err != nil {
			return misread(err, d.dec)
		}
		switch name {
		case "kind":
			_ = json.Unmarshal(value, &h.Kind)
		case "apiVersion":
			_ = json.Unmarshal(value, &h.APIVersion)
		case "format_version", "terraform_version":
			d.terraform = true
		}
		key, err := json.Marshal(name)
		if err != nil {
			return err
		}
		whole.WriteByte(map[bool]byte{true: '{', false: ','}[whole.Len() == 0])
		whole.Write(key)
		whole.WriteByte(':')
		whole.Write(value)
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return misread(err, d.dec)
	}
	if !list {
		if whole.Len() == 0 {
			whole.WriteByte('{')
		}
		whole.WriteByte('}')
		return d.take(h, whole.Bytes(), "")
	}
	d.lists++
	for i, value := range later {
		if err := d.take(h.item(), value, fmt.Sprintf("items[%d]: ", i)); err != nil {
			return err
		}
	}
	return nil
}

// item is what the items of a list are that do not say it themselves.
func (h header) item() header { return header{strings.TrimSuffix(h.Kind, "List"), h.APIVersion} }

// items reads a bare array of objects, as jq leaves it.
func (d *documents) items(kind, version string) error {
	d.lists++
	later, err := d.each(header{kind, version})
	d.objects += len(later)
	return err
}

// each reads the items of a list and gives back those that have no kind, where the list has not said its own yet.
func (d *documents) each(list header) ([]jsontext.Value, error) {
	if _, err := d.dec.ReadToken(); err != nil {
		return nil, misread(err, d.dec)
	}
	var later []jsontext.Value
	for i := 0; d.dec.PeekKind() != ']'; i++ {
		value, err := d.dec.ReadValue()
		if err != nil {
			return nil, misread(err, d.dec)
		}
		var h header
		if err := json.Unmarshal(value, &h); err != nil {
			return nil, fmt.Errorf("items[%d] is no Kubernetes object: %s", i, expected)
		}
		if h.Kind == "" {
			if h = list.item(); h.Kind == "" {
				later = append(later, slices.Clone(value))
				continue
			}
		}
		if err := d.take(h, value, fmt.Sprintf("items[%d]: ", i)); err != nil {
			return nil, err
		}
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return nil, misread(err, d.dec)
	}
	return later, nil
}

// take reads one object. Only what tells of pulls is decoded: a Secret in the input is never looked into.
func (d *documents) take(h header, value []byte, at string) error {
	d.objects++
	var err error
	switch {
	case h.Kind == "Pod":
		d.used++
		var pod corev1.Pod
		if err = json.Unmarshal(value, &pod); err == nil {
			d.reading.pod(&pod)
		}
	case h.Kind == "Event" && strings.HasPrefix(h.APIVersion, eventsv1.GroupName+"/"):
		d.used++
		var event eventsv1.Event
		if err = json.Unmarshal(value, &event); err == nil {
			d.reading.newEvent(&event)
		}
	case h.Kind == "Event":
		d.used++
		var event corev1.Event
		if err = json.Unmarshal(value, &event); err == nil {
			d.reading.event(&event)
		}
	case h.Kind == "Node":
		var node corev1.Node
		if err = json.Unmarshal(value, &node); err == nil {
			d.reading.addNode(&node)
		}
	case h.Kind != "" && !slices.Contains(d.others, h.Kind):
		d.others = append(d.others, h.Kind)
	}
	if err != nil {
		return fmt.Errorf("%sis no %s as Kubernetes writes it: %w", at, h.Kind, err)
	}
	return nil
}

// refuse names input that holds no pods and no events. An empty list is an answer: there are none.
func (d *documents) refuse() error {
	switch {
	case d.used > 0 || d.objects == 0 && d.lists > 0:
		return nil
	case d.terraform:
		return errors.New("is Terraform's JSON: give it with --plan or --state; as FILE " + expected)
	case len(d.others) > 0:
		return fmt.Errorf("holds no pods and no events, only %s: %s", clip(strings.Join(d.others, ", "), 80), expected)
	}
	return errors.New("holds no pods and no events: " + expected)
}
