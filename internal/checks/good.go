package checks

import "fmt"

// good are the images that a check has nothing against: told in one result, however many there are.
type good struct {
	first Result
	n     int
}

// add counts an image; the result is worded for the first alone.
func (g *good) add(word func() Result) {
	if g.n++; g.n == 1 {
		g.first = word()
	}
}

// with adds the one result, in words for many where there are many.
func (g good) with(results []Result, k *Case, many string) []Result {
	switch g.n {
	case 0:
		return results
	case 1:
		return append(results, g.first)
	}
	r := g.first
	r.Object, r.Image, r.Message = objectOf(&k.Cluster.Object), "", fmt.Sprintf(many, g.n)
	return append(results, r)
}
