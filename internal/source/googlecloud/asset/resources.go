package asset

import (
	"errors"
	"strconv"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/go-json-experiment/json"
)

// lenient takes what newer versions of an API write, too.
var lenient = protojson.UnmarshalOptions{DiscardUnknown: true}

// message decodes an asset's data into the API's own type.
func message(l *line, m proto.Message) error {
	if l.data == nil {
		return errors.New("it has no data")
	}
	return worded(lenient.Unmarshal(l.data, m))
}

// worded is a decoding error without the package's name before it, which ends in one space or another by chance.
func worded(err error) error {
	if err == nil {
		return nil
	}
	text := strings.ReplaceAll(err.Error(), "\u00a0", " ")
	return errors.New(strings.TrimPrefix(strings.TrimPrefix(text, "proto: "), "json: "))
}

// plain decodes data of which the API has no message. Names match as JSON and as protocol buffers write them.
func plain(data []byte, to any) error {
	return worded(json.Unmarshal(data, to, json.MatchCaseInsensitiveNames(true), options))
}

// link is an asset's self link: its own, or made of its name, which not all data repeats.
func link(own *string, l *line) *string {
	if own != nil && *own != "" {
		return own
	}
	return new("https://www.googleapis.com/compute/v1/" + strings.TrimPrefix(l.name, "//compute.googleapis.com/"))
}

func (r *reader) network(l *line) error {
	m := &computepb.Network{}
	if err := message(l, m); err != nil {
		return err
	}
	m.SelfLink = link(m.SelfLink, l)
	r.inventory.Network(m)
	return nil
}

func (r *reader) subnetwork(l *line) error {
	m := &computepb.Subnetwork{}
	if err := message(l, m); err != nil {
		return err
	}
	m.SelfLink = link(m.SelfLink, l)
	r.inventory.Subnetwork(m)
	return nil
}

func (r *reader) router(l *line) error {
	m := &computepb.Router{}
	if err := message(l, m); err != nil {
		return err
	}
	m.SelfLink = link(m.SelfLink, l)
	r.inventory.Router(m)
	return nil
}

func (r *reader) route(l *line) error {
	m := &computepb.Route{}
	if err := message(l, m); err != nil {
		return err
	}
	m.SelfLink = link(m.SelfLink, l)
	r.inventory.Route(m)
	return nil
}

func (r *reader) firewall(l *line) error {
	m := &computepb.Firewall{}
	if err := message(l, m); err != nil {
		return err
	}
	m.SelfLink = link(m.SelfLink, l)
	r.inventory.Firewall(m)
	return nil
}

func (r *reader) firewallPolicy(l *line) error {
	m := &computepb.FirewallPolicy{}
	if err := message(l, m); err != nil {
		return err
	}
	m.SelfLink = link(m.SelfLink, l)
	r.inventory.FirewallPolicy(m)
	return nil
}

func (r *reader) forwardingRule(l *line) error {
	m := &computepb.ForwardingRule{}
	if err := message(l, m); err != nil {
		return err
	}
	m.SelfLink = link(m.SelfLink, l)
	r.inventory.ForwardingRule(m)
	return nil
}

func (r *reader) computeProject(l *line) error {
	m := &computepb.Project{}
	if err := message(l, m); err != nil {
		return err
	}
	id := m.GetName()
	if id == "" {
		id = projectOf(l.name)
	}
	// Its "id" is Compute Engine's own, not the project's number.
	r.inventory.Project(id, 0, m.GetDefaultServiceAccount())
	return nil
}

// unasked are fields of clusters and node pools that nothing here asks for and that are most of them. An organisation's clusters are kept until all is
// read, so these are let go at once.
var unasked = map[protoreflect.Name]bool{"master_auth": true, "addons_config": true, "logging_config": true, "monitoring_config": true, "resource_labels": true,
	"conditions": true, "maintenance_policy": true, "notification_config": true, "release_channel": true, "instance_group_urls": true, "management": true,
	"master_authorized_networks_config": true, "identity_service_config": true, "security_posture_config": true, "binary_authorization": true}

func lean(m proto.Message) {
	r := m.ProtoReflect()
	r.Range(func(f protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		if unasked[f.Name()] {
			r.Clear(f)
		}
		return true
	})
}

func (r *reader) cluster(l *line) error {
	m := &containerpb.Cluster{}
	if err := message(l, m); err != nil {
		r.inventory.Unread(l.name, "it could not be read from the export: "+err.Error())
		return err
	}
	if m.GetSelfLink() == "" {
		m.SelfLink = "https://container.googleapis.com/v1/" + strings.TrimPrefix(l.name, "//container.googleapis.com/")
	}
	lean(m)
	for _, p := range m.GetNodePools() {
		lean(p)
	}
	r.inventory.Cluster(m)
	return nil
}

func (r *reader) pool(l *line) error {
	m := &containerpb.NodePool{}
	if err := message(l, m); err != nil {
		return err
	}
	lean(m)
	r.inventory.Pool(l.name, m)
	return nil
}

// project tells a project's number, which ancestors, policies and perimeters know it by.
func (r *reader) project(l *line) error {
	var p struct {
		Name          string `json:"name"`
		ProjectID     string `json:"projectId"`
		ProjectNumber any    `json:"projectNumber"` // a string or a number
	}
	if err := plain(l.data, &p); err != nil {
		return err
	}
	number := projectOf(l.name)
	switch n := p.ProjectNumber.(type) {
	case string:
		number = n
	case float64:
		number = strconv.FormatFloat(n, 'f', -1, 64)
	}
	if p.ProjectID != "" && isNumber(number) {
		r.known(p.ProjectID, number, "")
	}
	return nil
}

// known keeps which project a number is.
func (r *reader) known(id, number, account string) {
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		r.ids[number] = id
		r.projects[id] = true
		r.inventory.Project(id, n, account)
	}
}
