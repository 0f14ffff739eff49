package report

import "strings"

const (
	// commentRoom is less than the 65,536 characters of a GitHub comment, counted in bytes, which are never fewer: bots
	// add a line of their own to find their comment again. A step summary takes 1 MiB.
	commentRoom = 65000
	// countRoom is kept for the lines that count what was left out.
	countRoom = 2000
	// tableRoom and sectionRoom bound what stands before the findings, so that names of any length leave room for them.
	tableRoom   = 16000
	sectionRoom = 6000
	// longCell and longText bound one name and one sentence.
	longCell = 200
	longText = 1000
)

// page takes blocks of Markdown while there is room. A block is written whole or not at all, so that every fold and every
// fence is closed.
type page struct {
	text strings.Builder
	left int
}

func newPage(reserved int) *page { return &page{left: commentRoom - countRoom - reserved} }

// write writes what must be there; it is short, or counted in countRoom.
func (p *page) write(s string) {
	p.text.WriteString(s)
	p.left -= len(s)
}

// fit writes blocks until one does not fit, and says how many it wrote. A block comes in versions, the longest first.
func (p *page) fit(n, room int, block func(i int) []string) int {
	room = min(room, p.left)
	for i := range n {
		fits := false
		for _, version := range block(i) {
			if len(version) <= room {
				p.write(version)
				room -= len(version)
				fits = true
				break
			}
		}
		if !fits {
			return i
		}
	}
	return n
}

// blocks writes blocks and counts those that found no room.
func (p *page) blocks(n, room int, block func(i int) []string, noun string) {
	if n == 0 {
		return
	}
	if more := n - p.fit(n, room, block); more > 0 {
		p.write("\n" + counted(more, "more "+noun) + " left out: a comment holds 65,536 characters, other formats have all of them.\n")
	}
	p.write("\n")
}

// folded writes a list under a heading that opens it.
func (p *page) folded(title string, n int, noun string, line func(i int) string) {
	if n == 0 {
		return
	}
	p.write("<details><summary>" + title + "</summary>\n\n")
	p.blocks(n, p.left, func(i int) []string { return []string{"- " + line(i) + "\n"} }, noun)
	p.write("</details>\n\n")
}
