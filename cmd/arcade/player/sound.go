package player

import (
	"math"
	"time"

	"arcade/audio/mix"
	"arcade/cmd/arcade/load"
	"arcade/machine"
)

// Sound is where the loop sends a machine's sound: a device, a file, a test.
type Sound interface {
	// Rate is in samples a second.
	Rate() int
	// Write adds interleaved stereo samples. It never waits.
	Write(samples []int16)
	// Buffered is the number of stereo samples that have not been played yet.
	// ok is false while nothing plays at all: no device, or not yet.
	Buffered() (n int, ok bool)
}

// speaker mixes a machine's frames into a Sound and bends their speed a little,
// so that what is buffered stays near its target although the host's clock and
// the sound device's are never quite the same.
type speaker struct {
	out    Sound
	mixer  *mix.Mixer
	buf    []int16
	target float64 // stereo samples that should be left when a frame arrives
	most   int     // stereo samples that may wait
	level  float64 // smoothed: samples that were left
	known  bool    // level has a value
	base   float64 // speed of emulation compared with the machine's own
	gain   float32 // 0 to 1: fades in after silence
	last   [2]int16
	silent bool
	volume float64
	gaps   int
}

// bend is how far the speed may go from the base: 0.5 % is no pitch that
// anybody hears. When far too much or too little waits, which is after a start
// or a stall, haste for a moment is better than seconds with the wrong latency.
const (
	bend  = 0.005
	haste = 0.02
	far   = 5 * time.Millisecond
)

// newSpeaker makes one that has target left when a frame arrives, and never more
// than most after it.
func newSpeaker(out Sound, m *machine.Machine, target, most time.Duration) (*speaker, error) {
	mixer, err := load.NewMixer(out.Rate(), m)
	if err != nil {
		return nil, err
	}
	return &speaker{out: out, mixer: mixer, target: target.Seconds() * float64(out.Rate()), most: int(most.Seconds() * float64(out.Rate())), base: 1, volume: 1, silent: true}, nil
}

// setVolume is 0 to 1.
func (s *speaker) setVolume(v float64) {
	s.volume = v
	s.mixer.SetVolume(v)
}

// splice tells that the next frame's samples do not follow from the last ones.
func (s *speaker) splice() { s.mixer.Splice() }

// frame plays a frame's samples.
func (s *speaker) frame(sound *machine.Sound) {
	left, playing := s.out.Buffered()
	for i, samples := range sound.Streams {
		s.mixer.Push(i, samples)
	}
	if playing {
		s.control(left)
	} else {
		s.known = false
		s.mixer.SetSpeed(s.base)
	}
	s.buf = s.mixer.Pull(s.buf[:0], s.mixer.Ready())
	if over := left + len(s.buf)/2 - s.most; playing && over > 0 {
		s.skip(over)
	}
	if s.gain < 1 {
		s.fadeIn(s.buf)
	}
	if n := len(s.buf); n > 0 {
		s.last = [2]int16{s.buf[n-2], s.buf[n-1]}
	}
	s.silent = false
	s.out.Write(s.buf)
}

// control sets the speed from what was left in the buffer when this frame
// came.
func (s *speaker) control(left int) {
	switch {
	case !s.known, left == 0:
		// Nothing was left: the device is starting, or there was a gap. Start
		// again from the target, with silence in front.
		if s.known && !s.silent {
			s.gaps++
		}
		s.level, s.known = s.target, true
		if missing := int(s.target) - left; missing > 0 {
			s.out.Write(make([]int16, 2*missing))
		}
		s.gain = 0
	default:
		s.level += (float64(left) - s.level) / 32
	}
	off := (s.level - s.target) / max(s.target, 1)
	limit := bend
	if math.Abs(s.level-s.target) > far.Seconds()*float64(s.out.Rate()) {
		limit = haste
	}
	s.mixer.SetSpeed(s.base * (1 + min(max(off*4*limit, -limit), limit)))
}

func (s *speaker) fadeIn(buf []int16) {
	step := 1 / (0.005 * float32(s.out.Rate()))
	for i := 0; i+1 < len(buf) && s.gain < 1; i += 2 {
		buf[i] = int16(float32(buf[i]) * s.gain)
		buf[i+1] = int16(float32(buf[i+1]) * s.gain)
		s.gain += step
	}
}

// skip leaves the first n stereo samples of the frame out, because the loop was
// late and catches up; what follows is blended in, so that it does not click.
func (s *speaker) skip(n int) {
	n = min(n, len(s.buf)/2)
	s.buf = s.buf[2*n:]
	const blend = 96
	for i := range min(blend, len(s.buf)/2) {
		for c := range 2 {
			v := &s.buf[2*i+c]
			*v = int16((int32(s.last[c])*int32(blend-i) + int32(*v)*int32(i)) / blend)
		}
	}
}

// stop ends the sound without a click: it slides from the last sample to
// silence. The next frame fades in.
func (s *speaker) stop() {
	if s.silent {
		return
	}
	s.fadeOut()
	s.silent, s.known, s.gain = true, false, 0
}

func (s *speaker) fadeOut() {
	n := s.out.Rate() / 200
	s.buf = s.buf[:0]
	for i := range n {
		k := int32(n - 1 - i)
		s.buf = append(s.buf, int16(int32(s.last[0])*k/int32(n)), int16(int32(s.last[1])*k/int32(n)))
	}
	s.out.Write(s.buf)
}
