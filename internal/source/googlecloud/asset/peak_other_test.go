//go:build !linux

package asset_test

import "runtime"

// peakBytes is the memory this process had from the system, where the system tells no peak of what was resident.
func peakBytes() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
