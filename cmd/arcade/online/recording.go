package online

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"

	"arcade/machine"
	"arcade/machine/session"
	"arcade/netplay/rollback"
)

// recording is the replay of a match: confirmed frames only, with hashes of
// confirmed states.
type recording struct {
	path    string
	f       *os.File
	w       *bufio.Writer
	rec     *session.Recorder
	waiting []recorded // not written yet, as a hash is not known
	recent  []recorded // the newest, written or not
	err     error
}

// kept is how many of the newest frames are remembered: more than can be
// confirmed and not yet saved.
const kept = 64

type recorded struct {
	frame int32
	in    machine.Input
}

// startRecording begins a replay with the machine's present state.
func startRecording(path string, meta map[string]string, m *machine.Machine) (*recording, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	r := &recording{path: path, f: f, w: bufio.NewWriter(f)}
	if r.rec, err = session.NewRecorder(r.w, meta, m.Arena.NewFile(nil)); err != nil {
		f.Close()
		return nil, err
	}
	return r, r.w.Flush()
}

// add takes a confirmed frame.
func (r *recording) add(frame int32, in machine.Input) {
	r.waiting = append(r.waiting, recorded{frame, in})
	if len(r.recent) == kept {
		r.recent = append(r.recent[:0], r.recent[1:]...)
	}
	r.recent = append(r.recent, recorded{frame, in})
}

// hashed reports whether the state after a frame is hashed in the file. Those
// frames are counted from the match's start, so that they are among those that
// the match hashes.
func hashed(frame int32) bool { return (frame+1)%session.HashInterval == 0 }

// flush writes the frames whose hashes are known.
func (r *recording) flush(s *rollback.Session) {
	r.write(func(frame int32) (uint64, bool) { return s.Hash(frame) })
}

// write writes the frames that wait, as far as hash knows the states before
// those that follow.
func (r *recording) write(hash func(frame int32) (uint64, bool)) {
	n := 0
	for _, w := range r.waiting {
		var h uint64
		if hashed(w.frame) {
			var ok bool
			if h, ok = hash(w.frame + 1); !ok {
				break
			}
		}
		if r.err == nil {
			r.err = r.rec.Frame(&w.in, func() uint64 { return h })
		}
		if r.err == nil && hashed(w.frame) {
			if r.err = r.rec.Close(h); r.err == nil { // the first block of a match that goes on may be short
				r.err = r.w.Flush()
			}
		}
		n++
	}
	r.waiting = append(r.waiting[:0], r.waiting[n:]...)
}

// close ends the replay. The game's newest confirmed state is in a slot of the
// session; from there it is brought to the end of what was confirmed.
func (r *recording) close(s *rollback.Session, g *game) error {
	if frame, slot, ok := s.ConfirmedState(); ok {
		g.Load(slot)
		known := map[int32]uint64{frame: g.Hash()}
		for _, w := range r.recent {
			if w.frame == frame {
				g.advance(w.in, false)
				frame++
				known[frame] = g.Hash()
			}
		}
		r.write(func(f int32) (uint64, bool) {
			if h, ok := known[f]; ok {
				return h, true
			}
			return s.Hash(f)
		})
		if r.err == nil && len(r.waiting) == 0 {
			r.err = r.rec.Close(known[frame])
		}
	}
	if err := r.w.Flush(); r.err == nil {
		r.err = err
	}
	if err := r.f.Close(); r.err == nil {
		r.err = err
	}
	if r.err != nil {
		return fmt.Errorf("the replay %s ends early: %w", r.path, r.err)
	}
	return nil
}
