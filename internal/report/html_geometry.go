package report

import (
	"fmt"
	"strconv"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// htmlDrawing is a network as shapes. Each cluster has two, of which the style shows the one that suits the screen: scaled
// down, the wide one could not be read on a phone.
type htmlDrawing struct {
	Class, ID, Title, Text string
	Width, Height          int
	Lines                  []htmlLine
	Boxes                  []htmlBox
	Stations               []htmlStation
}

type htmlLine struct {
	X1, Y1, X2, Y2 int
	Class          string
}

type htmlBox struct {
	X, Y, Width, Height int
	Class, Title, Place string
	Rows                []htmlRow
}

type htmlRow struct {
	Y, Right                int
	Mark                    htmlMark
	Text, Whole, Count, Say string
}

type htmlStation struct {
	X, Y              int
	Class, Name, Text string
	Mark              htmlMark
	Under, Href       string
}

// Sizes of the drawing, in pixels where it is shown as it is. Text is 12 pixels high, about 6.5 wide.
const (
	wideDrawing, wideBox     = 860, 220
	narrowDrawing, narrowBox = 340, 316
	boxHead, boxRow, boxFoot = 34, 20, 8
	laneGap, leastLane       = 16, 78
	mostRows                 = 6
	rowColumns               = 25
)

// drawn lays the network of a cluster out, for wide screens and for narrow ones; nothing, where nothing was asked of it.
func drawn(g *group, id string, ids map[*checks.Result]string) []htmlDrawing {
	n := networkOf(g)
	if len(n.lanes) == 0 {
		return nil
	}
	drawings := []htmlDrawing{n.wide(ids), n.narrow(ids)}
	for i := range drawings {
		d := &drawings[i]
		d.ID, d.Title, d.Text = id+"-"+d.Class, "Network of "+n.name, n.told()
	}
	return drawings
}

// told says in words what the drawing shows.
func (n *network) told() string {
	text := ""
	for _, l := range n.lanes {
		text += "To " + l.title + ":"
		for _, s := range l.hops {
			word := "not told"
			if s.told {
				word = htmlMarkOf(s.mark).Word
			}
			text += " " + s.name + " " + word + ","
		}
		for _, e := range l.ends {
			text += " " + clip(e.name, 100) + " " + htmlMarkOf(e.mark).Word + ","
		}
		text = text[:len(text)-1] + ". "
	}
	return text
}

// wide has the cluster on the left, and each way from there to the right.
func (n *network) wide(ids map[*checks.Result]string) htmlDrawing {
	d := htmlDrawing{Class: "wide", Width: wideDrawing}
	y := 0
	for i := range n.lanes {
		l := &n.lanes[i]
		height := max(leastLane, boxHeight(len(l.ends)))
		middle := y + height/2
		d.lane(l, wideBox, wideDrawing-wideBox, middle, ids)
		d.box(wideDrawing-wideBox, middle-boxHeight(len(l.ends))/2, wideBox, l.title, "", "end", l.ends)
		y += height + laneGap
	}
	d.Height = max(y-laneGap, boxHeight(len(n.ranges))+14)
	d.box(0, 0, wideBox, n.name, n.place, "from "+htmlMarkOf(n.mark).Class, n.ranges)
	d.Boxes[len(d.Boxes)-1].Height = d.Height
	return d
}

// narrow has the cluster on top, and a trunk on its left that the ways branch from.
func (n *network) narrow(ids map[*checks.Result]string) htmlDrawing {
	const trunk = 10
	d := htmlDrawing{Class: "narrow", Width: narrowDrawing}
	d.box(0, 0, narrowDrawing, n.name, n.place, "from "+htmlMarkOf(n.mark).Class, n.ranges)
	top := boxHeight(len(n.ranges)) + 14
	d.Boxes[0].Height = top
	y := top + laneGap
	for i := range n.lanes {
		l := &n.lanes[i]
		middle := y + 26
		d.Lines = append(d.Lines, htmlLine{trunk, top, trunk, middle, "ok"})
		last := d.lane(l, trunk, narrowDrawing-trunk, middle, ids)
		down := y + 66
		d.Lines = append(d.Lines, htmlLine{narrowDrawing - trunk, middle, narrowDrawing - trunk, down, last})
		d.box(narrowDrawing-narrowBox, down, narrowBox, l.title, "", "end", l.ends)
		y = down + boxHeight(len(l.ends)) + laneGap
	}
	d.Height = y - laneGap
	return d
}

// lane draws one way from left to right, and says how its end is reached: behind a hop that is broken, nothing flows.
func (d *htmlDrawing) lane(l *lane, from, to, y int, ids map[*checks.Result]string) string {
	flow, at := "ok", from
	for i, s := range l.hops {
		x := from + (to-from)*(i+1)/(len(l.hops)+1)
		if !s.told && flow == "ok" {
			flow = "idle"
		}
		d.Lines = append(d.Lines, htmlLine{at, y, x, y, flow})
		d.Stations = append(d.Stations, stationOf(s, x, y, ids))
		flow, at = behind(flow, s), x
	}
	d.Lines = append(d.Lines, htmlLine{at, y, to, y, flow})
	return flow
}

func behind(flow string, s station) string {
	switch {
	case flow == "broken" || s.told && s.mark == cross:
		return "broken"
	case flow == "weak" || s.told && s.mark == bang:
		return "weak"
	case flow == "open" || s.told && s.mark == question:
		return "open"
	case !s.told || s.mark == dash:
		return "idle"
	}
	return flow
}

func stationOf(s station, x, y int, ids map[*checks.Result]string) htmlStation {
	out := htmlStation{X: x, Y: y, Name: s.name, Under: fit(s.under, 14), Class: "none", Text: s.name + ": nothing is told of it"}
	if s.told {
		out.Mark = htmlMarkOf(s.mark)
		out.Class, out.Text = out.Mark.Class, s.name+", "+out.Mark.Word+": "+clip(s.why, longHTML)
		if weight(s.mark) > weight(tick) {
			out.Href = "#" + ids[s.at]
		}
	}
	if s.under != "" {
		out.Text += fmt.Sprintf(" (%s)", clip(s.under, longHTML))
	}
	return out
}

func boxHeight(rows int) int { return boxHead + boxRow*max(1, min(rows, mostRows+1)) + boxFoot }

// box adds a box with a line for each end, those that matter most first, and counts what it has no line for.
func (d *htmlDrawing) box(x, y, width int, title, place, class string, ends []end) {
	b := htmlBox{X: x, Y: y, Width: width, Height: boxHeight(len(ends)), Class: class, Title: fit(title, rowColumns+2), Place: fit(place, rowColumns+6)}
	at := boxHead + 14
	if place != "" || class != "end" {
		at += 14
	}
	columns := rowColumns + max(0, (width-wideBox)/8)
	for i, e := range ends {
		if i == mostRows && len(ends) > mostRows+1 {
			b.Rows = append(b.Rows, htmlRow{Y: at, Text: fmt.Sprintf("and %d more", len(ends)-mostRows), Mark: htmlMark{Class: "d"}})
			break
		}
		row := htmlRow{Y: at, Right: width - 12, Mark: htmlMarkOf(e.mark), Text: fit(e.name, columns), Whole: clip(e.name, longHTML), Say: htmlMarkOf(e.mark).Word}
		if class == "end" && e.count > 0 {
			row.Count = strconv.Itoa(e.count)
		}
		b.Rows = append(b.Rows, row)
		at += boxRow
	}
	if len(ends) == 0 && class == "end" {
		b.Rows = []htmlRow{{Y: at, Text: "no images are listed", Mark: htmlMark{Class: "d"}}}
	}
	d.Boxes = append(d.Boxes, b)
}

// fit cuts a name to a number of columns.
func fit(s string, most int) string { return columns.Truncate(s, most, "…") }
