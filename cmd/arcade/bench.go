package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"arcade/cpu"
	"arcade/machine"
)

type benchCmd struct {
	game
	Frames int    `default:"1500" help:"How many frames to run."`
	Input  string `help:"Input script." placeholder:"FILE"`
	JSON   bool   `name:"json" help:"Print JSON."`
}

func (*benchCmd) Help() string {
	return `Runs the game as fast as this machine can, on one core, and prints:

  frame.median_ms, frame.p99_ms   a frame with its picture drawn and its sound made
  bare.median_ms                  a frame without them, as rollback runs it
  mips.CPU                        millions of instructions a second of each interpreter, while it runs
  snapshot_us, restore_us         saving and restoring the whole state, of state_bytes
  rollback_ms                     restore, 7 frames unseen, 1 frame shown
  allocs                          memory allocations a frame
  peak_mb                         most memory that the process ever had, in MiB
  hash.state, .picture, .sound    of the last frame; "arcade run" has the same as state, rgb and sound

Example: arcade bench puckman --rompath roms --frames 1500 --json`
}

// benchResult has the keys of the JSON output.
type benchResult struct {
	Set    string `json:"set"`
	Frames int    `json:"frames"`
	Frame  struct {
		Median float64 `json:"median_ms"`
		P99    float64 `json:"p99_ms"`
	} `json:"frame"`
	Bare struct {
		Median float64 `json:"median_ms"`
	} `json:"bare"`
	MIPS       map[string]float64 `json:"mips"`
	SnapshotUs float64            `json:"snapshot_us"`
	RestoreUs  float64            `json:"restore_us"`
	StateBytes int                `json:"state_bytes"`
	RollbackMs float64            `json:"rollback_ms"`
	Allocs     float64            `json:"allocs"`
	PeakMB     float64            `json:"peak_mb"`
	Hash       struct {
		State   string `json:"state"`
		Picture string `json:"picture"`
		Sound   string `json:"sound"`
	} `json:"hash"`
}

func (c *benchCmd) Run() error {
	if c.Frames < 1 {
		return fail(exitUsage, fmt.Errorf("--frames %d: at least 1 is needed", c.Frames))
	}
	_, m, moves, err := c.build(c.Input)
	if err != nil {
		return err
	}
	r := benchResult{Set: c.Set, Frames: c.Frames, MIPS: map[string]float64{}, StateBytes: m.Arena.Size()}
	input := m.Inputs.Released()

	// The frames themselves.
	out := &machine.Output{Picture: m.NewPicture(), Sound: m.NewSound()}
	times := make([]time.Duration, c.Frames)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for n := range times {
		moves.Apply(uint64(n), &input)
		start := time.Now()
		m.Frame(&input, out)
		times[n] = time.Since(start)
	}
	runtime.ReadMemStats(&after)
	r.Allocs = float64(after.Mallocs-before.Mallocs) / float64(c.Frames)
	r.Frame.Median, r.Frame.P99 = millis(quantile(times, 0.5)), millis(quantile(times, 0.99))
	r.Hash.State, r.Hash.Picture, r.Hash.Sound = fmt.Sprintf("%016x", m.Arena.Hash()), pictureHash(out), soundHash(out.Sound)

	// Snapshots, and a rollback of seven frames.
	slot := m.Arena.NewSlot()
	rounds := max(20, min(c.Frames/8, 200))
	var saves, loads, rolls []time.Duration
	for range rounds {
		m.Frame(&input, nil)
		start := time.Now()
		m.Arena.Save(slot)
		saves = append(saves, time.Since(start))
		for range 7 {
			m.Frame(&input, nil)
		}
		start = time.Now()
		m.Arena.Load(slot)
		loads = append(loads, time.Since(start))
		for range 7 {
			m.Frame(&input, nil)
		}
		m.Frame(&input, out)
		rolls = append(rolls, time.Since(start))
	}
	r.SnapshotUs, r.RestoreUs = micros(quantile(saves, 0.5)), micros(quantile(loads, 0.5))
	r.RollbackMs = millis(quantile(rolls, 0.5))

	// Bare frames.
	for n := range times {
		start := time.Now()
		m.Frame(&input, nil)
		times[n] = time.Since(start)
	}
	r.Bare.Median = millis(quantile(times, 0.5))

	// Instructions: the same frames twice, counted and then timed.
	m.Arena.Save(slot)
	counts := map[string]int64{}
	for _, cp := range m.Scheduler.CPUs() {
		cp.Core().SetTrace(func() { counts[cp.Tag]++ })
	}
	measured := min(c.Frames, 120)
	for range measured {
		m.Frame(&input, nil)
	}
	m.Arena.Load(slot)
	timed := map[string]*timedCore{}
	for _, cp := range m.Scheduler.CPUs() {
		cp.Core().SetTrace(nil)
		timed[cp.Tag] = &timedCore{Core: cp.Core()}
		cp.Wrap(timed[cp.Tag])
	}
	for range measured {
		m.Frame(&input, nil)
	}
	for tag, t := range timed {
		r.MIPS[tag] = float64(counts[tag]) / t.spent.Seconds() / 1e6
	}
	r.PeakMB = peakMemory()
	if c.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	r.print()
	return nil
}

// timedCore adds up the time that a core runs.
type timedCore struct {
	cpu.Core
	spent time.Duration
}

func (t *timedCore) Run(until int64) {
	start := time.Now()
	t.Core.Run(until)
	t.spent += time.Since(start)
}

func (r *benchResult) print() {
	fmt.Printf("%s, %d frames\n", r.Set, r.Frames)
	line := func(name string, format string, args ...any) {
		fmt.Printf("  %-22s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("frame", "%.3f ms median, %.3f ms p99", r.Frame.Median, r.Frame.P99)
	line("bare frame", "%.3f ms median", r.Bare.Median)
	var tags []string
	for tag := range r.MIPS {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	for _, tag := range tags {
		line(tag, "%.1f MIPS", r.MIPS[tag])
	}
	line("snapshot, restore", "%.2f µs, %.2f µs (%d bytes)", r.SnapshotUs, r.RestoreUs, r.StateBytes)
	line("restore + 7 + 1 frames", "%.3f ms", r.RollbackMs)
	line("allocations a frame", "%.2f", r.Allocs)
	line("most memory", "%.1f MiB", r.PeakMB)
	line("state", "%s", r.Hash.State)
	line("picture", "%s", r.Hash.Picture)
	line("sound", "%s", r.Hash.Sound)
}

func quantile(d []time.Duration, q float64) time.Duration {
	s := slices.Clone(d)
	slices.Sort(s)
	return s[min(len(s)-1, int(q*float64(len(s))))]
}

func millis(d time.Duration) float64 { return round3(d.Seconds() * 1e3) }
func micros(d time.Duration) float64 { return round3(d.Seconds() * 1e6) }

func round3(f float64) float64 {
	f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'f', 4, 64), 64)
	return f
}

// peakMemory is the process's largest resident size in MiB where the system
// tells, else what the runtime has taken from it.
func peakMemory() float64 {
	if b, err := os.ReadFile("/proc/self/status"); err == nil {
		for _, l := range strings.Split(string(b), "\n") {
			if rest, ok := strings.CutPrefix(l, "VmHWM:"); ok {
				kb, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
				return kb / 1024
			}
		}
	}
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.Sys) / (1 << 20)
}
