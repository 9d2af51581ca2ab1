package romset_test

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"arcade/romset"
	"arcade/romset/internal/fill"
)

// These compare times, which other work on the machine disturbs; so they run
// only when ROMSET_PERF is set.
func perf(t *testing.T) {
	if os.Getenv("ROMSET_PERF") == "" {
		t.Skip("set ROMSET_PERF to measure")
	}
}

// best returns the shortest of several runs.
func best(n int, f func()) time.Duration {
	shortest := time.Duration(1 << 62)
	for range n {
		start := time.Now()
		f()
		shortest = min(shortest, time.Since(start))
	}
	return shortest
}

func TestScanTimes(t *testing.T) {
	perf(t)
	dir := scratch(t)
	n := 0
	var paths []string
	for round := 0; n < 2000; round++ {
		sub := filepath.Join(dir, fmt.Sprint(round))
		if err := os.Mkdir(sub, 0o755); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, sub)
		for s := range romset.Sets() {
			if len(s.Files) == 0 || n == 2000 {
				continue
			}
			n++
			files := map[string][]byte{}
			for i := range s.Files {
				files[s.Files[i].Name] = []byte(s.Files[i].Name)
			}
			writeZip(t, filepath.Join(sub, s.Name+".zip"), zip.Store, files)
		}
	}
	romset.Ident() // the database is decoded once
	list := func() {
		for _, p := range paths {
			items, err := os.ReadDir(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range items {
				r, err := zip.OpenReader(filepath.Join(p, it.Name()))
				if err != nil {
					t.Fatal(err)
				}
				r.Close()
			}
		}
	}
	index := filepath.Join(t.TempDir(), "index")
	scanCold := func() {
		os.Remove(index)
		c, x := scan(t, index, paths...)
		if c.Archives != 2000 || c.Opened != 2000 {
			t.Fatalf("%d archives, %d opened", c.Archives, c.Opened)
		}
		if err := x.Save(); err != nil {
			t.Fatal(err)
		}
	}
	scanWarm := func() {
		c, err := romset.OpenIndex(index).Scan(context.Background(), romset.NewFinder(paths...), nil)
		if err != nil || c.Opened != 0 {
			t.Fatal(err, c.Opened)
		}
	}
	// in turns, so that what else the computer does disturbs all alike
	listing, cold, warm := time.Hour, time.Hour, time.Hour
	for range 12 {
		listing = min(listing, best(1, list))
		cold = min(cold, best(1, scanCold))
		warm = min(warm, best(1, scanWarm))
	}
	t.Logf("2000 archives: listed by archive/zip in %v, scanned cold in %v, warm in %v", listing, cold, warm)
	if cold > listing*3/2 {
		t.Errorf("cold scan %v is more than 1.5 times listing, %v", cold, listing)
	}
	if warm > 200*time.Millisecond {
		t.Errorf("warm scan takes %v", warm)
	}
}

func TestIdentTime(t *testing.T) {
	perf(t)
	dir := scratch(t)
	n := 0
	for s := range romset.Sets() {
		for i := range s.Files {
			f := &s.Files[i]
			if n < 2000 && f.Size >= 1024 && f.Size <= 1<<20 {
				n++
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(n)), make([]byte, f.Size), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	took := best(2, func() {
		if ids := romset.Ident(dir); len(ids) != 2000 {
			t.Fatal(len(ids))
		}
	})
	t.Logf("2000 files in %v", took)
	if took > 2*time.Second {
		t.Errorf("ident of 2000 files takes %v", took)
	}
}

func TestLoadTime(t *testing.T) {
	perf(t)
	// the set with the most ROM
	var set *romset.Set
	most := 0
	for s := range romset.Sets() {
		total := 0
		for i := range s.Regions {
			total += s.Regions[i].Size
		}
		if total > most && s.Source == "neogeo/neogeo.cpp" {
			set, most = s, total
		}
	}
	dir := scratch(t)
	for name, files := range fill.NewPlan([]string{set.Name}, fill.Full) {
		content := map[string][]byte{}
		for n, f := range files {
			b := fill.FileContent("0", f)
			for i := range b { // as compressible as real ROM
				if i%2 == 1 {
					b[i] &= 3
				}
			}
			content[n] = b
		}
		writeZip(t, filepath.Join(dir, name+".zip"), zip.Deflate, content)
	}
	inflateAll := func() {
		zips, _ := filepath.Glob(filepath.Join(dir, "*.zip"))
		for _, path := range zips {
			r, err := zip.OpenReader(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.File {
				rc, err := f.Open()
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, rc); err != nil {
					t.Fatal(err)
				}
				rc.Close()
			}
			r.Close()
		}
	}
	loadAll := func() {
		if _, err := romset.Load(set, romset.NewFinder(dir), romset.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	inflate, loading := time.Hour, time.Hour
	for range 5 { // in turns, as above
		inflate = min(inflate, best(1, inflateAll))
		loading = min(loading, best(1, loadAll))
	}
	var peak atomic.Uint64
	stop := make(chan bool)
	runtime.GC()
	go func() {
		var m runtime.MemStats
		for {
			select {
			case <-stop:
				return
			default:
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), m.HeapInuse))
				time.Sleep(5 * time.Millisecond)
			}
		}
	}()
	if _, err := romset.Load(set, romset.NewFinder(dir), romset.Options{}); err != nil {
		t.Fatal(err)
	}
	close(stop)
	t.Logf("%s (%d MB): inflated by archive/zip in %v, loaded in %v, heap at most %d MB", set.Name, most>>20, inflate, loading, peak.Load()>>20)
	if loading > inflate*3/2 {
		t.Errorf("loading takes %v, inflating %v", loading, inflate)
	}
	if limit := uint64(most) + 64<<20; peak.Load() > limit {
		t.Errorf("heap of %d MB, more than %d", peak.Load()>>20, limit>>20)
	}
}

// BenchmarkLookup is what a command pays before it knows a set.
func BenchmarkLookup(b *testing.B) {
	for b.Loop() {
		romset.ForgetForBenchmark()
		if _, ok := romset.Lookup("puckman"); !ok {
			b.Fatal("no puckman")
		}
	}
}
