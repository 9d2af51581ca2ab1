package linktest

import (
	"fmt"
	"strings"
	"time"

	"arcade/netplay/link"
)

// Cell is one link of the matrix.
type Cell struct {
	RTT     int // milliseconds, constant
	Jitter  int // milliseconds, on top, each way
	Loss    int // percent
	Burst   int // packets in a row
	Reorder bool
	Twice   bool
	Drift   bool // one side's clock is 1 % fast
}

func (c Cell) String() string {
	s := fmt.Sprintf("RTT %d ms, jitter %d ms, loss %d %%", c.RTT, c.Jitter, c.Loss)
	for _, o := range []struct {
		on   bool
		name string
	}{{c.Burst > 1, "bursts"}, {c.Reorder, "reordering"}, {c.Twice, "duplicates"}, {c.Drift, "drift"}} {
		if o.on {
			s += ", " + o.name
		}
	}
	return s
}

// Quality is the cell's link in one direction.
func (c Cell) Quality() link.Quality {
	q := link.Quality{Latency: time.Duration(c.RTT) * time.Millisecond / 2, Jitter: time.Duration(c.Jitter) * time.Millisecond,
		Loss: float64(c.Loss) / 100, Burst: c.Burst}
	if c.Reorder {
		q.Reorder = 0.05
	}
	if c.Twice {
		q.Twice = 0.05
	}
	return q
}

// Matrix is every link that a match must survive: all combinations of latency,
// jitter and loss, and on some of them bursts, reordering, duplicates and
// drifting clocks.
func Matrix() []Cell {
	var out []Cell
	for _, rtt := range []int{0, 50, 100, 150, 200, 300} {
		for _, jitter := range []int{0, 10, 30} {
			for _, loss := range []int{0, 2, 5, 10} {
				out = append(out, Cell{RTT: rtt, Jitter: jitter, Loss: loss})
			}
		}
		out = append(out,
			Cell{RTT: rtt, Jitter: 10, Loss: 2, Burst: 5},
			Cell{RTT: rtt, Jitter: 10, Loss: 2, Reorder: true, Twice: true},
			Cell{RTT: rtt, Jitter: 10, Loss: 2, Drift: true},
			Cell{RTT: rtt, Jitter: 30, Loss: 5, Burst: 5, Reorder: true, Twice: true, Drift: true})
	}
	return out
}

// Sample is a part of the matrix for every day.
func Sample() []Cell {
	return []Cell{
		{RTT: 0}, {RTT: 50, Jitter: 10, Loss: 2}, {RTT: 100, Loss: 5}, {RTT: 150, Jitter: 30, Loss: 10},
		{RTT: 300, Jitter: 10, Loss: 2}, {RTT: 100, Jitter: 30, Loss: 5, Burst: 5, Reorder: true, Twice: true, Drift: true},
	}
}

// Check says what is wrong with the result of a cell, given the hash that the
// same match has without any input; nil if nothing is.
func (c Cell) Check(m *Match, r *Result, noInput uint64) error {
	if r.Desync != nil {
		return r.Desync
	}
	if r.Frames != [2]int32{m.Frames, m.Frames} {
		return fmt.Errorf("frames %v of %d", r.Frames, m.Frames)
	}
	if r.HashFrame < m.Frames-200 {
		return fmt.Errorf("the last common state is that before frame %d", r.HashFrame)
	}
	if r.Hash == noInput {
		return fmt.Errorf("the inputs changed nothing: this proves nothing")
	}
	if r.Stats[0].Compared == 0 || r.Stats[1].Compared == 0 {
		return fmt.Errorf("no hash was compared")
	}
	// One way takes longer than the delay hides, by more than two frames: some
	// predictions of random inputs must have been wrong.
	if late := float64(c.RTT)/2/1000*m.Rate - float64(m.Delay); late > 2 && m.Window > 0 {
		if r.Stats[0].Rollbacks == 0 || r.Stats[1].Rollbacks == 0 {
			return fmt.Errorf("no rollbacks (%d and %d)", r.Stats[0].Rollbacks, r.Stats[1].Rollbacks)
		}
	}
	if r.Depth[0] > m.Window || r.Depth[1] > m.Window {
		return fmt.Errorf("rollbacks of %v frames with a window of %d", r.Depth, m.Window)
	}
	if total, share := r.Stalls(); total > 50 && share > 0.6 {
		return fmt.Errorf("one side had %.0f %% of %d stalls", share*100, total)
	}
	return nil
}

// Row is a line of a Markdown table of results.
func (c Cell) Row(game string, r *Result, err error) string {
	verdict := "in step"
	if err != nil {
		verdict = "**" + err.Error() + "**"
	}
	total, share := r.Stalls()
	return fmt.Sprintf("| %s | %s | %d / %d | %d / %d | %d | %.0f %% | %.1f / %.1f | %s |", game, c,
		r.Stats[0].Rollbacks, r.Stats[1].Rollbacks, r.Depth[0], r.Depth[1], total, share*100, r.Lead[0], r.Lead[1], verdict)
}

// TableHead is the head of the table that Row has lines of.
var TableHead = strings.Join([]string{
	"| game | link | rollbacks | deepest | stalls | larger share | lead at the end | verdict |",
	"| --- | --- | --- | --- | --- | --- | --- | --- |",
}, "\n")
