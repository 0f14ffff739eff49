//go:build !linux

package sides

import (
	"os"
	"runtime"
)

// PeakOf is the memory this process had from the system, in bytes, where the system tells no peak of what was resident; zero for another process.
func PeakOf(pid int) int64 {
	if pid != os.Getpid() {
		return 0
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
