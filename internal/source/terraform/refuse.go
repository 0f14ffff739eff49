package terraform

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const expected = "expected the output of `terraform show -json`"

// sniffed is how much of the input is looked at to say what it is when it is no JSON.
const sniffed = 4096

var (
	blockHeader   = regexp.MustCompile(`(?m)^\s*(resource|data|provider|module|variable|output|terraform|locals|import|moved|removed|check)\b[^\n{=:]*\{`)
	shownToPeople = regexp.MustCompile(`Terraform (will perform|used the selected providers)|No changes\. (Your infrastructure|Infrastructure)`)
)

// open skips a byte order mark and refuses what cannot be JSON by what it looks like.
func open(in *bufio.Reader) error {
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if bom := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, bom) {
		_, _ = in.Discard(len(bom))
		head = head[len(bom):]
	}
	text := bytes.TrimSpace(head)
	switch {
	case len(text) == 0:
		return errors.New("is empty: " + expected)
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return errors.New("is UTF-16 text, as PowerShell's > writes it: expected UTF-8 (`terraform show -json tfplan | Out-File -Encoding utf8 plan.json`)")
	case bytes.HasPrefix(head, []byte("PK")):
		return errors.New("is a saved plan file: give it by name with --plan, not on standard input or as a state, or give the output of `terraform show -json`")
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return errors.New("is compressed with gzip: " + expected)
	case text[0] == '{':
		return nil
	case shownToPeople.Match(head):
		return errors.New("is what terraform prints for people: " + expected)
	case blockHeader.Match(head):
		return errors.New("is Terraform configuration (HCL): expected its plan, the output of `terraform show -json`")
	}
	dec := newDecoder(bytes.NewReader(text))
	k := dec.PeekKind()
	if _, err := dec.ReadToken(); err == nil {
		return fmt.Errorf("is JSON, but %s: expected the object that `terraform show -json` prints", kindName(k))
	}
	return errors.New("is not JSON: " + expected)
}

// explain words a syntax error by what the reader should know: where it is and that the file is cut short or no JSON at all.
func explain(err error, dec *decoder) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("ends in the middle (after byte %d): it is truncated; expected the whole output of `terraform show -json`", dec.InputOffset())
	case errors.As(err, &syntax):
		return fmt.Errorf("is not valid JSON at byte %d: %s", syntax.ByteOffset, expected)
	}
	return err
}

// checkVersion refuses a major version this reader does not know, before anything in it is taken for something else.
func checkVersion(version string) error {
	major, _, _ := strings.Cut(version, ".")
	if major == "1" || version == "0.2" { // 0.2 is what Terraform 1.0 prints
		return nil
	}
	return fmt.Errorf("has format_version %q: expected major version 1", clip(version))
}

// refuse names what is no plan or state, and plans that do not show what will be.
func (p *planReader) refuse() error {
	switch {
	case p.raw:
		return errors.New("is a raw state file: give the output of `terraform show -json` instead, in the folder of that state")
	case p.schemas:
		return errors.New("is the output of `terraform providers schema -json`: expected that of `terraform show -json`")
	case p.log:
		return errors.New("is the log of `terraform plan -json`: expected the output of `terraform show -json` on its saved plan")
	case p.asset && p.version == "":
		return errors.New("is an asset export: give it with --assets")
	case p.version == "":
		return errors.New("is JSON, but has no format_version: " + expected)
	case p.errored:
		return errors.New("is the plan of a run that failed (errored is true): it does not show the network after apply; plan again without errors")
	case p.plan && p.partial:
		return errors.New("is a partial plan (complete is false, as with -target or deferred changes): it does not show the network after apply; plan everything")
	}
	return nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
