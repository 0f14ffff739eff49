package settings

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// settling is settings on the way to what holds: it knows who gave each, and keeps what the policy refused.
type settling struct {
	Values
	config  Config
	policy  Policy
	given   Values
	refused []string
}

// Settle says which settings hold: a flag that was given wins over the configuration, and the policy over both. It words what the policy refused.
func Settle(flags Values, config Config, policy Policy) (Values, []string) {
	s := settling{Values: config.Values, config: config, policy: policy, given: flags}
	s.overlay()
	s.fix("internet", policy.Internet, &s.Internet, flags.Internet)
	s.fix("mirror", policy.Mirror, &s.Mirror, flags.Mirror)
	s.fix("fail_on", policy.FailOn, &s.FailOn, flags.FailOn)
	s.fixStrict()
	s.hold()
	s.unlock()
	return s.Values, s.refused
}

// overlay lays the flags over the configuration. A check that a flag asks for is asked for, whatever the configuration skips.
func (s *settling) overlay() {
	f := s.given
	s.Internet, s.Mirror, s.FailOn = cmp.Or(f.Internet, s.Internet), cmp.Or(f.Mirror, s.Mirror), cmp.Or(f.FailOn, s.FailOn)
	if f.Strict != nil {
		s.Strict = f.Strict
	}
	if len(f.Only) > 0 {
		s.Only = f.Only
		s.Skip = without(s.Skip, f.Only)
	}
	if len(f.Skip) > 0 {
		s.Skip = f.Skip
	}
	s.Severity = maps.Clone(s.Severity)
	if s.Severity == nil {
		s.Severity = map[string]checks.Severity{}
	}
	maps.Copy(s.Severity, f.Severity)
}

func without(list, drop []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(drop, s) })
}

func (s *settling) refuse(format string, values ...any) {
	s.refused = append(s.refused, s.policy.File+" "+fmt.Sprintf(format, values...))
}

// told words a setting as the one who gave it wrote it.
func (s *settling) told(byFlag bool, key, flag, value string) string {
	if byFlag {
		return "--" + flag + " " + value
	}
	return fmt.Sprintf("%s: %s in %s", key, value, s.config.File)
}

// fix puts the policy's value over another one.
func (s *settling) fix(key, fixed string, value *string, flag string) {
	if fixed == "" {
		return
	}
	if *value != "" && *value != fixed {
		s.refuse("fixes %s: %s, and %s is not followed", key, fixed, s.told(flag != "", key, strings.ReplaceAll(key, "_", "-"), *value))
	}
	*value = fixed
}

func (s *settling) fixStrict() {
	fixed := s.policy.Strict
	if fixed == nil {
		return
	}
	switch {
	case s.Strict == nil || *s.Strict == *fixed:
	case s.given.Strict != nil:
		s.refuse("fixes strict: %t, and --strict=%t is not followed", *fixed, *s.Strict)
	default:
		s.refuse("fixes strict: %t, and strict: %t in %s is not followed", *fixed, *s.Strict, s.config.File)
	}
	s.Strict = fixed
}

// order is that of severities, the least first.
var order = []checks.Severity{checks.Info, checks.Warning, checks.Error}

// hold drops severities below the policy's. What the check itself says stays: it knows what is certain and what is not. A locked check is not made
// harmless this way either.
func (s *settling) hold() {
	for _, check := range slices.Sorted(maps.Keys(s.Severity)) {
		level := s.Severity[check]
		floor, named := s.policy.Floors[check]
		if !named && slices.Contains(s.policy.Locked, check) {
			floor = checks.Error
		}
		if slices.Index(order, level) >= slices.Index(order, floor) {
			continue
		}
		delete(s.Severity, check)
		_, byFlag := s.given.Severity[check]
		told := fmt.Sprintf("severity %s: %s in %s", check, level, s.config.File)
		if byFlag {
			told = fmt.Sprintf("--severity %s=%s", check, level)
		}
		if named {
			s.refuse("keeps the severity of %s from being lowered below %s: %s is not followed", check, floor, told)
		} else {
			s.refuse("locks %s: %s is not followed", check, told)
		}
	}
}

// unlock takes back what would keep a locked check from being asked, or its failures from counting.
func (s *settling) unlock() {
	locked := s.policy.locked()
	if len(s.Only) > 0 {
		if left := without(locked, s.Only); len(left) > 0 {
			by := "only in " + s.config.File
			if len(s.given.Only) > 0 {
				by = "--only"
			}
			them := "it"
			if len(left) > 1 {
				them = "them"
			}
			s.refuse("locks %s: checked, too, although %s leaves %s out", strings.Join(left, ", "), by, them)
			s.Only = slices.Concat(s.Only, left)
		}
	}
	for _, check := range locked {
		if slices.Contains(s.Skip, check) {
			s.refuse("locks %s: %s is not followed", check, s.told(len(s.given.Skip) > 0, "skip", "skip", check))
		}
		if n := len(s.Ignore); n > 0 {
			s.Ignore = slices.DeleteFunc(slices.Clone(s.Ignore), func(e checks.Exception) bool { return e.Check == check })
			if dropped := n - len(s.Ignore); dropped > 0 {
				s.refuse("locks %s: %s", check, unfollowed(dropped, "exception", "exceptions", s.config.File))
			}
		}
	}
	s.Skip = without(s.Skip, locked)
}

// unfollowed words that what a file holds for a locked check is passed over.
func unfollowed(n int, one, many, file string) string {
	if n == 1 {
		return fmt.Sprintf("its %s in %s is not followed", one, file)
	}
	return fmt.Sprintf("its %d %s in %s are not followed", n, many, file)
}
