package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// oneOf accepts a word from a list; the error for any other names the nearest.
func oneOf(what, word string, words []string) error {
	if slices.Contains(words, word) {
		return nil
	}
	return unknown(what, word, words)
}

func unknown(what, word string, words []string) error {
	if near := nearest(word, words); near != "" {
		return fmt.Errorf("unknown %s %q: did you mean %q?", what, word, near)
	}
	return fmt.Errorf("unknown %s %q: expected one of %s", what, word, strings.Join(words, ", "))
}

// nearest is the word that a misspelled one most likely meant; empty when none is near enough to be a misspelling.
func nearest(word string, words []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, w := range words {
		if d := levenshtein.Distance(strings.ToLower(word), w, nil); d < least && d < len(w) {
			best, least = w, d
		}
	}
	return best
}
