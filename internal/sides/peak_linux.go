package sides

import (
	"fmt"
	"os"
	"strings"
)

// PeakOf is the most memory a process had resident, in bytes; zero where that is not told. Its rusage would not do: a child starts with the peak
// of its parent.
func PeakOf(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			var kilobytes int64
			if _, err := fmt.Sscan(rest, &kilobytes); err == nil {
				return kilobytes * 1024
			}
		}
	}
	return 0
}
